import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/correlate/facts.ts';
import { factsIn, inOrder, type LogSketch, row, steady, T0 } from './logs-of.ts';
import { lines, MINUTE, originFails, requests, SECOND, throughout } from './scenes-of.ts';

const scopeIn = (...logs: LogSketch[]): Scope => factsIn(logs).scope;
const only = (scope: Scope): unknown => Object.fromEntries(scope.only);

const PAGES = ['/', '/shop', '/cart', '/checkout'];
const COLOS = ['FRA', 'LHR', 'CDG'];

describe('the scope of a burst', () => {
  it('names path and method of one operation, and that every data centre sees it', () => {
    const fields = (i: number) => ({
      path: PAGES[i % 4] ?? '/',
      method: i % 4 === 3 ? 'POST' : 'GET',
      colo: COLOS[i % 3] ?? '',
    });
    const scope = scopeIn(originFails({ good: fields, bad: fields, fails: (i) => i % 4 === 3 }));
    expect(only(scope)).toEqual({ path: ['/checkout'], method: ['POST'] });
    expect(scope.everyColo).toBe(true);
    expect(scope.failedShare).toBe(1);
  });

  it('names a host, a visitor or a backend', () => {
    const fields = (i: number) => ({ path: '/', host: i % 2 === 0 ? 'a.example.com' : 'b.example.com' });
    expect(only(scopeIn(originFails({ good: fields, bad: fields, fails: (i) => i % 2 === 0 })))).toEqual({
      host: ['a.example.com'],
    });
    const visitors = (i: number) => ({ client: `192.0.2.${i % 20}` });
    expect(only(scopeIn(originFails({ good: visitors, bad: visitors, fails: (i) => i % 20 === 7 })))).toMatchObject({
      client: ['192.0.2.7'],
    });
    const backends = (i: number) => ({ upstream: `10.0.0.${i % 2}:3000` });
    expect(
      only(scopeIn(requests('proxy', { good: backends, bad: backends, fails: (i) => i % 2 === 1 }))),
    ).toMatchObject({ upstream: ['10.0.0.1:3000'] });
  });

  it.each(['172.71.0.', '10.8.3.', '127.0.0.'])('does not take proxies for visitors: %s…', (network) => {
    const peers = (i: number) => ({ path: '/', client: `${network}${i % 20}` });
    expect(only(scopeIn(requests('proxy', { good: peers, bad: peers, fails: (i) => i % 20 === 7 })))).toEqual({});
  });

  it('says how many of these requests failed where some succeed', () => {
    const scope = scopeIn(originFails({ fails: (i) => (i * 7) % 3 === 0, good: { path: '/' }, bad: { path: '/' } }));
    expect(only(scope)).toEqual({});
    expect(scope.failedShare).toBeCloseTo(1 / 3, 1);
  });

  it('claims nothing where every request fails', () => {
    const fields = { path: '/checkout', method: 'POST', host: 'a.example.com', colo: 'FRA' };
    expect(only(scopeIn(originFails({ good: fields, bad: fields })))).toEqual({});
  });

  it('claims nothing of answers that the cache gave: they did not ask the origin', () => {
    const scope = scopeIn(
      originFails({
        good: (i) => (i % 2 === 0 ? { path: '/app.css', originStatus: 0 } : { path: '/' }),
        bad: { path: '/' },
        fails: (i) => i % 2 === 1,
      }),
    );
    expect(only(scope)).toEqual({});
    expect(scope.isStaticFine).toBe(true);
    expect(scope.failedShare).toBeGreaterThan(0.97);
  });

  it('claims nothing by a log that knows failures only', () => {
    const scope = scopeIn(lines('proxy', throughout('nginx.connect-refused', { path: '/checkout' })));
    expect(scope).toMatchObject({ failedShare: null, everyColo: false });
    expect(only(scope)).toEqual({});
  });

  it('is told from what is usual, and how many good answers there were, where few rows of the time are kept', () => {
    const visits = (i: number) => ({ path: PAGES[i % 4] ?? '/', colo: COLOS[i % 3] ?? '', originStatus: 200 });
    const earlier = steady(T0 - 12 * 60 * MINUTE, T0, 2 * SECOND, (ms, i) => row('edge', ms, visits(i)));
    const { records, ...log } = originFails({
      good: visits,
      bad: visits,
      fails: (i) => i % 3 === 1 && (i * 7) % 5 < 3,
    });
    const scope = scopeIn({ ...log, records: inOrder(earlier, records) });
    expect(only(scope)).toEqual({ colo: ['LHR'] });
    expect(scope.failedShare).toBeGreaterThan(0.5);
    expect(scope.failedShare).toBeLessThan(0.7);
  });

  it('holds slow failures against what came in with them, not against what was answered as they ended', () => {
    // Failing requests wait a minute; they came in before the first was answered, when all others failed as well.
    const scope = scopeIn(originFails({ bad: { durationMs: 60_000, path: '/' }, good: { path: '/' } }));
    expect(scope.failedShare).toBeCloseTo(0.5, 1);
  });
});
