import { describe, expect, it } from 'vitest';
import { Unwrapper } from '../../../src/formats/wrappers.ts';
import { zoneOffsetMinutes } from '../../../src/formats/zone-names.ts';

const INNER = '2026-11-20T08:19:33Z ERR Request failed connIndex=2';
const at = Date.UTC(2026, 10, 20, 8, 19, 33);
const yearless = { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 19, 33) };

function unwrap(text: string) {
  return new Unwrapper().unwrap(text, 1);
}

describe('a wrapper is taken off and its words are kept', () => {
  const named = { server: 'web01', program: 'cloudflared', pid: '20632' };
  it.each([
    ['short', 'Nov 20 08:19:33 web01 cloudflared[20632]: ', { ...named, stamp: yearless }],
    ['no hostname', 'Nov 20 08:19:33 cloudflared[20632]: ', { program: 'cloudflared', stamp: yearless }],
    ['a hostname taken out', 'Nov 20 08:19:33  cloudflared[20632]: ', { program: 'cloudflared', stamp: yearless }],
    ['priority', '<187>Nov 20 08:19:33 web01 cloudflared[20632]: ', { ...named, stamp: yearless }],
    [
      'short-precise',
      'Nov 20 08:19:33.987154 web01 cloudflared[20632]: ',
      { ...named, stamp: { kind: 'yearless', ms: yearless.ms + 987 } },
    ],
    [
      'short-iso',
      '2026-11-20T09:19:33+0100 web01 cloudflared[20632]: ',
      { ...named, stamp: { kind: 'utc', ms: at, offsetMinutes: 60 } },
    ],
    [
      'rsyslog RFC 3339',
      '2026-11-20T08:19:33.987154+00:00 web01 cloudflared[20632]: ',
      { ...named, stamp: { kind: 'utc', ms: at + 987, offsetMinutes: 0 } },
    ],
    [
      'short-full',
      'Fri 2026-11-20 03:19:33 EST web01 cloudflared[20632]: ',
      { ...named, stamp: { kind: 'utc', ms: at, offsetMinutes: -300 } },
    ],
    [
      'short-full in a zone of several meanings',
      'Fri 2026-11-20 13:49:33 IST web01 cloudflared[20632]: ',
      { ...named, stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 13, 49, 33) } },
    ],
    ['with-unit', 'Fri 2026-11-20 08:19:33 UTC web01 cloudflared.service[20632]: ', { program: 'cloudflared' }],
    ['short-unix', '1795162773.987154 web01 cloudflared[20632]: ', { ...named, stamp: { kind: 'utc', ms: at + 987 } }],
    ['short-monotonic', '[ 1428.271891] web01 cloudflared[20632]: ', { ...named, stamp: { kind: 'none' } }],
    [
      'RFC 5424',
      '<34>1 2026-11-20T08:19:33.987Z web01 cloudflared 20632 - - ',
      { ...named, stamp: { kind: 'utc', ms: at + 987 } },
    ],
    ['docker logs -t', '2026-11-20T08:19:33.987154321Z ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['CRI', '2026-11-20T08:19:33.987154321Z stderr F ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['pm2 with times', '0|api  | 2026-11-20T08:19:33.987Z: ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['svlogd', '2026-11-20_08:19:33.98715 ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['a log viewer', '2026-11-20 08:19:33.987Z ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['a log viewer, glued', '2026-11-20 08:19:33.987154+00:00', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['compose with stamps', 'tunnel-1  | 2026-11-20T08:19:33.987154321Z ', { stamp: { kind: 'utc', ms: at + 987 } }],
    ['Nov 17 without identifier', 'Nov 20 08:19:33 ', { stamp: yearless }],
    ['a quotation of a journal', '> Nov 20 08:19:33 web01 cloudflared[20632]: ', { ...named, stamp: yearless }],
    ['an indented block', '    Nov 20 08:19:33 web01 cloudflared[20632]: ', { ...named, stamp: yearless }],
  ])('%s', (_name, prefix, wrapper) => {
    const line = unwrap(prefix + INNER);
    expect(line.text).toBe(INNER);
    expect(line.wrapper).toMatchObject(wrapper);
  });

  it.each([
    ['compose', 'web-1  | '],
    ['pm2', '0|api  | '],
    ['kubectl --prefix', '[pod/cloudflared-7d9c5b6f4-x2x9q/cloudflared] '],
    ['a test runner', '#   '],
    ['a chat', 'today at 9:32:43 AM'],
    ['a quotation', '> '],
    ['a prompt', 'root@web01:~# '],
  ])('%s leaves no word behind', (_name, prefix) => {
    expect(unwrap(prefix + INNER)).toMatchObject({ text: INNER, number: 1, wrapper: null });
  });

  it('reads journald’s JSON, also with the message as bytes', () => {
    const entry = {
      __REALTIME_TIMESTAMP: '1795162773987154',
      _HOSTNAME: 'web01',
      SYSLOG_IDENTIFIER: 'cloudflared',
      _PID: '7',
    };
    const wrapper = { stamp: { kind: 'utc', ms: at + 987 }, server: 'web01', program: 'cloudflared', pid: '7' };
    expect(unwrap(JSON.stringify({ ...entry, MESSAGE: INNER }))).toEqual({ text: INNER, number: 1, wrapper });
    const bytes = [...Buffer.from(INNER)];
    expect(unwrap(JSON.stringify({ ...entry, MESSAGE: bytes })).text).toBe(INNER);
    expect(unwrap(JSON.stringify({ ...entry, MESSAGE: null })).text).toBe('');
  });

  it('reads docker’s JSON files', () => {
    const text = JSON.stringify({ log: `${INNER}\n`, stream: 'stderr', time: '2026-11-20T08:19:33.987154321Z' });
    expect(unwrap(text)).toEqual({ text: INNER, number: 1, wrapper: { stamp: { kind: 'utc', ms: at + 987 } } });
  });

  it('takes out colours, carriage returns and HTML entities', () => {
    expect(unwrap('\u001b[90mred\u001b[0m text\r').text).toBe('red text');
    expect(unwrap('request: &quot;GET /?a=1&amp;b=2&quot;').text).toBe('request: "GET /?a=1&b=2"');
  });

  it('names the kernel, with its own clock inside', () => {
    const line = unwrap('Aug 21 10:18:31 web-01 kernel: [788622.257300] [UFW BLOCK] IN=eth0');
    expect(line).toMatchObject({ text: '[UFW BLOCK] IN=eth0', wrapper: { server: 'web-01', program: 'kernel' } });
    expect(unwrap('[Fri May 10 20:02:04 2019] Out of memory').wrapper).toMatchObject({ program: 'kernel' });
  });

  it('reads the field outputs of journalctl', () => {
    const unwrapper = new Unwrapper();
    const lines = [
      'Fri 2026-11-20 08:19:33.987154 UTC [s=bc5b;i=3]',
      '    _HOSTNAME=web01',
      '    SYSLOG_IDENTIFIER=cloudflared',
      `    MESSAGE=${INNER}`,
    ].map((text, i) => unwrapper.unwrap(text, i + 1));
    expect(lines.map((line) => line.text)).toEqual(['', '', '', INNER]);
    expect(lines[3]?.wrapper).toMatchObject({ server: 'web01', program: 'cloudflared', stamp: { ms: at + 987 } });
  });
});

describe('a format’s own stamp stays', () => {
  it.each([
    '2026/11/20 08:19:33 [error] 1#1: *2 connect() failed (111: Connection refused) while connecting to upstream',
    '203.0.113.9 - - [20/Nov/2026:08:19:33 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/8"',
    '[20-Nov-2026 08:12:32] WARNING: [pool www] server reached pm.max_children setting (3), consider raising it',
    '[20-Nov-2026 03:11:34 America/New_York] PHP Warning:  x in /a.php on line 3',
    INNER,
    '[2025-10-21 13:11:39 +0200] [6408] [CRITICAL] WORKER TIMEOUT (pid:6409)',
    '2025-09-05 10:25:29.222 ERROR 1 --- [main] c.e.Server : boom: text',
    '2025-09-05T10:25:29.222Z ERROR main: text',
    '2025-09-05T10:25:29.222Z server listening: 3000',
    '[Tue Feb 18 23:17:21 2014] [error] [client 192.0.2.1] FastCGI: incomplete headers',
    '[Wed Oct 11 14:32:52.123456 2023] [core:error] [pid 1] AH00000: x',
    '{"level":50,"time":1750173631273,"msg":"boom"}',
    '#1 {main}',
    '  thrown in /a.php on line 3',
    '# Time: 250904 10:11:12',
  ])('%s', (text) => {
    expect(unwrap(text)).toEqual({ text, number: 1, wrapper: null });
  });
});

describe('of an indented block', () => {
  it.each([
    '[Fri Jan 30 15:35:59.863091 2015] [proxy:error] [pid 3615:tid 140] (111)Connection refused: AH00957: FCGI: attempt to connect',
    '[2026-11-20T08:14:38.120Z] "GET /cart HTTP/2" 503 UF,URX 0 145 15012 -',
    '[2025-10-21 13:11:39 +0200] [6408] [CRITICAL] WORKER TIMEOUT (pid:6409)',
    '2026-11-20 18:56:59,031 WARN exited: php-fpm (exit status 78; not expected)',
    '2026-11-20 08:14:38.113201 [NOTICE] [2211] [T0] Server Stopped!',
    'time="2026-11-20T08:14:38Z" level=debug msg="x"',
    '{"level":"error","ts":1795202855.5,"msg":"x"}',
    'W1120 17:35:19.222358       7 controller.go:916] Service "default/web" does not have any active Endpoint.',
  ])('what begins an entry loses its blanks: %s', (text) => {
    expect(unwrap(`    ${text}`)).toEqual({ text, number: 1, wrapper: null });
  });

  it.each([
    '    at Object.<anonymous> (/app/index.js:3:7)',
    '  {"level":3}',
    '    2026-11-20 is a day',
    '  time="soon"',
  ])('what goes on keeps them: %s', (text) => {
    expect(unwrap(text)).toEqual({ text, number: 1, wrapper: null });
  });
});

describe('zone names', () => {
  it.each([
    ['America/New_York', Date.UTC(2026, 10, 20, 3, 0), -300],
    ['America/New_York', Date.UTC(2026, 6, 20, 3, 0), -240],
    ['Europe/Berlin', Date.UTC(2025, 2, 30, 3, 30), 120],
    ['Europe/Berlin', Date.UTC(2025, 2, 30, 1, 30), 60],
    ['Asia/Kolkata', Date.UTC(2026, 10, 20), 330],
    ['CEST', 0, 120],
    ['+0530', 0, 330],
    ['IST', 0, undefined],
    ['Nowhere/Land', 0, undefined],
  ])('%s', (name, wall, minutes) => expect(zoneOffsetMinutes(name, wall)).toBe(minutes));
});

it('a priority alone is no wrapper of its own, and no part of the line', () => {
  expect(unwrap(`<6>${INNER}`)).toEqual({ text: INNER, number: 1, wrapper: null });
  expect(unwrap('<h1>502 Bad Gateway</h1>').text).toBe('<h1>502 Bad Gateway</h1>');
});
