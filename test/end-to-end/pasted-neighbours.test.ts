import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';

/*
 * What people paste of containers and of web servers that are rarer than nginx: a few lines, and whose fault they show.
 */

const refused =
  '2026/02/20 16:20:51 [error] 31#31: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 172.70.1.2, server: shop.example.com, request: "GET / HTTP/1.1", upstream: "http://172.18.0.3:3000/", host: "shop.example.com"';
const cutOff =
  '2026/02/20 16:20:51 [error] 31#31: *4 upstream prematurely closed connection while reading response header from upstream, client: 172.70.1.2, server: shop.example.com, request: "GET /export HTTP/1.1", upstream: "http://10.244.1.23:8080/export", host: "shop.example.com"';

const CASES: readonly (readonly [shows: string, cause: string, lines: readonly string[]])[] = [
  [
    'a container that Docker saw killed for lack of memory',
    'host-out-of-memory',
    [
      '2026-02-20T16:20:50.000000000Z container oom 3f2a9c1d7e50 (image=shop:1.4, name=shop-web-1)',
      '2026-02-20T16:20:50.100000000Z container die 3f2a9c1d7e50 (execDuration=512, exitCode=137, image=shop:1.4, name=shop-web-1)',
      refused,
    ],
  ],
  [
    'a container that was stopped',
    'app-down',
    [
      '2026-02-20T16:20:49.100000000Z container kill 3f2a9c1d7e50 (image=shop:1.4, name=shop-web-1, signal=15)',
      '2026-02-20T16:20:50.100000000Z container die 3f2a9c1d7e50 (execDuration=5120, exitCode=0, image=shop:1.4, name=shop-web-1)',
      '2026-02-20T16:20:52.900000000Z container start 3f2a9c1d7e50 (image=shop:1.4, name=shop-web-1)',
      refused,
    ],
  ],
  [
    'a pod whose description says OOMKilled',
    'host-out-of-memory',
    [
      cutOff,
      'Name:             web-6c9f7d5d8b-lmn4p',
      '    Last State:     Terminated',
      '      Reason:       OOMKilled',
      '      Exit Code:    137',
      '      Started:      Fri, 20 Feb 2026 15:58:02 +0000',
      '      Finished:     Fri, 20 Feb 2026 16:20:51 +0000',
    ],
  ],
  [
    'a pod that fails its check, and an ingress without an endpoint',
    'app-all-down',
    [
      'LAST SEEN   TYPE      REASON      OBJECT                     MESSAGE',
      '40s         Warning   Unhealthy   pod/web-7d9c5b6f4-x2x9q    Readiness probe failed: Get "http://10.244.1.23:8080/healthz": dial tcp 10.244.1.23:8080: connect: connection refused',
      '172.70.250.12 - - [20/Feb/2026:16:20:51 +0000] "GET / HTTP/2.0" 503 190 "-" "Mozilla/5.0" 412 0.000 [shop-web-80] [] - - - - 4f8c2f5e6a7b8c9d0e1f2a3b4c5d6e7f',
    ],
  ],
  [
    'PHP under LiteSpeed that dies of an error',
    'php-fatal',
    [
      '2026-02-20 16:20:51.113201 [NOTICE] [2211] [T0] [172.70.12.9:33412:HTTP2-3#APVH_www.example.com:443] [STDERR] PHP Fatal error:  Uncaught Error: Call to undefined function mb_strlen() in /home/example/public_html/index.php:101',
    ],
  ],
  [
    'an application of LiteSpeed that refuses connections',
    'app-down',
    [
      '2026-02-20 16:20:51.113201 [ERROR] [2211] [T0] [172.70.12.9:33412:HTTP2-3#APVH_www.example.com:443] connection to [uds://tmp/lshttpd/lsphp.sock] on request #12, confirmed 0, associated process: 2158, running: 1, error: Connection refused!',
    ],
  ],
  [
    'a rule of ModSecurity that refuses a request',
    'origin-access-rule',
    [
      '--c7036611-A--',
      '[20/Feb/2026:16:20:51 +0000] XqFhZ38AAQEAAHOxdXg 198.51.100.7 51234 203.0.113.24 443',
      '--c7036611-B--',
      'POST /wp-admin/post.php HTTP/1.1',
      'Host: www.example.com',
      '--c7036611-F--',
      'HTTP/1.1 403 Forbidden',
      '--c7036611-H--',
      'Message: Access denied with code 403 (phase 2). Operator GE matched 5 at TX:anomaly_score. [id "949110"]',
      'Action: Intercepted (phase 2)',
      '--c7036611-Z--',
    ],
  ],
  [
    'a process that glibc ended',
    'app-crash',
    [
      'Feb 20 16:20:50 web1 app[811]: malloc(): corrupted top size',
      'Feb 20 16:20:50 web1 systemd[1]: app.service: Main process exited, code=dumped, status=6/ABRT',
      '2026/02/20 16:20:50 [error] 31#31: *4 upstream prematurely closed connection while reading response header from upstream, client: 172.70.1.2, server: shop.example.com, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "shop.example.com"',
    ],
  ],
];

it.each(CASES)('%s', async (_, cause, lines) => {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-pasted-'));
  try {
    writeFileSync(join(folder, 'paste.log'), `${lines.join('\n')}\n`);
    const { result } = await runAnalysis([folder], {});
    expect(result.verdict).toMatchObject({ place: 'origin', cause });
    expect(result.sources.map(({ notUnderstood }) => notUnderstood.count)).toEqual([0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
