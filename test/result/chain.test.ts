import { expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { chainOf } from '../../src/result/build/chain.ts';
import { evidenceOf } from '../../src/result/build/verdict.ts';
import { type FactsSketch, factsOf } from '../causes/facts-of.ts';

function chain(sketch: FactsSketch): string[] {
  const diagnosis = diagnose(factsOf(sketch), CAUSES);
  return chainOf(diagnosis, evidenceOf(diagnosis, 'B1').evidence).map(({ cause }) => cause);
}

it('tells the kernel’s kill before the reset that nginx saw', () => {
  const told = chain({
    signals: { 'kernel.oom-kill': { values: { role: 'fpm' } }, 'fpm.child-kill': 1, 'nginx.recv-reset-header': 1 },
  });
  expect(told[0]).toBe('host-out-of-memory');
  expect(told).toContain('app-reset');
});

it('tells the stopped web server before the tunnel that met it', () => {
  expect(
    chain({
      signals: {
        'derived.proxy-down': 1,
        'nginx.sig-stop': 1,
        'cloudflared.inner-refused': 1,
        'edge.502-tried-origin': 1,
      },
    }),
  ).toEqual(['web-server-down', 'tunnel-service-refused']);
});

it('tells the database that was down before the pool that ran full for it', () => {
  expect(
    chain({
      statuses: { 504: 100 },
      signals: {
        'derived.db-down': 1,
        'fpm.max-children': 1,
        'derived.pool-full': 1,
        'nginx.timeout-header': 1,
        'access.timeout-504': 1,
      },
    }),
  ).toEqual(['db-unreachable', 'php-fpm-max-children']);
});

it('has one link where all lines tell of one cause', () => {
  expect(
    chain({
      statuses: { 502: 100 },
      signals: { 'gunicorn.worker-timeout': 1, 'gunicorn.worker-sigkill': 1, 'access.no-answer-502': 1 },
    }),
  ).toEqual(['app-worker-timeout']);
});

it('has no link of a tunnel where no line of a tunnel is there', () => {
  const told = chain({
    signals: { 'nginx.connect-refused': 1, 'derived.app-restarted': 1, 'app.crash': 1, 'access.no-answer-502': 1 },
  });
  expect(told.filter((cause) => cause.startsWith('tunnel-'))).toEqual([]);
});

it('is empty where no cause is named', () => {
  expect(chain({ signals: {} })).toEqual([]);
});
