import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apacheError } from '../../../src/formats/proxy/apache-error.ts';
import { nginxAccess } from '../../../src/formats/proxy/nginx-access.ts';
import { nginxError } from '../../../src/formats/proxy/nginx-error.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { read } from './reading.ts';

const FORMATS = [nginxError, nginxAccess, apacheError] as const;
const INPUTS = FORMATS.flatMap((format) => format.examples().map((example) => example.input));
const PIECES = [
  '"',
  '\\',
  '[',
  ']',
  ' - ',
  ', client: ',
  ' while ',
  ', upstream: "',
  '": ',
  '{"status":',
  'PHP message: ',
  '\n',
  '\x00',
  '-',
  '=',
  '1.',
];

describe.each(FORMATS)('$id', (format) => {
  function readsCalmly(text: string): void {
    for (const line of text.split('\n')) {
      const score = format.score({ text: line, number: 1, wrapper: null });
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    for (const record of read(format, text).records) {
      expect(record.text.length).toBeLessThanOrEqual(2000);
      if (record.stamp.kind !== 'none') expect(Number.isFinite(record.stamp.ms)).toBe(true);
    }
  }

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), readsCalmly));
  });

  it('never throws on its own lines cut anywhere, with anything put in', () => {
    const line = fc.constantFrom(...INPUTS);
    fc.assert(
      fc.property(
        line,
        fc.nat(),
        fc.constantFrom(...PIECES),
        fc.nat({ max: 30 }),
        fc.boolean(),
        (input, at, piece, times, cut) => {
          const where = at % (input.length + 1);
          readsCalmly(input.slice(0, where) + piece.repeat(times) + (cut ? '' : input.slice(where)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(PIECES)('reads a line of a megabyte of %j in good time', (piece) => {
    const filler = piece.repeat(1_000_000 / piece.length).replaceAll('\n', ' ');
    for (const front of ['', ...INPUTS.slice(0, 40).map((input) => input.slice(0, 60))]) {
      const text = front.replaceAll('\n', ' ') + filler;
      inGoodTime(() => readsCalmly(text));
    }
  });
});
