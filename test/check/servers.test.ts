import { describe, expect, it } from 'vitest';
import { seenInApache } from '../../src/check/apache-configured.ts';
import { seenInCaddyfile } from '../../src/check/caddy-configured.ts';
import { judge } from '../../src/check/check.ts';
import { seenInHaproxy } from '../../src/check/haproxy-configured.ts';
import { COMBINED } from '../../src/check/nginx-configured.ts';
import { type Seen, seenInLines } from '../../src/check/seen.ts';
import { nginxAccess } from '../../src/formats/proxy/nginx-access.ts';
import { percentFormatsIn } from '../../src/formats/proxy/percent-format.ts';
import { FORMATS, formatsWith } from '../../src/formats/registry.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';

const lines = (label: string, text: string, formats = FORMATS): Seen[] =>
  seenInLines(label, Buffer.from(text), formats);
const lacking = (seen: readonly Seen[]): string[] =>
  judge(seen, []).logs.flatMap(({ lacks }) => lacks.map(({ field }) => field));
const formatsOf = (seen: readonly Seen[]): string[] => judge(seen, []).logs.map(({ format }) => format);
const configurations = (seen: readonly Seen[], declared: Parameters<typeof judge>[1] = []): string[] =>
  judge(seen, [...declared, COMBINED]).additions.map(({ configuration }) => configuration ?? '');

const ROW = '203.0.113.7 - - [20/Nov/2026:08:14:38 +0100] "GET /a HTTP/1.1" 502 544 "-" "Mozilla/5.0 (X11)"';
const APACHE_ERROR =
  '[Fri Nov 20 08:14:38.123456 2026] [proxy:error] [pid 812:tid 139] [client 203.0.113.7:51234] AH00898: Error reading from remote server returned by /a';
const NGINX_ERROR = '2026/11/20 08:14:38 [notice] 12#12: signal process started';

describe('the server of rows that nginx and Apache write alike', () => {
  it.each<[what: string, seen: Seen[], format: string]>([
    ['nothing tells', lines('access.log', ROW), 'nginx-access'],
    ['its folder', lines('apache2/access.log', ROW), 'apache-access'],
    ['its name', lines('web1-access_log', ROW), 'apache-access'],
    ['the folder of nginx', lines('nginx/access_log', ROW), 'nginx-access'],
    [
      'the error log beside it',
      [...lines('a/access.log', ROW), ...lines('a/error.log', APACHE_ERROR)],
      'apache-access',
    ],
    [
      'the nearer of two error logs',
      [...lines('a/access.log', ROW), ...lines('a/error.log', NGINX_ERROR), ...lines('b/error.log', APACHE_ERROR)],
      'nginx-access',
    ],
    [
      'two error logs as near',
      [...lines('access.log', ROW), ...lines('e1.log', NGINX_ERROR), ...lines('e2.log', APACHE_ERROR)],
      'nginx-access',
    ],
    ['what only nginx writes', lines('apache2/access.log', `${ROW} urt="0.100"`), 'nginx-access'],
    ['what only Apache writes', lines('access.log', `${ROW} duration_us="100"`), 'apache-access'],
  ])('%s', (_, seen, format) => {
    expect(formatsOf(seen)[0]).toBe(format);
  });

  it('is told by the path where the label is but a name', () => {
    const [one] = lines('access.log', ROW);
    expect(one && formatsOf([{ ...one, path: '/var/log/apache2/access.log' }])).toEqual(['apache-access']);
  });
});

/** A value as Apache writes it. */
const VALUES: Readonly<Record<string, string>> = {
  '%v': 'www.example.com',
  '%p': '443',
  '%h': '203.0.113.7',
  '%l': '-',
  '%u': '-',
  '%t': '[20/Nov/2026:08:14:38 +0100]',
  '%r': 'GET /a HTTP/1.1',
  '%m': 'GET',
  '%U': '/a',
  '%>s': '502',
  '%O': '544',
  '%b': '341',
  '%{Referer}i': '-',
  '%{User-Agent}i': 'Mozilla/5.0 (X11)',
  '%{Host}i': 'www.example.com',
  '%{CF-Ray}i': '90c403ce1d17c288-AMS',
  '%D': '60001442',
  '%{end:sec}t': '1795158938',
  '%{end:msec_frac}t': '831',
  '%L': 'nOaxG6qdVks',
};

