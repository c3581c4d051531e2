import { createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { createGzip } from 'node:zlib';
import { makeFolder } from '../batch/make-folder.ts';
import { looksBinary } from '../input/binary.ts';
import { readSource } from '../input/bytes.ts';
import { detectEncoding, HEAD_BYTES } from '../input/encoding.ts';
import { fileSource, type SourceFile } from '../input/source.ts';
import type { Secrets } from '../result/leaks.ts';
import { asText, maskField } from '../result/mask-fields.ts';
import { type JsonChange, JsonMasker } from '../result/mask-json.ts';
import { LONGEST_TEXT, type Redaction } from '../result/redact.ts';
import { MASK } from '../result/secrets.ts';

/** How the texts of a file are changed: those of its JSON by their fields, others line by line. */
interface Change extends JsonChange {
  readonly line: (text: string) => string;
}

/** A copy that was written. */
export interface Copy {
  /** Name below the folder of the copies. */
  readonly name: string;
  /** What a reader should know of it, in plain words. */
  readonly notes: readonly string[];
}

/** Reads a source so that the names of its visitors and servers are known. Returns why it cannot be copied, or null. */
export async function seeSource(source: SourceFile, redaction: Redaction): Promise<string | null> {
  const see = (text: string): string => {
    redaction.see(text);
    return text;
  };
  const change: Change = {
    line: see,
    key: see,
    value: (field, text) => {
      redaction.see(asText(field, text));
      return text;
    },
  };
  try {
    for await (const _ of changed(source, change)) void _;
    return null;
  } catch (error) {
    if (error instanceof NoText) return `not copied: ${error.message}`;
    throw error;
  }
}

/**
 * Writes a safe copy of a source: as many lines, JSON where there was JSON, gzip where there was gzip. `name` is below
 * `folder`; everything passes in blocks, one line or string is held at a time.
 */
export async function copySource(
  source: SourceFile,
  folder: string,
  name: string,
  redaction: Redaction,
): Promise<Copy> {
  const { secrets } = redaction;
  const bytes = readSource(source);
  const change: Change = {
    line: (text) => secrets.mask(redaction.mask(text)),
    key: (text) => secrets.mask(redaction.mask(text)),
    value: (field, text) => secrets.mask(maskField(redaction, field, text)),
  };
  const path = join(folder, name);
  await makeFolder(dirname(path));
  await writeText(path, changedBlocks(bytes, change), name.endsWith('.gz'));
  const { packing, warnings } = bytes.summary();
  return { name, notes: [...warnings, ...(packing === 'zstd' ? ['it was packed with zstd and is plain now'] : [])] };
}

/** Whether a copy holds what was masked elsewhere; it is then written again without that. False where it still does. */
export async function mendCopy(folder: string, name: string, secrets: Secrets): Promise<boolean> {
  const path = join(folder, name);
  if (!(await leaks(path, secrets))) return true;
  const mask = (text: string): string => secrets.mask(text);
  const again = `${path}.again`;
  await writeText(
    again,
    changed(copyAt(path), { line: mask, key: mask, value: (_, text) => mask(text) }),
    name.endsWith('.gz'),
  );
  await rename(again, path);
  if (!(await leaks(path, secrets))) return true;
  await rm(path);
  return false;
}

async function leaks(path: string, secrets: Secrets): Promise<boolean> {
  let found = false;
  const look = (text: string): string => {
    found ||= secrets.find(text).size > 0;
    return text;
  };
  for await (const _ of changed(copyAt(path), { line: look, key: look, value: (_field, text) => look(text) })) {
    if (found) break;
  }
  return found;
}

/** A copy as a source. Its size matters: small files are read at once. */
function copyAt(path: string): SourceFile {
  return fileSource(path, path, statSync(path).size, false);
}

async function writeText(path: string, text: AsyncIterable<string>, packed: boolean): Promise<void> {
  const out = createWriteStream(path, { flags: 'wx' });
  const from = Readable.from(text, { objectMode: false });
  if (packed) await pipeline(from, createGzip(), out);
  else await pipeline(from, out);
}

/** What a file is that is no text. */
class NoText extends Error {}

function changed(source: SourceFile, change: Change): AsyncGenerator<string> {
  return changedBlocks(readSource(source), change);
}

/** A document of several lines: JSON whose first line is none by itself. */
const JSON_BEGIN = /^\s*(?:\{|\[\s*\{)/;

/** The changed text of a file, in pieces. Throws `NoText`. */
async function* changedBlocks(blocks: AsyncIterable<Buffer>, change: Change): AsyncGenerator<string> {
  let head = Buffer.alloc(0);
  let opened: Opened | null = null;
  for await (const block of blocks) {
    if (opened !== null) yield opened.write(block);
    else {
      head = Buffer.concat([head, block]);
      if (head.length < HEAD_BYTES) continue;
      opened = open(head, change);
      yield opened.write(head);
    }
  }
  if (opened === null && head.length > 0) {
    opened = open(head, change);
    yield opened.write(head);
  }
  if (opened !== null) yield opened.end();
}

interface Opened {
  readonly write: (bytes: Buffer) => string;
  readonly end: () => string;
}

/** Tells from the first bytes of a file how its text is to be changed. */
function open(head: Buffer, change: Change): Opened {
  const binary = looksBinary(head);
  if (binary !== null) throw new NoText(binary);
  const { encoding } = detectEncoding(head);
  const decoder = new TextDecoder(encoding);
  const changer = isDocument(new TextDecoder(encoding).decode(head)) ? new JsonMasker(change) : new LineChanger(change);
  return {
    write: (bytes) => changer.write(decoder.decode(bytes, { stream: true })),
    end: () => changer.write(decoder.decode()) + changer.end(),
  };
}

function isDocument(text: string): boolean {
  if (!JSON_BEGIN.test(text)) return false;
  const [first = '', second] = text.trimStart().split('\n', 2);
  return second === undefined || !isJson(first);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** A private key that begins here and goes on in the lines below. */
const KEY_BEGINS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?!.*-----END)/;
const KEY_LINE = /^\s*[A-Za-z0-9+/=]{1,100}\s*$/;

/** Changes text line by line; a line that is JSON by its fields. */
class LineChanger {
  readonly #change: Change;
  #held = '';
  #inKey = false;

  constructor(change: Change) {
    this.#change = change;
  }

  write(text: string): string {
    let out = '';
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#hold(text.slice(from, end));
      out += `${this.#line(this.#held)}\n`;
      this.#held = '';
      from = end + 1;
    }
    this.#hold(text.slice(from));
    return out;
  }

  end(): string {
    return this.#line(this.#held);
  }

  /** Of a line that no log writes the beginning is enough: the masks leave the rest out. */
  #hold(text: string): void {
    if (this.#held.length <= LONGEST_TEXT) this.#held += text.slice(0, LONGEST_TEXT + 1);
  }

  #line(line: string): string {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    const end = line.slice(bare.length);
    if (this.#inKey && KEY_LINE.test(bare)) return MASK + end;
    this.#inKey = KEY_BEGINS.test(bare);
    if (!bare.startsWith('{') || !isJson(bare)) return bare === '' ? line : this.#change.line(bare) + end;
    const json = new JsonMasker(this.#change);
    return json.write(bare) + json.end() + end;
  }
}
