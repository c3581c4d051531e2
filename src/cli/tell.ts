import { visibleLines } from '../report/visible.ts';
import { openRedaction } from '../result/redact.ts';

/**
 * Says something on standard error. What the user typed may name a visitor or hold a secret, and messages are pasted into
 * tickets, as may be a piece of a log in a fault: they pass the door of redaction, too. Control characters are made visible.
 */
export function tell(text: string): void {
  const redaction = openRedaction();
  redaction.seeFile(text);
  redaction.see(text);
  process.stderr.write(`whose502: ${visibleLines(redaction.secrets.mask(redaction.mask(text))).join('\n')}\n`);
}

/** Says what is wrong and gives back the exit code. */
export function complain(text: string, code: number): number {
  tell(text);
  return code;
}
