import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, factsIn, type LogSketch } from './logs-of.ts';
import { lines, requests, START, throughout } from './scenes-of.ts';

const named = (logs: readonly LogSketch[]): string | undefined => diagnose(factsIn([...logs]), CAUSES).cause?.id;

/** HAProxy, for whose check a server fails; its first requests still go there, the others nowhere. */
const checked = (check: SignalId): LogSketch[] => [
  {
    ...requests('proxy', {
      bad: (i) => ({ status: 503, originStatus: 0, signal: i % 5 === 0 ? 'proxy.not-connected' : 'proxy.no-backend' }),
    }),
    format: 'haproxy',
  },
  lines('proxy', [clue(check, START + 500), clue('proxy.all-down', START + 501)]),
];

describe('a check of HAProxy that says why', () => {
  it.each([
    ['proxy.check-cert', 'app-tls-cert'],
    ['proxy.check-tls', 'app-tls-handshake'],
    ['proxy.check-dns', 'app-dns'],
  ] as const)('%s convicts %s', (check, cause) => {
    expect(named(checked(check))).toBe(cause);
  });

  it('leaves connections that are not made to an application that is down', () => {
    const rows = requests('proxy', { bad: { status: 503, originStatus: 0, signal: 'proxy.not-connected' } });
    expect(named([{ ...rows, format: 'haproxy' }])).toBe('app-down');
  });
});

it('a reason that a server says once before it gives a backend up counts for all that it fails then', () => {
  const rows = requests('proxy', { bad: { status: 503, signal: 'access.5xx' } });
  const said = [clue('proxy.socket-denied', START), clue('proxy.all-down', START)];
  expect(named([rows, lines('proxy', said)])).toBe('app-socket-denied');
});

describe('the same small 503 for every page', () => {
  const rows = requests('proxy', { bad: { status: 503, signal: 'access.5xx', bytes: 180, durationMs: 2 } });

  it('is less surely a switch where the server answers so for its dead backend, too', () => {
    const sure = factsIn([rows]).signals.get('derived.uniform-503')?.strength ?? 0;
    const unsure = factsIn([{ ...rows, format: 'caddy-access' }]).signals.get('derived.uniform-503')?.strength ?? 0;
    expect(unsure).toBeLessThan(sure);
  });
});

it('pages that all time out behind a server that speaks HTTP are no full PHP-FPM pool', () => {
  const rows = requests('proxy', { bad: { status: 504, signal: 'access.timeout-504', durationMs: 60_000 } });
  expect(factsIn([rows]).signals.has('derived.pool-exhausted')).toBe(true);
  expect(factsIn([{ ...rows, format: 'caddy-access' }]).signals.has('derived.pool-exhausted')).toBe(false);
});

it('an application in uWSGI that raises for each request says itself what nginx calls a closed connection', () => {
  const rows = requests('proxy', { bad: { status: 502, signal: 'access.5xx' } });
  const closed = lines('proxy', throughout('nginx.premature-header'));
  const raised = lines('app', throughout('app.error', { subject: 'uwsgi' }));
  expect(named([rows, closed, raised])).toBe('app-error-response');
  expect(named([rows, closed])).toBe('app-closed-early');
});
