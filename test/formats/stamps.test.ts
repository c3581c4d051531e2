import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIso, parseOffset, wallMs } from '../../src/formats/stamps.ts';
import type { Stamp } from '../../src/vocabulary/records.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d|UTC)?$/;

/** What `parseIso` reads digit by digit, by one pattern. */
function byPattern(text: string): Stamp | undefined {
  const m = ISO.exec(text);
  if (m === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1, 7).map(Number);
  const wall = wallMs(year, month - 1, day, hour, minute, second, Number((m[7] ?? '').padEnd(3, '0').slice(0, 3)));
  if (m[8] === undefined) return { kind: 'local', ms: wall };
  const offsetMinutes = m[8] === 'UTC' ? 0 : (parseOffset(m[8]) ?? 0);
  return { kind: 'utc', ms: wall - offsetMinutes * 60_000, offsetMinutes };
}

const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
/** Mostly what stands there, now and then something else, or nothing. */
const mostly = (usual: string, ...others: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom('', 'x', '/', ...others) },
  );
const fraction = fc.oneof(
  fc.constantFrom('', '.', ','),
  fc.tuple(fc.constantFrom('.', ','), fc.integer({ min: 1, max: 11 }).chain(digits)).map((parts) => parts.join('')),
);
const zone = fc.constantFrom(
  '',
  'Z',
  ' Z',
  'z',
  'UTC',
  ' UTC',
  '+0530',
  ' -03:30',
  '+05',
  '+5:30',
  '\t',
  '\n',
  '  Z',
  'ZZ',
  ' ',
  '٣',
);
const stamp = fc
  .tuple(
    digits(4),
    mostly('-'),
    digits(2),
    mostly('-'),
    digits(2),
    mostly('T', ' ', 't'),
    digits(2),
    mostly(':'),
    digits(2),
    mostly(':', '.'),
    fc.oneof({ weight: 9, arbitrary: digits(2) }, digits(1), digits(3)),
    fraction,
    zone,
  )
  .map((parts) => parts.join(''));

describe('a written time', () => {
  it('is read digit by digit as a pattern reads it', () => {
    fc.assert(
      fc.property(fc.oneof(stamp, fc.string({ maxLength: 40 })), (text) => {
        expect(parseIso(text)).toEqual(byPattern(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('has its milliseconds from a fraction of any length, after a point or a comma', () => {
    const at = Date.UTC(2026, 10, 20, 8, 14, 38);
    expect(parseIso('2026-11-20T08:14:38.5Z')).toEqual({ kind: 'utc', ms: at + 500, offsetMinutes: 0 });
    expect(parseIso('2026-11-20 08:14:38,123456789 +0530')).toEqual({
      kind: 'utc',
      ms: at + 123 - 330 * 60_000,
      offsetMinutes: 330,
    });
    expect(parseIso('2026-11-20 08:14:38.1234567890')).toBeUndefined();
  });
});