const rowIn = (format: string): string =>
  format.replaceAll('\\"', '"').replace(/%>?(?:\{[^}]*\})?[A-Za-z]/g, (name) => VALUES[name] ?? `?${name}`);

describe('the LogFormat that is proposed for Apache', () => {
  const WRITTEN = {
    vhost_combined: '%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"',
    combined: '%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"',
    common: '%h %l %u %t \\"%r\\" %>s %O',
    own: '%t %h \\"%r\\" %>s %b',
  } as const;

  it.each(Object.entries(WRITTEN))('keeps %s and lacks nothing, with the configuration and without', (name, format) => {
    const text = `LogFormat "${format}" ${name}\nCustomLog logs/a.log ${name}\n`;
    const file = { label: 'httpd.conf', text };
    const [printed = ''] = configurations(seenInApache([file]).flat());
    expect(printed).toMatch(/\nCustomLog logs\/a\.log \w+_full$/);
    const [extended] = percentFormatsIn(printed);
    if (!extended) throw new Error('no LogFormat');
    expect(extended.format.startsWith(format)).toBe(true);
    const row = rowIn(extended.format);
    expect(row).not.toContain('?');
    expect(lacking(lines('apache/a.log', row, formatsWith([extended.format])))).toEqual([]);
    expect(lacking(lines('apache/a.log', row))).toEqual([]);
  });

  it.each(['vhost_combined', 'combined', 'common'] as const)('is written out for rows in %s alone', (name) => {
    const [printed] = configurations(lines('apache2/shop-access.log.1', rowIn(WRITTEN[name])));
    expect(printed).toContain(`LogFormat "${WRITTEN[name]}`);
    expect(printed).toContain('\nCustomLog /var/log/apache2/shop-access.log ');
  });

  it('is only what is to be added for rows with something more', () => {
    const [printed] = configurations(lines('apache2/access.log', `${rowIn(WRITTEN.combined)} 12345`));
    expect(printed).toMatch(/^ host=\\"%\{Host\}i\\"/);
  });

  it('goes into the braces of one in JSON', () => {
    const format =
      '{\\"time_local\\":\\"%{%Y-%m-%dT%H:%M:%S%z}t\\",\\"remote_addr\\":\\"%a\\",\\"request\\":\\"%r\\",\\"status\\":%>s}';
    const file = { label: 'a.conf', text: `LogFormat "${format}" js\nCustomLog logs/js.log js\n` };
    const [printed] = configurations(seenInApache([file]).flat());
    expect(printed).toContain('\\"status\\":%>s,\\"host\\":\\"%{Host}i\\"');
    expect(printed).toContain('\\"error_id\\":\\"%L\\"}" js_full\n');
  });

  it('makes rows tell duration and end, as 2.4.71 wrote this one', () => {
    const row =
      '203.0.113.7 - - [21/Nov/2026:05:51:04 +0100] "GET /slow HTTP/1.1" 502 544 "-" "curl/7.88.1" host="www.example.com" ray="90c403ce1d17c288-AMS" duration_us="1001442" msec="1795236665.831" error_id="nOaxG6qdVks"';
    const records: unknown[] = [];
    nginxAccess.open((record) => records.push(record)).push({ text: row, number: 1, wrapper: null });
    expect(records).toEqual([
      expect.objectContaining<Partial<RequestRecord>>({
        ray: '90c403ce1d17c288',
        host: 'www.example.com',
        durationMs: 1001,
        stamp: { kind: 'utc', ms: 1_795_236_665_831, offsetMinutes: 60 },
      }),
    ]);
  });
});

