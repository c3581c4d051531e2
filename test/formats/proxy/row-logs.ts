import fc from 'fast-check';
import type { LineFormat } from '../../../src/formats/format.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { BlockReading, EVERY_SECOND, sameByBlocks } from '../../digest/block-reading.ts';

/** Random logs of rows in given forms, for readers that learn how rows are written. */

/** How many lines the reader read by itself, after the same was found at every block size. */
export function sameEitherWay(format: LineFormat, text: string): number {
  return sameByBlocks(Buffer.from(text), () => new BlockReading(format, [], EVERY_SECOND)).readByBlocks;
}

const hexes = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((c) => c.join(''));

export const oftenThen = (
  weight: number,
  plain: fc.Arbitrary<string>,
  ...odd: readonly string[]
): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: plain, weight: 3 * weight }, { arbitrary: fc.constantFrom(...odd), weight: 1 });

/** What may stand in a form, by name. */
export type Values = Readonly<Record<string, fc.Arbitrary<string>>>;

/** Values of access rows as they are mostly written, and odd ones: these, and by name those of one way of writing. */
export function rowValues(hostile: readonly string[], odd: Readonly<Record<string, readonly string[]>>): Values {
  const often = (name: string, weight: number, plain: fc.Arbitrary<string>, ...others: readonly string[]) => ({
    [name]: oftenThen(weight, plain, ...others, ...(odd[name] ?? []), ...hostile),
  });
  const target = fc.tuple(fc.constantFrom('/', '/a/b?c=1&d=2', '/x#y'), hexes(2)).map((parts) => parts.join(''));
  const method = fc.constantFrom('GET', 'POST', 'M-SEARCH');
  return {
    ...often(
      'CLF',
      15,
      fc.integer({ min: 0, max: 3 }).map((second) => `20/Nov/2026:03:14:3${second} -0500`),
      '20/Nov/2026:03:15:02 -0500',
      '20/Nov/2026:03:14:38.125 -0500',
      '20/Nov/2026:03:14:38,125 -0500',
      '20/Nov/2026:03:14:60 -0500',
      '20/Nov/2026:03:14:38',
      '31/Dec/1969:23:59:30 +0000',
      '39/Nov/2026:99:14:38 -0500',
      '1795162478.250',
    ),
    ...often(
      'ISO',
      15,
      fc
        .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', '.5', '.025', '.123456789'))
        .map(([second, fraction]) => `2026-11-20T03:14:3${second}${fraction}-05:00`),
      '2026-11-20T03:14:38Z',
      '2026-11-20T03:14:38 UTC',
      '2026-11-20T03:15:38.25+00:00',
      '2026-11-20T03:14:38,25-05:00',
      '2026-11-20T03:14:38.-05:00',
      '2026-11-20T03:14:38.1234567890-05:00',
      '2026-11-20T03:14:61-05:00',
      '2026-11-20T03:14:38',
      '2026-11-20 03:14:38-05:00',
      '2026-13-45T03:14:38-05:00',
      '1969-11-20T03:14:38-05:00',
    ),
    ...often(
      'MSEC',
      20,
      fc
        .integer({ min: 0, max: 3999 })
        .map((n) => `179516247${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`),
      '1795162478',
      '1795162478.1',
      '1795162478.1234567',
      '179516247.250',
      '17951624.250',
      '179516247800.250',
      '1795162478.',
    ),
    ...often(
      'STATUS',
      12,
      fc.constantFrom('200', '200', '301', '304', '404', '403', '429'),
      ...['400', '499', '500', '502', '503', '504', '520', '101', '600', '999', '020', '20', '2000'],
    ),
    ...often(
      'US',
      20,
      fc.constantFrom('200', '200', '404', '502', '-', ''),
      ...['502, 200', '200 : 304', '000', '099', '20'],
    ),
    ...often(
      'HT',
      20,
      fc.integer({ min: 0, max: 9999 }).map((ms) => (ms / 1000).toFixed(3)),
      ...['-', '', '0.001, 0.002', '-, 0.020', '0.1, -', '1.2.3', 'x'],
    ),
    ...often(
      'RAY',
      20,
      fc.tuple(hexes(16), fc.constantFrom('-FRA', '-AMS', '')).map((parts) => parts.join('')),
      '8F1A2B3C4D5E6F70-FRA',
      '8f1a2b3c4d5e6f70-fra',
      '8f1a2b3c4d5e6f7-FRA',
      '8f1a2b3c4d5e6f70-FRAX',
      '8f1a2b3c4d5e6f70-',
    ),
    ...often(
      'REQ',
      12,
      fc.tuple(method, target).map(([name, path]) => `${name} ${path} HTTP/1.1`),
      'GET /café HTTP/1.1',
      'GET /a\u00a0b HTTP/1.1',
      'GET http://example.com/x HTTP/1.1',
      'OPTIONS * HTTP/1.0',
      'get /lower HTTP/1.1',
      'GET  /two HTTP/1.1',
      'GET /only',
      '/no-method',
    ),
    ...often('METHOD', 25, method, 'get', 'G', '_X', 'A'.repeat(22), 'GE T'),
    ...often('URI', 15, target, '*', 'http://example.com/x', '/café', '/a b', '/a\u00a0b', '//b'),
    ...often('ADDR', 12, fc.constantFrom('127.0.0.1:8080', '-', 'unix:/run/a.sock'), '', 'backend', 'a:80, b:80'),
  };
}

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
