import { gunzipSync } from 'node:zlib';

/** Layers of encoding that are opened one within the other. */
const DEEPEST = 3;
const PERCENT = /(?:%[0-9A-Fa-f]{2})+/g;
const BASE64 = /[A-Za-z0-9+/_-]{8,}={0,2}/g;

/** Whether a secret can be read in a text: as it stands, or once what is percent-encoded, escaped or in base64 is opened. */
export function reveals(text: string, secret: string, depth = 0): boolean {
  if (text.includes(secret)) return true;
  if (depth === DEEPEST) return false;
  const opened = [
    text.replace(PERCENT, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString()),
    text.replaceAll(/\\+(["'\\/])/g, '$1'),
    text.replaceAll('\\x22', '"'),
    ...[...text.matchAll(BASE64)].map(([word]) => unpacked(Buffer.from(word, 'base64')).toString('latin1')),
  ];
  return opened.some((inner) => inner !== text && reveals(inner, secret, depth + 1));
}

/** What was packed with gzip, unpacked. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}
