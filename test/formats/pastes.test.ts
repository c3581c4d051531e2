import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';

const ERROR =
  '2026/11/20 08:10:14 [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /cart HTTP/1.1", upstream: "http://127.0.0.1:3000/cart", host: "www.example.com"';
const ACCESS = '192.0.2.7 - - [20/Nov/2026:08:10:14 +0000] "GET /cart HTTP/1.1" 502 157 "-" "curl/8.5.0"';
const TUNNEL =
  '2026-11-20T08:10:14Z ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: dial tcp 127.0.0.1:8080: connect: connection refused" connIndex=1 event=1 ingressRule=0 originService=http://127.0.0.1:8080';
const POOL =
  '[20-Nov-2026 08:10:14] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it';
const LINES = [ERROR, ACCESS, TUNNEL, POOL];
const SIGNALS = ['access.5xx', 'cloudflared.inner-refused', 'fpm.max-children', 'nginx.connect-refused'];

async function read(text: string | Buffer) {
  const trace = await traceSource(streamSource(Readable.from([Buffer.from(text)])), FORMATS);
  const signals = trace.records.map(({ record }) => record.signal ?? '-').sort();
  return { signals, notUnderstood: trace.notUnderstood, records: trace.records.map(({ record }) => record) };
}

const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
const table = (head: string, row: (line: string) => readonly string[]): string =>
  [head, ...LINES.map((line) => quoted(row(line)))].join('\r\n');
const each = (wrap: (line: string, i: number) => string): string => LINES.map(wrap).join('\n');

/** Forms in which people download logs or copy them, with lines of four programs in each. */
const FORMS: Readonly<Record<string, string>> = {
  'code within sentences': each((line) => `\`${line}\``),
  'framed by k9s': each((line) => `│ ${line}   │`),
  'fly logs': each((line) => `2026-11-20T08:10:14Z app[0a1b2c3d4e5f60] fra [info]${line}`),
  'grep over files': each((line) => `/var/log/nginx/error.log:${line}`),
  'grep -n': each((line, i) => `/var/log/nginx/error.log.1:${i + 1}:${line}`),
  'grep -n in one file': each((line, i) => `${i + 1}:${line}`),
  'cat -n': each((line, i) => `     ${i + 1}\t${line}`),
  'tail of several files': each((line) => `==> /var/log/nginx/error.log <==\n${line}\n`),
  stern: `+ web-7d9c5b6f4-x2x9q › nginx\n${each((line) => `web-7d9c5b6f4-x2x9q nginx ${line}`)}`,
  'stern with times': each((line) => `web-7d9c5b6f4-x2x9q nginx 2026-11-20T08:10:14.123456789Z ${line}`),
  kubetail: each((line) => `[web-7d9c5b6f4-x2x9q nginx] ${line}`),
  'podman pod logs': each((line) => `0a1b2c3d4e5f ${line}`),
  'docker compose, coloured': each((line) => `\u001b[36mweb-1  | \u001b[0m${line}`),
  logcli: each((line) => `2026-11-20T08:10:14Z {app="web", filename="/var/log/nginx/error.log"} ${line}`),
  'aws logs tail': each((line) => `2026-11-20T08:10:14.123000+00:00 web/nginx/0a1b2c ${line}`),
  'Grafana, text': each((line) => `2026-11-20T08:10:14.123Z\t${line}`),
  'Grafana, CSV': table('"Date","Line","Time","id"', (line) => [
    '2026-11-20T08:10:14.123Z',
    line,
    '1795162214123',
    'a',
  ]),
  'Datadog, CSV': table('Date,Host,Service,Message', (line) => ['2026-11-20T08:10:14.123Z', 'web01', 'nginx', line]),
  'Kibana, CSV': table('"@timestamp",message,"host.name"', (line) => ['Nov 20, 2026 @ 08:10:14.123', line, 'web01']),
  'CloudWatch, CSV': table('@timestamp,@message', (line) => ['2026-11-20 08:10:14.123', line]),
  'CloudWatch, CSV with line ends': table('timestamp,message', (line) => ['1795162214123', `${line}\n`]),
  'CloudWatch, JSON': JSON.stringify(
    { events: LINES.map((message) => ({ timestamp: 1795162214123, message })) },
    null,
    4,
  ),
  'Splunk, CSV': table('"_time","host","_raw"', (line) => ['2026-11-20T08:10:14.123+0000', 'web01', line]),
  'Papertrail, TSV': each(
    (line) =>
      `7711561783320576\t2026-11-20T08:10:14Z\t2026-11-20T08:10:14Z\t3118\tweb01\t192.0.2.9\tLocal7\tError\tnginx\t${line}`,
  ),
  'an indented block': each((line) => `    ${line}`),
  'code within a sentence of Markdown': each((line) => `\`${line}`),
  'docker service logs': each((line) => `shop_web.1.rz9umxtx6rxv@node2    | ${line}`),
  'Compose as a unit of systemd': each((line) => `Nov 20 08:10:14 web01 docker-compose[812]: web-1  | ${line}`),
  'the same with a blank behind the tick': each((line) => `\` ${line}\``),
  'typographic quotes of a chat or a blog': each((line) => line.replace(/"([^"]*)"/g, '“$1”')),
  'entities of a page': each((line) => line.replaceAll('"', '&quot;')),
};

