import { EXIT } from './exit-codes.ts';
import { tell } from './tell.ts';

/** Tells of a fault of this program. Returns the exit code. */
export function tellFault(error: unknown): number {
  tell(
    `a fault of this program, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return EXIT.fault;
}
