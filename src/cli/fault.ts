import { openRedaction } from '../result/redact.ts';
import { EXIT } from './exit-codes.ts';

/** Tells of a fault of this program, masked: its message may hold a piece of a log. Returns the exit code. */
export function tellFault(error: unknown): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const redaction = openRedaction();
  redaction.see(text);
  process.stderr.write(`whose502: a fault of this program, please report it: ${redaction.mask(text)}\n`);
  return EXIT.fault;
}
