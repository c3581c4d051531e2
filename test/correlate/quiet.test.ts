import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { hasOnlyNoise, isBlind, isQuiet, seesWholeWay } from '../../src/correlate/quiet.ts';
import { excerptScene } from '../../src/correlate/scenes.ts';
import type { ClueRecord } from '../../src/vocabulary/records.ts';
import { clue, type LogSketch, row, steady, T0, timedOf } from './logs-of.ts';

const answers = (n: number, bad: number): LogSketch => ({
  hop: 'proxy',
  records: steady(T0, T0 + n * 1000, 1000, (ms, i) => row('proxy', ms, { status: i < bad ? 502 : 200 })),
});
const log = (...records: LogSketch['records'][number][]): LogSketch => ({ hop: 'proxy', records });

describe('quiet logs', () => {
  it('hold enough good answers and hardly a bad one', () => {
    expect(isQuiet(timedOf([answers(100, 2)]))).toBe(true);
    expect(isQuiet(timedOf([answers(100, 20)]))).toBe(false);
  });

  it('are not a pasted line or two', () => {
    expect(isQuiet(timedOf([log(clue('nginx.connect-refused', T0))]))).toBe(false);
    expect(isQuiet(timedOf([answers(3, 0)]))).toBe(false);
  });

  it('may hold scanners that were refused', () => {
    const scanners = steady(T0, T0 + 50_000, 1000, (ms) => row('proxy', ms, { status: 403, path: '/.env' }));
    expect(isQuiet(timedOf([answers(100, 0), log(...scanners)]))).toBe(true);
  });

  it('are not where workers died or visitors were sent away without an answer', () => {
    const dropped = steady(T0, T0 + 50_000, 1000, (ms) => clue('nginx.proxy-protocol', ms));
    expect(isQuiet(timedOf([answers(100, 0), log(...dropped)]))).toBe(false);
    expect(isQuiet(timedOf([answers(100, 0), log(clue('nginx.worker-killed', T0 + 9000))]))).toBe(false);
  });

  it('are not where many visitors were sent away within seconds of calm hours', () => {
    const together = steady(T0 + 40_000, T0 + 45_000, 250, (ms) => clue('nginx.proxy-protocol', ms));
    const scattered = steady(T0, T0 + 1_900_000, 100_000, (ms) => clue('nginx.proxy-protocol', ms));
    expect(isQuiet(timedOf([answers(2000, 0), log(...together)]))).toBe(false);
    expect(isQuiet(timedOf([answers(2000, 0), log(...scattered)]))).toBe(true);
  });

  it('are not where an application misses its database again and again within a minute, whatever else it tells of each request', () => {
    const app = (errors: readonly ClueRecord[]): LogSketch => ({
      hop: 'app',
      format: 'app',
      records: [...steady(T0, T0 + 40_000, 200, (ms) => clue('app.chatter', ms)), ...errors],
    });
    const together = steady(T0 + 20_000, T0 + 30_000, 1000, (ms) => clue('app.db-error', ms));
    expect(isBlind(timedOf([app(together)]))).toBe(false);
    expect(isBlind(timedOf([app(together.slice(0, 2))]))).toBe(true);
    expect(isQuiet(timedOf([app(together), answers(100, 0)]))).toBe(true);
  });

  it('are no browser’s capture with a failure in it', () => {
    const capture = (status: number): LogSketch => ({
      hop: 'client',
      records: steady(T0, T0 + 40_000, 1000, (ms, i) =>
        row('client', ms, i === 20 ? { status, ...(status === 200 ? {} : { signal: 'har.waf-block' }) } : {}),
      ),
    });
    expect(isQuiet(timedOf([capture(200)]))).toBe(true);
    expect(isQuiet(timedOf([capture(403)]))).toBe(false);
  });

  it('see the whole way only where the edge or a browser speaks', () => {
    expect(seesWholeWay(timedOf([answers(100, 0)]))).toBe(false);
    expect(seesWholeWay(timedOf([{ hop: 'edge', records: [row('edge', T0)] }]))).toBe(true);
  });
});

