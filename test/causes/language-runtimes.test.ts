import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { factsOf, seen } from './facts-of.ts';

/** What runtimes and their servers say, and what they are convicted of by it; the last of each pair has the neighbour win. */
const CASES: readonly (readonly [says: string, cause: CauseId, signals: readonly SignalId[]])[] = [
  ['a Worker that asks too much of others met a limit', 'worker-limits', ['worker.exceeded-requests']],
  ['a Worker that threw of itself met none', 'worker-exception', ['worker.exception']],
  [
    'a port at which nobody came to listen is a dead application',
    'app-down',
    ['app.not-listening', 'nginx.connect-refused'],
  ],
  ['workers that are renewed without a word died', 'app-crash', ['derived.workers-renewed']],
  [
    'workers that their server killed for their time are no crash',
    'app-worker-timeout',
    ['gunicorn.worker-timeout', 'derived.workers-renewed'],
  ],
  ['a database that recovers cannot be reached', 'db-unreachable', ['db.not-ready']],
  ['a database that lacks the room to start lacks the room', 'disk-full', ['db.disk-full', 'db.not-ready']],
  ['a PHP-FPM that cannot take its port is not up', 'php-fpm-config-error', ['fpm.bind', 'nginx.connect-refused']],
  [
    'one that takes requests and drops them is, whatever a second one says',
    'php-fpm-crash',
    ['fpm.bind', 'nginx.recv-reset-header', 'derived.fastcgi-backend'],
  ],
];

describe('what runtimes say', () => {
  it.each(CASES)('%s', (_says, cause, signals) => {
    expect(diagnose(factsOf({ signals: seen(...signals) }), CAUSES).cause?.id).toBe(cause);
  });

  it('an application that says so is in maintenance, unless it was something else that answered', () => {
    const answered = (status: number): string | undefined =>
      diagnose(factsOf({ statuses: { [status]: 40 }, signals: seen('app.maintenance') }), CAUSES).cause?.id;
    expect(answered(503)).toBe('maintenance');
    expect(answered(502)).not.toBe('maintenance');
  });

  it('no temporary folder may be a full disk as well as a policy', () => {
    const { cause, candidates } = diagnose(factsOf({ signals: seen('apache.no-temp') }), CAUSES);
    expect(cause?.id).toBe('disk-full');
    expect(candidates.slice(0, 3).map((one) => one.cause?.id)).toContain('access-policy-denied');
  });
});
