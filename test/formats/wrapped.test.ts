import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import type { LineFormat } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';

const TIME = '2026-11-20T08:19:33.987154321Z';

/** What may carry a line; `program` is the name that carriers write. */
const WRAPPERS: Readonly<Record<string, (line: string, program: string) => string>> = {
  'journalctl -o short': (line, program) => `Nov 20 08:19:33 web01 ${program}[20632]: ${line}`,
  'journalctl -o short-precise': (line, program) => `Nov 20 08:19:33.987154 web01 ${program}[20632]: ${line}`,
  'journalctl -o short-iso': (line, program) => `2026-11-20T09:19:33+0100 web01 ${program}[20632]: ${line}`,
  'journalctl -o short-full': (line, program) => `Fri 2026-11-20 08:19:33 UTC web01 ${program}[20632]: ${line}`,
  'journalctl -o short-unix': (line, program) => `1795162773.987154 web01 ${program}[20632]: ${line}`,
  'journalctl -o short-monotonic': (line, program) => `[ 1428.271891] web01 ${program}[20632]: ${line}`,
  'journalctl -o json': (line, program) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: '1795162773987154',
      _HOSTNAME: 'web01',
      SYSLOG_IDENTIFIER: program,
      MESSAGE: line,
    }),
  'syslog with priority': (line, program) => `<187>Nov 20 08:19:33 web01 ${program}[20632]: ${line}`,
  'syslog RFC 5424': (line, program) => `<34>1 2026-11-20T08:19:33.987Z web01 ${program} 20632 - - ${line}`,
  'rsyslog RFC 3339': (line, program) => `2026-11-20T08:19:33.987154+00:00 web01 ${program}[20632]: ${line}`,
  'a line of syslog without its date': (line, program) => `${program}[20632]: ${line}`,
  'the same with the host’s name': (line, program) => `web01 ${program}[20632]: ${line}`,
  'docker logs -t': (line) => `${TIME} ${line}`,
  'docker json-file': (line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: TIME }),
  'Fluent Bit': (line) => JSON.stringify({ date: 1795162773.987154, log: line }),
  'Fluent Bit with Kubernetes': (line) =>
    JSON.stringify({ log: line, stream: 'stderr', time: TIME, kubernetes: { pod_name: 'web-1', host: 'node1' } }),
  Fluentd: (line) =>
    `2026-11-20 08:19:33.987154000 +0000 docker.web: ${JSON.stringify({ container_name: '/web', log: line })}`,
  Vector: (line) => JSON.stringify({ host: 'web01', message: line, source_type: 'file', timestamp: TIME }),
  Filebeat: (line) =>
    JSON.stringify({ '@timestamp': TIME, message: line, agent: { type: 'filebeat' }, host: { name: 'web01' } }),
  'a hit of Elasticsearch': (line) =>
    JSON.stringify({ _index: 'filebeat-8', _source: { '@timestamp': TIME, message: line, log: { offset: 1 } } }),
  GELF: (line) =>
    JSON.stringify({ version: '1.1', host: 'web01', short_message: line, timestamp: 1795162773.987, level: 3 }),
  'Google Cloud': (line) => JSON.stringify({ insertId: '1', severity: 'ERROR', textPayload: line, timestamp: TIME }),
  Loki: (line) => JSON.stringify({ line, timestamp: TIME, labels: { app: 'web' } }),
  'docker compose': (line, program) => `${program}-1  | ${line}`,
  'docker compose -t': (line, program) => `${program}-1  | ${TIME} ${line}`,
  'a log viewer’s table': (line) => `2026-11-20T08:19:33.987Z\t${line}`,
  CRI: (line) => `${TIME} stderr F ${line}`,
  svlogd: (line) => `2026-11-20_08:19:33.98715 ${line}`,
  'kubectl --prefix': (line, program) => `[pod/${program}-7d9c5b6f4-x2x9q/${program}] ${line}`,
  'a quotation': (line) => `> ${line}`,
  'carriage returns': (line) => `${line}\r`,
  colours: (line) => `\u001b[90m${line}\u001b[0m`,
};

/** Programs as carriers name them; logs of the edge and of clients travel in files and are carried by nobody. */
const PROGRAMS: Readonly<Record<string, string>> = {
  cloudflared: 'cloudflared',
  'nginx-error': 'nginx',
  'nginx-access': 'nginx',
  'apache-error': 'apache2',
  'php-fpm': 'php-fpm8.2',
  'php-error': 'php',
  'php-fpm-access': 'php-fpm8.2',
  'php-fpm-slow': 'php-fpm8.2',
  gunicorn: 'gunicorn',
  caddy: 'caddy',
  'caddy-access': 'caddy',
  haproxy: 'haproxy',
  traefik: 'traefik',
  'traefik-access': 'traefik',
};

const isCarried = (format: (typeof FORMATS)[number]): format is LineFormat =>
  format.shape === 'lines' && PROGRAMS[format.id] !== undefined;

/** What the records of a text say, without when they were written and where. */
async function read(text: string): Promise<unknown[]> {
  const { records } = await traceSource(streamSource(Readable.from([Buffer.from(text)])), FORMATS);
  return records.map(({ record, format }) => {
    const { signal, host, path, client, upstream } = record;
    const status = record.kind === 'request' ? record.status : undefined;
    return { format: format.id, line: record.line, signal, host, path, client, upstream, status };
  });
}

// An object whose text is empty may as well be a program's own: empty lines of an entry are not carried.
const GRAMMARS = FORMATS.filter(isCarried).flatMap((format) =>
  format
    .examples()
    .filter(({ input, records }) => records.length > 0 && !/^(?:\w{3} \d\d |<\d+>|\{)/.test(input))
    .filter(({ input }) => !input.split('\n').includes(''))
    .map(({ shows, input }) => ({ id: format.id, shows, lines: input.split('\n') })),
);

describe.each(Object.entries(WRAPPERS))('carried by %s', (_name, wrap) => {
  it.each(GRAMMARS)('$id says the same: $shows', async ({ id, lines }) => {
    const program = PROGRAMS[id] ?? '';
    const carried = await read(lines.map((line) => wrap(line, program)).join('\n'));
    expect(carried).toEqual(await read(lines.join('\n')));
  });
});
