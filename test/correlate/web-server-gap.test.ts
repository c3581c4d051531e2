import { describe, expect, it } from 'vitest';
import { webServerGap } from '../../src/correlate/derived/web-server-gap.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { isQuiet } from '../../src/correlate/quiet.ts';
import { excerptScene } from '../../src/correlate/scenes.ts';
import { clue, inOrder, type LogSketch, row, steady, T0, timedOf } from './logs-of.ts';

/** Two minutes at ten requests a second without those between two seconds. */
const visitors = (hop: 'proxy' | 'edge', from = 0, to = 0): LogSketch => ({
  hop,
  records: steady(T0, T0 + 120_000, 100, (ms) => row(hop, ms)).filter(
    ({ stamp }) => stamp.kind === 'utc' && (stamp.ms < T0 + from * 1000 || stamp.ms >= T0 + to * 1000),
  ),
});

const words = (stop: number, start: number): LogSketch => ({
  hop: 'proxy',
  records: inOrder([clue('nginx.sig-stop', T0 + stop * 1000), clue('nginx.start', T0 + start * 1000)]),
});

describe('a web server that was away without a failed request in its log', () => {
  it('is told by its stop, its start, and the visitors that are missing between them', () => {
    const streams = timedOf([visitors('proxy', 40, 50), words(40, 50)]);
    expect(isQuiet(streams)).toBe(false);
    expect(webServerGap(streams)?.stop.atMs).toBe(T0 + 40_000);
    const { signals } = factsOf(excerptScene(streams));
    expect(signals.get('derived.proxy-restarted')).toMatchObject({ values: { awaySeconds: 10 } });
  });

  it('was down, not restarted, where it took longer', () => {
    const { signals } = factsOf(excerptScene(timedOf([visitors('proxy', 40, 70), words(40, 70)])));
    expect(signals.has('derived.proxy-down')).toBe(true);
  });

  it('was down, not restarted, where a line without time between them says that its start was refused', () => {
    const [stop, start] = words(40, 50).records;
    const refused = clue('proxy.config-error', T0, { stamp: { kind: 'none' }, line: 2 });
    const log = [{ ...stop, line: 1 }, refused, { ...start, line: 3 }] as LogSketch['records'];
    const { signals } = factsOf(excerptScene(timedOf([visitors('proxy', 40, 50), { hop: 'proxy', records: log }])));
    expect(signals.has('derived.proxy-restarted')).toBe(false);
    expect(signals.has('derived.proxy-down')).toBe(true);
  });

  it('is not told where another one answered meanwhile', () => {
    expect(webServerGap(timedOf([visitors('proxy'), words(40, 50)]))).toBeNull();
  });

  it('is not told where hardly anybody can have come', () => {
    expect(webServerGap(timedOf([visitors('proxy', 40, 41), words(40, 41)]))).toBeNull();
  });

  it('harmed nobody where the edge saw every answer', () => {
    expect(isQuiet(timedOf([visitors('edge'), visitors('proxy', 40, 50), words(40, 50)]))).toBe(true);
  });
});

describe('a web server’s own log', () => {
  it('is not quiet where a worker crashed or visitors were dropped unheard', () => {
    const drops = steady(T0, T0 + 10_000, 100, (ms) => clue('nginx.conn-limit-drop', ms));
    expect(isQuiet(timedOf([visitors('proxy'), { hop: 'proxy', records: drops }]))).toBe(false);
    expect(isQuiet(timedOf([visitors('proxy'), { hop: 'proxy', records: [clue('nginx.worker-signal', T0)] }]))).toBe(
      false,
    );
  });
});
