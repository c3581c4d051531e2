import { describe, expect, it } from 'vitest';
import { type ClueRecord, NO_STAMP } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, factsIn, type LogSketch, steady } from './logs-of.ts';
import { END, edgeFails, lines, MINUTE, originFails, requests, SECOND, START, throughout } from './scenes-of.ts';

/** The same lines without their times. */
const undated = (clues: readonly ClueRecord[]): ClueRecord[] => clues.map((one) => ({ ...one, stamp: NO_STAMP }));

/** What the lines of one burst add up to: a scene that shows it and one that does not. */
interface Scenes {
  readonly signal: SignalId;
  readonly shownWhen: string;
  readonly shown: readonly LogSketch[];
  readonly notWhen: string;
  readonly not: readonly LogSketch[];
}

/** What a line of nginx has that was written whole. */
const OF_A_REQUEST = { client: '192.0.2.7', path: '/cart' } as const;

const refusedByEdge = edgeFails('edge.521', 521);
const unit = (signal: SignalId, ms: number, role: string): ClueRecord =>
  clue(signal, ms, { subject: `${role}.service`, values: { role } });

/** systemd's lines of a service that went before the burst and came back. */
const away = (role: string, fromMs: number, toMs: number): LogSketch =>
  lines('host', [unit('unit.stopped', fromMs, role), unit('unit.started', toMs, role)]);
const endOfFpm = (exitCode: number): ClueRecord =>
  clue('unit.exited', START - SECOND, { subject: 'php8.2-fpm.service', values: { role: 'fpm', exitCode } });
const deathOfFpm = (values: Readonly<Record<string, number>>): ClueRecord =>
  clue('unit.killed', START - SECOND, { subject: 'php8.2-fpm.service', values: { role: 'fpm', ...values } });
const allTheBurst = (role: string): LogSketch => away(role, START - SECOND, END + SECOND);
const threeSeconds = (role: string): LogSketch => away(role, START - SECOND, START + 2 * SECOND);

/** An edge log of an outage of three seconds only. */
const brief = (signal: SignalId, status: number): LogSketch =>
  edgeFails(signal, status, { fails: (i) => i < (10 * MINUTE) / 200 + 15 });
/** Lines for the three seconds of a brief outage. */
const briefly = (signal: SignalId, fields: Partial<ClueRecord> = {}): ClueRecord[] =>
  throughout(signal, fields).slice(0, 15);

const tunnel530 = edgeFails('edge.530-1033', 530);
const connected = (...ids: string[]): ClueRecord[] =>
  ids.map((connection, i) => clue('cloudflared.edge-reg', START - 9 * MINUTE + i * SECOND, { connection }));
const lost = (ms: number, ...ids: string[]): ClueRecord[] =>
  ids.map((connection) => clue('cloudflared.edge-h2-lost', ms, { connection }));
const back = (ms: number, ...ids: string[]): ClueRecord[] =>
  ids.map((connection) => clue('cloudflared.edge-reg', ms, { connection }));
/** When cloudflared was started, before its connections. */
const BEGUN = START - 9 * MINUTE - SECOND;
const started = (ms: number): ClueRecord[] => [clue('cloudflared.proc-start', ms)];
/** New rules, and the ones that mend them. */
const rules = (...atMs: number[]): ClueRecord[] => atMs.map((ms) => clue('cloudflared.proc-config', ms));
const refused = throughout('cloudflared.inner-refused', { upstream: 'http://localhost:3000' });
const refusedBriefly = briefly('cloudflared.inner-refused', { upstream: 'http://localhost:3000' });

const backend = (upstream: string): LogSketch =>
  requests('proxy', { good: { upstream }, bad: { upstream: '192.0.2.1:3000', signal: 'access.no-answer-502' } });
const refusedAt = (upstream: string): LogSketch => lines('proxy', throughout('nginx.connect-refused', { upstream }));

/** Workers of gunicorn that boot, so far apart. */
const boots = (apartMs: number): ClueRecord[] =>
  Array.from({ length: 5 }, (_, i) => clue('gunicorn.worker-boot', START + i * apartMs));

