import type { Result } from '../../../src/result/schema.ts';
import { type Chance, chanceOf, pick, whole } from './chance.ts';
import { bytesOf, type Files } from './folder.ts';
import type { Variant } from './variants.ts';

/** A whole log of something else that lies beside the folder's own, from the same minutes. */
interface StrangeLog {
  readonly what: string;
  readonly name: string;
  /** One line of it, written at an instant (milliseconds since 1970). */
  readonly line: (atMs: number, chance: Chance) => string;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const seconds = (ms: number): string => `${iso(ms).slice(0, 19)}Z`;

const STRANGE_LOGS: readonly StrangeLog[] = [
  {
    what: 'the log of a mail server',
    name: 'mail.log',
    line: (ms, chance) =>
      `${iso(ms).slice(0, 19)}+00:00 mx-01 ${pick(chance, [
        'postfix/smtp[2210]: connect to mx.example.org[192.0.2.25]:25: Connection timed out',
        'postfix/smtp[2210]: connect to mx.example.org[192.0.2.25]:25: Connection refused',
        'postfix/smtpd[2231]: warning: hostname host.example.org does not resolve to address 192.0.2.77',
        'postfix/qmgr[801]: 4F1AC2: to=<root@example.org>, relay=none, status=deferred (connection timed out)',
      ])}`,
  },
  {
    what: 'the journal of a host with failing chores',
    name: 'chores.log',
    line: (ms, chance) =>
      `${iso(ms).slice(0, 19)}+00:00 web-01 ${pick(chance, [
        'systemd[1]: backup.service: Main process exited, code=exited, status=1/FAILURE',
        "systemd[1]: backup.service: Failed with result 'exit-code'.",
        'systemd[1]: Failed to start certbot.service - Renews certificates.',
        'CRON[4411]: (CRON) error (grandchild #4412 failed with exit status 1)',
        'sshd[6103]: Failed password for root from 192.0.2.9 port 51022 ssh2',
        `kernel: [UFW BLOCK] IN=eth0 OUT= MAC=02:42:ac:11:00:02 SRC=192.0.2.${whole(chance, 1, 255)} DST=203.0.113.24 LEN=44 TOS=0x00 PREC=0x00 TTL=240 ID=5321 PROTO=TCP SPT=41000 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0`,
      ])}`,
  },
  {
    what: 'the log of another tunnel that visitors leave',
    name: 'other-tunnel.log',
    line: (ms, chance) =>
      `${seconds(ms)} ${pick(chance, [
        'ERR  error="Incoming request ended abruptly: context canceled" connIndex=1 event=1 ingressRule=0 originService=http://localhost:8123',
        'ERR Request failed error="Incoming request ended abruptly: context canceled" connIndex=1 dest=https://home.example.edu/events event=0 ip=198.41.192.7 type=http',
        'WRN Serve tunnel error error="timeout: no recent network activity" connIndex=3 event=0 ip=198.41.200.13',
        'INF Registered tunnel connection connIndex=3 connection=3f1a5a0e-51a8-4c0f-a0e1-2a5b7f6f7d11 event=0 ip=198.41.200.23 location=fra08 protocol=quic',
      ])}`,
  },
  {
    what: 'warnings of another site’s PHP',
    name: 'other-site-php.log',
    line: (ms, chance) => {
      const [, month = '', day = '', year = ''] = new Date(ms).toUTCString().match(/\w+, (\d+) (\w+) (\d+)/) ?? [];
      return `[${month}-${day}-${year} ${iso(ms).slice(11, 19)} UTC] PHP ${pick(chance, [
        'Warning:  Undefined array key "color" in /var/www/other/theme.php on line 41',
        'Deprecated:  strlen(): Passing null to parameter #1 ($string) of type string is deprecated in /var/www/other/a.php on line 7',
        'Warning:  file_get_contents(): Failed to open stream: HTTP request failed! HTTP/1.1 404 Not Found in /var/www/other/feed.php on line 12',
      ])}`;
    },
  },
];

const LINES = 60;
const LEAD_MS = 60_000;

/** The folder with each strange log beside its own. Only where bursts tell the minutes; a pasted case comes alone. */
export function strangeLogs(id: string, files: Files, base: Result, seed: number): readonly Variant[] {
  const [first] = base.bursts;
  if (!first) return [];
  const from = Date.parse(first.start) - LEAD_MS;
  const span = Date.parse(first.end) + LEAD_MS - from;
  return STRANGE_LOGS.map(({ what, name, line }) => {
    const chance = chanceOf(`${seed} ${id} ${what}`);
    const lines = Array.from({ length: LINES }, (_, i) => line(from + (span * i) / LINES, chance));
    return { kind: 'decoy', what, files: new Map(files).set(name, bytesOf(lines)) };
  });
}
