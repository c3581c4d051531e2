import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../src/formats/registry.ts';
import { openSecrets } from '../../src/result/leaks.ts';
import { openRedaction } from '../../src/result/redact.ts';
import { CANARIES, ENCODINGS, RARE_ENCODINGS } from './canaries.ts';
import { fieldsOf, plantings } from './plantings.ts';
import { reveals } from './reveals.ts';

/** Where masked values are remembered for other texts. One for all: masking reads nothing of it, and each takes a quarter of a megabyte. */
const secrets = openSecrets();

function masked(text: string): string {
  const redaction = openRedaction({ secrets });
  redaction.see(text);
  return redaction.mask(text);
}

test('there are a hundred kinds of secrets', () => {
  expect(new Set(CANARIES.map(([kind]) => kind)).size).toBeGreaterThanOrEqual(100);
});

describe.each([...ENCODINGS, ...RARE_ENCODINGS])('%s', (_, encode) => {
  test.each(CANARIES)('%s', (_kind, text, secret) => {
    const once = masked(`seen ${encode(text)} there`);
    expect(reveals(once, secret)).toBe(false);
    expect(masked(once)).toBe(once);
  });
});

describe.each(FORMATS.map(({ id, examples }) => [id, examples()] as const))('in every field of %s', (_, examples) => {
  test.each(ENCODINGS)('%s', (_encoding, encode) => {
    for (const { input } of examples) {
      for (const { line, secret } of plantings(input, encode)) {
        for (const part of masked(line).split('\n')) expect(reveals(part, secret)).toBe(false);
      }
    }
  });
});

// All kinds in all fields take minutes: each kind is in every seventh.
test.each(FORMATS.map(({ id, examples }) => [id, examples()] as const))(
  'every kind in the fields of %s',
  (_, examples) => {
    const left = examples.flatMap(({ input }) =>
      fieldsOf(input).flatMap((put, field) =>
        CANARIES.filter((_canary, turn) => (field + turn) % 7 === 0)
          .filter(([, text, secret]) => reveals(masked(put(text)), secret))
          .map(([kind]) => `${kind} in ${field}`),
      ),
    );
    expect(left).toEqual([]);
  },
  60_000,
);
