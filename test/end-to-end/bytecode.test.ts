import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const logs = join(repository, 'fixtures', 'incidents', 'two-faults-at-once', 'logs');
const built = join(repository, 'dist', 'cli');

const ENDING = `.${process.version}-${process.platform}-${process.arch}.bytecode`;
const isBuiltHere = existsSync(built) && readdirSync(built).some((name) => name.endsWith(ENDING));

const folder = mkdtempSync(join(tmpdir(), 'whose502-bytecode-'));
afterAll(() => rmSync(folder, { recursive: true }));
const commands = join(folder, 'dist', 'cli');
const report = join(folder, 'report.html');

const ANALYSIS = 'analyze-command.script.js';

/** The last four bytes are a checksum over the code and the bytecode. */
const CHECKSUM_BYTES = 4;

/** The bytecode of the analysis, changed, under a checksum that fits it. */
function changeAndSign(change: (bytecode: Buffer) => void): void {
  const path = join(commands, `${ANALYSIS}${ENDING}`);
  const file = readFileSync(path);
  const bytecode = file.subarray(0, -CHECKSUM_BYTES);
  change(bytecode);
  file.writeUInt32LE(crc32(bytecode, crc32(readFileSync(join(commands, ANALYSIS)))), bytecode.length);
  writeFileSync(path, file);
}

const files = (): readonly string[] =>
  readdirSync(commands)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => join(commands, name));

function changeEach(change: (file: Buffer) => Buffer): void {
  for (const path of files()) writeFileSync(path, change(readFileSync(path)));
}

/** Tells on standard error, when the program ends, of each bundle whether its bytecode was taken. */
const TELLER = `import loader from ${JSON.stringify(new URL(`file://${commands}/load-compiled.cjs`))};
process.once('exit', () => process.stderr.write(JSON.stringify(loader.bytecodeTaken())));`;

/** What the built program prints and writes, and of which bundles it took the bytecode. */
async function run(
  ...flags: readonly string[]
): Promise<{ json: string; html: string; taken: Record<string, boolean> }> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      ...flags,
      '--import',
      `data:text/javascript,${encodeURIComponent(TELLER)}`,
      join(folder, 'bin', 'whose502.js'),
      ...['--quiet', '--json', '-o', report, logs],
    ],
    { maxBuffer: 1 << 28 },
  );
  return { json: stdout, html: readFileSync(report, 'utf8'), taken: JSON.parse(stderr) };
}

describe.skipIf(!isBuiltHere)('bytecode of the built program', () => {
  let whole: Awaited<ReturnType<typeof run>>;

  const bring = (): void => {
    for (const name of ['bin', 'dist/cli', 'package.json']) {
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    }
  };

  beforeAll(async () => {
    bring();
    whole = await run();
  });

  it('is taken by the Node that made it, for the analysis and for the report', () => {
    expect(Object.keys(whole.taken)).toContain(ANALYSIS);
    expect(Object.keys(whole.taken).length).toBeGreaterThan(1);
    expect(Object.values(whole.taken)).not.toContain(false);
  });

  it.each<{ what: string; spoil: () => unknown; flags?: readonly string[] }>([
    { what: 'missing', spoil: () => files().map((path) => rmSync(path)) },
    { what: 'empty', spoil: () => changeEach(() => Buffer.alloc(0)) },
    { what: 'cut short', spoil: () => changeEach((file) => file.subarray(0, file.length >> 1)) },
    {
      what: 'changed in one byte',
      spoil: () =>
        changeEach((file) => {
          file.writeUInt8(file.readUInt8(file.length >> 1) ^ 1, file.length >> 1);
          return file;
        }),
    },
    {
      // The second word is a hash of V8's version (SerializedCodeData in V8's code-serializer.h).
      what: 'of another V8',
      spoil: () => changeAndSign((bytecode) => bytecode.writeUInt32LE(bytecode.readUInt32LE(4) ^ 1, 4)),
    },
    { what: 'made with other flags of V8', spoil: () => {}, flags: ['--stack-size=900'] },
  ])('changes nothing where it is $what, and is not taken', async ({ spoil, flags = [] }) => {
    bring();
    spoil();
    const { json, html, taken } = await run(...flags);
    expect(taken[ANALYSIS]).toBe(false);
    expect(json).toBe(whole.json);
    expect(html).toBe(whole.html);
  });
});
