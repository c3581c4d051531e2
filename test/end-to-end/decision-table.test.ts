import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Place } from '../../src/vocabulary/hops.ts';
import { EDGE_ROW_CASES } from '../formats/edge/edge-row-cases.ts';

const T0 = Date.UTC(2026, 2, 4, 9, 0, 0);
const ADDRESS = { OriginIP: '203.0.113.9', OriginResponseStatus: 200, CacheCacheStatus: 'dynamic' };

/** Where the fault lies that rows of each kind point to (reference: cloudflare-exports 2.1, the cause of each row). */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  '29': ['origin'],
  '11': ['edge'],
  '11, 12': ['edge'],
  '5': ['origin'],
  '7': ['origin'],
  '8': ['origin', 'tunnel'],
  '9': ['edge'],
  '13': ['origin', 'tunnel'],
  '10': ['edge'],
  '14': ['origin'],
  '15': ['origin'],
  // A Worker's own requests are nobody's visits: the visitor's row beside them would count.
  '18': ['edge', 'none'],
  '17': ['origin', 'network'],
  '16': ['origin', 'network'],
  '19': ['network', 'origin'],
  '21': ['origin'],
  '20': ['origin'],
  '22': ['origin'],
  '23': ['origin'],
  '24': ['tunnel', 'origin'],
  '24a': ['origin'],
  '26': ['edge'],
  // Refusals are no incident of gateways.
  '27a': ['edge', 'none'],
  '27b': ['edge', 'none'],
  '27d': ['origin', 'none'],
  // Seen by no visitor, or no failure of anybody's.
  '1': ['none'],
  '2': ['none'],
  '3': ['none'],
  '25': ['none'],
  '28': ['none'],
};

/** Four minutes of good answers, the row forty times among them. */
function log(status: number, columns: Readonly<Record<string, unknown>>, durationMs: number): string {
  const rows: string[] = [];
  const add = (atMs: number, fields: Readonly<Record<string, unknown>>): void => {
    const ray = (0x7fff_0000_0000 + rows.length).toString(16).padStart(16, '8');
    const end = new Date(atMs).toISOString();
    rows.push(
      JSON.stringify({
        RayID: ray,
        EdgeEndTimestamp: end,
        EdgeStartTimestamp: end,
        ClientRequestHost: 'www.example.com',
        ClientRequestMethod: 'GET',
        ClientRequestURI: `/page/${rows.length % 7}`,
        ClientRequestSource: 'eyeball',
        EdgeColoCode: ['FRA', 'AMS', 'LHR'][rows.length % 3],
        WorkerStatus: 'unknown',
        WorkerSubrequest: false,
        ...fields,
      }),
    );
  };
  for (let second = 0; second < 240; second++) {
    add(T0 + second * 1000, { EdgeResponseStatus: 200, ...ADDRESS });
    if (second < 120 || second >= 140) continue;
    for (const part of [200, 700]) {
      const atMs = T0 + second * 1000 + part;
      add(atMs, {
        EdgeResponseStatus: status,
        CacheCacheStatus: 'dynamic',
        ...columns,
        EdgeStartTimestamp: new Date(atMs - durationMs).toISOString(),
      });
    }
  }
  return `${rows.join('\n')}\n`;
}

describe('rows of the edge’s log that fail all in one way', () => {
  const cases = EDGE_ROW_CASES.filter(([row]) => PLACES[row] !== undefined);

  it('are of every kind that the decision table places', () => {
    expect(new Set(cases.map(([row]) => row)).size).toBe(Object.keys(PLACES).length);
  });

  const named = cases.map(([row, status, columns, , durationMs]) => ({ row, status, columns, durationMs }));
  it.each(named)(
    'row $row ($status) is placed where the table says',
    async ({ row, status, columns, durationMs = 200 }) => {
      const stdin = Readable.from([Buffer.from(log(status, columns, durationMs))]);
      const { verdict } = await analyze(['-'], { stdin });
      expect(PLACES[row], verdict.cause).toContain(verdict.place);
    },
  );
});
