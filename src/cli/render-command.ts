import { readFileSync } from 'node:fs';
import { isTable, TABLES } from '../report/render.ts';
import { renderTerminal } from '../report/terminal.ts';
import { type Result, resultSchema } from '../result/schema.ts';
import { EXIT } from './exit-codes.ts';
import { type Outputs, outputsProblem, writeOutputs } from './outputs.ts';
import { ADDRESSEES, isAddressee, packetFor } from './packets.ts';
import { complain } from './tell.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 render <result.json>` as commander hands them over. */
export interface RenderFlags extends Outputs {
  readonly table?: string;
  readonly color?: boolean;
  readonly packet?: string;
}

/** Draws a stored result again: as the files' endings say, or on the terminal. Returns the exit code. */
export async function renderCommand(path: string, flags: RenderFlags): Promise<number> {
  const { table = 'bursts', packet } = flags;
  if (!isTable(table)) return complain(`--table ${table}: use ${TABLES.join(', ')}`, EXIT.usage);
  if (packet !== undefined && !isAddressee(packet))
    return complain(`--packet ${packet}: use ${ADDRESSEES.join(', ')}`, EXIT.usage);
  const wrongName = outputsProblem(flags);
  if (wrongName !== null) return complain(wrongName, EXIT.usage);
  const result = read(path);
  if (typeof result === 'string') return complain(`${path}: ${result}`, EXIT.nothingUnderstood);
  if (packet !== undefined) process.stdout.write((await packetFor(packet))(result));
  else if (flags.bundle === undefined && !flags.output?.length)
    process.stdout.write(`${renderTerminal(result, terminalOptions(process.stdout, flags.color !== false))}\n`);
  // What the result holds was masked when it was made, or its owner wanted it as it is.
  return writeOutputs(flags, result, table, null);
}

/** The result in a file, or why there is none. */
function read(path: string): Result | string {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error;
    return missing ? 'it cannot be read; check the spelling' : 'it is no JSON; give the .json that -o or --json wrote';
  }
  const checked = resultSchema.safeParse(stored);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return `it is no result of whose502: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'another form'}`;
}
