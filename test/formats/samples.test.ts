import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';
import { LINES_PAGE, linesPage } from '../tools/lines-page.ts';
import { SAMPLE_LINES } from './samples.ts';

const named = SAMPLE_LINES.map((sample) => ({ ...sample, shown: sample.line.slice(0, 90) }));

describe('a line for every message that is known', () => {
  it.each(named)('$signal: $shown', async ({ format, signal, line, before }) => {
    const text = [...before, line].join('\n');
    const trace = await traceSource(streamSource(Readable.from([Buffer.from(text)])), FORMATS);
    const last = trace.records.at(-1);
    expect({ format: last?.format.id, signal: last?.record.signal, notUnderstood: trace.notUnderstood }).toEqual({
      format,
      signal,
      notUnderstood: 0,
    });
  });
});

it(`${LINES_PAGE} is what \`npm run docs\` writes`, () => {
  expect(readFileSync(LINES_PAGE, 'utf8')).toBe(linesPage());
});
