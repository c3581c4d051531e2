import type { Line } from './format.ts';
import type { Frame, Place } from './frame.ts';
import { JournalFrame } from './journal-frame.ts';
import { TextFrame } from './text-frame.ts';
import { Unwrapper } from './wrappers.ts';

/** A source has one for each container, and for each length of a fraction of a second. */
const MOST_FRAMES = 16;
/** Of longer lines none is learned. */
const LONGEST_LINE = 65_536;
/** Where frames are not known again, it is not tried for each line: so many lessons are given in any case, and for one of so many lines. */
const FREE_LESSONS = 256;
const LINES_PER_LESSON = 16;

/** Knows the wrappers of a source's lines: each frame is learned from a line that the unwrapper took it off, and known again from its bytes. */
export class Frames {
  /** Where the line stands in the frame that was found last. */
  readonly place: Place = { from: 0, to: 0, ms: 0 };
  private readonly unwrapper = new Unwrapper();
  /** The one that was found last stands first. */
  private readonly known: Frame[] = [];
  private lessons = 0;
  private lines = 0;

  /** The frame of the line `bytes[start, end)`; null where it is not known, or the line is bare. */
  find(bytes: Buffer, start: number, end: number): Frame | null {
    this.lines++;
    const { known, place } = this;
    for (let i = 0; i < known.length; i++) {
      const frame = known[i];
      if (frame === undefined || !frame.find(bytes, start, end, place)) continue;
      if (i > 0) known.unshift(...known.splice(i, 1));
      return frame;
    }
    if (end - start > LONGEST_LINE || this.lessons > FREE_LESSONS + this.lines / LINES_PER_LESSON) return null;
    this.lessons++;
    const frame = this.learn(bytes, start, end);
    if (frame === null) return null;
    known.unshift(frame);
    if (known.length > MOST_FRAMES) known.pop();
    return frame;
  }

  /** The line as the ordinary way unwraps it. */
  unwrap(text: string, number: number): Line {
    return this.unwrapper.unwrap(text, number);
  }

  private learn(bytes: Buffer, start: number, end: number): Frame | null {
    const written = bytes.toString('latin1', start, end);
    const line = this.unwrap(bytes.toString('utf8', start, end), 0);
    const frame = JournalFrame.of(written, line) ?? TextFrame.of(written, line);
    return frame?.find(bytes, start, end, this.place) ? frame : null;
  }
}
