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

/** `status flags details - "reason"`, milliseconds. */
function istio(answer: string, tookMs: number): Program {
  const row = (ms: number, path: string, said: string, took: number): string =>
    `[${new Date(ms - took).toISOString()}] "GET ${path} HTTP/1.1" ${said} 0 91 ${took} - "198.51.100.7" "curl/8.5.0" "6f0c6a3e" "www.example.com" "10.8.1.12:3000" outbound|80||shop.default.svc.cluster.local - 10.0.0.9:8443 10.8.0.1:51234 - default`;
  return {
    good: (ms, path) => row(ms, path, '200 - via_upstream - "-"', 20),
    bad: (ms, path) => [row(ms, path, answer, tookMs)],
  };
}

/** Target, three times, two statuses, how long it took. */
function loadBalancer(target: string, times: string, statuses: string, tookMs: number): Program {
  const micro = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
  const row = (ms: number, path: string, to: string, said: string, took: number): string =>
    `https ${micro(ms)} app/shop/50dc6c495c0c9188 172.70.1.2:52044 ${to} ${said} 310 272 "GET https://www.example.com:443${path} HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "www.example.com" "-" 0 ${micro(ms - took)} "forward" "-" "-" "-" "-" "-" "-"`;
  return {
    good: (ms, path) => row(ms, path, '10.0.3.14:3000', '0.001 0.020 0.000 200 200', 21),
    bad: (ms, path) => [row(ms, path, target, `${times} ${statuses}`, tookMs)],
  };
}

/** `statusDetails`, and how long it took. */
function google(status: number, details: string, tookMs: number): Program {
  const row = (ms: number, path: string, code: number, said: string, took: number): string =>
    `{"httpRequest":{"latency":"${(took / 1000).toFixed(6)}s","remoteIp":"172.70.1.2","requestMethod":"GET","requestUrl":"https://www.example.com${path}","responseSize":"272","serverIp":"10.132.0.4","status":${code}},"jsonPayload":{"statusDetails":"${said}"},"resource":{"type":"http_load_balancer"},"timestamp":"${new Date(ms - took).toISOString()}"}`;
  return {
    good: (ms, path) => row(ms, path, 200, 'response_sent_by_backend', 21),
    bad: (ms, path) => [row(ms, path, status, details, tookMs)],
  };
}

const W3C =
  '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';
/** Status, substatus, Windows’ number, milliseconds; the head once in a while, as after each restart. */
function iis(answer: string): Program {
  const row = (ms: number, path: string, said: string): string =>
    `${ms === START ? `${W3C}\n` : ''}${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} 10.0.0.4 GET ${path} - 443 - 172.70.1.2 curl/8.5.0 - ${said}`;
  return { good: (ms, path) => row(ms, path, '200 0 0 21'), bad: (ms, path) => [row(ms, path, answer)] };
}

/** Transactions of varnishlog, the backend's side behind the client's (`-g request`); without an error the backend gave the status. */
function varnish(status: number, tookMs: number, fetchError = ''): Program {
  const at = (name: string, ms: number, since: number): string =>
    `Timestamp      ${name}: ${(ms / 1000).toFixed(6)} ${(since / 1000).toFixed(6)} 0.000010`;
  const said = (ms: number, path: string, code: number, took: number, error: string): string =>
    [
      `*   << Request  >> ${ms % 1_000_000}     `,
      '-   Begin          req 1 rxreq',
      `-   ${at('Start', ms - took, 0)}`,
      '-   ReqStart       172.70.1.2 52980 a0',
      '-   ReqMethod      GET',
      `-   ReqURL         ${path}`,
      '-   ReqHeader      Host: www.example.com',
      '-   VCL_call       MISS',
      `-   RespStatus     ${code}`,
      ...(error === '' ? [] : ['-   RespReason     Backend fetch failed', '-   RespHeader     Server: Varnish']),
      `-   ${at('Resp', ms, took)}`,
      '-   End            ',
      `**  << BeReq    >> ${(ms % 1_000_000) + 1}     `,
      '--  BereqMethod    GET',
      `--  BereqURL       ${path}`,
      ...(error === '' ? [] : [`--  FetchError     ${error}`]),
      `--  ${at('Beresp', ms, took)}`,
      '--  End            ',
      '',
    ].join('\n');
  return {
    good: (ms, path) => said(ms, path, 200, 20, ''),
    bad: (ms, path) => [said(ms, path, status, tookMs, fetchError)],
  };
}

