import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BetweenStamps } from '../../src/digest/between-stamps.ts';
import { app } from '../../src/formats/app/app.ts';
import { type LogRecord, NO_STAMP, type Stamp } from '../../src/vocabulary/records.ts';
import { clue, T0 } from '../correlate/logs-of.ts';

const at = (ms: number, line = 0): LogRecord => ({ ...clue('app.chatter', ms), line });
const undated = (line = 0): LogRecord => ({ ...clue('app.crash', T0), line, stamp: NO_STAMP });

/** The stamps with which records are handed on. */
function placed(...records: readonly LogRecord[]): Stamp[] {
  const stamps: Stamp[] = [];
  const between = new BetweenStamps(({ stamp }) => stamps.push(stamp));
  for (const [i, record] of records.entries()) between.take({ ...record, line: record.line || i + 1 }, app);
  between.end();
  return stamps;
}

const utc = (ms: number): Stamp => ({ kind: 'utc', ms });

describe('lines of an application without a time', () => {
  it('are spread over the time between those that have one', () => {
    expect(placed(at(T0), undated(), undated(), at(T0 + 4000))).toEqual([
      utc(T0),
      utc(T0),
      utc(T0 + 2000),
      utc(T0 + 4000),
    ]);
  });

  it('stay without where the next one is far, comes before, or never comes', () => {
    for (const next of [T0 + 60_000, T0 - 1000]) expect(placed(at(T0), undated(), at(next))[1]).toEqual(NO_STAMP);
    expect(placed(at(T0), undated())).toEqual([utc(T0), NO_STAMP]);
    expect(placed(undated(), at(T0))).toEqual([NO_STAMP, utc(T0)]);
  });

  it('stay without where clocks of two kinds are around them', () => {
    const local: LogRecord = { ...at(T0), stamp: { kind: 'local', ms: T0 + 1000 } };
    expect(placed(at(T0), undated(), local)[1]).toEqual(NO_STAMP);
  });

  it('are not between a line that comes late and the one above it', () => {
    expect(placed(at(T0, 1), undated(3), at(T0 + 1000, 2), at(T0 + 60_000, 4))).toEqual([
      utc(T0),
      utc(T0 + 1000),
      NO_STAMP,
      utc(T0 + 60_000),
    ]);
  });

  it('all come through once, in their order, with the times that were written and none that runs backwards', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20_000 }), { freq: 2 }), { maxLength: 400 }), (gaps) => {
        let ms = T0;
        const records = gaps.map((gap, line) => {
          if (gap !== null) ms += gap;
          return gap === null ? undated(line + 1) : at(ms, line + 1);
        });
        const seen: LogRecord[] = [];
        const between = new BetweenStamps((record) => seen.push(record));
        for (const record of records) between.take(record, app);
        between.end();
        expect(seen.map(({ line }) => line)).toEqual(gaps.map((_, i) => i + 1));
        expect(seen.filter((_, i) => gaps[i] !== null)).toEqual(records.filter((_, i) => gaps[i] !== null));
        const times = seen.flatMap(({ stamp }) => (stamp.kind === 'none' ? [] : [stamp.ms]));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
