import { describe, expect, it } from 'vitest';
import type { FoundBurst } from '../../src/bursts/burst.ts';
import { findBursts } from '../../src/bursts/find.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { withOutages } from '../../src/correlate/outages.ts';
import { sceneOf } from '../../src/correlate/scenes.ts';
import { clue, inOrder, type LogSketch, row, steady, T0, timedOf } from './logs-of.ts';

const SECOND = 1000;
const DOWN = T0 + 60 * SECOND;
const UP = T0 + 120 * SECOND;
const END = T0 + 180 * SECOND;

const outagesIn = (...logs: readonly LogSketch[]): readonly FoundBurst[] => {
  const streams = timedOf(logs);
  return withOutages(findBursts(streams), streams);
};

const REGISTERED = { connection: '0' };
const tunnel: LogSketch = {
  hop: 'tunnel',
  records: [
    clue('cloudflared.proc-start', T0),
    clue('cloudflared.edge-reg', T0 + SECOND, REGISTERED),
    clue('cloudflared.proc-sigterm', DOWN),
    clue('cloudflared.proc-start', UP - 2 * SECOND),
    clue('cloudflared.edge-reg', UP, REGISTERED),
  ],
};
const stoppedNginx: LogSketch = {
  hop: 'proxy',
  format: 'nginx-error',
  records: [clue('nginx.sig-stop', DOWN), clue('nginx.start', UP)],
};
const drops: LogSketch = {
  hop: 'host',
  format: 'kernel',
  records: steady(DOWN, UP, SECOND, (ms) => clue('kernel.packet-dropped', ms)),
};
const access = (isSilent: boolean): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  records: inOrder(
    steady(T0, DOWN, SECOND / 4, (ms) => row('proxy', ms)),
    isSilent ? [] : steady(DOWN, UP, SECOND / 4, (ms) => row('proxy', ms)),
    steady(UP, END, SECOND / 4, (ms) => row('proxy', ms)),
  ),
});
const edge: LogSketch = {
  hop: 'edge',
  records: steady(T0, END, SECOND / 4, (ms) => row('edge', ms, { originStatus: 200 })),
};

describe('an outage that no log from outside covers', () => {
  it.each([
    ['a tunnel without a connection', tunnel],
    ['a web server that was stopped', stoppedNginx],
    ['a firewall that drops Cloudflare’s packets', drops],
  ])('is found by what the inside says: %s', (_, cause) => {
    const found = outagesIn(cause, access(true));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'gateway', madeBy: 'edge', unseen: true, estimated: true, total: null });
    expect(Math.abs((found[0]?.startMs ?? 0) - DOWN)).toBeLessThanOrEqual(SECOND);
    expect(Math.abs((found[0]?.endMs ?? 0) - UP)).toBeLessThanOrEqual(SECOND);
    expect(found[0]?.failed).toBeGreaterThan(200);
    expect(found[0]?.failed).toBeLessThan(280);
  });

  it('is the tunnel’s even where its own log is all there is; how many requests failed is then not known', () => {
    const found = outagesIn(tunnel);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ failed: 0, estimated: false });
  });

  it('is none where the web server went on answering', () => {
    for (const cause of [tunnel, stoppedNginx, drops]) expect(outagesIn(cause, access(false))).toEqual([]);
  });

  it('is none where the edge’s log shows that visitors were served', () => {
    for (const cause of [tunnel, stoppedNginx, drops]) expect(outagesIn(cause, access(true), edge)).toEqual([]);
  });

  it('is none at the first start of cloudflared, nor at a stop that ends its log', () => {
    const opening = [clue('cloudflared.proc-start', T0), clue('cloudflared.edge-reg', T0 + 5 * SECOND, REGISTERED)];
    const closing = [clue('cloudflared.proc-sigterm', DOWN)];
    expect(outagesIn({ hop: 'tunnel', records: opening })).toEqual([]);
    expect(outagesIn({ hop: 'tunnel', records: [...opening, ...closing] })).toEqual([]);
  });

  it('is told as seen from the inside only', () => {
    const streams = timedOf([tunnel, access(true)]);
    const found = withOutages(findBursts(streams), streams);
    const [burst] = found;
    expect(burst && [...factsOf(sceneOf(burst, found, streams)).signals.keys()]).toEqual(
      expect.arrayContaining(['derived.seen-from-inside', 'derived.access-log-stops', 'derived.tunnel-down']),
    );
  });
});
