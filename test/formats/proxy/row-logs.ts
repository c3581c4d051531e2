import fc from 'fast-check';
import type { LineFormat } from '../../../src/formats/format.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { BlockReading, EVERY_SECOND, sameByBlocks } from '../../digest/block-reading.ts';

/** Random logs of rows in given forms, for readers that learn how rows are written. */

/** How many lines the reader read by itself, after the same was found at every block size. */
export function sameEitherWay(format: LineFormat, text: string): number {
  return sameByBlocks(Buffer.from(text), () => new BlockReading(format, [], EVERY_SECOND)).readByBlocks;
}

export const hexes = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((c) => c.join(''));

export const oftenThen = (
  weight: number,
  plain: fc.Arbitrary<string>,
  ...odd: readonly string[]
): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: plain, weight: 3 * weight }, { arbitrary: fc.constantFrom(...odd), weight: 1 });

/** What may stand in a form, by name. */
export type Values = Readonly<Record<string, fc.Arbitrary<string>>>;

/** Rows in a form: each name of a kind in it becomes a value of that kind. */
function rowsOf(values: Values, form: string): fc.Arbitrary<string> {
  const place = new RegExp(`\\b(${Object.keys(values).join('|')})\\b`);
  return fc.tuple(...form.split(place).map((part) => values[part] ?? fc.constant(part))).map((parts) => parts.join(''));
}

/** A row that was cut, or of which bytes were changed. */
function damaged(row: string): fc.Arbitrary<string> {
  const char = fc.constantFrom(...'"\\{}[],;=|#&:-0eE. \r\tx\u0000\u001b\u00a0ü');
  const at = fc.nat({ max: Math.max(0, row.length - 1) });
  return fc.oneof(
    at.map((end) => row.slice(0, end)),
    fc.tuple(at, char).map(([i, c]) => row.slice(0, i) + c + row.slice(i)),
    fc.tuple(at, char).map(([i, c]) => row.slice(0, i) + c + row.slice(i + 1)),
    at.map((i) => row.slice(0, i) + row.slice(i + 1)),
    fc.constantFrom(' ', '}', ',', 'x', '\u0000').map((end) => row + end),
  );
}

const EXAMPLE_LINES = FORMATS.flatMap((format) => format.examples().flatMap(({ input }) => input.split('\n')));
const STRANGERS = [...EXAMPLE_LINES, '', ' ', '__CURSOR=s=1', 'MESSAGE=hello'];

/** Logs of rows in one of these forms, with some in another, damaged ones, and lines of something else. */
export function logsOf(values: Values, forms: readonly string[], others: readonly string[]): fc.Arbitrary<string> {
  const strangers = fc.constantFrom(...STRANGERS, ...others);
  return fc
    .tuple(fc.constantFrom(...forms), fc.constantFrom(...forms))
    .chain(([main, other]) =>
      fc.array(
        fc.tuple(
          fc.oneof(
            { arbitrary: rowsOf(values, main), weight: 20 },
            { arbitrary: rowsOf(values, other), weight: 3 },
            { arbitrary: rowsOf(values, main).chain(damaged), weight: 4 },
            { arbitrary: strangers, weight: 1 },
          ),
          fc.oneof(
            { arbitrary: fc.constant('\n'), weight: 12 },
            { arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\n\n'), weight: 1 },
          ),
        ),
        { minLength: 4, maxLength: 30, size: 'max' },
      ),
    )
    .chain((rows) => {
      const text = rows.map(([row, end]) => row + end).join('');
      return fc.constantFrom(text, text, text.replace(/\n$/, ''));
    });
}
