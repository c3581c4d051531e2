import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksBinary } from '../../src/input/binary.ts';
import { detectEncoding } from '../../src/input/encoding.ts';
import { decodeLine } from '../../src/input/lines.ts';
import { linesOf } from './pieces.ts';

const LOG = '2025/03/04 09:12:29 [error] 31#31: *5 connect() failed (111: Connection refused)\r\nsecond é 😀 line\r\n';
const LINES = LOG.split('\r\n').slice(0, 2);

function utf16(text: string, order: 'le' | 'be', mark: boolean): Buffer {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

describe('encodings', () => {
  it.each([
    ['UTF-8', Buffer.from(LOG)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${LOG}`)],
    ['UTF-16 LE with a mark', utf16(LOG, 'le', true)],
    ['UTF-16 BE with a mark', utf16(LOG, 'be', true)],
    ['UTF-16 LE without a mark', utf16(LOG, 'le', false)],
    ['UTF-16 BE without a mark', utf16(LOG, 'be', false)],
  ])('%s gives the same lines at every block size', (_, bytes) => {
    for (let size = 1; size <= bytes.length; size++) expect(linesOf(bytes, [size]).map(decodeLine)).toEqual(LINES);
    expect(looksBinary(bytes)).toBeNull();
  });

  it('UTF-16 with a mark gives the text however the bytes are cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 4 });
    const order = fc.constantFrom('le' as const, 'be' as const);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), order, sizes, (text, endian, cuts) => {
        const lines = linesOf(Buffer.from(text), [100_000]);
        // A mark in front of the text itself would be taken as the mark of UTF-8.
        fc.pre(!text.startsWith('\ufeff'));
        expect(linesOf(utf16(text, endian, true), cuts)).toEqual(lines);
      }),
    );
  });

  it('UTF-16 that ends inside a character gives the rest', () => {
    const bytes = utf16('a\nb', 'le', true);
    expect(linesOf(bytes.subarray(0, -1), [3]).map(decodeLine)).toEqual(['a', '\ufffd']);
  });

  it('a text with some zeros in it stays UTF-8', () => {
    expect(detectEncoding(Buffer.from(`${'a\0'.repeat(4)}${'plain text '.repeat(9)}`)).encoding).toBe('utf-8');
    expect(detectEncoding(Buffer.alloc(1024)).encoding).toBe('utf-8');
  });
});

describe('files that are no text', () => {
  it.each([
    ['a PNG picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a JPEG picture', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a PDF document', Buffer.from('%PDF-1.7\n')],
    [
      'a ZIP archive (or an Office document): to have it read, let its name end in .zip',
      Buffer.from('504b030414000000', 'hex'),
    ],
    ['an ELF program or library', Buffer.from('7f454c4602010100', 'hex')],
    ['an SQLite database', Buffer.from('SQLite format 3\0')],
    [
      'a tar archive: to have it read, let its name end in .tar',
      Buffer.concat([Buffer.from('a.log'), Buffer.alloc(252), Buffer.from('ustar\x0000')]),
    ],
    ['binary data', Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167) % 256))],
  ])('%s is named', (name, head) => expect(looksBinary(head)).toBe(name));

  it('gzip inside gzip, xz and a binary journal say what to do', () => {
    expect(looksBinary(Buffer.from('1f8b0800', 'hex'))).toContain('gunzip');
    expect(looksBinary(Buffer.from('fd377a585a000004', 'hex'))).toContain('xz -d');
    expect(looksBinary(Buffer.from('LPKSHHRH'))).toContain('journalctl');
  });

  it('a log stays text with colours, zeros, a hole left by truncation, or in Latin 1', () => {
    const line = '\x1b[31mERROR\x1b[0m upstream prematurely closed connection\n';
    expect(looksBinary(Buffer.from(line))).toBeNull();
    expect(looksBinary(Buffer.from(`O:3:"A":1:{s:4:"\0A\0b";i:1;}\n${line}`))).toBeNull();
    expect(looksBinary(Buffer.concat([Buffer.alloc(4000), Buffer.from(line)]))).toBeNull();
    expect(looksBinary(Buffer.from('Zeitüberschreitung für die Anfrage\n', 'latin1'))).toBeNull();
    expect(looksBinary(Buffer.alloc(0))).toBeNull();
  });

  it('nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        looksBinary(Buffer.from(bytes));
      }),
    );
  });
});