describe('a configuration of Apache', () => {
  const seenIn = (text: string, ...others: string[]): Seen[] => {
    const files = [text, ...others].map((one, i) => ({ label: `${i}.conf`, text: one }));
    return seenInApache(files)[0] ?? [];
  };

  it('names the log of each CustomLog, by formats of other files too, and passes over logs of no requests', () => {
    const seen = seenIn(
      'CustomLog logs/a.log mine\nCustomLog logs/ssl.log "%t %h %{SSL_PROTOCOL}x \\"%r\\" %b"\nCustomLog "logs/b c.log" combined env=!dont\n',
      'LogFormat "%t \\"%r\\" %>s %{CF-RAY}i" mine\n',
    );
    expect(seen.map(({ source }) => source)).toEqual([
      '0.conf: CustomLog logs/a.log',
      '0.conf: CustomLog logs/b c.log',
    ]);
    expect(lacking(seen.slice(0, 1))).not.toContain('%{CF-Ray}i');
    expect(configurations(seen.slice(1))[0]).toContain('CustomLog "logs/b c.log" combined_full');
  });

  it.each<[text: string, lacks: readonly string[]]>([
    ['ErrorLog e.log\nErrorLogFormat "[%t] [R:%L] %M"', []],
    ['ErrorLog e.log', ['ErrorLogFormat with %L']],
    ['LogLevel crit\nErrorLog e.log\nErrorLogFormat "%L %M"', ['LogLevel error', 'LogLevel warn']],
    ['LogLevel error\nErrorLog e.log\nErrorLogFormat "%L %M"', ['LogLevel warn']],
    ['LogLevel info proxy_fcgi:crit\nErrorLog e.log\nErrorLogFormat "%L %M"', ['LogLevel error']],
    ['LogLevel info ssl:crit\nErrorLog e.log\nErrorLogFormat "%L %M"', []],
    ['LogLevel warn\nErrorLog syslog:local1\nErrorLogFormat "%L %M"', ['LogLevel notice']],
    [
      'LogLevel crit\nErrorLogFormat "%L %M"\n<VirtualHost *:80>\n  LogLevel debug\n  ErrorLog e.log\n</VirtualHost>',
      [],
    ],
  ])('%s', (text, lacks) => {
    expect(lacking(seenIn(text))).toEqual(lacks);
  });

  it('keeps an ErrorLogFormat of its own', () => {
    const [printed] = configurations(seenIn('ErrorLog e.log\nErrorLogFormat "[%{cu}t] [%l] %E: %M"'));
    expect(printed).toBe('ErrorLogFormat "[%{cu}t] [%l] %E: [R:%L] %M"');
  });

  it('of error lines asks nothing where none is of a request', () => {
    const start =
      '[Fri Nov 20 08:14:38.123456 2026 +0000] [mpm_event:notice] [pid 812] AH00489: Apache/2.4.71 configured -- resuming normal operations';
    expect(lacking(lines('error.log', start))).toEqual([]);
    expect(lacking(lines('error.log', APACHE_ERROR))).toEqual(['ErrorLogFormat with %L', 'zone']);
    const of22 = '[Fri Nov 20 08:14:38 2026] [error] [client 203.0.113.7] File does not exist: /var/www/favicon.ico';
    expect(lacking(lines('error.log', of22))).toEqual(['zone']);
  });
});

