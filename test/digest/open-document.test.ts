import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenDocument } from '../../src/digest/open-document.ts';
import { errorPage } from '../../src/formats/client/error-page.ts';
import { har } from '../../src/formats/client/har.ts';
import type { LogRecord } from '../../src/vocabulary/records.ts';

const entry = (status: number): object => ({
  startedDateTime: '2025-09-30T12:31:44.500Z',
  time: 120,
  request: { method: 'GET', url: 'https://app.example.com/grüße/日本', headers: [] },
  response: { status, headers: [{ name: 'server', value: 'cloudflare' }], content: { text: 'Größe 😀' } },
});
const TEXT = JSON.stringify({ log: { version: '1.2', entries: [200, 502, 504].map(entry), creator: { name: 'x' } } });

function readIn(bytes: Buffer, cuts: readonly number[]): LogRecord[] {
  const records: LogRecord[] = [];
  const document = new OpenDocument(har, bytes.subarray(0, 64), (record) => records.push(record));
  const marks = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (const [i, mark] of marks.entries()) document.write(bytes.subarray(mark, marks[i + 1] ?? bytes.length));
  expect(document.end()).toEqual({ notUnderstood: 0 });
  return records;
}

describe('a document that comes in pieces', () => {
  const whole = readIn(Buffer.from(TEXT), []);

  it('gives the same entries wherever its bytes are cut, also within a character', () => {
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(TEXT)), { maxLength: 8 }), (cuts) => {
        expect(readIn(Buffer.from(TEXT), cuts)).toEqual(whole);
      }),
    );
  });

  it('is read in UTF-16 and behind a byte order mark as well', () => {
    expect(readIn(Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), [3, 501])).toEqual(whole);
    expect(readIn(Buffer.from(`\uFEFF${TEXT}`), [1, 2])).toEqual(whole);
  });

  it('is held as a whole where its format wants it so', () => {
    const records: LogRecord[] = [];
    const input = errorPage.examples()[1]?.input ?? '';
    const document = new OpenDocument(errorPage, Buffer.from(input), (record) => records.push(record));
    for (const character of input) document.write(Buffer.from(character));
    expect(document.end()).toEqual({ notUnderstood: 0 });
    expect(records).toMatchObject(errorPage.examples()[1]?.records ?? []);
  });
});
