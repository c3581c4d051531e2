import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../src/formats/format.ts';
import { nginxAccess } from '../../src/formats/proxy/nginx-access.ts';
import { nginxError } from '../../src/formats/proxy/nginx-error.ts';
import { BlockReading } from './block-reading.ts';

const second = (i: number): string => `08:10:${String(i % 60).padStart(2, '0')}`;

/** Rows that a reader of blocks could take for its own, whatever stands before them. */
const LOGS: readonly (readonly [string, LineFormat, (i: number) => string])[] = [
  [
    'access rows',
    nginxAccess,
    (i) =>
      `192.0.2.7 - - [20/Nov/2026:${second(i)} +0000] "GET /cart HTTP/1.1" ${i % 3 ? 200 : 502} 157 "-" "curl/8.5.0"`,
  ],
  [
    'error lines',
    nginxError,
    (i) =>
      `2026/11/20 ${second(i)} [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /cart HTTP/1.1", upstream: "http://127.0.0.1:3000/cart", host: "www.example.com"`,
  ],
];

/** What tools put before a line without a time: the source counts as bare. */
const BEFORE: readonly (readonly [string, (i: number) => string])[] = [
  ['grep', () => '/var/log/nginx/a.log:'],
  ['grep -n', (i) => `/var/log/nginx/a.log.1:${i}:`],
  ['grep -n in one file', (i) => `${i}:`],
  ['cat -n', (i) => `     ${i}\t`],
  ['stern', () => 'web-7d9c5b6f4-x2x9q nginx '],
  ['k9s', () => 'nginx '],
  ['podman pod logs', () => '123456789012 '],
  ['an indented block', () => '    '],
];

describe.each(LOGS)('%s', (_kind, format, line) => {
  it.each(BEFORE)('are read alike by blocks and by lines behind what %s puts before them', (_tool, before) => {
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => `${before(i)}${line(i)}\n`).join(''));
    const byLines = new BlockReading(format).byLines(bytes);
    for (const blockBytes of [777, 1 << 20]) expect(new BlockReading(format).byBlocks(bytes, blockBytes)).toBe(byLines);
  });
});
