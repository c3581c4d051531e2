import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import type { Burst } from '../../src/result/schema.ts';

/*
 * What neighbours of the web server say of failures that it never saw: firewall, bans, security policy, what was changed.
 */

const root = mkdtempSync(join(tmpdir(), 'whose502-neighbours-'));
afterAll(() => rmSync(root, { recursive: true }));

const START = Date.UTC(2026, 10, 20, 14, 10);
const SECOND = 1000;
const MINUTE = 60_000;

const iso = (ms: number): string => new Date(ms).toISOString();
/** `2026-11-20 14:10:00`, as programs on a host in UTC write it. */
const wall = (ms: number): string => iso(ms).slice(0, 19).replace('T', ' ');
/** `Nov 20 14:10:00 web01 kernel: `. */
const syslog = (ms: number, program: string, text: string): string =>
  `${iso(ms).slice(0, 19)}+00:00 web01 ${program}: ${text}`;

const EDGE_ADDRESSES = ['172.68.50.43', '162.158.10.7', '172.71.98.12', '141.101.69.4'];

/** Twenty minutes of an edge log, four requests a second; those of the minute from `START` fail in this way. */
function edgeLog(status: number, more: Readonly<Record<string, unknown>> = {}): string {
  const rows: string[] = [];
  for (let i = 0; i < 20 * 60 * 4; i++) {
    const ms = START - 10 * MINUTE + i * 250;
    const bad = ms >= START && ms < START + MINUTE;
    rows.push(
      JSON.stringify({
        ClientIP: `198.51.100.${(i % 250) + 1}`,
        ClientRequestHost: 'www.example.com',
        ClientRequestMethod: 'GET',
        ClientRequestURI: ['/', '/shop', '/cart', '/blog/hello'][i % 4],
        EdgeColoCode: ['FRA', 'AMS', 'WAW'][i % 3],
        EdgeStartTimestamp: iso(ms),
        EdgeEndTimestamp: iso(ms + (bad && status === 522 ? 19_000 : 60)),
        EdgeResponseStatus: bad ? status : 200,
        OriginResponseStatus: bad ? 0 : 200,
        EdgeServerIP: EDGE_ADDRESSES[i % 4],
        OriginIP: '203.0.113.24',
        RayID: (0x8f00000000000000n + BigInt(i)).toString(16),
        CacheCacheStatus: 'dynamic',
        ...(bad ? more : {}),
      }),
    );
  }
  return `${rows.join('\n')}\n`;
}

/** A daily line of the kernel each half minute: its log covers the twenty minutes, and tells the host's zone. */
function kernelLog(lines: readonly string[]): string {
  const daily = Array.from({ length: 41 }, (_, i) =>
    syslog(START - 10 * MINUTE + i * 30 * SECOND, 'kernel', 'device veth0 entered promiscuous mode'),
  );
  return `${[...daily, ...lines].sort().join('\n')}\n`;
}

const packet = (ms: number, from: string, flags = 'SYN'): string =>
  syslog(
    ms,
    'kernel',
    `[UFW BLOCK] IN=eth0 OUT= MAC=aa:1a:36:ba:6b:59:66:d7:d2:c3:58:6e:08:00 SRC=${from} DST=203.0.113.24 LEN=60 TOS=0x00 PREC=0x00 TTL=55 ID=1955 DF PROTO=TCP SPT=36815 DPT=443 WINDOW=64240 RES=0x00 ${flags} URGP=0`,
  );

/** The burst that the files of one machine give. */
async function burstOf(name: string, files: Readonly<Record<string, string>>): Promise<Burst> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { result } = await runAnalysis([join(root, name)], {});
  expect(result.bursts).toHaveLength(1);
  const [burst] = result.bursts;
  if (burst === undefined) throw new Error('no burst');
  return burst;
}

const everyThreeSeconds = (line: (ms: number, i: number) => string): string[] =>
  Array.from({ length: 20 }, (_, i) => line(START + i * 3 * SECOND, i));

