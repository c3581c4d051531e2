import type { Line } from '../format.ts';

/** Longer ones are none. */
const MOST_LINES = 200;

/** An entry in JSON that somebody printed with one member a line (`jq .`, a formatter) before it was pasted. */
export class PrettyEntry {
  private first: Line | null = null;
  private lines: string[] = [];

  /** Whether the next line is of the entry at hand. */
  get isInside(): boolean {
    return this.first !== null;
  }

  /** Takes a line of such an entry: the whole of it with the last one, null before; undefined where the line is of none. */
  push(line: Line): Line | null | undefined {
    if (this.first === null) {
      if (line.text !== '{') return undefined;
      this.first = line;
      this.lines = [];
    }
    this.lines.push(line.text.trim());
    const { first } = this;
    if (/^\},?$/.test(line.text)) {
      this.first = null;
      return { ...first, text: this.lines.join(' ').replace(/,$/, '') };
    }
    if (this.lines.length > MOST_LINES) this.first = null;
    return null;
  }

  /** What of an entry there is where the text ends within it; null where it does not. */
  end(): Line | null {
    const { first } = this;
    this.first = null;
    return first === null ? null : { ...first, text: this.lines.join(' ') };
  }
}
