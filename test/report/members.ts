import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** A member of a zip, with its text (bytes as Latin-1). */
export interface ZipMember {
  readonly name: string;
  readonly text: string;
  /** Date and time as the zip writes them. */
  readonly dosTime: number;
}

/** The members of a zip by its central directory. */
export function membersOf(path: string): readonly ZipMember[] {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [packed, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const name = zip.toString('latin1', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const dosTime = zip.readUInt32LE(at + 12);
    const method = zip.readUInt16LE(at + 10);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + packed);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return { name, text: (method === 0 ? data : inflateRawSync(data)).toString('latin1'), dosTime };
  });
}