/** Seconds, what the backend gave, and the gateway's own word for the failure. */
function azure(status: number, seconds: number, backend: string, error: string): Program {
  const row = (ms: number, path: string, code: number, took: number, said: string, why: string): string =>
    `{"timeStamp":"${new Date(ms).toISOString()}","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"172.70.1.2","httpMethod":"GET","requestUri":"${path}","httpStatus":${code},"timeTaken":${took},"serverRouted":"10.0.3.14:80","serverStatus":"${said}","error_info":"${why}","originalHost":"www.example.com"}}`;
  return {
    good: (ms, path) => row(ms, path, 200, 0.021, '200', 'ERRORINFO_NO_ERROR'),
    bad: (ms, path) => [row(ms, path, status, seconds, backend, error)],
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
  ['HAProxy: refused', haproxy('web1', '0/0/-1/-1/8', 503, 'SC--'), 'app-down'],
  ['HAProxy: a silent address', haproxy('web1', '0/0/-1/-1/8004', 503, 'sC--'), 'app-connect-timeout'],
  ['HAProxy: no answer in time', haproxy('web1', '0/0/0/-1/30001', 504, 'sH--'), 'app-timeout'],
  ['HAProxy: hung up', haproxy('web1', '0/0/0/-1/0', 502, 'SH--'), 'app-closed-early'],
  ['HAProxy: no HTTP', haproxy('web1', '0/0/0/-1/57', 502, 'PH--'), 'app-invalid-response'],
  ['HAProxy: no server left', haproxy('<NOSRV>', '0/-1/-1/-1/0', 503, 'SC--'), 'app-all-down'],
  ['HAProxy: the server’s own 502', haproxy('web1', '0/0/0/5/6', 502, '----'), 'app-error-response'],
  ['Traefik: refused', traefik('dial tcp 172.18.0.5:3000: connect: connection refused', 502, 11), 'app-down'],
  ['Traefik: a silent address', traefik('dial tcp 172.18.0.5:3000: i/o timeout', 504, 15), 'app-connect-timeout'],
  ['Traefik: hung up', traefik('EOF', 502, 11), 'app-closed-early'],
  [
    'Istio: refused',
    istio('503 UF upstream_reset_before_response_started{connection_failure} - "delayed_connect_error:_111"', 2),
    'app-down',
  ],
  [
    'Istio: a silent address',
    istio('503 UF upstream_reset_before_response_started{connection_timeout} - "-"', 10_001),
    'app-connect-timeout',
  ],
  ['Istio: no answer in time', istio('504 UT response_timeout - "-"', 15_000), 'app-timeout'],
  [
    'Istio: hung up',
    istio('503 UC upstream_reset_before_response_started{connection_termination} - "-"', 31),
    'app-closed-early',
  ],
  [
    'Istio: certificate',
    istio(
      '503 UF upstream_reset_before_response_started{connection_failure} - "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end"',
      12,
    ),
    'app-tls-cert',
  ],
  ['Istio: no backend left', istio('503 UH no_healthy_upstream - "-"', 0), 'app-all-down'],
  ['Istio: the backend’s own 502', istio('502 - via_upstream - "-"', 31), 'app-error-response'],
  ['ALB: no target', loadBalancer('-', '-1 -1 -1', '503 -', 1), 'app-all-down'],
  ['ALB: a silent target', loadBalancer('10.0.3.14:3000', '-1 -1 -1', '504 -', 10_002), 'app-connect-timeout'],
  ['ALB: a target that gives no answer', loadBalancer('10.0.3.14:3000', '0.001 -1 -1', '502 -', 3), 'app-down'],
  ['ALB: no answer in time', loadBalancer('10.0.3.14:3000', '0.001 -1 -1', '504 -', 60_002), 'app-timeout'],
  [
    'ALB: the target’s own 502',
    loadBalancer('10.0.3.14:3000', '0.001 0.030 0.000', '502 502', 31),
    'app-error-response',
  ],
  ['Google: refused', google(502, 'failed_to_connect_to_backend', 2), 'app-down'],
  ['Google: no answer in time', google(504, 'backend_timeout', 30_001), 'app-timeout'],
  ['Google: no backend left', google(503, 'failed_to_pick_backend', 1), 'app-all-down'],
  ['IIS: refused', iis('502 3 12029 2031'), 'app-down'],
  ['IIS: no answer in time', iis('502 3 2147954402 120015'), 'app-timeout'],
  ['IIS: hung up', iis('502 3 12030 15'), 'app-closed-early'],
  ['IIS: unknown name', iis('502 3 12007 15'), 'app-dns'],
  ['Varnish: refused', varnish(503, 1, 'backend app: fail errno 111 (Connection refused)'), 'app-down'],
  ['Varnish: no answer in time', varnish(503, 60_001, 'first byte timeout'), 'app-timeout'],
  ['Varnish: hung up', varnish(503, 3, 'HTC eof (-1)'), 'app-closed-early'],
  ['Varnish: no backend left', varnish(503, 1, 'backend app: unhealthy'), 'app-all-down'],
  ['Varnish: the backend’s own 502', varnish(502, 5), 'app-error-response'],
  ['Azure: no answer in time', azure(504, 20.004, '504', 'ERRORINFO_UPSTREAM_TIMED_OUT'), 'app-timeout'],
  ['Azure: no backend left', azure(502, 0.012, '', 'ERRORINFO_UPSTREAM_NO_LIVE'), 'app-all-down'],
  ['Azure: hung up', azure(502, 0.031, '502', 'ERRORINFO_UPSTREAM_CLOSED_CONNECTION'), 'app-closed-early'],
  ['Azure: the backend’s own 502', azure(502, 0.031, '502', 'ERRORINFO_NO_ERROR'), 'app-error-response'],
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

  it.each([
    'stream 100 canceled with error code 268',
    'writing: stream 100 canceled by remote with error code 268',
    'reading: H3_REQUEST_CANCELLED',
  ])('%s is a visitor who went, over HTTP/3', (text) => {
    expect(goErrorSignal(text)).toBe('proxy.client-abort');
  });

  it('a stream that the server itself gave up is no visitor’s', () => {
    expect(goErrorSignal('H3_REQUEST_CANCELLED (local)')).not.toBe('proxy.client-abort');
  });
});
