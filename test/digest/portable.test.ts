import { describe, expect, it } from 'vitest';
import { portable, sourceOf } from '../../src/digest/portable.ts';
import { rangeSource } from '../../src/input/ranges.ts';
import { fileSource, type SourceFile, streamSource } from '../../src/input/source.ts';

const MB = 1e6;
const file = fileSource('/logs/access.log', 'access.log', 300 * MB, true);

/** What reading goes by. */
const traits = ({ path, label, bytes, named, range, skips }: SourceFile) => ({
  path,
  label,
  bytes,
  named,
  range,
  skips,
});

/** The source as another thread has it. */
function carried(source: SourceFile): SourceFile {
  const plain = portable(source);
  if (plain === null) throw new Error(`${source.label} cannot be carried`);
  return sourceOf(structuredClone(plain));
}

describe('a source for another thread', () => {
  it.each([
    ['a file', file],
    ['its first piece', rangeSource(file, '/logs/access.log', { start: 0, end: 100 * MB })],
    ['a piece from its middle', rangeSource(file, '/logs/access.log', { start: 100 * MB, end: 210 * MB })],
    ['its last piece', rangeSource(file, '/logs/access.log', { start: 210 * MB, end: Number.MAX_SAFE_INTEGER })],
  ])('is there what it is here: %s', (_, source) => {
    expect(traits(carried(source))).toEqual(traits(source));
  });

  it('is none where nobody else can open it', () => {
    expect(portable(streamSource((async function* () {})()))).toBeNull();
  });
});
