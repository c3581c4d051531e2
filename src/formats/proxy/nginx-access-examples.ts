import type { Example } from '../format.ts';

const END = { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38), offsetMinutes: -300 } as const;
const FRONT = '172.70.1.2 - - [20/Nov/2026:03:14:38 -0500]';
const RAY = { ray: '8f1a2b3c4d5e6f70', colo: 'FRA' } as const;

/** The forms that people log in, and what the numbers of a row tell about a failure. */
export const NGINX_ACCESS_EXAMPLES = (): readonly Example[] => [
  {
    shows: 'combined: the time is the end of the request; nothing tells why it failed',
    input: `${FRONT} "GET /refused?a=1 HTTP/1.1" 502 157 "-" "curl/8.4.0"`,
    records: [
      {
        status: 502,
        signal: 'access.5xx',
        stamp: END,
        method: 'GET',
        path: '/refused',
        client: '172.70.1.2',
        bytes: 157,
        userAgent: 'curl/8.4.0',
      },
    ],
  },
  {
    shows: 'main: behind Cloudflare the forwarded address is the visitor',
    input: `${FRONT} "GET / HTTP/1.1" 200 615 "http://example.com/" "curl/8.4.0" "203.0.113.9, 172.70.1.2"`,
    records: [{ status: 200, client: '203.0.113.9', bytes: 615 }],
  },
  {
    shows: 'named fields: nginx got no answer',
    input: `${FRONT} "GET /x HTTP/1.1" 502 157 "-" "curl/8.4.0" rt=0.001 uct="-" uht="-" urt="0.000" us="502" ua="127.0.0.1:3000" ray=8f1a2b3c4d5e6f70-FRA`,
    records: [
      {
        signal: 'access.no-answer-502',
        originStatus: 0,
        durationMs: 1,
        upstreamMs: 0,
        upstream: '127.0.0.1:3000',
        ...RAY,
      },
    ],
  },
  {
    shows: 'a response header came: the application itself said 502',
    input: `${FRONT} "GET /x HTTP/1.1" 502 2 "-" "curl/8.4.0" rt=0.004 us="502" ua="127.0.0.1:3000" urt="0.003" uct="0.000" uht="0.003" ray="8f1a2b3c4d5e6f70-FRA"`,
    records: [{ signal: 'access.answered-5xx', originStatus: 502 }],
  },
  {
    shows: 'two tries: the last one belongs to the answer',
    input: `${FRONT} "GET /x HTTP/1.1" 502 2 "-" "curl/8.4.0" rt=0.004 us="502, 502" ua="127.0.0.1:28199, 127.0.0.1:28115" urt="0.000, 0.003" uct="-, 0.000" uht="-, 0.003"`,
    records: [{ signal: 'access.answered-5xx', upstream: '127.0.0.1:28115', upstreamMs: 3 }],
  },
  {
    shows: 'two rounds after an internal redirect, without quotes',
    input: `${FRONT} "GET /x HTTP/1.1" 200 2 "-" "curl/8.4.0" rt=0.104 us=200 : 200 ua=127.0.0.1:1 : 127.0.0.1:2 urt=0.001 : 0.100 uht=0.001 : 0.090`,
    records: [{ status: 200, originStatus: 200, upstream: '127.0.0.1:2', upstreamMs: 100 }],
  },
  {
    shows: 'a group’s name instead of an address: no live upstream',
    input: `${FRONT} "GET /x HTTP/1.1" 502 559 "-" "curl/8.4.0" rt=0.000 uct="-" uht="-" urt="0.000" us="502" ua="backend" ray=-`,
    records: [{ signal: 'access.no-live-502', originStatus: 0, upstream: 'backend' }],
  },
  {
    shows: 'no upstream was contacted: its name did not resolve',
    input: `${FRONT} "GET /x HTTP/1.1" 502 157 "-" "curl/8.4.0" rt=0.000 us="-" ua="-" urt="-" uct="-" uht="-"`,
    records: [{ signal: 'access.no-upstream-502' }],
  },
  {
    shows: 'nginx’s own timer',
    input: `${FRONT} "GET /x HTTP/1.1" 504 167 "-" "curl/8.4.0" rt=60.002 us="504" ua="127.0.0.1:3000" urt="60.001" uct="0.000" uht="-"`,
    records: [{ signal: 'access.timeout-504', durationMs: 60_002, originStatus: 0 }],
  },
  {
    shows: 'a limit or a maintenance switch of nginx',
    input: `${FRONT} "GET /x HTTP/1.1" 503 197 "-" "curl/8.4.0" rt=0.000 us="-" ua="-" urt="-" uct="-" uht="-"`,
    records: [{ signal: 'access.own-503' }],
  },
  {
    shows: 'Cloudflare gave up after 100 seconds: 499 here, 524 there',
    input: `${FRONT} "GET /report HTTP/1.1" 499 0 "-" "curl/8.4.0" rt=100.180 us="-" ua="127.0.0.1:3000" urt="100.180" uct="0.000" uht="-"`,
    records: [{ signal: 'access.edge-gave-up', status: 499 }],
  },
  {
    shows: 'TLS spoken to a plain port',
    input: String.raw`192.0.2.7 - - [20/Nov/2026:08:10:48 +0000] "\x16\x03\x01\x02\x00\x01" 400 157 "-" "-"`,
    records: [{ signal: 'access.tls-to-plain-port', status: 400 }],
  },
  {
    shows: 'a virtual host in front',
    input: `www.example.com:443 ${FRONT} "GET /solr HTTP/1.1" 500 803 "-" "curl/8.4.0"`,
    records: [{ status: 500, host: 'www.example.com', client: '172.70.1.2' }],
  },
  {
    shows: 'fields without names, in an order of its own',
    input:
      '203.0.113.9 [2026-11-20T08:14:38+00:00] shop.example.com "GET /checkout/ HTTP/1.1" 502 559 0.153 "unix:/run/php/php8.2-fpm.sock" "502" "0.153" "curl/8.4.0" cf_ray="8f1a2b3c4d5e6f70-FRA"',
    records: [
      {
        status: 502,
        host: 'shop.example.com',
        durationMs: 153,
        upstreamMs: 153,
        upstream: 'unix:/run/php/php8.2-fpm.sock',
        userAgent: 'curl/8.4.0',
        ...RAY,
      },
    ],
  },
  {
    shows: 'ingress-nginx',
    input: `${FRONT} "GET / HTTP/1.1" 499 0 "-" "curl/8.4.0" 81 0.470 [default-web-80] [] 10.0.0.5:80 0 0.470 - 2889e565a82f4db8e58280450ad03e61`,
    records: [
      { signal: 'access.client-abort', status: 499, durationMs: 470, upstreamMs: 470, upstream: '10.0.0.5:80' },
    ],
  },
  {
    shows: 'Nginx Proxy Manager',
    input:
      '[20/Nov/2026:03:14:38 -0500] - 502 502 - GET https app.example.com "/login?a=1" [Client 203.0.113.9] [Length 154] [Gzip -] [Sent-to 192.168.1.20] "curl/8.4.0" "-"',
    records: [
      {
        status: 502,
        stamp: END,
        host: 'app.example.com',
        method: 'GET',
        path: '/login',
        client: '203.0.113.9',
        bytes: 154,
        upstream: '192.168.1.20',
        userAgent: 'curl/8.4.0',
      },
    ],
  },
  {
    shows: 'JSON; empty strings are missing values: the connection never completed',
    input:
      '{"time":"2026-11-20T03:14:38-05:00","remote_addr":"172.70.1.2","cf_ray":"8f1a2b3c4d5e6f70-FRA","host":"shop.example.com","method":"GET","uri":"/cart?x=1","status":502,"bytes":157,"request_time":0.001,"upstream_addr":"10.0.3.21:8443","upstream_status":"502","upstream_response_time":"0.001","upstream_connect_time":"-","ua":"curl/8.4.0"}',
    records: [
      {
        signal: 'access.no-answer-502',
        stamp: END,
        path: '/cart',
        host: 'shop.example.com',
        upstream: '10.0.3.21:8443',
        userAgent: 'curl/8.4.0',
        ...RAY,
      },
    ],
  },
  {
    shows: 'JSON that is none: nginx wrote nothing, a dash and a bare list for numbers',
    input:
      '{"msec":1795162478.250,"remote_addr":"172.70.1.2","request":"GET /a\\x22b HTTP/1.1","status":502,"upstream_status":502, 502,"urt":0.001, 0.000,"uct":-,"uht":,"host":"shop.example.com"}',
    records: [
      {
        signal: 'access.no-answer-502',
        stamp: { kind: 'utc', ms: 1_795_162_478_250 },
        path: '/a\\x22b',
        upstreamMs: 0,
      },
    ],
  },
  {
    shows: 'a Ray ID in quotes at the end, behind fields that are all empty',
    input: `${FRONT} "GET /x HTTP/1.1" 502 157 "-" "-" "-" "8f1a2b3c4d5e6f70-FRA"`,
    records: [{ status: 502, ...RAY, path: '/x' }],
  },
  {
    shows: 'LTSV with Apache’s time, which is in brackets',
    input: 'time:[20/Nov/2026:08:10:14 +0000]\thost:203.0.113.7\treq:GET /x HTTP/1.1\tstatus:502\tsize:157',
    records: [{ status: 502, client: '203.0.113.7', path: '/x' }],
  },
  {
    shows: 'LTSV: names and values between tabs; its host is the client’s',
    input:
      'time:20/Nov/2026:08:10:14 +0000\thost:203.0.113.7\treq:GET /x HTTP/1.1\tstatus:502\tsize:157\treqtime:0.100\tapptime:0.099\tvhost:www.example.com',
    records: [
      {
        status: 502,
        client: '203.0.113.7',
        host: 'www.example.com',
        path: '/x',
        durationMs: 100,
        upstreamMs: 99,
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 14), offsetMinutes: 0 },
      },
    ],
  },
  {
    shows: 'nothing but names and values',
    input:
      'time=2026-11-20T08:10:14Z remote_addr=203.0.113.7 request="POST /cart HTTP/2.0" status=502 upstream_addr=10.0.0.3:80 request_time=0.300',
    records: [{ status: 502, client: '203.0.113.7', method: 'POST', path: '/cart', upstream: '10.0.0.3:80' }],
  },
  {
    shows: 'JSON under the names of an old and common recipe',
    input:
      '{"@timestamp":"2026-11-20T08:10:14+00:00","clientip":"203.0.113.4","method":"POST","uri":"/login","status":499,"size":0,"responsetime":12.3,"upstreamaddr":"127.0.0.1:9000","domain":"k.example.com"}',
    records: [
      { status: 499, client: '203.0.113.4', upstream: '127.0.0.1:9000', host: 'k.example.com', path: '/login' },
    ],
  },
];
