import { describe, expect, it } from 'vitest';
import type { ClueRecord } from '../../src/vocabulary/records.ts';
import { clue, factsIn, type LogSketch } from './logs-of.ts';
import { END, lines, MINUTE, originFails, requests, SECOND, START } from './scenes-of.ts';

const unit = (signal: 'unit.stopped' | 'unit.started', ms: number): ClueRecord =>
  clue(signal, ms, { subject: 'php8.2-fpm.service', values: { role: 'fpm' } });
/** A journal that ends with its last line. */
const journal = (...records: readonly ClueRecord[]): LogSketch => ({ hop: 'host', format: 'journal', records });
const isDown = (log: LogSketch): boolean => factsIn([originFails(), log]).signals.has('derived.fpm-down');

describe('a service that was stopped and never started, as far as the log goes', () => {
  it('is down where the log goes on to the burst', () => {
    expect(isDown(lines('host', [unit('unit.stopped', START - 5 * MINUTE)]))).toBe(true);
  });

  it('is not known to be down where the log ends minutes before the burst: it may have come back', () => {
    expect(isDown(journal(unit('unit.stopped', START - 5 * MINUTE)))).toBe(false);
  });

  it('is down where it went as the burst began: that is no silence', () => {
    expect(isDown(journal(unit('unit.stopped', START - SECOND)))).toBe(true);
  });
});

describe('that the service behind cloudflared worked with the same rules', () => {
  const refused = (level: string, at = END - 5 * SECOND): ClueRecord[] =>
    [0, 1, 2, 3].map((i) => clue('cloudflared.inner-refused', at + i * SECOND, { hop: 'tunnel', level }));
  const worked = (...tunnel: readonly ClueRecord[][]): boolean =>
    factsIn([originFails(), requests('proxy', {}), lines('tunnel', ...tunnel)]).signals.has(
      'derived.tunnel-service-worked',
    );

  it('follows from good answers before where its log would tell of a start', () => {
    expect(
      worked([clue('cloudflared.edge-retry', START - 8 * MINUTE, { hop: 'tunnel', level: 'info' })], refused('error')),
    ).toBe(true);
  });

  it('does not where its level leaves starts out', () => {
    expect(worked(refused('error'))).toBe(false);
  });
});
