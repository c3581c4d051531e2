import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyedHash } from '../result/redact.ts';
import { makeFolder } from './make-folder.ts';

/** Fewer bytes could be guessed by trying. */
const SHORTEST_KEY_BYTES = 16;
const NEW_KEY_BYTES = 32;

export const KEY_WANTED = `a file of at least ${SHORTEST_KEY_BYTES} bytes is wanted; openssl rand -hex 32 > redact.key makes one`;

/** The key in a file, without the line end behind it; null where there is none that would do. */
export function readKey(path: string): Uint8Array | null {
  try {
    const bytes = readFileSync(path);
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end -= 1;
    return end < SHORTEST_KEY_BYTES ? null : bytes.subarray(0, end);
  } catch {
    return null;
  }
}

/** The key of a batch lies beside the folder of its reports, not in it, so that it does not leave with them. */
export function keyBeside(folder: string): Promise<Uint8Array> {
  return keyAt(`${folder}.redact-key`);
}

/** The key of the digests in a folder lies among them. */
export function keyFileOf(digest: string): string {
  return join(dirname(digest), 'whose502.redact-key');
}

/** The key in a file that its owner alone can read; made where there is none. Throws where it can be neither read nor made. */
export async function keyAt(path: string): Promise<Uint8Array> {
  try {
    await makeFolder(dirname(path));
    writeFileSync(path, `${randomBytes(NEW_KEY_BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = readKey(path);
  if (key === null) throw new Error(`${path}: this is no key: ${KEY_WANTED}`);
  return key;
}

/** What a key is known by, which does not tell the key. */
export function keyName(key: string | Uint8Array): string {
  return keyedHash(key, 'whose502');
}