describe('a firewall of the host', () => {
  test('that turned Cloudflare’s connections away is convicted', async () => {
    const { verdict } = await burstOf('ufw', {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog(everyThreeSeconds((ms, i) => packet(ms, EDGE_ADDRESSES[i % 4] ?? ''))),
    });
    expect(verdict).toMatchObject({ place: 'origin', cause: 'firewall-blocks-cloudflare' });
    expect(verdict.confidence).toBeGreaterThan(0.9);
  });

  test.each([
    ['dropped strangers only', (ms: number, i: number) => packet(ms, `198.51.100.${i + 1}`)],
    [
      'dropped late packets of forgotten connections',
      (ms: number, i: number) => packet(ms, EDGE_ADDRESSES[i % 4] ?? '', 'ACK RST'),
    ],
  ])('that %s is no proof', async (name, line) => {
    const { verdict } = await burstOf(`ufw ${name}`, {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog(everyThreeSeconds(line)),
    });
    expect(verdict.cause === 'firewall-blocks-cloudflare' && verdict.confidence > 0.6).toBe(false);
  });
});

const ban = (ms: number, jail: string, what: string): string =>
  `${wall(ms)},222 fail2ban.actions        [812]: NOTICE  [${jail}] ${what}`;
const dailyBans = [
  ban(START - 20 * MINUTE, 'sshd', 'Ban 203.0.113.77'),
  ban(START + 30 * MINUTE, 'sshd', 'Unban 203.0.113.77'),
];
const fail2ban = (...lines: string[]): string => `${[...dailyBans, ...lines].sort().join('\n')}\n`;

describe('fail2ban', () => {
  test('is named, with its ban as what changed before the burst', async () => {
    const { verdict, trigger } = await burstOf('ban', {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog([]),
      'fail2ban.log': fail2ban(
        ...EDGE_ADDRESSES.map((address, i) => ban(START - (8 - i) * SECOND, 'nginx-limit-req', `Ban ${address}`)),
      ),
    });
    expect(verdict).toMatchObject({ place: 'origin', cause: 'firewall-blocks-cloudflare' });
    expect(verdict.summary).toMatch(/fail2ban/);
    expect(trigger?.text).toMatch(/\[nginx-limit-req\] Ban /);
  });

  test('has a brother in csf', async () => {
    const { verdict, fix } = await burstOf('csf', {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog([]),
      'lfd.log': `${syslog(START - 5 * SECOND, 'lfd[22889]', '(xmlrpc) xmlrpc.php POST attack from 172.68.50.43 (US/United States/-): 20 in the last 3600 secs - *Blocked in csf* for 3600 secs [LF_CUSTOMTRIGGER]')}\n`,
    });
    expect(verdict.cause).toBe('firewall-blocks-cloudflare');
    expect(verdict.summary).toMatch(/^csf on the origin banned/);
    expect(JSON.stringify(fix)).toContain('sudo csf -tr 172.68.50.43');
  });

  test('has another one in CrowdSec', async () => {
    const { verdict, fix } = await burstOf('crowdsec', {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog([]),
      'crowdsec.log': `time="${new Date(START - 5 * SECOND).toISOString().slice(0, 19)}Z" level=info msg="(web01/crowdsec) crowdsecurity/http-probing by ip 172.68.50.43 (US/13335) : 4h ban on Ip 172.68.50.43"\n`,
    });
    expect(verdict.cause).toBe('firewall-blocks-cloudflare');
    expect(verdict.summary).toMatch(/^CrowdSec on the origin banned/);
    expect(JSON.stringify(fix)).toContain('sudo cscli decisions delete --ip 172.68.50.43');
  });

  test('is named where its ban has been in force for minutes', async () => {
    const { verdict } = await burstOf('ban in force', {
      'edge.log': edgeLog(521),
      'kern.log': kernelLog([]),
      'fail2ban.log': fail2ban(ban(START - 5 * MINUTE, 'nginx-limit-req', 'Ban 172.68.50.43')),
    });
    expect(verdict.cause).toBe('firewall-blocks-cloudflare');
  });

  test.each([
    ['strangers', (ms: number) => ban(ms, 'nginx-limit-req', 'Ban 198.51.100.9')],
    ['somebody at the door of SSH', (ms: number) => ban(ms, 'sshd', 'Ban 104.28.3.4')],
  ])('that banned %s is no proof', async (name, line) => {
    const { verdict, trigger } = await burstOf(`ban of ${name}`, {
      'edge.log': edgeLog(522),
      'kern.log': kernelLog([]),
      'fail2ban.log': fail2ban(line(START - 5 * SECOND)),
    });
    expect(verdict.cause === 'firewall-blocks-cloudflare' && verdict.confidence > 0.6).toBe(false);
    expect(trigger).toBeNull();
  });
});