describe('logs as people download and copy them', () => {
  it.each(Object.entries(FORMS))('%s', async (_name, text) => {
    expect((await read(text)).signals).toEqual(SIGNALS);
  });

  it('Windows: UTF-16 with carriage returns', async () => {
    const text = Buffer.from(`\uFEFF${LINES.join('\r\n')}\r\n`, 'utf16le');
    expect(await read(text)).toMatchObject({ signals: SIGNALS, notUnderstood: 0 });
  });

  it('an answer to a ticket: prose counts as not understood, the lines between its fences are read', async () => {
    const text = `Hi, since the update I get 502 on every page.\n\n\`\`\`log\n${LINES.join('\n')}\n\`\`\`\n\nAny idea? Thanks!`;
    expect(await read(text)).toMatchObject({ signals: SIGNALS, notUnderstood: 2 });
  });

  it('a table gives its rows their times, and the server', async () => {
    const { records, notUnderstood } = await read(FORMS['Datadog, CSV'] ?? '');
    const [error] = records.filter(({ signal }) => signal === 'nginx.connect-refused');
    expect(error).toMatchObject({
      server: 'web01',
      stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 14, 123) },
      outerStamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
    });
    expect(notUnderstood).toBe(0);
  });

  it('a text that goes on over lines of its cell stays one entry', async () => {
    const fatal =
      'PHP Fatal error:  Uncaught Exception: boom in /var/www/a.php:12\nStack trace:\n#0 {main}\n  thrown in /var/www/a.php on line 12';
    const text = `Date,Message\n${quoted(['2026-11-20T08:10:14.123Z', `[20-Nov-2026 08:10:14 UTC] ${fatal}`])}\n${quoted(['2026-11-20T08:10:15.123Z', ERROR])}`;
    const { signals, notUnderstood } = await read(text);
    expect({ signals, notUnderstood }).toEqual({
      signals: ['nginx.connect-refused', 'php.uncaught'],
      notUnderstood: 0,
    });
  });

  it('a program’s own JSON is no shipper’s: its level is kept', async () => {
    const line =
      '{"level":"error","container_name":"api","message":"connect ECONNREFUSED 127.0.0.1:5432","time":1795162214}';
    const { records } = await read(line);
    expect(records).toMatchObject([{ signal: 'app.db-error', level: 'error' }]);
  });

  it('an object that is printed over lines is nobody’s frame before a text was found in it', async () => {
    expect((await read('{\n  "name": "shop",\n  "version": "1.0.0"\n}')).notUnderstood).toBe(4);
  });
});
