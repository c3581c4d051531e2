import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/vocabulary/records.ts';
import { clue, factsIn, type LogSketch, steady } from './logs-of.ts';
import { END, originFails, START } from './scenes-of.ts';

const OWN = 'shop.example.com';
const OTHER = 'intern.example.edu';

/** An error log of one server for both sites: the burst's own lines, and as many of another site. */
const errors = (own: string): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-error',
  records: steady(START, END, 200, (ms): LogRecord[] => [
    clue('nginx.premature-header', ms, { host: own }),
    clue('nginx.connect-refused', ms, { host: OTHER }),
  ]).flat(),
});

describe('error lines of another site on the same server', () => {
  const edge = originFails({ bad: { host: OWN }, good: { host: OWN } });

  it('do not explain this one’s failures', () => {
    const { signals } = factsIn([edge, errors(OWN)]);
    expect(signals.get('nginx.premature-header')).toMatchObject({ strength: 1 });
    expect(signals.get('nginx.connect-refused')?.count ?? 0).toBe(0);
  });

  it('are heard where the two logs call the hosts by other names', () => {
    const { signals } = factsIn([edge, errors('web-1.internal')]);
    expect(signals.get('nginx.connect-refused')?.count).toBeGreaterThan(100);
  });
});
