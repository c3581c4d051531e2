import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';

const EXAMPLES = FORMATS.flatMap((format) => format.examples().map((example) => ({ id: format.id, ...example })));

describe('every format', () => {
  it('has a name of its own, and says where its files are found and what it cannot tell', () => {
    expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
    for (const { id, title, foundAt, limits, examples } of FORMATS)
      expect([id, title, foundAt.length, limits.length, examples().length].every(Boolean), id).toBe(true);
  });

  it.each(EXAMPLES)('$id reads, found by its content alone: $shows', async ({ id, input, records: wanted }) => {
    const trace = await traceSource(streamSource(Readable.from([Buffer.from(input)])), FORMATS);
    expect({ format: trace.format?.id ?? null, notUnderstood: trace.notUnderstood }).toEqual({
      format: wanted.length === 0 && trace.format === null ? null : id,
      notUnderstood: 0,
    });
    expect(trace.records.map(({ record }) => record)).toMatchObject(wanted);
  });
});
