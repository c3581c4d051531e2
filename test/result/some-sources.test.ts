import { expect, test } from 'vitest';
import { resultSchema } from '../../src/result/schema.ts';
import { withSources } from '../../src/result/some-sources.ts';
import { SAMPLE } from '../report/sample-result.ts';

/** What the result points at: paths instead of numbers. */
function pointers(value: unknown, paths: readonly string[], key = ''): unknown {
  if (typeof value === 'number') return key === 'source' || key === 'sources' ? paths[value] : value;
  if (Array.isArray(value)) return value.map((inner) => pointers(inner, paths, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pointers(inner, paths, name)]));
}

test('a result with fewer sources points at the same files and says how many are not listed', () => {
  const [source] = SAMPLE.sources;
  if (source === undefined) throw new Error('the sample has sources');
  const other = (path: string) => ({ ...source, path });
  // Two files that nothing points at, one of them in front, so that all numbers move.
  const moved = resultSchema.parse(
    JSON.parse(JSON.stringify(SAMPLE), (key, value: unknown) =>
      key === 'source' && typeof value === 'number'
        ? value + 1
        : key === 'sources' && Array.isArray(value) && typeof value[0] === 'number'
          ? value.map((index: number) => index + 1)
          : value,
    ),
  );
  const long = { ...moved, sources: [other('before.log'), ...SAMPLE.sources, other('behind.log')] };
  const short = withSources(long, ({ path }) => SAMPLE.sources.some((own) => own.path === path));
  const pathsOf = ({ sources }: typeof SAMPLE): string[] => sources.map(({ path }) => path);
  expect(pathsOf(short)).not.toContain('before.log');
  expect(short.warnings.at(-1)).toContain(`of ${long.sources.length} files`);
  const { sources: _all, warnings: _before, ...rest } = long;
  const { sources: _some, warnings: _after, ...shortRest } = short;
  expect(pointers(shortRest, pathsOf(short))).toEqual(pointers(rest, pathsOf(long)));
  expect(withSources(long, () => true)).toBe(long);
});
