import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { clockFigures, markClocks } from './accuracy/clocks.ts';
import { type Incident, readLabelled } from './accuracy/truth.ts';

const folder = fileURLToPath(new URL('../../fixtures/incidents/fpm-socket-missing', import.meta.url));

describe('the clocks of an incident', () => {
  it('are right as the truth has them, and wrong beside another', async () => {
    const incident = readLabelled(folder);
    if (incident.kind !== 'incident') throw new Error(folder);
    const result = await analyze(incident.paths);
    const marks = (originClock: Incident['originClock']) =>
      clockFigures(markClocks({ ...incident, originClock }, result));
    expect(marks(incident.originClock)).toMatchObject({
      logs: 4,
      zones: { right: 3 },
      offsets: { right: 4 },
      wrong: [],
    });
    const { offsetMs, skewMs } = incident.originClock;
    expect(marks({ offsetMs, skewMs: skewMs + 60_000 }).offsets.wrong).toBe(4);
    expect(marks({ offsetMs: offsetMs + 3_600_000, skewMs }).zones.wrong).toBe(3);
  });
});
