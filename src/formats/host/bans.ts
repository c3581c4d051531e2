import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { parseIso } from '../stamps.ts';

/*
 * Bans by fail2ban, in its own log or under its program's name (measured with fail2ban 1.0.2, docs/neighbours.md), and by lfd of
 * csf, the firewall of many hosting panels (form of its lines: public reports), and by CrowdSec (measured with 1.4.6). Stamps are the
 * host's wall clock. `Found` and
 * `already banned` change nothing.
 */

const HEAD =
  /^(?:(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) )?fail2ban\.\w{1,20} {0,20}\[\d{1,10}\]: (\w{1,10}) {1,8}|NOTICE {1,8}(?=\[[\w.-]{1,64}\] (?:Restore Ban|Ban|Unban) [\da-f]))/;
const BAN = /\[([\w.-]{1,64})\] (Restore Ban|Ban|Unban) ([\da-fA-F.:]{3,45})(?=$|\s)/;

/** csf locks all ports unless LF_SELECT is set: the trigger's name does not matter, and not whether it counts log lines, connections or ports. */
const CSF_BLOCK =
  /^(?:\([\w.-]{1,64}\)|\*[\w ]{1,40}\*) .{0,300}?(?:^|[\s:])((?:\d{1,3}\.){3}\d{1,3}|[\da-fA-F]{1,4}:[\da-fA-F:]{2,40})[\s.(].{0,300}\*Blocked in csf\*/;
const CSF_RELEASE = /^Incoming IP ([\da-fA-F.:]{3,45}) temporary block removed/;

/** `time="20-11-2026 20:15:32" level=info msg="(web01/crowdsec) crowdsecurity/http-probing by ip 192.0.2.7 (US/1) : 4h ban on Ip 192.0.2.7"`. */
const CROWDSEC =
  /^time="(?:(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT[\d:]{8}(?:Z|[+-]\d\d:\d\d)))" level=info msg="\([^)]{1,200}\) (.{1,200}?) by (?:ip|range) [\da-fA-F.:/]{3,50}(?: \([^)]{0,60}\))? : \S{1,12} (\w{1,20}) on (?:Ip|Range) ([\da-fA-F.:]{3,45})/;

/** Stock jails of services that are no web server's: by default they lock their own ports only (fail2ban jail.conf). */
const OTHER_SERVICE =
  /^(?:sshd?\b|dropbear|selinux-ssh|postfix|sendmail|exim|dovecot|courier|cyrus|sieve|vsftpd|proftpd|pure-ftpd|wuftpd|named|mysqld|mongodb|mssql|asterisk|freeswitch|murmur|openvpn|xrdp|perdition|qmail|uwimap|solid-pop3d|nsd|slapd|znc|webmin|proxmox)/;

/** Whether a jail is one of a service that is no web server's. */
export function isOfOtherService(jail: string): boolean {
  return OTHER_SERVICE.test(jail);
}

/** A ban or its end: of Cloudflare, or of anybody else. */
export interface Ban {
  readonly signal: SignalId;
  readonly jail: string;
  readonly client: string;
}

/** The head of fail2ban's own log: its stamp; null for a line of another program. */
export function fail2banStamp(text: string): Stamp | null {
  const head = HEAD.exec(text);
  if (head === null) return null;
  return (head[1] === undefined ? undefined : parseIso(head[1])) ?? { kind: 'none' };
}

/** The ban that a line of fail2ban tells of; null where it tells of none. */
export function banOf(text: string): Ban | null {
  const match = BAN.exec(text.slice(0, 2000));
  if (match?.[1] === undefined || match[3] === undefined) return null;
  const ours: SignalId = match[2] === 'Unban' ? 'host.unban' : 'host.ban';
  const matters = isCloudflareAddress(match[3]) && !isOfOtherService(match[1]);
  return { signal: matters ? ours : 'host.ban-other', jail: match[1], client: match[3] };
}

/** The block or release that a line of lfd tells of; null where it tells of none. */
export function csfBlockOf(text: string): Ban | null {
  const line = text.slice(0, 2000);
  const block = CSF_BLOCK.exec(line);
  const client = block?.[1] ?? CSF_RELEASE.exec(line)?.[1];
  if (client === undefined) return null;
  const ours: SignalId = block === null ? 'host.unban' : 'host.ban';
  return { signal: isCloudflareAddress(client) ? ours : 'host.ban-other', jail: 'csf', client };
}

/** The ban that a line of CrowdSec tells of, with its stamp; null where it tells of none. A decision that ends leaves no line. */
export function crowdsecBanOf(text: string): { readonly ban: Ban; readonly stamp: Stamp } | null {
  const match = CROWDSEC.exec(text.slice(0, 2000));
  if (match === null) return null;
  const [, day, month, year, clock, iso, scenario = '', kind, client = ''] = match;
  const signal = kind === 'ban' && isCloudflareAddress(client) ? 'host.ban' : 'host.ban-other';
  const stamp = parseIso(iso ?? `${year}-${month}-${day} ${clock}`) ?? NO_STAMP;
  return { ban: { signal, jail: scenario, client }, stamp };
}
