import { describe, expect, it } from 'vitest';
import { detectDocument } from '../../src/formats/detect.ts';
import { FORMATS } from '../../src/formats/registry.ts';

const ROW = '{"EdgeStartTimestamp":"2026-03-04T10:00:01Z","EdgeResponseStatus":502,"Cookies":{"log":{"entries":"1"}}}';

describe('a document', () => {
  it('is told by its beginning, also where it stands on one line', () => {
    const har = '{"log":{"version":"1.2","creator":{"name":"x"},"entries":[]}}';
    expect(detectDocument(har, FORMATS)?.id).toBe('har');
    expect(detectDocument(`${har}\n`, FORMATS)?.id).toBe('har');
  });

  it.each(['\n', '\r\n'])('is not what has an object on each line, whatever stands in them', (feed) => {
    expect(detectDocument(`${ROW}${feed}${ROW}${feed}`, FORMATS)).toBeNull();
  });
});