/** Five lines, ten seconds apart. */
const ends = (signal: SignalId, fields: Partial<ClueRecord> = {}): ClueRecord[] =>
  Array.from({ length: 5 }, (_, i) => clue(signal, START + i * 10 * SECOND, fields));

const timeouts = lines('proxy', throughout('nginx.timeout-header'));
const fullPool = lines('app', [clue('fpm.max-children', START, { values: { pool: 'www', maxChildren: 5 } })]);
const onePage = originFails({
  good: (i) => ({ path: ['/report', '/', '/shop', '/cart'][i % 4] ?? '/' }),
  bad: { path: '/report' },
  fails: (i) => i % 4 === 0,
});
const traces = (waitsFor: string): LogSketch => lines('app', throughout('fpm.slow-trace', { values: { waitsFor } }));
const fatals = (plugin: (i: number) => string): LogSketch =>
  lines(
    'app',
    throughout('php.fatal').map((line, i) => ({ ...line, values: { plugin: plugin(i) } })),
  );
const hangUps = (upstream: string): LogSketch =>
  lines('tunnel', throughout('cloudflared.inner-eof', { upstream, values: { scheme: 'http' } }));
/** nginx loses what it asked of a backend before the answer. */
const backendHangsUp = (upstream: string, scheme = 'http'): LogSketch =>
  lines('proxy', throughout('nginx.premature-header', { upstream, values: { scheme } }));

