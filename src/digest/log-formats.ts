import type { LineFormat } from '../formats/format.ts';
import { haproxyFormatsIn, parseHaproxyFormat } from '../formats/proxy/haproxy-format.ts';
import { type LogFormat, logFormatsIn, parseLogFormat } from '../formats/proxy/log-format.ts';
import { nginxAccess, nginxAccessWith } from '../formats/proxy/nginx-access.ts';
import { percentFormatsIn } from '../formats/proxy/percent-format.ts';
import type { SourceFile } from '../input/source.ts';
import type { LogRecord } from '../vocabulary/records.ts';

/** Configurations are text by hand. */
const LARGEST_BYTES = 2_000_000;
const HAPROXY_NAME = /haproxy[^/]{0,60}\.(?:cfg|conf)[^/]{0,20}$/i;
const CONF_NAME = /\.conf$|(?:^|\/)nginx[^/]{0,40}\.(?:txt|conf[^/]{0,20})$|(?:^|\/)sites-(?:enabled|available)\//i;

/** The log formats that configurations of nginx, Apache and HAProxy among the sources declare, as they are written. Throws nothing. */
export function declaredLogFormats(sources: readonly SourceFile[]): string[] {
  const formats = sources
    .filter(({ label, bytes }) => bytes <= LARGEST_BYTES && CONF_NAME.test(label))
    .flatMap((source) => {
      const text = textOf(source);
      return [...logFormatsIn(text).map(({ format }) => format), ...percentFormatsIn(text).map(({ format }) => format)];
    });
  const ofHaproxy = sources
    .filter(({ label, bytes }) => bytes <= LARGEST_BYTES && HAPROXY_NAME.test(label))
    .flatMap((source) => haproxyFormatsIn(textOf(source)))
    .filter((format) => parseHaproxyFormat(format) !== null);
  return [...[...new Set(formats)].filter((format) => isNeeded(parseLogFormat(format))), ...new Set(ofHaproxy)];
}

function textOf({ readWhole }: SourceFile): string {
  try {
    return readWhole?.().toString('utf8') ?? '';
  } catch {
    // It is told of where it is read as a source.
    return '';
  }
}

/** A value as nginx writes it, of the variables whose values differ in kind. */
const SAMPLES: Readonly<Record<string, string>> = {
  remote_addr: '192.0.2.7',
  remote_user: '-',
  time_local: '20/Nov/2026:03:14:38 -0500',
  time_iso8601: '2026-11-20T03:14:38-05:00',
  msec: '1795162478.873',
  request: 'GET /a/b?c=1 HTTP/1.1',
  request_method: 'GET',
  request_uri: '/a/b?c=1',
  uri: '/a/b',
  status: '502',
  body_bytes_sent: '157',
  bytes_sent: '402',
  request_length: '512',
  request_time: '3.123',
  request_time_ms: '3123',
  request_time_us: '3123000',
  upstream_addr: '127.0.0.1:9000',
  upstream_status: '504',
  upstream_connect_time: '0.001',
  upstream_header_time: '2.002',
  upstream_response_time: '3.100',
  host: 'www.example.com',
  http_host: 'www.example.com',
  server_name: 'shop.example.com',
  http_referer: 'https://www.example.com/',
  http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  http_x_forwarded_for: '198.51.100.9',
  http_cf_ray: '4ee02a558935bdc3-AMS',
  http_cf_connecting_ip: '198.51.100.9',
};

/** Whether rows of a format are read otherwise, or not at all, where the format is not known. */
function isNeeded(format: LogFormat | null): boolean {
  if (format === null) return false;
  const text = format.pieces.reduce(
    (row, { variable, after }) => `${row}${SAMPLES[variable] ?? '-'}${after}`,
    format.before,
  );
  const line = { text, number: 1, wrapper: null };
  const read = ({ open }: LineFormat): string => {
    const records: LogRecord[] = [];
    open((record) => records.push(record)).push(line);
    return JSON.stringify(records);
  };
  return read(nginxAccessWith([format])) !== read(nginxAccess);
}
