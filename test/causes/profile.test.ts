import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causeNamed, nearMisses } from '../../src/causes/find.ts';
import { profileOf } from '../../src/causes/profile.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { CAUSES_PAGE, causesPage } from '../tools/causes-page.ts';

function profile(name: string) {
  const cause = causeNamed(name, CAUSES);
  if (!cause) throw new Error(`no cause is called ${name}`);
  return profileOf(cause, CAUSES);
}

describe('a cause is found', () => {
  it('by its id', () => expect(causeNamed('php-fpm-max-children', CAUSES)?.id).toBe('php-fpm-max-children'));
  it('by another name of it', () => expect(causeNamed('fpm-socket-missing', CAUSES)?.id).toBe('app-socket-missing'));
  it('however it is written', () => expect(causeNamed(' APP_Socket Missing ', CAUSES)?.id).toBe('app-socket-missing'));
  it('but not by half a name', () => expect(causeNamed('php-fpm', CAUSES)).toBeUndefined());

  it('and every other name leads to one cause only', () => {
    const names = CAUSES.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('what somebody may have meant', () => {
  it.each([
    ['php-fpm-maxchildren', 'php-fpm-max-children'],
    ['max children', 'php-fpm-max-children'],
    ['tunel-stopped', 'tunnel-stopped'],
    ['oom', 'host-out-of-memory'],
  ])('by %s', (typed, meant) => expect(nearMisses(typed, CAUSES)[0]).toBe(meant));

  it('is nothing where nothing is near', () => expect(nearMisses('xyzzy', CAUSES)).toEqual([]));
});

describe('a profile', () => {
  it('tells a full pool from its umbrella by the line of the pool', () => {
    const umbrella = profile('php-fpm-max-children').neighbours[0];
    expect(umbrella).toMatchObject({ id: 'app-timeout', relation: 'broader' });
    expect(umbrella?.thisOneShows?.signal).toMatch(/^fpm\.|^derived\.pool/);
  });

  it('never parts two causes by a fact that speaks as much for the other', () => {
    const weightOf = (id: string, signal: string | undefined): number => {
      const rule = causeNamed(id, CAUSES)?.evidence.find((one) => one.signal === signal && !one.against);
      return rule === undefined ? ORDER.length : ORDER.indexOf(rule.weight);
    };
    for (const cause of CAUSES) {
      for (const { id, thisOneShows: here, thatOneShows: there } of profileOf(cause, CAUSES).neighbours) {
        if (here) expect(weightOf(cause.id, here.signal)).toBeLessThan(weightOf(id, here.signal));
        if (there) expect(weightOf(id, there.signal)).toBeLessThan(weightOf(cause.id, there.signal));
      }
    }
  });

  it('tells the rules of Cloudflare from those of the origin by who refused', () => {
    const neighbour = profile('waf-block').neighbours.find(({ id }) => id === 'origin-access-rule');
    expect(neighbour?.thatOneShows?.signal).toMatch(/refused/);
  });

  it('lists what is heaviest first', () => {
    const weights = profile('app-down').speaksFor.map(({ weight }) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
  });
});
const ORDER = ['decisive', 'strong', 'medium', 'weak'];

it('docs/causes.md is what `npm run docs` writes', () => {
  expect(readFileSync(CAUSES_PAGE, 'utf8') === causesPage(), 'run npm run docs').toBe(true);
});
