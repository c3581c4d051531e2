import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line } from '../format.ts';
import { parseClf } from './access-time.ts';

/** `[20/Nov/2026:14:05:45.967] backend app (#10): invalid response`: the last one of each side (HAProxy proxy.c, cli_io_handler_show_errors). */
const HEAD =
  /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8}\.\d{3})\] (?:frontend|backend) (\S{1,160}) \(#\d{1,9}\): invalid (request|response)$/;
/** What follows it: the other side, its buffer and states, and the bytes with their places. */
const REST =
  /^\s{1,8}(?:(?:frontend|backend) \S{1,160} \(#\d{1,9}\)|buffer starts at |len \d|stream flags |HTTP (?:chunk|msg)|H[12] |\d{5}[+ ] )/;

const SIGNALS: Readonly<Record<string, SignalId>> = {
  request: 'proxy.bad-request',
  response: 'proxy.backend-invalid',
};

/** Whether a line is the beginning of what `show errors` prints of HAProxy’s socket. */
export const isShownError = (text: string): boolean => HEAD.test(text.slice(0, 400));

/** What `show errors` prints: answers and requests that are no HTTP, where they were captured. */
export class ShownErrors {
  private readonly emit: Emit;
  private inside = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const [, time = '', name = '', what] = HEAD.exec(line.text.slice(0, 400)) ?? [];
    const signal = what === undefined ? undefined : SIGNALS[what];
    if (signal === undefined) {
      this.inside &&= REST.test(line.text.slice(0, 400));
      return this.inside;
    }
    this.inside = true;
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, parseClf(time) ?? NO_STAMP),
      ...(what === 'response' ? { upstream: name } : {}),
      values: { program: 'HAProxy' },
    });
    return true;
  }
}
