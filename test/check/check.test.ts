import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/check/check.ts';
import { COMBINED, seenInNginx } from '../../src/check/nginx-configured.ts';
import { type Seen, seenInLines } from '../../src/check/seen.ts';
import { WANTED } from '../../src/check/wants.ts';
import { logFormatsIn } from '../../src/formats/proxy/log-format.ts';
import { FORMATS, formatsWith } from '../../src/formats/registry.ts';

const CONFIGURATION = `http {
  log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                  '$status $body_bytes_sent "$http_referer" '
                  '"$http_user_agent" "it\\'s $http_x_forwarded_for"';
  log_format js escape=json '{"time":"$time_iso8601","status":$status,"uri":"$request_uri"}';
  # access_log /var/log/nginx/old.log combined;
  access_log /var/log/nginx/access.log main;
  error_log /var/log/nginx/error.log warn;
  server { access_log off; error_log /var/log/nginx/b.log info; }
}`;

/** A value as nginx writes it. */
const VALUES: Readonly<Record<string, string>> = {
  remote_addr: '203.0.113.7',
  remote_user: '-',
  time_local: '20/Nov/2026:03:14:38 -0500',
  time_iso8601: '2026-11-20T03:14:38-05:00',
  request: 'GET /a HTTP/1.1',
  request_uri: '/a',
  status: '502',
  body_bytes_sent: '157',
  http_referer: '-',
  http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  http_x_forwarded_for: '198.51.100.9',
  host: 'www.example.com',
  http_cf_ray: '4ee02a558935bdc3-AMS',
  request_time: '3.123',
  upstream_addr: '127.0.0.1:9000, 127.0.0.1:9001',
  upstream_status: '502, 502',
  upstream_connect_time: '-, 0.001',
  upstream_header_time: '-, -',
  upstream_response_time: '0.001, 3.100',
  connection: '204',
};

const rowIn = (format: string): string =>
  format.replace(/\$(\w+)/g, (_, name: string) => {
    const value = VALUES[name];
    if (value === undefined) throw new Error(name);
    return value;
  });

const lines = (label: string, text: string, formats = FORMATS): Seen[] =>
  seenInLines(label, Buffer.from(text), formats);
const lacking = (seen: readonly Seen[]): string[] =>
  judge(seen, []).logs.flatMap(({ lacks }) => lacks.map(({ field }) => field));

/** The one configuration that is to be added. */
function addition(seen: readonly Seen[], declared = logFormatsIn(CONFIGURATION)): string {
  const { additions } = judge(seen, [...declared, COMBINED]);
  expect(additions).toHaveLength(1);
  return additions[0]?.configuration ?? '';
}

