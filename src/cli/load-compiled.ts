import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

// In the built program only: test/tools/bundle.mjs puts commands into files that this one loads, and has it write their bytecode.

const HERE = import.meta.url;
const FOLDER = dirname(fileURLToPath(HERE));
/** For which machines bytecode is good, in the file's name: for others it brings nothing and harms nothing. */
const MACHINE = `${process.version}-${process.platform}-${process.arch}`;
const CHECKSUM_BYTES = 4;

interface Loaded {
  readonly script: Script;
  readonly codeChecksum: number;
  readonly module: { readonly exports: unknown };
}

const loaded = new Map<string, Loaded>();

/**
 * Runs a bundle that lies beside this file: ASCII, and a function as Node makes of a CommonJS module. Returns what it exports. Its
 * bytecode is taken from the file that `writeBytecode` left beside it. Where there is none, where it is damaged or of other code, or
 * where V8 refuses it, the bundle is compiled as ever: that costs time and nothing else.
 */
export function load(name: string): unknown {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const filename = join(FOLDER, name);
  const code = readFileSync(filename);
  const codeChecksum = crc32(code);
  const script = new Script(code.toString('latin1'), { filename, cachedData: readBytecode(name, codeChecksum) });
  const module = { exports: {} };
  loaded.set(name, { script, codeChecksum, module });
  // It asks for its parts by './', and for what belongs to Node.
  const requireAny = (id: string): unknown => (id.startsWith('./') ? load(id.slice(2)) : ofNode(id));
  script.runInThisContext()(module.exports, requireAny, module, filename, FOLDER);
  return module.exports;
}

/** Modules of Node that take milliseconds to load, all together, and of which a run uses few. Nothing of them is used while a bundle is loaded. */
const LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:fs/promises',
  'node:os',
  'node:stream/promises',
  'node:v8',
  'node:worker_threads',
  'node:zlib',
]);

/** A module of Node; one of LATE is loaded when something of it is asked for. */
function ofNode(id: string): unknown {
  if (!LATE.has(id)) return process.getBuiltinModule(id);
  return new Proxy({}, { get: (_, name) => Reflect.get(process.getBuiltinModule(id) ?? {}, name) });
}

/**
 * Writes the bytecode of all that was loaded, with the functions that have run so far: V8 compiles a function when it is first called.
 *
 * V8 takes it with the same version and the same flags only, so it is made and used with those that Node starts with, and not for
 * threads, which start after `tuneForLogs`. V8 compares the length of the code and not its text, and no longer whether the bytecode is
 * whole (`SerializedCodeData::SanityCheck`; one changed byte made the program hang), hence the checksum over both.
 */
export function writeBytecode(): void {
  for (const [name, { script, codeChecksum }] of loaded) {
    const bytecode = script.createCachedData();
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(bytecode, codeChecksum));
    writeFileSync(bytecodeFile(name), Buffer.concat([bytecode, checksum]));
  }
}

/** Of each bundle that was loaded, whether it came from its bytecode. */
export function bytecodeTaken(): Readonly<Record<string, boolean>> {
  // V8 says nothing where it was given none.
  return Object.fromEntries([...loaded].map(([name, { script }]) => [name, script.cachedDataRejected === false]));
}

function readBytecode(name: string, codeChecksum: number): Buffer | undefined {
  try {
    const file = readFileSync(bytecodeFile(name));
    const bytecode = file.subarray(0, -CHECKSUM_BYTES);
    return crc32(bytecode, codeChecksum) === file.readUInt32LE(bytecode.length) ? bytecode : undefined;
  } catch {
    return undefined;
  }
}

function bytecodeFile(name: string): string {
  return join(FOLDER, `${name}.${MACHINE}.bytecode`);
}