describe('logs that would not show a failed request', () => {
  const said = (...records: LogSketch['records'][number][]): LogSketch => ({
    hop: 'app',
    records: [...steady(T0, T0 + 100_000, 1000, (ms) => clue('app.chatter', ms)), ...records],
  });

  it('do not tell what happened, and are no quiet ones', () => {
    const logs = timedOf([said(clue('app.error', T0 + 5000))]);
    expect(isBlind(logs)).toBe(true);
    expect(isQuiet(logs)).toBe(false);
    expect(isBlind(timedOf([said(), answers(100, 0)]))).toBe(false);
  });

  it('tell of processes that ended, however much else they hold', () => {
    const ended = steady(T0, T0 + 5000, 1000, (ms) => clue('app.worker-exit', ms));
    expect(isBlind(timedOf([said(...ended)]))).toBe(false);
  });

  it('may be a pasted line', () => {
    expect(isBlind(timedOf([{ hop: 'app', records: [clue('app.error', T0)] }]))).toBe(false);
  });
});

describe('lines that look bad', () => {
  it('are only noise where each is known to be harmless', () => {
    expect(hasOnlyNoise(timedOf([log(clue('nginx.more-data', T0))]))).toBe(true);
  });

  it('are not where nobody knows what they mean', () => {
    expect(hasOnlyNoise(timedOf([log(clue('nginx.other', T0))]))).toBe(false);
    expect(hasOnlyNoise(timedOf([log(clue('apache.other', T0))]))).toBe(false);
  });

  it('are more where one tells of a failed request or a process', () => {
    expect(hasOnlyNoise(timedOf([log(clue('nginx.more-data', T0), clue('nginx.connect-refused', T0))]))).toBe(false);
    expect(hasOnlyNoise(timedOf([log(clue('nginx.more-data', T0)), log(clue('fpm.max-children', T0))]))).toBe(false);
  });

  it('are left open where Cloudflare may have ended requests that the service never answered', () => {
    const ended: LogSketch = { hop: 'tunnel', records: [clue('cloudflared.ended-abruptly', T0, { hop: 'tunnel' })] };
    expect(hasOnlyNoise(timedOf([ended]))).toBe(false);
    const edge: LogSketch = { hop: 'edge', records: [row('edge', T0, { status: 200 })] };
    expect(hasOnlyNoise(timedOf([ended, edge]))).toBe(true);
  });

  it('are not noise where there are none', () => {
    expect(hasOnlyNoise([])).toBe(false);
    expect(hasOnlyNoise(timedOf([answers(3, 0)]))).toBe(false);
  });
});

describe('a pasted excerpt', () => {
  it('is one scene, undated lines included', () => {
    const lines = [
      clue('nginx.connect-refused', 0, { stamp: { kind: 'none' } }),
      clue('fpm.max-children', 0, { stamp: { kind: 'none' } }),
    ];
    const facts = factsOf(excerptScene(timedOf([log(...lines)])));
    expect(facts.signals.get('nginx.connect-refused')).toMatchObject({ count: 1, strength: 1, firstMs: null });
    expect(facts.signals.get('fpm.max-children')).toMatchObject({ count: 1, strength: 1 });
    expect([facts.startMs, facts.endMs]).toEqual([Number.NaN, Number.NaN]);
  });

  it('of application errors alone is of that kind', () => {
    expect(excerptScene(timedOf([log(row('proxy', T0, { status: 500, signal: 'access.own-500' }))])).kind).toBe(
      'application',
    );
    expect(excerptScene(timedOf([answers(3, 3)])).kind).toBe('gateway');
  });

  it('of a tunnel says that connections were renewed while others stood, and not where one did not come back', () => {
    const lost = clue('cloudflared.edge-h2-lost', T0, { connection: '2' });
    const cameBack = clue('cloudflared.edge-reg', T0 + 1000, { connection: '2' });
    const keptUp = (...lines: readonly ClueRecord[]): boolean =>
      factsOf(excerptScene(timedOf([{ ...log(...lines), hop: 'tunnel' }]))).signals.has('derived.tunnel-kept-up');
    expect(keptUp(lost, cameBack)).toBe(true);
    expect(keptUp(lost)).toBe(false);
    const others = ['0', '1', '3'].map((connection) => clue('cloudflared.edge-h2-lost', T0, { connection }));
    const othersBack = others.map(({ connection = '' }) => clue('cloudflared.edge-reg', T0 + 1000, { connection }));
    expect(keptUp(lost, ...others, cameBack, ...othersBack)).toBe(false);
  });
});
