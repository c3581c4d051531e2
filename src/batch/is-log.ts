import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { firstLines, HEAD_BYTES } from '../digest/head.ts';
import { detectDocument, detectLines } from '../formats/detect.ts';
import { FORMATS } from '../formats/registry.ts';
import { looksBinary } from '../input/binary.ts';
import { readSource } from '../input/bytes.ts';
import { decodeLine } from '../input/lines.ts';
import { fileSource } from '../input/source.ts';

/** Called a log: if it is damaged, that has to be told, so it is not passed over. */
const LOG_NAME = /\.(?:log|har|ndjson)(?:[.-]|$)|(?:^|[._-])(?:error|access|sys|kern|auth)_?log(?:[.-]|$)/i;

/** Written by people about incidents; logs are quoted in them. */
const DOCUMENT_NAME = /\.(?:md|markdown|rst|adoc)$/i;

/** Whether a file is a log: by its name, else by its beginning. False where it cannot be read. */
export async function isLog(path: string): Promise<boolean> {
  const name = basename(path);
  if (DOCUMENT_NAME.test(name)) return false;
  if (LOG_NAME.test(name)) return true;
  try {
    const { size } = await stat(path);
    const head = await beginningOf(path, size);
    if (head.length === 0 || looksBinary(head) !== null) return false;
    return (
      detectDocument(decodeLine(head), FORMATS) !== null || detectLines(firstLines(head), FORMATS, name).length > 0
    );
  } catch {
    return false;
  }
}

/** The first bytes after unpacking. */
async function beginningOf(path: string, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const block of readSource(fileSource(path, basename(path), bytes, false), { blockBytes: HEAD_BYTES })) {
    parts.push(Buffer.from(block));
    length += block.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}
