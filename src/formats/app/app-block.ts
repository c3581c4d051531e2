/*
 * What a dying program prints over several lines without a time of its own: Node's last words and Python's traceback
 * (measured with Node 20 and Python 3.11, docs/neighbours.md), V8's and Rust's (from their sources). Each begins and ends with a
 * line that is known.
 */

interface Block {
  readonly begins: RegExp;
  /** The last line of the block. */
  readonly ends: RegExp;
}

const BLOCKS: readonly Block[] = [
  // `node:events:502` or the script's own line, the source line, a caret, the error with its stack, `Node.js v20.20.2`.
  { begins: /^(?:node:[\w/]{1,80}|(?:file:\/\/)?\/\S{1,500}\.[cm]?[jt]sx?):\d{1,6}$/, ends: /^Node\.js v\d/ },
  { begins: /^Traceback \(most recent call last\):$/, ends: /^[A-Za-z_][\w.]{0,160}(?::|$)/ },
  // V8 with a full heap: the last collections, the stack, then the reason (V8's `Heap::FatalProcessOutOfMemory`).
  { begins: /^<--- Last few GCs --->$/, ends: /^FATAL ERROR: / },
  // Spring Boot that does not come up (`LoggingFailureAnalysisReporter`): why stands below, before what to do.
  { begins: /^APPLICATION FAILED TO START$/, ends: /^Action:$/ },
  // Swoole's request for a report, below the line about a worker that crashed.
  { begins: /^A bug occurred in Swoole-v/, ends: /^PHP_VERSION ?: / },
  // Rust since 1.73 writes what happened on the line below the place (`std::panicking`).
  { begins: /^thread '[^'\n]{1,80}'(?: \(\d{1,10}\))? panicked at \S{1,400}:\d{1,6}:\d{1,6}:$/, ends: /^/ },
];
/** A longer one is none: what follows is read line by line again. */
const MOST_LINES = 200;

/** Whether a line begins such a block. */
export function beginsBlock(text: string): boolean {
  return BLOCKS.some(({ begins }) => begins.test(text));
}

/** Follows one block from its first line to its last. */
export class OpenBlock {
  private readonly ends: RegExp;
  private left = MOST_LINES;

  constructor(first: string) {
    this.ends = BLOCKS.find(({ begins }) => begins.test(first))?.ends ?? /^/;
  }

  /** Takes the next line; true where it is the last. */
  closes(text: string): boolean {
    this.left--;
    return this.left <= 0 || this.ends.test(text);
  }
}
