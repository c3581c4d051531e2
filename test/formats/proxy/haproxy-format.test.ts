import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyze, runAnalysis } from '../../../src/analyze.ts';
import { haproxyFormatsIn, parseHaproxyFormat, readHaproxyFormat } from '../../../src/formats/proxy/haproxy-format.ts';

/** HAProxy's own `option httplog`, as its manual writes it out. */
const HTTPLOG =
  '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r';
const JSON_LIKE =
  '{"time":"%T","client":"%ci","ray":"%[req.hdr(cf-ray)]","host":"%[capture.req.hdr(0)]","method":"%HM","path":"%HP","status":%ST,"state":"%ts","backend":"%b","server":"%s","ms":%Ta,"header_ms":%Tr,"bytes":%B}';

it('a row of the usual log is read alike by its format', () => {
  const format = parseHaproxyFormat(HTTPLOG);
  const row =
    '172.70.1.2:53008 [20/Nov/2026:19:28:20.062] www app/web1 0/0/-1/-1/3008 503 217 - - SC-- 1/1/0/0/3 0/0 {www.example.com|90c403ce1d17c288-AMS} {} "GET /cart?id=1 HTTP/1.1"';
  expect(format && readHaproxyFormat(format, row)).toMatchObject({
    client: '172.70.1.2',
    status: 503,
    state: 'SC--',
    backend: 'app',
    server: 'web1',
    totalMs: 3008,
    headerMs: -1,
    rest: '{www.example.com|90c403ce1d17c288-AMS} "GET /cart?id=1 HTTP/1.1"',
  });
});

it('a format without status, time or state tells nothing', () => {
  expect(parseHaproxyFormat('%ci %ST %tsc')).toBeNull();
  expect(parseHaproxyFormat('%ci [%t] %tsc')).toBeNull();
  expect(parseHaproxyFormat('%ci [%t] %ST')).toBeNull();
  expect(parseHaproxyFormat('$remote_addr [$time_local] $status')).toBeNull();
});

it('is found in a configuration, quoted or with escaped blanks', () => {
  const configuration = `frontend www\n    log-format "${HTTPLOG.replaceAll('"', '\\"')}"\nfrontend api\n  log-format %ci\\ [%t]\\ %ST\\ %ts\n`;
  const found = haproxyFormatsIn(configuration);
  expect(found).toHaveLength(2);
  expect(found.map((format) => parseHaproxyFormat(format)?.pieces.length)).toEqual([26, 4]);
});

it('makes the log beside its configuration tell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  try {
    writeFileSync(join(folder, 'haproxy.cfg'), `defaults\n    log-format '${JSON_LIKE}'\n`);
    const rows = Array.from({ length: 1200 }, (_, i) => {
      const bad = i >= 600 && i < 700;
      const at = new Date(Date.UTC(2026, 10, 20, 8) + i * 500).toISOString().slice(11, 19);
      return `{"time":"20/Nov/2026:${at} +0000","client":"172.70.1.2","ray":"${(0x90c403ce1d17n * 65536n + BigInt(i)).toString(16)}","host":"www.example.com","method":"GET","path":"/cart","status":${bad ? 503 : 200},"state":"${bad ? 'SC' : '--'}","backend":"app","server":"web1","ms":${bad ? 3008 : 21},"header_ms":${bad ? -1 : 20},"bytes":217}`;
    });
    writeFileSync(join(folder, 'haproxy.log'), `${rows.join('\n')}\n`);
    const { result } = await runAnalysis([folder], {});
    expect(result.verdict).toMatchObject({ place: 'origin', cause: 'app-down' });
    expect(result.bursts[0]?.requests.failed).toBe(100);
    expect(result.sources.find(({ format }) => format === 'haproxy')?.notUnderstood.count).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('takes the peer, and host and Ray ID from variables that are called so', () => {
  const format = parseHaproxyFormat(
    '%[src] %[var(txn.ray)] %T status=%ST state=%ts time=%Tt b=%b srv=%s req=%HM:%HPO host=%[var(txn.host)]',
  );
  const row =
    '172.70.1.2 90c403ce1d17c288-AMS 20/Nov/2026:08:14:38 +0000 status=502 state=SH time=0 b=app srv=web1 req=GET:/cart host=www.example.com';
  expect(format && readHaproxyFormat(format, row)).toMatchObject({
    client: '172.70.1.2',
    rest: expect.stringContaining('90c403ce1d17c288-AMS|www.example.com'),
  });
});

it('says of rows in a format that is not known that they are not counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-haproxy-'));
  const log = join(folder, 'ha.log');
  const row =
    '<134>Nov 20 08:14:38 haproxy[812]: {"time":"20/Nov/2026:08:14:38.812","server":"web1","status":502,"state":"SH--","request":"GET /cart HTTP/1.1"}';
  writeFileSync(log, `${row}\n${row}\n`);
  const result = await analyze([log]);
  rmSync(folder, { recursive: true });
  expect(JSON.stringify(result.skipped)).toContain('put the configuration (haproxy.cfg) beside it');
});
