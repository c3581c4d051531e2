import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { declaredLogFormats } from '../../../src/digest/log-formats.ts';
import { traceSource } from '../../../src/digest/trace.ts';
import { logFormatsIn, parseLogFormat, readLogFormat } from '../../../src/formats/proxy/log-format.ts';
import { nginxConf } from '../../../src/formats/proxy/nginx-conf.ts';
import { percentFormatsIn } from '../../../src/formats/proxy/percent-format.ts';
import { formatsWith } from '../../../src/formats/registry.ts';
import { fileSource } from '../../../src/input/source.ts';
import { inGoodTime } from '../../in-good-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-log-format-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CONF = `
user www-data;
http {
  # log_format old '$status';
  log_format  timed  escape=json  '$status|$request_time|$upstream_response_time|'
                                  "$time_iso8601|\${request}|$upstream_status|$upstream_addr|$http_cf_ray";
  log_format usual '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
  server { listen 80; access_log /var/log/nginx/access.log timed; }
}
`;

describe('log formats of a configuration', () => {
  it('are put together from their parts; comments are none', () => {
    const found = logFormatsIn(CONF);
    expect(found.map(({ name }) => name)).toEqual(['timed', 'usual']);
    expect(found[0]?.format).toMatch(
      /^\$status\|\$request_time\|\$upstream_response_time\|\$time_iso8601\|\$\{request\}\|\$upstream_status\|/,
    );
  });

  it('are taken only where rows would be read otherwise without them', () => {
    const path = join(folder, 'nginx.conf');
    writeFileSync(path, CONF);
    const declared = declaredLogFormats([fileSource(path, 'nginx.conf', CONF.length, true)]);
    expect(declared).toHaveLength(1);
    expect(declared[0]).toMatch(/^\$status\|/);
    expect(nginxConf.scoreHead(CONF)).toBeGreaterThan(0.5);
  });

  it('need a status and a time', () => {
    expect(parseLogFormat('$remote_addr $request')).toBeNull();
    expect(parseLogFormat('$status')).toBeNull();
    expect(parseLogFormat('$status $msec')).not.toBeNull();
  });
});

describe('rows of a known format', () => {
  it('give the values that were written', () => {
    const variables = ['status', 'time_local', 'request_time', 'upstream_addr', 'host', 'http_user_agent'];
    const value = fc.stringMatching(/^[a-z0-9:./]{0,8}$/);
    const gap = fc.constantFrom(' ', ' "', '" ', '|', ' - ', '" "', '\t');
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 6, maxLength: 6 }),
        fc.array(gap, { minLength: 6, maxLength: 6 }),
        (values, gaps) => {
          const format = parseLogFormat(variables.map((name, i) => `$${name}${gaps[i]}`).join(''));
          const row = values.map((one, i) => `${one}${gaps[i]}`).join('');
          if (format === null) throw new Error('it has a status and a time');
          expect(Object.values(readLogFormat(format, row) ?? {})).toEqual(values);
        },
      ),
    );
  });

  it('are read in no time, whatever is in them', () => {
    const format = parseLogFormat('$remote_addr - "$request" "$http_user_agent" $status [$time_local]');
    if (format === null) throw new Error('it has a status and a time');
    for (const piece of ['" "', '"', ' - ', ' '])
      inGoodTime(() => readLogFormat(format, `a - "${piece.repeat(2_000_000)}`));
  });

  it('count where the configuration lies beside the log', async () => {
    const incident = mkdtempSync(join(folder, 'incident-'));
    writeFileSync(join(incident, 'nginx.conf'), CONF);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const bad = i >= 200 && i < 300;
      const second = String(i % 60).padStart(2, '0');
      const minute = String(Math.floor(i / 60)).padStart(2, '0');
      return `${bad ? 502 : 200}|0.004|${bad ? '0.000' : '0.003'}|2026-11-20T03:${minute}:${second}+00:00|GET /p/${i} HTTP/1.1|${bad ? 502 : 200}|127.0.0.1:3000|-`;
    });
    writeFileSync(join(incident, 'access.log'), rows.join('\n'));
    const { bursts, sources } = await analyze([incident]);
    expect(sources.find(({ path }) => path.endsWith('access.log'))).toMatchObject({
      format: 'nginx-access',
      records: 400,
      notUnderstood: { count: 0 },
    });
    expect(bursts.map(({ requests }) => requests.failed)).toEqual([100]);
  });
});

describe('formats of Apache and varnishncsa', () => {
  const VARNISH =
    '{"at":"%{%Y-%m-%dT%H:%M:%SZ}t","host":"%{Host}i","url":"%U%q","m":"%m","code":"%s","us":"%D","ray":"%{CF-Ray}i"}';

  it('are read by their directives; the answer came as much later as it took', async () => {
    const path = join(folder, 'varnishncsa.log');
    writeFileSync(
      path,
      '{"at":"2026-11-20T08:14:36Z","host":"www.example.com","url":"/cart?id=1","m":"GET","code":"503","us":"2003576","ray":"90c403ce1d17c288-AMS"}\n',
    );
    const format = parseLogFormat(VARNISH);
    const fields = format === null ? null : readLogFormat(format, readFileSync(path, 'utf8').trimEnd());
    expect(fields).toMatchObject({
      status: '503',
      requestTime: '2.003576',
      host: 'www.example.com',
      uri: '/cart?id=1',
    });
    const trace = await traceSource(fileSource(path, 'varnishncsa.log', 200, true), formatsWith([VARNISH]));
    expect(trace.records[0]?.record).toMatchObject({
      stamp: { ms: Date.UTC(2026, 10, 20, 8, 14, 38, 4) },
      durationMs: 2004,
    });
  });

  it('name the host of each row where Apache’s configuration lies beside the log', async () => {
    const conf = join(folder, 'apache2.conf');
    const log = join(folder, 'other_vhosts_access.log');
    writeFileSync(conf, 'ServerRoot "/etc/apache2"\nLogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost\n');
    const row = 'shop.example.com:443 198.51.100.7 - - [20/Nov/2026:08:14:38 +0000] "GET /cart HTTP/1.1" 502 400';
    writeFileSync(log, `${row}\n`);
    const declared = declaredLogFormats([fileSource(conf, 'apache2.conf', 100, true)]);
    const { records } = await traceSource(fileSource(log, 'access.log', 100, true), formatsWith(declared));
    expect(records[0]?.record).toMatchObject({ host: 'shop.example.com', path: '/cart', status: 502 });
    expect((await analyze([conf, log])).skipped).toEqual([]);
  });

  it('are found in a configuration of Apache; HAProxy writes other ones', () => {
    expect(percentFormatsIn('LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost\n')).toHaveLength(1);
    expect(parseLogFormat('%v:%p %h %l %u %t \\"%r\\" %>s %O')?.pieces.map(({ field }) => field)).toContain(
      'serverName',
    );
    expect(parseLogFormat('%ci:%cp [%t] %ft %b/%s %Tq/%Tw %ST %B %tsc')).toBeNull();
  });
});
