import type { Line } from '../format.ts';

/** A worker's output comes line by line, each with FPM's prefix; pieces of this length were cut, not ended. */
const WRAPPED_AT = 1000;
const MAX_LINES = 200;

/** What a worker wrote to its standard error or output, gathered from several `said into` lines. */
export interface Said {
  readonly line: Line;
  readonly stampText: string;
  readonly level: string;
  readonly pool: string | undefined;
  readonly child: string;
  readonly text: string;
}

/** Joins the `said into` lines of one message: a new `PHP message: ` or another child begins the next. */
export class SaidLines {
  private head: Omit<Said, 'text'> | null = null;
  private lines: string[] = [];
  private cut = false;
  private readonly whole: (said: Said) => void;

  constructor(whole: (said: Said) => void) {
    this.whole = whole;
  }

  add(said: Said, lineLength: number): void {
    const begins = /^(?:NOTICE|WARNING|ERROR|ALERT|DEBUG): /.test(said.text) && !this.cut;
    if (this.head === null || begins || this.head.child !== said.child || this.lines.length >= MAX_LINES) {
      this.flush();
      this.head = said;
      this.lines = [said.text];
    } else if (this.cut) {
      this.lines[this.lines.length - 1] += said.text;
    } else this.lines.push(said.text);
    this.cut = lineLength >= WRAPPED_AT;
  }

  flush(): void {
    if (this.head !== null) this.whole({ ...this.head, text: this.lines.join('\n') });
    this.head = null;
    this.lines = [];
    this.cut = false;
  }
}
