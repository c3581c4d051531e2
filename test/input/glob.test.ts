import { describe, expect, it } from 'vitest';
import { expandBraces, globAccepts, isGlob, matchName, startGlob, stepGlob } from '../../src/input/glob.ts';

/** Whether a pattern takes a path, walked name by name. */
function takes(pattern: string, path: string): boolean {
  const start = startGlob(pattern);
  if (start === null) return false;
  const inside =
    start.base === '.' ? path : path.startsWith(`${start.base}/`) ? path.slice(start.base.length + 1) : null;
  if (inside === null) return false;
  let state = start.state;
  for (const name of inside.split('/')) {
    const next = stepGlob(state, name);
    if (next === null) return false;
    state = next;
  }
  return globAccepts(state);
}

describe('patterns', () => {
  it.each([
    ['*.log', 'error.log', true],
    ['*.log', 'a/error.log', false],
    ['*.log', '.hidden.log', false],
    ['.*.log', '.hidden.log', true],
    ['err?r.log', 'error.log', true],
    ['err?r.log', 'errr.log', false],
    ['?.log', '😀.log', true],
    ['**/*.log', 'error.log', true],
    ['**/*.log', 'a/b/c/error.log', true],
    ['a/**/d', 'a/d', true],
    ['a/**/d', 'a/b/c/d', true],
    ['a/**/d', 'a/b/c/e', false],
    ['a/**', 'a/b/c', true],
    ['**', 'a/b', true],
    ['*.{log,gz}', 'a.gz', true],
    ['*.{log,gz}', 'a.txt', false],
    ['{web1,web2/nginx}/*', 'web2/nginx/error.log', true],
    ['{web1,web2/nginx}/*', 'web2/error.log', false],
    ['a{b,{c,d}e}*', 'adef', true],
    ['a{b,c', 'a{b,c', true],
    ['/var/log/*/error.log', '/var/log/nginx/error.log', true],
  ])('%s with %s: %s', (pattern, path, expected) => expect(takes(pattern, path)).toBe(expected));

  it('with many stars do not explode', () => {
    expect(matchName(`${'*a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(takes(`${'**/'.repeat(50)}x`, `${'a/'.repeat(200)}y`)).toBe(false);
  });

  it('with too many alternatives are refused', () => {
    expect(expandBraces('{a,b}{a,b}')?.toSorted()).toEqual(['aa', 'ab', 'ba', 'bb']);
    expect(expandBraces('{a,b}'.repeat(12))).toBeNull();
  });

  it('are told from plain names', () => {
    expect(['a.log', 'a{1}', 'a*', 'a?', '{a,b}'].map(isGlob)).toEqual([false, false, true, true, true]);
  });
});
