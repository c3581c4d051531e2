import { describe, expect, it } from 'vitest';
import { edgeFacts } from '../../../src/formats/edge/edge-facts.ts';
import { EDGE_RULES, edgeSignal } from '../../../src/formats/edge/edge-rows.ts';
import { JsonRow } from '../../../src/formats/edge/row.ts';
import { type Columns, EDGE_ROW_CASES, PLAIN } from './edge-row-cases.ts';

function facts(status: number, columns: Columns, durationMs?: number): ReturnType<typeof edgeFacts> {
  return edgeFacts(new JsonRow({ EdgeResponseStatus: status, ...PLAIN, ...columns }), status, () => durationMs);
}

describe('decision table of the edge log', () => {
  const named = EDGE_ROW_CASES.map(([row, status, columns, signal, durationMs]) => ({
    row,
    status,
    columns,
    signal,
    durationMs,
  }));
  it.each(named)('row $row: a $status is $signal', ({ row, status, columns, signal, durationMs }) => {
    const found = facts(status, columns, durationMs);
    expect(EDGE_RULES.find((rule) => rule.when(found))?.row).toBe(row);
    expect(edgeSignal(found)).toBe(signal);
  });

  it('has a case for every row', () => {
    expect(
      EDGE_RULES.map((rule) => rule.row).filter((row) => !EDGE_ROW_CASES.some(([tried]) => tried === row)),
    ).toEqual([]);
  });

  it.each([200, 301, 304, 404, 410])('says nothing of an ordinary %i', (status) => {
    expect(edgeSignal(facts(status, { OriginResponseStatus: status, OriginIP: '203.0.113.9' }))).toBeUndefined();
  });

  it('does not blame another zone for a 530 of the own tunnel', () => {
    expect(edgeSignal(facts(530, { OriginResponseStatus: 530, OriginIP: '' }))).toBe('edge.530');
  });

  it('leaves the 502 of a Worker’s own request with the origin that gave it', () => {
    const columns = { OriginResponseStatus: 502, OriginIP: '203.0.113.9', ClientRequestSource: 'edgeWorkerFetch' };
    expect(edgeSignal(facts(502, columns))).toBe('edge.origin-answered-5xx');
  });
});
