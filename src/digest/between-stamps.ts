import type { Format } from '../formats/format.ts';
import { type LogRecord, NO_STAMP, type Stamp } from '../vocabulary/records.ts';

/** Between lines that are further apart nothing is said of when those without a time were written. */
const CLOSE_MS = 15_000;
/** Lines that wait for the next one with a time; where more come, they stay as they are. */
const MOST_WAITING = 256;

interface Waiting {
  readonly record: LogRecord;
  readonly format: Format;
}

/**
 * Gives lines of applications a time that write none, where they stand between two of the same log that do and are close to each
 * other: what a runtime prints as it ends (a stack, uWSGI's words for a worker that died) has no time, however the
 * application's own lines begin. They are spread over the time between, from the earlier one on.
 */
export class BetweenStamps {
  private waiting: Waiting[] = [];
  private last: Stamp = NO_STAMP;
  private lastLine = 0;
  private readonly emit: (record: LogRecord, format: Format) => void;

  constructor(emit: (record: LogRecord, format: Format) => void) {
    this.emit = emit;
  }

  /**
   * Takes the records of one source about in their order: one of several lines comes when it is known where it ends, perhaps after
   * others that began below it.
   */
  take(record: LogRecord, format: Format): void {
    if (record.hop === 'app') {
      if (record.stamp.kind !== 'none') this.reach(record.line, record.stamp);
      else if (this.mayWait(record)) {
        this.waiting.push({ record, format });
        if (this.waiting.length > MOST_WAITING) this.end();
        return;
      }
    }
    this.emit(record, format);
  }

  /** What still waits goes on without a time. */
  end(): void {
    this.handOn(this.waiting.splice(0), null);
    this.last = NO_STAMP;
    this.lastLine = 0;
  }

  private mayWait({ kind, line }: LogRecord): boolean {
    return kind === 'clue' && this.last.kind !== 'none' && line > this.lastLine;
  }

  /** A line with a time: those that wait above it lie between it and the one before. */
  private reach(line: number, stamp: Stamp): void {
    if (this.waiting.length > 0) {
      const above = this.waiting.filter(({ record }) => record.line < line);
      this.waiting = this.waiting.filter(({ record }) => record.line >= line);
      this.handOn(above, this.msUntil(stamp));
    }
    if (line < this.lastLine) return;
    this.last = stamp;
    this.lastLine = line;
  }

  /** Time from the last stamp to the next one; null where they are not close or not of one kind. */
  private msUntil(next: Stamp): number | null {
    const { last } = this;
    if (last.kind === 'none' || next.kind !== last.kind) return null;
    const ms = next.ms - last.ms;
    return ms >= 0 && ms <= CLOSE_MS ? ms : null;
  }

  private handOn(waiting: readonly Waiting[], msBetween: number | null): void {
    const { last } = this;
    for (const [i, { record, format }] of waiting.entries()) {
      const isPlaced = msBetween !== null && last.kind !== 'none';
      const stamp = isPlaced ? { ...last, ms: last.ms + Math.floor((i * msBetween) / waiting.length) } : NO_STAMP;
      this.emit(isPlaced ? { ...record, stamp } : record, format);
    }
  }
}
