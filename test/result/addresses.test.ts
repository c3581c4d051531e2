import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipVersion } from '../../src/result/addresses.ts';

const group = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16)),
  fc.constantFrom('', '0', '00', '0000', 'ABCD', '12345', 'g', '192.0.2.1', '256.1.1.1', '1.2.3', '%eth0', ' '),
);
const dotted = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('', '0', '00', '01', '255', '256', ' 1', '1 ', '+1', '1e1', '1\n'),
    ),
    { minLength: 3, maxLength: 5 },
  )
  .map((numbers) => numbers.join('.'));
const written = fc
  .tuple(fc.array(group, { maxLength: 10 }), fc.constantFrom('', '', '', '%eth0', '%', '%1:2', '%a%b', '%a b', '\n'))
  .map(([groups, zone]) => groups.join(':') + zone);

describe('the version of an address', () => {
  it('is that which Node tells', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), dotted, written, fc.string()), (text) => {
        expect(ipVersion(text)).toBe(isIP(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is none for times of the day', () => {
    for (const time of ['08:15:30', '2025-01-15T14:05:40.963Z', '15/Jan/2025:14:05:40 +0000', ':', '::1::'])
      expect(ipVersion(time)).toBe(0);
  });
});