const SCENES: readonly Scenes[] = [
  {
    signal: 'derived.proxy-down',
    shownWhen: 'systemd stopped the web server before the 521s and started it after them',
    shown: [refusedByEdge, allTheBurst('proxy')],
    notWhen: 'it was another service',
    not: [refusedByEdge, allTheBurst('other')],
  },
  {
    signal: 'derived.proxy-restarted',
    shownWhen: 'the web server was away for the three seconds of the 521s',
    shown: [brief('edge.521', 521), threeSeconds('proxy')],
    notWhen: 'it was away for a minute',
    not: [refusedByEdge, allTheBurst('proxy')],
  },
  {
    signal: 'derived.proxy-restarted',
    shownWhen: 'a check of the configuration failed a minute before',
    shown: [brief('edge.521', 521), threeSeconds('proxy'), lines('proxy', [clue('nginx.conf-error', START - MINUTE)])],
    notWhen: 'it refused its configuration in between',
    not: [brief('edge.521', 521), threeSeconds('proxy'), lines('proxy', [clue('nginx.conf-error', START + SECOND)])],
  },
  {
    signal: 'derived.app-restarted',
    shownWhen: 'the web server that was away for three seconds stands behind another, which found nobody there',
    shown: [
      originFails({ fails: (i) => i < (10 * MINUTE) / 200 + 15 }),
      lines('proxy', [clue('apache.stop', START - SECOND), clue('apache.start', START + 3 * SECOND)]),
      lines('proxy', briefly('nginx.connect-refused', { upstream: 'http://10.0.0.2:8080' })),
    ],
    notWhen: 'no other web server answered meanwhile',
    not: [
      brief('edge.521', 521),
      lines('proxy', [clue('apache.stop', START - SECOND), clue('apache.start', START + 3 * SECOND)]),
    ],
  },
  {
    signal: 'derived.app-down',
    shownWhen: 'it said that it starts, and gave up at once',
    shown: [
      originFails({ fails: (i) => i < (10 * MINUTE) / 200 + 15 }),
      lines('app', [
        clue('gunicorn.stop', START - SECOND),
        clue('gunicorn.start', START),
        clue('gunicorn.boot-failed', START + SECOND),
        clue('gunicorn.start', START + 3 * SECOND + 20 * SECOND),
      ]),
    ],
    notWhen: 'it came back',
    not: [
      originFails({ fails: (i) => i < (10 * MINUTE) / 200 + 15 }),
      lines('app', [clue('gunicorn.stop', START - SECOND), clue('gunicorn.start', START + 3 * SECOND)]),
    ],
  },
  {
    signal: 'derived.fpm-config-exit',
    shownWhen: 'PHP-FPM ended with its code for a wrong configuration as the failures began',
    shown: [originFails(), lines('host', [endOfFpm(78)])],
    notWhen: 'it ended with another code',
    not: [originFails(), lines('host', [endOfFpm(70)])],
  },
  {
    signal: 'derived.fpm-crashed',
    shownWhen: 'PHP-FPM’s main process died of SIGSEGV as the failures began',
    shown: [originFails(), lines('host', [deathOfFpm({ signalNumber: 11 })])],
    notWhen: 'somebody killed it',
    not: [originFails(), lines('host', [deathOfFpm({ signalNumber: 9 })])],
  },
  {
    signal: 'derived.fpm-crashed',
    shownWhen: 'its container ended with the code of SIGSEGV',
    shown: [originFails(), lines('host', [deathOfFpm({ exitCode: 139 })])],
    notWhen: 'it ended with that of SIGKILL',
    not: [originFails(), lines('host', [deathOfFpm({ exitCode: 137 })])],
  },
  {
    signal: 'derived.ban-in-force',
    shownWhen: 'an address of Cloudflare was banned five minutes before',
    shown: [
      edgeFails('edge.522-connect', 522),
      lines('host', [clue('host.ban', START - 5 * MINUTE, { client: '172.68.50.43', subject: 'nginx-limit-req' })]),
    ],
    notWhen: 'the ban was lifted a minute before, and another came after the burst',
    not: [
      edgeFails('edge.522-connect', 522),
      lines('host', [
        clue('host.ban', START - 5 * MINUTE, { client: '172.68.50.43', subject: 'nginx-limit-req' }),
        clue('host.unban', START - MINUTE, { client: '172.68.50.43', subject: 'nginx-limit-req' }),
        clue('host.ban', END + MINUTE, { client: '162.158.10.7', subject: 'nginx-limit-req' }),
      ]),
    ],
  },
  {
    signal: 'derived.proxy-reloaded',
    shownWhen: 'the web server was reloaded five seconds before',
    shown: [originFails(), lines('host', [unit('unit.reloaded', START - 5 * SECOND, 'proxy')])],
    notWhen: 'it was reloaded five minutes before',
    not: [originFails(), lines('host', [unit('unit.reloaded', START - 5 * MINUTE, 'proxy')])],
  },
  ...(['fpm', 'app', 'db', 'cache'] as const).map(
    (role): Scenes => ({
      signal: `derived.${role}-down`,
      shownWhen: `the ${role} service was stopped for the whole burst`,
      shown: [originFails(), allTheBurst(role)],
      notWhen: 'it was stopped minutes before and started again',
      not: [originFails(), away(role, START - 5 * MINUTE, START - 4 * MINUTE)],
    }),
  ),
  ...(['fpm', 'app'] as const).map(
    (role): Scenes => ({
      signal: `derived.${role}-restarted`,
      shownWhen: `the ${role} service was away for the three seconds of the failures`,
      shown: [brief('edge.502-tried-origin', 502), threeSeconds(role)],
      notWhen: 'it was away for a minute',
      not: [originFails(), allTheBurst(role)],
    }),
  ),
  {
    signal: 'derived.tunnel-down',
    shownWhen: 'all connections were lost and came back after the 530s',
    shown: [
      tunnel530,
      lines('tunnel', started(BEGUN), connected('0', '1'), lost(START, '0', '1'), back(END, '0', '1')),
    ],
    notWhen: 'one connection of two was lost',
    not: [tunnel530, lines('tunnel', started(BEGUN), connected('0', '1'), lost(START, '0'), back(END, '0'))],
  },
  {
    signal: 'derived.tunnel-down',
    shownWhen: 'all four connections were lost, in a log that does not show cloudflared’s start',
    shown: [tunnel530, lines('tunnel', lost(START, '0', '1', '2', '3'), back(END, '0'))],
    notWhen: 'two were, and the others may have been up before the log begins',
    not: [tunnel530, lines('tunnel', lost(START, '0', '1'), back(END, '0', '1'))],
  },
  {
    signal: 'derived.tunnel-stopped',
    shownWhen: 'cloudflared was told to end as the 530s began',
    shown: [tunnel530, lines('tunnel', connected('0'), [clue('cloudflared.proc-sigterm', START)], started(END))],
    notWhen: 'it lost its connection',
    not: [tunnel530, lines('tunnel', connected('0'), lost(START, '0'), back(END, '0'))],
  },
  {
    signal: 'derived.tunnel-vanished',
    shownWhen: 'cloudflared’s log begins anew without a word of its end',
    shown: [tunnel530, lines('tunnel', connected('0'), started(END))],
    notWhen: 'it was told to end',
    not: [tunnel530, lines('tunnel', connected('0'), [clue('cloudflared.proc-sigterm', START)], started(END))],
  },
  {
    signal: 'derived.tunnel-stopped',
    shownWhen: 'cloudflared had updated itself and was started anew',
    shown: [tunnel530, lines('tunnel', connected('0'), [clue('cloudflared.proc-update', START)], started(END))],
    notWhen: 'its log begins anew without a word of its end',
    not: [tunnel530, lines('tunnel', connected('0'), started(END))],
  },
  {
    signal: 'derived.tunnel-without-rules',
    shownWhen: 'cloudflared said that it has no rules, and answers 503',
    shown: [brief('edge.origin-answered-5xx', 503), lines('tunnel', [clue('cloudflared.proc-noingress', START)])],
    notWhen: 'rules were pushed a moment later',
    not: [
      brief('edge.origin-answered-5xx', 503),
      lines('tunnel', [
        clue('cloudflared.proc-noingress', START - 2 * SECOND),
        clue('cloudflared.proc-config', START - SECOND),
      ]),
    ],
  },
  {
    signal: 'derived.tunnel-up',
    shownWhen: 'cloudflared’s log covers the burst and has no error',
    shown: [originFails(), lines('tunnel', connected('0'))],
    notWhen: 'it reports that its service refuses',
    not: [originFails(), lines('tunnel', connected('0'), refused)],
  },
  {
    signal: 'derived.tunnel-carried',
    shownWhen: 'cloudflared reports on the failing requests',
    shown: [originFails(), lines('tunnel', refused)],
    notWhen: 'it is silent',
    not: [originFails(), lines('tunnel', connected('0'))],
  },
  {
    signal: 'derived.tunnel-refused-since-change',
    shownWhen: 'the service refuses from the second in which cloudflared got new rules',
    shown: [originFails(), lines('tunnel', rules(START - SECOND, END), refused)],
    notWhen: 'it answered for minutes with the same rules',
    not: [originFails(), lines('tunnel', started(START - 9 * MINUTE), refused)],
  },
  {
    signal: 'derived.tunnel-shown-disconnected',
    shownWhen: 'the list of connections is empty and visitors get 530',
    shown: [tunnel530, lines('tunnel', [clue('cloudflared.shown-disconnected', START, { stamp: { kind: 'none' } })])],
    notWhen: 'visitors get an error of the service',
    not: [originFails(), lines('tunnel', [clue('cloudflared.shown-disconnected', START, { stamp: { kind: 'none' } })])],
  },
  {
    signal: 'derived.tunnel-service-worked',
    shownWhen: 'requests succeeded before with the same rules',
    shown: [originFails(), lines('tunnel', started(START - 9 * MINUTE), refused)],
    notWhen: 'it refuses since new rules',
    not: [originFails(), lines('tunnel', rules(START - SECOND, END), refused)],
  },
  {
    signal: 'derived.tunnel-service-back',
    shownWhen: 'the service refused for three seconds',
    shown: [brief('edge.502-tried-origin', 502), lines('tunnel', started(START - 9 * MINUTE), refusedBriefly)],
    notWhen: 'it refused for a minute',
    not: [originFails(), lines('tunnel', started(START - 9 * MINUTE), refused)],
  },
  {
    signal: 'derived.http-on-tls-port',
    shownWhen: 'cloudflared speaks plain HTTP to port 443, which hangs up',
    shown: [originFails(), hangUps('http://localhost:443')],
    notWhen: 'the port is 8080',
    not: [originFails(), hangUps('http://localhost:8080')],
  },
  {
    signal: 'derived.proxied-to-tls-port',
    shownWhen: 'nginx speaks plain HTTP to port 9443, which hangs up',
    shown: [originFails(), backendHangsUp('192.0.2.7:9443')],
    notWhen: 'it speaks TLS to it',
    not: [originFails(), backendHangsUp('192.0.2.7:9443', 'https')],
  },
  {
    signal: 'derived.ipv6-localhost',
    shownWhen: 'only [::1] refuses',
    shown: [originFails(), refusedAt('[::1]:3000')],
    notWhen: '127.0.0.1 refuses',
    not: [originFails(), refusedAt('127.0.0.1:3000')],
  },
  {
    signal: 'derived.own-connection',
    shownWhen: 'connections that nginx makes fail, and no line names an upstream',
    shown: [originFails(), lines('proxy', throughout('nginx.connect-refused', OF_A_REQUEST))],
    notWhen: 'the lines name one',
    not: [
      originFails(),
      lines('proxy', throughout('nginx.connect-refused', { ...OF_A_REQUEST, upstream: '127.0.0.1:3000' })),
    ],
  },
  {
    signal: 'derived.address-changed',
    shownWhen: 'the address that refuses is not the one that answers at other times',
    shown: [backend('192.0.2.2:3000'), refusedAt('192.0.2.1:3000')],
    notWhen: 'it is the same',
    not: [backend('192.0.2.1:3000'), refusedAt('192.0.2.1:3000')],
  },
  {
    signal: 'derived.upstream-worked-before',
    shownWhen: 'the address that refuses answered in the minutes before',
    shown: [backend('192.0.2.1:3000'), refusedAt('192.0.2.1:3000')],
    notWhen: 'the web server was reloaded as the failures began',
    not: [
      backend('192.0.2.1:3000'),
      lines('proxy', throughout('nginx.connect-refused', { upstream: '192.0.2.1:3000' }), [
        clue('nginx.sig-reload', START),
      ]),
    ],
  },
  {
    signal: 'derived.pool-full',
    shownWhen: 'PHP-FPM says so and requests of all kinds wait in vain',
    shown: [originFails({ bad: { status: 504 } }), timeouts, fullPool],
    notWhen: 'only one page waits',
    not: [onePage, timeouts, fullPool],
  },
  {
    signal: 'derived.pool-full',
    shownWhen: 'PHP loses its database now and then as well',
    shown: [originFails({ bad: { status: 504 } }), timeouts, fullPool, lines('app', [clue('php.db-gone', START)])],
    notWhen: 'PHP says of many requests that its database did not answer: that is what the workers waited for',
    not: [originFails({ bad: { status: 504 } }), timeouts, fullPool, lines('app', throughout('php.db-refused'))],
  },
  {
    signal: 'derived.dependency-silent',
    shownWhen: 'PHP says of many requests that its database did not answer',
    shown: [originFails({ bad: { status: 504 } }), lines('app', throughout('php.db-refused'))],
    notWhen: 'it says so once',
    not: [originFails({ bad: { status: 504 } }), lines('app', [clue('php.db-refused', START)])],
  },
  {
    signal: 'derived.pool-exhausted',
    shownWhen: 'pages of all kinds time out',
    shown: [originFails({ bad: { status: 504 } }), timeouts],
    notWhen: 'only one page does',
    not: [onePage, timeouts],
  },
  {
    signal: 'derived.waits-for-dependency',
    shownWhen: 'the workers’ stacks wait for another server',
    shown: [originFails(), traces('http')],
    notWhen: 'they wait for the database',
    not: [originFails(), traces('database')],
  },
  {
    signal: 'derived.waits-for-database',
    shownWhen: 'the workers’ stacks wait for a query',
    shown: [originFails(), traces('database')],
    notWhen: 'they compute',
    not: [originFails(), traces('nothing')],
  },
  {
    signal: 'derived.errors-of-requests',
    shownWhen: 'a log without any time has an error for each answer of 500',
    shown: [edgeFails('edge.origin-answered-5xx', 500), lines('app', undated(throughout('app.error')))],
    notWhen: 'it has many more of them',
    not: [
      edgeFails('edge.origin-answered-5xx', 500),
      lines('app', undated(Array.from({ length: 8 }, () => throughout('app.error')).flat())),
    ],
  },
  {
    signal: 'derived.pool-waits-for-database',
    shownWhen: 'connections fail as well as requests that wait for one',
    shown: [
      originFails(),
      lines('app', throughout('app.db-pool')),
      lines('app', throughout('app.db-error').slice(0, 40)),
    ],
    notWhen: 'hardly one failed',
    not: [originFails(), lines('app', throughout('app.db-pool')), lines('app', throughout('app.db-error').slice(0, 1))],
  },
  {
    signal: 'derived.dies-without-server',
    shownWhen: 'all that the application says of its cache are its last words',
    shown: [originFails(), lines('app', throughout('app.cache-error', { values: { ends: 1 } }).slice(0, 4))],
    notWhen: 'it lives on',
    not: [originFails(), lines('app', throughout('app.cache-error').slice(0, 4))],
  },
  {
    signal: 'derived.errors-of-requests',
    shownWhen: 'hardly one of them names a server that it needs',
    shown: [
      edgeFails('edge.origin-answered-5xx', 500),
      lines('app', throughout('app.error')),
      lines('app', throughout('app.db-error').slice(0, 5)),
    ],
    notWhen: 'its other lines do',
    not: [
      edgeFails('edge.origin-answered-5xx', 500),
      lines('app', throughout('app.error')),
      lines('app', throughout('app.db-error')),
    ],
  },
  {
    signal: 'derived.errors-of-requests',
    shownWhen: 'the application logs an error for each answer of 500',
    shown: [edgeFails('edge.origin-answered-5xx', 500), lines('app', throughout('app.error'))],
    notWhen: 'it logs few',
    not: [edgeFails('edge.origin-answered-5xx', 500), lines('app', throughout('app.error').slice(0, 5))],
  },
  {
    signal: 'derived.plugin',
    shownWhen: 'all fatal errors name one plugin',
    shown: [originFails(), fatals(() => 'shop-feed')],
    notWhen: 'they name ten',
    not: [originFails(), fatals((i) => `plugin-${i % 10}`)],
  },
  {
    signal: 'derived.workers-renewed',
    shownWhen: 'gunicorn boots one worker after another',
    shown: [originFails(), lines('app', boots(5 * SECOND))],
    notWhen: 'it says that they end',
    not: [originFails(), lines('app', [...boots(5 * SECOND), clue('gunicorn.worker-exit', START + SECOND)])],
  },
  {
    signal: 'derived.workers-renewed',
    shownWhen: 'it does so all along',
    shown: [originFails(), lines('app', boots(3 * SECOND))],
    notWhen: 'they are the workers of one start',
    not: [originFails(), lines('app', [clue('gunicorn.start', START), ...boots(100)])],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'services of the application end again and again',
    shown: [originFails(), lines('host', ends('unit.exited', { values: { role: 'app' } }))],
    notWhen: 'they are another program’s',
    not: [originFails(), lines('host', ends('unit.exited', { values: { role: 'other' } }))],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'the application starts again and again',
    shown: [originFails(), lines('app', ends('app.start'))],
    notWhen: 'somebody stops it',
    not: [originFails(), lines('app', [...ends('app.start'), clue('app.stop', START + SECOND)])],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'one container starts again and again',
    shown: [originFails(), lines('app', ends('app.start', { server: 'web-1' }))],
    notWhen: 'five start once each',
    not: [
      originFails(),
      lines(
        'app',
        ends('app.start').map((start, i) => ({ ...start, server: `web-${i}` })),
      ),
    ],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'a log without any time has crash after crash, and nobody answered',
    shown: [originFails(), lines('app', undated(ends('app.crash')))],
    notWhen: 'it answered the requests',
    not: [originFails({ bad: { status: 500 } }), lines('app', undated(ends('app.crash')))],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'workers end and no line says how their requests did',
    shown: [originFails(), lines('app', ends('app.worker-exit'))],
    notWhen: 'the web server’s lines say that these were cut off',
    not: [originFails(), lines('app', ends('app.worker-exit')), lines('proxy', throughout('nginx.premature-header'))],
  },
  {
    signal: 'derived.app-keeps-ending',
    shownWhen: 'workers are killed, whatever the web server says',
    shown: [
      originFails(),
      lines('app', ends('app.worker-exit', { values: { signalNumber: 9 } })),
      lines('proxy', throughout('nginx.premature-header')),
    ],
    notWhen: 'they were killed for the time they took',
    not: [
      originFails(),
      lines('app', [
        ...ends('app.worker-exit', { values: { signalNumber: 9 } }),
        clue('app.worker-timeout', START + SECOND),
      ]),
    ],
  },
  {
    signal: 'derived.gateway-timeouts',
    shownWhen: 'the origin answers 504 to nearly all',
    shown: [originFails({ bad: (i) => ({ status: i % 20 === 0 ? 502 : 504 }) })],
    notWhen: 'half of them are 502',
    not: [originFails({ bad: (i) => ({ status: i % 2 === 0 ? 502 : 504 }) })],
  },
  {
    signal: 'derived.other-backend',
    shownWhen: 'the failed requests went to a port where no pool listens',
    shown: [requests('proxy', { bad: { status: 504, signal: 'access.timeout-504', upstream: '192.0.2.1:8080' } })],
    notWhen: 'they went to the port of PHP-FPM',
    not: [requests('proxy', { bad: { status: 504, signal: 'access.timeout-504', upstream: '192.0.2.1:9000' } })],
  },
  {
    signal: 'derived.other-backend',
    shownWhen: 'they went to several such ports',
    shown: [requests('proxy', { bad: (i) => ({ status: 504, upstream: `192.0.2.1:${8080 + (i % 2)}` }) })],
    notWhen: 'some went to a socket, which may be a pool’s',
    not: [
      requests('proxy', {
        bad: (i) => ({ status: 504, upstream: i % 2 === 0 ? 'unix:/run/app.sock' : '192.0.2.1:8080' }),
      }),
    ],
  },
  {
    signal: 'derived.other-backend',
    shownWhen: 'gunicorn writes beside the failures',
    shown: [originFails(), lines('app', ends('gunicorn.worker-timeout'))],
    notWhen: 'PHP-FPM does, too',
    not: [originFails(), lines('app', ends('gunicorn.worker-timeout'), ends('fpm.child-segv'))],
  },
];

describe.each(SCENES)('$signal', ({ signal, shownWhen, shown, notWhen, not }) => {
  it(`is seen when ${shownWhen}`, () => {
    expect(factsIn(shown).signals.has(signal)).toBe(true);
  });

  it(`is not seen when ${notWhen}`, () => {
    expect(factsIn(not).signals.has(signal)).toBe(false);
  });
});

it('what is derived says how long a service was away and quotes the lines that tell', () => {
  const fact = factsIn([refusedByEdge, allTheBurst('proxy')]).signals.get('derived.proxy-down');
  expect(fact).toMatchObject({ values: { awaySeconds: 62 }, subjects: ['proxy.service'], firstMs: START - SECOND });
  expect(fact?.lines.map(({ text }) => text.split(' ')[0])).toEqual(['unit.stopped', 'unit.started']);
});

it('a service that runs without a word is not said to be down', () => {
  const chatter = steady(START - 9 * MINUTE, END, MINUTE, (ms) => unit('unit.reloaded', ms, 'app'));
  const { signals } = factsIn([originFails(), lines('host', chatter)]);
  expect([...signals.keys()].filter((signal) => signal.endsWith('-down') || signal.endsWith('-restarted'))).toEqual([]);
});
