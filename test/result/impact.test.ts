import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { sceneOf } from '../../src/correlate/scenes.ts';
import { impactOf } from '../../src/result/build/impact.ts';
import { type LogSketch, timedOf } from '../correlate/logs-of.ts';
import { edgeFails, lines, originFails, requests, throughout } from '../correlate/scenes-of.ts';

function impact(...logs: LogSketch[]): ReturnType<typeof impactOf> {
  const streams = timedOf(logs);
  const bursts = findBursts(streams);
  const [burst] = bursts;
  if (!burst) throw new Error('no burst');
  return impactOf(burst, factsOf(sceneOf(burst, bursts, streams)));
}

const visits = (i: number) => ({
  client: `192.0.2.${i % 40}`,
  host: i % 2 === 0 ? 'a.example.com' : 'b.example.com',
  path: `/item/${i}`,
  upstream: '203.0.113.5',
});

describe('whom a burst hit', () => {
  it('counts hosts, kinds of paths and visitors among the failed', () => {
    expect(impact(originFails({ good: visits, bad: visits }))).toMatchObject({
      hosts: 2,
      paths: 1,
      visitors: 40,
      share: 1,
      uncertaintySeconds: 0,
    });
  });

  it('does not take Cloudflare’s addresses, or this host’s, for visitors', () => {
    for (const address of ['172.64.0.7', '127.0.0.1']) {
      const peer = { client: address };
      expect(impact(requests('proxy', { good: peer, bad: peer })).visitors).toBeNull();
    }
  });

  it('says that first and last failure are known to the second where the log writes seconds', () => {
    const log = originFails();
    const records = log.records.map((record) =>
      record.stamp.kind === 'none'
        ? record
        : { ...record, stamp: { ...record.stamp, ms: Math.floor(record.stamp.ms / 1000) * 1000 } },
    );
    expect(impact({ ...log, records }).uncertaintySeconds).toBe(1);
  });
});

describe('requests that never reached the origin', () => {
  it.each([
    ['all that were refused at its door', [edgeFails('edge.521', 521)], 300],
    ['none that it answered', [originFails({ bad: visits, good: visits })], 0],
    ['none that it took and left unanswered', [edgeFails('edge.524', 524)], 0],
    [
      'those alone that were refused',
      [edgeFails('edge.521', 521, { bad: (i) => (i % 3 === 0 ? { status: 520, signal: 'edge.520' } : {}) })],
      200,
    ],
    ['unknown where an answer may be cloudflared’s', [originFails()], null],
    ['all where its own log has none of them', [originFails(), requests('proxy', { bad: null })], 300],
    [
      'none where its own log has them',
      [originFails(), requests('proxy', { bad: { signal: 'access.no-answer-502' } })],
      0,
    ],
    ['none where its own lines tell of each', [lines('proxy', throughout('nginx.connect-refused'))], 0],
  ] as const)('are %s', (_, logs, never) => {
    expect(impact(...logs).neverReachedOrigin).toBe(never);
  });
});
