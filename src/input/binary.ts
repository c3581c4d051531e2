import { detectEncoding } from './encoding.ts';

interface Magic {
  readonly bytes: readonly number[] | string;
  readonly at?: number;
  readonly name: string;
}

/** Signatures of files that turn up beside logs. Longer and surer ones first where two begin alike. */
const MAGICS: readonly Magic[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], name: 'a PNG picture' },
  { bytes: [0xff, 0xd8, 0xff], name: 'a JPEG picture' },
  { bytes: 'GIF87a', name: 'a GIF picture' },
  { bytes: 'GIF89a', name: 'a GIF picture' },
  { bytes: '%PDF-', name: 'a PDF document' },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    name: 'a ZIP archive (or an Office document): to have it read, let its name end in .zip',
  },
  { bytes: [0x50, 0x4b, 0x05, 0x06], name: 'an empty ZIP archive' },
  { bytes: '\0ustar', at: 256, name: 'a tar archive: to have it read, let its name end in .tar' },
  { bytes: [0x1f, 0x8b], name: 'gzip data inside gzip data: unpack it once with gunzip' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], name: 'xz data: unpack it with xz -d' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd data inside packed data: unpack it once with zstd -d' },
  { bytes: [0x04, 0x22, 0x4d, 0x18], name: 'lz4 data: unpack it with lz4 -d' },
  { bytes: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4, name: 'bzip2 data: unpack it with bunzip2' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], name: 'a 7-Zip archive: unpack it with 7z x' },
  { bytes: 'Rar!\x1a\x07', name: 'a RAR archive: unpack it with unrar x' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], name: 'an ELF program or library' },
  { bytes: 'SQLite format 3\0', name: 'an SQLite database' },
  {
    bytes: 'ElfFile\0',
    name: 'a Windows event log: write it out with PowerShell, Get-WinEvent -Path … | Format-List TimeCreated, ProviderName, Id, LevelDisplayName, Message',
  },
  { bytes: 'bplist00', name: 'a binary property list, as Safari saves pages: save the page as text' },
  { bytes: 'LPKSHHRH', name: 'a binary systemd journal: write it out with journalctl --file=… -o short-iso-precise' },
  { bytes: [0xd4, 0xc3, 0xb2, 0xa1], name: 'a packet capture' },
  { bytes: [0xa1, 0xb2, 0xc3, 0xd4], name: 'a packet capture' },
  { bytes: [0x0a, 0x0d, 0x0d, 0x0a], name: 'a packet capture' },
  { bytes: 'PAR1', name: 'a Parquet file' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], name: 'an old Office document' },
];

/** Zeros in a row that are a hole, as log rotation by truncating or a power cut leaves them in a text. */
const HOLE_BYTES = 16;
/** Odd bytes up to this number are an accident in a text. */
const FEW = 4;
/** Control characters are looked for in this much of the beginning. */
const EXAMINED_BYTES = 8192;

/** Share of odd bytes above which nothing is text: bytes by chance have a tenth. */
const ODD_SHARE = 0.05;

/**
 * Names what a file is that is no text, by its signature or else by its share of control characters; null for text (UTF-16
 * included). `head`: the first bytes after unpacking, best some KiB.
 */
export function looksBinary(head: Buffer): string | null {
  const magic = SIGNATURES.find((one) => begins(head, one));
  if (magic !== undefined) return magic.name;
  const end = Math.min(head.length, EXAMINED_BYTES);
  // Nearly all that is read is text.
  if (!ODD.test(head.toString('latin1', 0, end)) || detectEncoding(head).encoding !== 'utf-8') return null;
  let odd = 0;
  let zeros = 0;
  let holes = 0;
  for (let i = 0; i <= end; i++) {
    const byte = i === end ? undefined : head[i];
    if (byte === 0) {
      zeros++;
      continue;
    }
    if (zeros >= HOLE_BYTES) holes += zeros;
    else odd += zeros;
    zeros = 0;
    if (byte !== undefined && isOdd(byte)) odd++;
  }
  return odd > FEW && odd > (end - holes) * ODD_SHARE ? 'binary data' : null;
}

const SIGNATURES = MAGICS.map(({ bytes, at = 0, name }) => ({
  bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes),
  at,
  name,
}));

function begins(head: Buffer, { bytes, at }: (typeof SIGNATURES)[number]): boolean {
  return head[at] === bytes[0] && head.subarray(at, at + bytes.length).equals(bytes);
}

/** Control characters that no log writes: not tab, line ends, bell, backspace, form feed or the escape of terminal colours. */
const ODD = /[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]/;

function isOdd(byte: number): boolean {
  return ODD.test(String.fromCharCode(byte));
}
