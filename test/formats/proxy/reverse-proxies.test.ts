import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAnalysis } from '../../../src/analyze.ts';
import { GO_ERRORS, goErrorSignal } from '../../../src/formats/proxy/go-errors.ts';

const START = Date.UTC(2026, 10, 20, 8, 0, 0);
const MINUTE = 60_000;
const PATHS = ['/', '/shop', '/cart', '/blog/hello', '/account'];

/** How one of the programs writes a good answer, and one that failed. */
interface Program {
  readonly good: (ms: number, path: string) => string;
  readonly bad: (ms: number, path: string) => readonly string[];
}

const pad = (n: number, digits = 2): string => String(n).padStart(digits, '0');
const MONTH = 'Nov';

function clf(ms: number, fraction = ''): string {
  const d = new Date(ms);
  return `${pad(d.getUTCDate())}/${MONTH}/${d.getUTCFullYear()}:${d.toISOString().slice(11, 19)}${fraction}`;
}

function caddy(message: string, status: number): Program {
  const request = (path: string): string =>
    `"request":{"remote_ip":"127.0.0.1","remote_port":"4711","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"${path}","headers":{"Cf-Connecting-Ip":["198.51.100.7"]}}`;
  const line = (ms: number, logger: string, msg: string, path: string, more: string): string =>
    `{"level":"error","ts":${(ms / 1000).toFixed(6)},"logger":"${logger}","msg":${JSON.stringify(msg)},${request(path)},${more}}`;
  return {
    good: (ms, path) =>
      line(
        ms,
        'http.log.access.log0',
        'handled request',
        path,
        '"duration":0.02,"size":512,"status":200,"resp_headers":{"Server":["Caddy"],"Content-Type":["text/html"]}',
      ),
    bad: (ms, path) => [
      line(ms, 'http.log.error.log0', message, path, `"duration":0.002,"status":${status},"err_id":"a"`),
      line(
        ms,
        'http.log.access.log0',
        'handled request',
        path,
        `"duration":0.002,"size":0,"status":${status},"resp_headers":{"Server":["Caddy"]}`,
      ),
    ],
  };
}

function haproxy(server: string, timers: string, status: number, state: string): Program {
  const row = (ms: number, path: string, to: string, times: string, code: number, ended: string): string =>
    `192.0.2.7:5300 [${clf(ms, `.${pad(ms % 1000, 3)}`)}] www app/${to} ${times} ${code} 217 - - ${ended} 1/1/0/0/0 0/0 {www.example.com} "GET ${path} HTTP/1.1"`;
  return {
    good: (ms, path) => row(ms, path, 'web1', '0/0/0/20/21', 200, '----'),
    bad: (ms, path) => [row(ms, path, server, timers, status, state)],
  };
}

function traefik(message: string, status: number, size: number): Program {
  const row = (ms: number, path: string, code: number, bytes: number): string =>
    `172.18.0.1 - - [${clf(ms)} +0000] "GET ${path} HTTP/1.1" ${code} ${bytes} "-" "-" 7 "shop@docker" "http://172.18.0.5:3000" 2ms`;
  return {
    good: (ms, path) => row(ms, path, 200, 512),
    bad: (ms, path) => [
      `time="${new Date(ms).toISOString().slice(0, 19)}Z" level=debug msg="'${status} ${status === 504 ? 'Gateway Timeout' : 'Bad Gateway'}' caused by: ${message}"`,
      row(ms, path, status, size),
    ],
  };
}

/** Twenty minutes of two requests a second, of which three minutes fail. */
function logOf({ good, bad }: Program): string {
  const lines: string[] = [];
  for (let ms = START; ms < START + 20 * MINUTE; ms += 500) {
    const path = PATHS[(ms / 500) % PATHS.length] ?? '/';
    const fails = ms >= START + 9 * MINUTE && ms < START + 12 * MINUTE;
    lines.push(...(fails ? bad(ms, path) : [good(ms, path)]));
  }
  return `${lines.join('\n')}\n`;
}

const CASES: readonly (readonly [name: string, program: Program, cause: string])[] = [
  ['Caddy: refused', caddy('dial tcp 127.0.0.1:3000: connect: connection refused', 502), 'app-down'],
  [
    'Caddy: no socket',
    caddy('dialing backend: dial unix /run/app.sock: connect: no such file or directory', 502),
    'app-socket-missing',
  ],
  ['Caddy: a silent address', caddy('dial tcp 10.0.0.5:3000: i/o timeout', 502), 'app-connect-timeout'],
  ['Caddy: no answer in time', caddy('net/http: timeout awaiting response headers', 504), 'app-timeout'],
  ['Caddy: hung up', caddy('EOF', 502), 'app-closed-early'],
  ['Caddy: reset', caddy('read tcp 127.0.0.1:4561->127.0.0.1:3000: read: connection reset by peer', 502), 'app-reset'],
  [
    'Caddy: no HTTP',
    caddy('net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"', 502),
    'app-invalid-response',
  ],
  ['Caddy: unknown name', caddy('dial tcp: lookup app on 127.0.0.11:53: no such host', 502), 'app-dns'],
  ['Caddy: certificate', caddy('x509: certificate signed by unknown authority', 502), 'app-tls-cert'],
  ['Caddy: no backend left', caddy('no upstreams available', 503), 'app-all-down'],
  ['HAProxy: refused', haproxy('web1', '0/0/-1/-1/3008', 503, 'SC--'), 'app-down'],
  ['HAProxy: a silent address', haproxy('web1', '0/0/-1/-1/8004', 503, 'sC--'), 'app-connect-timeout'],
  ['HAProxy: no answer in time', haproxy('web1', '0/0/0/-1/30001', 504, 'sH--'), 'app-timeout'],
  ['HAProxy: hung up', haproxy('web1', '0/0/0/-1/0', 502, 'SH--'), 'app-closed-early'],
  ['HAProxy: no HTTP', haproxy('web1', '0/0/0/-1/57', 502, 'PH--'), 'app-invalid-response'],
  ['HAProxy: no server left', haproxy('<NOSRV>', '0/-1/-1/-1/0', 503, 'SC--'), 'app-all-down'],
  ['HAProxy: the server’s own 502', haproxy('web1', '0/0/0/5/6', 502, '----'), 'app-error-response'],
  ['Traefik: refused', traefik('dial tcp 172.18.0.5:3000: connect: connection refused', 502, 11), 'app-down'],
  ['Traefik: a silent address', traefik('dial tcp 172.18.0.5:3000: i/o timeout', 504, 15), 'app-connect-timeout'],
  ['Traefik: hung up', traefik('EOF', 502, 11), 'app-closed-early'],
];

describe('a reverse proxy that is not nginx', () => {
  it.each(CASES)('%s', async (_name, program, cause) => {
    const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
    try {
      const file = join(folder, 'proxy.log');
      writeFileSync(file, logOf(program));
      const { result } = await runAnalysis([file], {});
      const { verdict, bursts, sources } = result;
      expect({ place: verdict.place, cause: verdict.cause }).toEqual({ place: 'origin', cause });
      expect(bursts.map(({ requests }) => [requests.failed, requests.total])).toEqual([[360, expect.any(Number)]]);
      expect(sources.map(({ notUnderstood }) => notUnderstood.count)).toEqual([0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the texts of the Go library', () => {
  it.each(GO_ERRORS)('$sample is $signal', ({ sample, signal }) => {
    expect(goErrorSignal(sample)).toBe(signal);
  });
});