describe('HAProxy', () => {
  const CFG = `global
    log /dev/log local0
defaults
    log global
    mode http
    option httplog
frontend www
    bind :443
    capture request header Host len 40
frontend raw
    mode tcp
defaults
    mode http
frontend silent
    bind :81
    option httplog
    http-request capture req.hdr(cf-ray) len 24
listen own
    log global
    log-format "%ci [%tr] %ST %tsc %[capture.req.hdr(1)] %b %s %Tr %Ta %{+Q}r"
    http-request capture req.hdr(Host) len 9
    http-request capture req.fhdr(CF-Ray) len 24
`;

  it('each frontend that speaks HTTP has what its format and its captures write', () => {
    const seen = seenInHaproxy({ label: 'haproxy.cfg', text: CFG });
    expect(judge(seen, []).logs.map(({ source, lacks }) => [source, lacks.map(({ field }) => field)])).toEqual([
      ['haproxy.cfg: frontend www', ['req.hdr(CF-Ray)']],
      ['haproxy.cfg: frontend silent', ['log global', 'req.hdr(Host)']],
      ['haproxy.cfg: listen own', ['req.hdr(Host)']],
    ]);
    expect(configurations(seen)).toEqual([
      'http-request capture req.hdr(CF-Ray) len 24',
      'log global\nhttp-request capture req.hdr(Host) len 64',
      'http-request capture req.hdr(Host) len 64\nlog-format "%ci [%tr] %ST %tsc %[capture.req.hdr(1)] %b %s %Tr %Ta %{+Q}r %hr"',
    ]);
  });

  it('rows of requests are asked for what they lack, lines about servers for nothing', () => {
    const row = (captured: string): string =>
      `172.70.1.2:53008 [20/Nov/2026:19:28:20.062] www app/web1 0/0/-1/-1/3008 503 217 - - SC-- 1/1/0/0/3 0/0 ${captured}"GET /cart HTTP/1.1"`;
    expect(lacking(lines('haproxy.log', row('')))).toEqual(['req.hdr(CF-Ray)', 'req.hdr(Host)']);
    expect(lacking(lines('haproxy.log', row('{90c403ce1d17c288-AMS|www.example.com} ')))).toEqual([]);
    const down =
      '[WARNING]  (812) : Server app/web1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.';
    expect(lacking(lines('haproxy.log', down))).toEqual([]);
    const tcp = '192.0.2.7:55208 [20/Nov/2026:19:30:42.371] tcpin app/web1 1/-1/3003 0 SC 1/1/0/0/3 0/0';
    expect(lacking(lines('haproxy.log', tcp))).toContain('%ST');
  });

  it('rows in a format that nobody knows are asked for all', () => {
    const row =
      'Nov 20 08:14:38 lb haproxy[812]: {"time":"20/Nov/2026:08:14:38.812","server":"web1","status":502,"request":"GET /cart HTTP/1.1"}';
    const seen = lines('haproxy.log', `${row}\n${row}`);
    expect(seen.find(({ format }) => format === 'haproxy')?.unread).toContain('log-format of its own');
    expect(lacking(seen)).toContain('%tsc');
  });
});

describe('Caddy', () => {
  it('a site writes an access log where it or a snippet says so, or a file that is not at hand may', () => {
    const text = `{
	log {
		level INFO
	}
}
(logged) {
	log # here
}
a.example.com {
	import logged
	reverse_proxy localhost:3000
}
b.example.com, c.example.com {
	handle /x/* {
		log_skip
	}
	reverse_proxy localhost:3000
}
d.example.com {
	import /etc/caddy/common.conf
}
`;
    const seen = seenInCaddyfile({ label: 'Caddyfile', text });
    expect(judge(seen, []).logs.map(({ source, lacks }) => [source, lacks.length])).toEqual([
      ['Caddyfile: a.example.com', 0],
      ['Caddyfile: b.example.com, c.example.com', 1],
      ['Caddyfile: d.example.com', 0],
    ]);
  });

  it('errors without access rows are told of the access log, with them of nothing', () => {
    const error =
      '{"level":"error","ts":1795202853.26,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:3000: connect: connection refused","request":{"remote_ip":"127.0.0.1","method":"GET","host":"www.example.com","uri":"/","headers":{}},"duration":0.001,"status":502}';
    const row =
      '{"level":"error","ts":1795202853.26,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"127.0.0.1","method":"GET","host":"www.example.com","uri":"/","headers":{}},"duration":0.001,"size":0,"status":502,"resp_headers":{}}';
    expect(lacking(lines('caddy.log', error))).toEqual(['access log']);
    expect(lacking(lines('caddy.log', `${error}\n${row}`))).toEqual([]);
  });
});

