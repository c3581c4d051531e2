import fc from 'fast-check';

/** Rows of NDJSON as an export may hold them and as nobody should: what block readers are held to the ordinary way with. */

const KEYS = ['EdgeResponseStatus', 'RayID', 'a', 'EdgeColoCode', 'RequestHeaders', 'b', 'x.y-z_1', 'k'.repeat(70), ''];
// With quotes and colon 15, 16, 17, 33 and 61 bytes; two differ in the middle alone.
KEYS.push(
  'k'.repeat(12),
  'k'.repeat(13),
  'k'.repeat(14),
  'k'.repeat(30),
  'k'.repeat(58),
  `${'k'.repeat(28)}j${'k'.repeat(29)}`,
);
const ODD_KEYS = ['EdgeResponse\\u0053tatus', 'ä', 'a b', '\\"', 'a\u0000', 'Edge#033[0mResponseStatus'];
const TEXTS = [
  '',
  'GET',
  'x'.repeat(15),
  'x'.repeat(16),
  'y'.repeat(33),
  'ü😀',
  '\\"EdgeResponseStatus\\":502',
  'x\\\\',
  '\\u00e9\\n',
  '\\ud83d',
  '\u0000',
  '\t',
  '\\x',
  '\\u12',
  '&quot;',
  '#033[31m',
  'a\u00a0b',
  '\u007f',
];
const SCALARS = [
  '0',
  '-1',
  '200',
  '502',
  '200.0',
  '1e3',
  '1E-05',
  '01',
  '1.',
  '-',
  '12345678901234567890123',
  'true',
  'false',
  'null',
  'nul',
  'truee',
  'NaN',
  '',
];

const key = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...KEYS) }, fc.constantFrom(...ODD_KEYS));
const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...TEXTS) }, fc.string()).map((value) => `"${value}"`);
const scalar = fc.oneof(text, fc.constantFrom(...SCALARS));
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 3 })
      .map((members) => `{${members.map(([name, inner]) => `"${name}":${inner}`).join(',')}}`),
  ),
}));
const GOOD = [
  '0',
  '200',
  '-1.5',
  '1e9',
  'true',
  'null',
  '"GET"',
  `"${'z'.repeat(20)}"`,
  '"\\u00e9"',
  '[]',
  '{"a":[1]}',
];

const object = (values: fc.Arbitrary<string>, keys: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(keys, values), { minLength: 1, maxLength: 8 })
    .map((members) => `{${members.map(([name, inner]) => `"${name}":${inner}`).join(',')}}`);

/** A row with one character taken out, put in or changed. */
const damaged = fc
  .tuple(
    object(fc.constantFrom(...GOOD), fc.constantFrom(...KEYS)),
    fc.nat(),
    fc.constantFrom(...'{}[]",:\\ 0a\r\u0000'),
    fc.nat(2),
  )
  .map(([row, seed, character, cut]) => {
    const at = seed % (row.length + 1);
    return row.slice(0, at) + (cut === 2 ? '' : character) + row.slice(at + (cut === 0 ? 0 : 1));
  });

const row = fc.oneof(
  object(fc.constantFrom(...GOOD), fc.constantFrom(...KEYS)),
  object(value, key),
  damaged,
  damaged,
  object(fc.constantFrom(...GOOD), fc.constantFrom(...KEYS)).map((good) => `${good}\r`),
  fc.constantFrom(
    '',
    '\r',
    ' ',
    '{',
    '{}',
    '[]',
    'not json',
    '\ufeff{"a":1}',
    '{"a":1} trailing',
    '{"a":1},',
    '[',
    ']',
    ',',
  ),
);

/** Lines of rows; some hold bytes that are no UTF-8, and the last may lack its line feed. */
export const hostileRows: fc.Arbitrary<Buffer> = fc
  .tuple(fc.array(fc.tuple(row, fc.nat(9)), { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([rows, ended]) => {
    const lines = rows.map(([line, kind]) => {
      const bytes = Buffer.from(line);
      if (kind === 0 && bytes.length > 0) bytes[bytes.length >> 1] = 0xff;
      return bytes;
    });
    const feed = Buffer.from('\n');
    const joined = Buffer.concat(lines.flatMap((line) => [line, feed]));
    return ended ? joined : joined.subarray(0, joined.length - 1);
  });
