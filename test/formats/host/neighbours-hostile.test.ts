import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uwsgi } from '../../../src/formats/app/uwsgi.ts';
import type { LineFormat } from '../../../src/formats/format.ts';
import { changes } from '../../../src/formats/host/changes.ts';
import { journal } from '../../../src/formats/host/journal.ts';
import { kernel } from '../../../src/formats/host/kernel.ts';
import { loggedPacket } from '../../../src/formats/host/packets.ts';
import { isCloudflareAddress } from '../../../src/vocabulary/cloudflare-ranges.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { read } from '../app/read-lines.ts';

const FORMATS: readonly LineFormat[] = [changes, journal, kernel, uwsgi];
const TEN_MEGABYTES = 10_000_000;

describe('whatever stands in a line', () => {
  it.each(FORMATS.map((format) => [format.id, format] as const))('%s neither throws nor loops', (_id, format) => {
    const pieces = format.examples().flatMap(({ input }) => input.split(/(?<=[\s=:()[\]{}"'])/));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string(), fc.constant('\n')), { maxLength: 60 }),
        (parts) => {
          const text = parts.join('');
          const { records, refused } = read(format, text);
          for (const { line } of records) expect(line).toBeGreaterThan(0);
          expect(refused.length).toBeLessThanOrEqual(text.split('\n').length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(
    FORMATS.flatMap((format) =>
      ['a', ' ', '(', '[', '=', 'IN= ', 'avc: denied { '].map((c) => [format.id, c, format] as const),
    ),
  )('%s reads ten megabytes of %j in good time', (_id, piece, format) => {
    const text = piece.repeat(TEN_MEGABYTES / piece.length);
    const parser = format.open(() => {});
    const line = { text, number: 1, wrapper: null };
    inGoodTime(() => {
      format.score(line);
      parser.push(line);
      parser.push({ ...line, wrapper: { stamp: { kind: 'none' }, program: 'kernel' } });
      parser.push({ ...line, wrapper: { stamp: { kind: 'none' }, program: 'CRON' } });
      parser.end();
    });
  });
});

describe('a logged packet', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.constantFrom('172.68.50.43', '162.158.10.7', '104.16.0.1', '2400:cb00:0071:1024:0000:0000:a29e:0001'),
  );
  const flags = fc.subarray(['ACK', 'PSH', 'RST', 'SYN', 'FIN']);

  it('is a visitor turned away only where Cloudflare opens a connection to a web port', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }).filter((text) => !/allow|accept|audit|pass|IN=/i.test(text)),
        address,
        address,
        fc.integer({ min: 1, max: 65_535 }),
        flags,
        (prefix, from, to, port, set) => {
          const text = `${prefix}IN=eth0 OUT= MAC=aa SRC=${from} DST=${to} LEN=60 PROTO=TCP SPT=36815 DPT=${port} WINDOW=1 RES=0x00 ${set.map((flag) => `${flag} `).join('')}URGP=0`;
          const isVisitor =
            isCloudflareAddress(from) &&
            !isCloudflareAddress(to) &&
            (port === 80 || port === 443 || port >= 1024) &&
            set.includes('SYN') &&
            !set.includes('ACK');
          expect(loggedPacket(text)?.signal === 'kernel.packet-dropped').toBe(isVisitor);
        },
      ),
    );
  });
});