describe('Traefik', () => {
  const TEXT =
    '172.18.0.1 - - [20/Nov/2026:08:14:38 +0000] "GET /cart?id=1 HTTP/1.1" 502 11 "-" "-" 7 "shop@docker" "http://172.18.0.5:3000" 2ms';
  const JSON_ROW = {
    ClientHost: '172.18.0.1',
    DownstreamContentSize: 11,
    DownstreamStatus: 502,
    Duration: 2055502,
    OriginDuration: 2045900,
    OriginStatus: 502,
    RequestHost: 'www.example.com',
    RequestMethod: 'GET',
    RequestPath: '/cart?id=1',
    RouterName: 'shop@docker',
    ServiceName: 'shop@docker',
    ServiceURL: 'http://172.18.0.5:3000',
    StartUTC: '2026-11-20T08:14:38.395635846Z',
    level: 'info',
    msg: '',
    time: '2026-11-20T08:14:38Z',
  };

  it('the text form has neither host nor Ray ID; JSON has the Ray ID where it is kept', () => {
    expect(lacking(lines('t.log', TEXT))).toEqual(['RequestHost', 'request_Cf-Ray']);
    expect(lacking(lines('t.log', JSON.stringify(JSON_ROW)))).toEqual(['request_Cf-Ray']);
    const kept = { ...JSON_ROW, 'request_Cf-Ray': '90c403ce1d17c288-AMS' };
    expect(lacking(lines('t.log', JSON.stringify(kept)))).toEqual([]);
    const redacted = { ...JSON_ROW, 'request_Cf-Ray': 'REDACTED' };
    expect(lacking(lines('t.log', JSON.stringify(redacted)))).toEqual(['request_Cf-Ray']);
  });

  it('fields that somebody drops are to be kept again', () => {
    const { RequestHost: _, ...row } = JSON_ROW;
    const [printed] = configurations(lines('t.log', JSON.stringify(row)));
    expect(printed).toContain('    names:\n      RequestHost: keep\n    headers:\n      names:\n        Cf-Ray: keep');
    expect(configurations(lines('t.log', TEXT))[0]).not.toContain('RequestHost');
  });
});

describe('Envoy', () => {
  it('gets JSON in place of a text form, and what it lacks where it has JSON', () => {
    const text =
      '[2026-11-20T08:14:38.120Z] "GET /cart HTTP/2" 503 UF,URX 0 145 15012 - "198.51.100.7" "curl/8.5.0" "6f0c6a3e" "www.example.com" "10.8.1.12:3000"';
    expect(lacking(lines('e.log', text))).toEqual([
      'cf_ray',
      'response_code_details',
      'upstream_transport_failure_reason',
    ]);
    const [printed = ''] = configurations(lines('e.log', text));
    const row = Object.fromEntries([...printed.matchAll(/^ {2}(\w+): /gm)].map(([, name = '']) => [name, '-']));
    const full: Record<string, unknown> = {
      ...row,
      start_time: '2026-11-20T08:14:38.120Z',
      response_code: 503,
      response_flags: 'UF',
    };
    expect(lacking(lines('e.log', JSON.stringify(full)))).toEqual([]);
    const { cf_ray: _, ...less } = full;
    expect(configurations(lines('e.log', JSON.stringify(less)))).toEqual(['json_format:\n  cf_ray: "%REQ(CF-RAY)%"']);
  });
});

describe('IIS', () => {
  const log = (fields: string): string =>
    `#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-11-20 08:00:00\n#Fields: ${fields}\n`;

  it('is asked for columns by its head, and keeps those that are there', () => {
    const usual =
      'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';
    expect(lacking(lines('u_ex.log', log(usual)))).toEqual(['cs-host', 'CF-RAY']);
    const [printed] = configurations(lines('u_ex.log', log(usual)));
    expect(printed).toContain(
      'logExtFileFlags:Date,Time,ServerIP,Method,UriStem,UriQuery,ServerPort,UserName,ClientIP,UserAgent,Referer,HttpStatus,HttpSubStatus,Win32Status,TimeTaken,Host"',
    );
    expect(printed).toContain("customFields.[logFieldName='CF-RAY'");
    expect(lacking(lines('u_ex.log', log(`${usual} cs-host CF-RAY`)))).toEqual([]);
  });

  it('the log of HTTP.sys is asked for nothing', () => {
    const httperr =
      'date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename';
    expect(lacking(lines('httperr1.log', log(httperr)))).toEqual([]);
  });
});