const failing = (ms: number, i: number): string =>
  `${wall(ms).replaceAll('-', '/')} [crit] 812#812: *${i} connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream, client: 198.51.100.7, server: www.example.com, request: "GET /shop HTTP/1.1", upstream: "http://127.0.0.1:3000/shop", host: "www.example.com"`;
const avc = (ms: number, permissive: number): string =>
  `type=AVC msg=audit(${ms / SECOND}.275:88): avc:  denied  { name_connect } for  pid=812 comm="nginx" dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket permissive=${permissive}`;

test('SELinux that forbids the web server its backend is named by both logs', async () => {
  const { verdict, evidence } = await burstOf('selinux', {
    'error.log': `${everyThreeSeconds(failing).join('\n')}\n`,
    'audit.log': `${everyThreeSeconds((ms) => avc(ms, 0)).join('\n')}\n`,
  });
  expect(verdict).toMatchObject({ place: 'origin', cause: 'access-policy-denied' });
  expect(evidence.map(({ signal }) => signal)).toContain('host.access-denied');
});

const refused = (ms: number, i: number): string =>
  failing(ms, i).replace('13: Permission denied', '111: Connection refused');

test('what SELinux only noted is no refusal', async () => {
  const { verdict, evidence } = await burstOf('permissive', {
    'error.log': `${everyThreeSeconds(refused).join('\n')}\n`,
    'audit.log': `${everyThreeSeconds((ms) => avc(ms, 1)).join('\n')}\n`,
  });
  expect(verdict.cause).toBe('app-down');
  expect(evidence.map(({ signal }) => signal)).not.toContain('host.access-denied');
});

describe('what changed before the burst', () => {
  test.each([
    [
      'an upgrade in dpkg.log',
      'dpkg.log',
      (ms: number) => `${wall(ms)} startup archives unpack\n${wall(ms)} upgrade php8.2-fpm:amd64 8.2.28-1 8.2.29-1\n`,
      'deploy',
    ],
    [
      'an upgrade in apt’s history',
      'history.log',
      (ms: number) =>
        `Start-Date: ${wall(ms).replace(' ', '  ')}\nCommandline: /usr/bin/unattended-upgrade\nUpgrade: php8.2-fpm:amd64 (8.2.28-1, 8.2.29-1), libc6:amd64 (2.36-9, 2.36-10)\nEnd-Date: ${wall(ms + 2000).replace(' ', '  ')}\n`,
      'deploy',
    ],
    [
      'a hook of certbot',
      'letsencrypt.log',
      (ms: number) => `${wall(ms)},001:INFO:certbot.compat.misc:Running pre-hook command: systemctl stop app\n`,
      'config',
    ],
    [
      'a cron job that restarts a service',
      'syslog',
      (ms: number) => `${syslog(ms, 'CRON[31662]', '(root) CMD (systemctl restart app)')}\n`,
      'config',
    ],
  ] as const)('is named: %s', async (name, file, text, kind) => {
    const { trigger } = await burstOf(`change ${name}`, {
      'error.log': `${everyThreeSeconds(refused).join('\n')}\n`,
      [file]: text(START - 40 * SECOND),
    });
    expect(trigger?.kind).toBe(kind);
  });
});