describe('the log_format that is proposed', () => {
  const ofConfiguration = seenInNginx({ label: 'nginx.conf', text: CONFIGURATION }).filter(
    (one) => one.format === 'nginx-access',
  );

  it.each(['main', 'js'])('keeps %s as it begins, and lacks nothing: by itself, and in rows alone', (name) => {
    const seen = ofConfiguration.filter(({ source }) => source.endsWith(` ${name}`));
    expect(lacking(seen)).toContain('$upstream_header_time');
    const [extended] = logFormatsIn(addition(seen));
    if (!extended) throw new Error('no log_format');
    const old = logFormatsIn(CONFIGURATION).find((one) => one.name === name);
    expect(extended.format.startsWith(old?.format.replace(/\}$/, '') ?? '-')).toBe(true);
    expect(extended.escape).toBe(old?.escape);
    expect(lacking(lines('a.log', rowIn(extended.format), formatsWith([extended.format])))).toEqual([]);
    expect(lacking(lines('a.log', rowIn(extended.format)))).toEqual([]);
  });

  it('extends the declared format that a row is written in', () => {
    const declared = logFormatsIn(CONFIGURATION);
    const main = declared.find(({ name }) => name === 'main')?.format ?? '';
    const seen = lines('a.log', rowIn(main), formatsWith(declared.map(({ format }) => format)));
    expect(addition(seen)).toContain('log_format main_full');
  });

  it('is written out for the combined format, and only its new part for one that nobody declared', () => {
    expect(addition(lines('a.log', rowIn(COMBINED.format)), [])).toMatch(/^log_format combined_full '\$remote_addr/);
    expect(addition(lines('a.log', `${rowIn(COMBINED.format)} rt=0.100`), [])).toMatch(/^' host="\$host"/);
    expect(
      addition(lines('a.log', rowIn('{"time_local":"$time_local","status":$status,"request":"$request"}')), []),
    ).toMatch(/^',"host":"\$host"/);
  });

  it('lacks exactly what is left out, whatever that is', () => {
    const wants = WANTED.find(({ by }) => by === 'log_format')?.wants ?? [];
    const optional = wants.filter(({ as }) => as !== 'time' && as !== 'request');
    fc.assert(
      fc.property(fc.subarray([...optional]), (given) => {
        const pairs = given.map(({ field, as }) => ` ${as}="${field}"`).join('');
        const expected = optional.filter((want) => !given.includes(want)).map(({ field }) => field);
        expect(lacking(lines('a.log', rowIn(COMBINED.format + pairs))).sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe('levels', () => {
  it('are read from error_log in a configuration', () => {
    const seen = seenInNginx({ label: 'nginx.conf', text: CONFIGURATION }).filter(
      ({ format }) => format === 'nginx-error',
    );
    expect(judge(seen, []).logs.map(({ source, lacks }) => [source, lacks.length])).toEqual([
      ['nginx.conf: error_log /var/log/nginx/error.log', 1],
      ['nginx.conf: error_log /var/log/nginx/b.log', 0],
    ]);
  });

  it('above error leave out the reasons of gateway errors', () => {
    const seen = seenInNginx({ label: 'nginx.conf', text: 'error_log /var/log/nginx/error.log crit;' });
    const [log] = judge(seen, []).logs;
    expect(log?.lacks.map(({ field }) => field)).toEqual(['level error', 'level notice']);
    expect(log?.has).toEqual([]);
  });

  it('are asked for where a log shows none as talkative, and never of lines that write no level', () => {
    const error = '2026/11/20 08:10:14 [error] 12#12: *3 no live upstreams while connecting to upstream';
    const notice = '2026/11/20 08:10:14 [notice] 12#12: signal process started';
    expect(lacking(lines('error.log', error))).toContain('level notice');
    expect(lacking(lines('error.log', `${notice}\n${error}`))).not.toContain('level notice');
    expect(
      lacking(
        lines(
          'fpm.log',
          '[20-Nov-2026 08:10:14] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it',
        ),
      ),
    ).toContain('log_level notice');
    expect(
      lacking(lines('t.log', 'NOTICE: PHP message: PHP Fatal error:  Allowed memory size of 1 bytes exhausted')),
    ).not.toContain('log_level notice');
  });

  it('cloudflared is to tell of its connections', () => {
    const line = (level: string): string =>
      `2026-11-20T08:10:14Z ${level} Unable to reach the origin service. originService=http://localhost:80`;
    expect(lacking(lines('cloudflared.log', line('ERR')))).toEqual(['loglevel info']);
    expect(
      lacking(
        lines('cloudflared.log', `2026-11-20T08:10:13Z INF Registered tunnel connection connIndex=0\n${line('ERR')}`),
      ),
    ).toEqual([]);
  });
});

describe('a zone', () => {
  const error = '2026/11/20 08:10:14 [notice] 12#12: signal process started';

  it('is asked for where no log of the machine writes one', () => {
    const alone = lines('error.log', error);
    expect(lacking(alone)).toEqual(['zone']);
    expect(lacking([...alone, ...lines('access.log', rowIn(COMBINED.format))])).not.toContain('zone');
  });
});

describe('other logs', () => {
  it('the fields of Logpull’s default lack what says who made the status, and the list keeps them', () => {
    const row = {
      ClientIP: '203.0.113.7',
      ClientRequestHost: 'www.example.com',
      ClientRequestMethod: 'GET',
      ClientRequestURI: '/',
      EdgeEndTimestamp: '2026-03-04T10:00:01Z',
      EdgeResponseBytes: 1,
      EdgeResponseStatus: 502,
      EdgeStartTimestamp: '2026-03-04T10:00:00Z',
      RayID: '49336fc9397ab080',
    };
    const seen = lines('requests.json', JSON.stringify(row));
    expect(lacking(seen)).toEqual(expect.arrayContaining(['OriginResponseStatus', 'OriginIP', 'EdgeColoCode']));
    expect(lacking(seen)).not.toContain('ClientRequestPath');
    const names: unknown = JSON.parse(`{${addition(seen, [])}}`);
    expect(names).toMatchObject({ field_names: expect.arrayContaining([...Object.keys(row), 'OriginResponseStatus']) });
  });

  it('rows in the spelling of other systems lack no more', () => {
    const row = { edge_response_status: 502, edge_start_timestamp: '2026-03-04T10:00:00Z', ray_id: '49336fc9397ab080' };
    expect(lacking(lines('r.json', JSON.stringify(row)))).not.toContain('RayID');
  });

  it('the head of a CSV counts', () => {
    const head = 'RayID,EdgeEndTimestamp,EdgeResponseStatus,OriginResponseStatus';
    expect(lacking(lines('r.csv', `${head}\n49336fc9397ab080,2026-03-04T10:00:01Z,502,502`))).not.toContain(
      'OriginResponseStatus',
    );
  });

  it('the access.format that is proposed for PHP-FPM is read with duration and process', () => {
    const plain = '- -  20/Nov/2026:08:11:34 +0000 "GET /exc.php" 500';
    const full = '127.0.0.1 -  20/Nov/2026:09:12:30 +0100 "GET /a.php?x=1" 200 /var/www/a.php 100.128 4096 0.00% 4711';
    expect(lacking(lines('fpm.access.log', plain))).toEqual(['%d', '%p']);
    expect(lacking(lines('fpm.access.log', full))).toEqual([]);
  });

  it('those of which nothing is wanted lack nothing', () => {
    expect(lacking(lines('b.log', '[2026-11-20 08:10:14 +0000] [12] [INFO] Booting worker with pid: 12'))).toEqual([]);
  });
});
