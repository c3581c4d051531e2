import { expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { besideOf } from '../../src/result/build/beside.ts';
import { chainOf } from '../../src/result/build/chain.ts';
import { evidenceOf } from '../../src/result/build/verdict.ts';
import { type FactsSketch, factsOf } from '../causes/facts-of.ts';

/** The named cause, and those that are told beside it. */
function told(sketch: FactsSketch): { readonly named: string | undefined; readonly beside: readonly string[] } {
  const diagnosis = diagnose(factsOf(sketch), CAUSES);
  const chain = chainOf(diagnosis, evidenceOf(diagnosis, 'B1').evidence);
  return { named: diagnosis.cause?.id, beside: besideOf(diagnosis, chain).map(({ cause }) => cause) };
}

const FULL_POOL = {
  'derived.pool-full': 1,
  'fpm.max-children': 1,
  'nginx.timeout-header': 0.8,
  'derived.all-paths': 1,
} as const;

it('tells of PHP that reaches memory_limit while its pool is full', () => {
  expect(told({ statuses: { 500: 30, 504: 70 }, signals: { ...FULL_POOL, 'php.memory-limit': 0.4 } })).toEqual({
    named: 'php-fpm-max-children',
    beside: ['php-memory-limit'],
  });
});

it('does not tell of what accounts for a few requests only', () => {
  expect(told({ statuses: { 504: 100 }, signals: { ...FULL_POOL, 'php.memory-limit': 0.1 } }).beside).toEqual([]);
});

it('does not tell of what follows from the named cause', () => {
  const { named, beside } = told({
    signals: { 'derived.fpm-restarted': 1, 'fpm.terminating': 1, 'nginx.connect-unix-missing': 1 },
  });
  expect(named).toBe('app-restart');
  expect(beside).toEqual([]);
});

it('does not tell of a wider name of the named cause', () => {
  const { named, beside } = told({
    kind: 'application',
    statuses: { 500: 100 },
    signals: { 'php.memory-limit': 1, 'php.fatal': 1 },
  });
  expect(named).toBe('php-memory-limit');
  expect(beside).toEqual([]);
});

it('tells of nothing where no cause is named', () => {
  expect(told({ signals: { 'edge.origin-answered-5xx': 1 } }).beside).toEqual([]);
});
