import type { TerminalOptions } from '../report/terminal.ts';

const NARROWEST = 40;
const WIDEST = 100;
const USUAL = 80;
const SHOWN_EVERY_MS = 100;

/** Width and colours for a stream: colours only on a terminal, never with NO_COLOR, TERM=dumb, CI or --no-color. */
export function terminalOptions(stream: NodeJS.WriteStream, wantsColor: boolean): TerminalOptions {
  const { NO_COLOR, TERM, CI } = process.env;
  const color = wantsColor && stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' && !CI;
  return { columns: Math.max(NARROWEST, Math.min(WIDEST, stream.columns ?? USUAL)), color };
}

/** Shows what has been read on standard error, on a terminal only; `clear` takes it away. */
export function progressLine(quiet: boolean): {
  readonly show: (bytes: number, ofBytes: number) => void;
  readonly clear: () => void;
} {
  if (quiet || process.stderr.isTTY !== true) return { show: () => {}, clear: () => {} };
  const startedMs = performance.now();
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    show: (bytes, ofBytes) => {
      const nowMs = performance.now();
      if (nowMs - shownMs < SHOWN_EVERY_MS) return;
      shownMs = nowMs;
      const perSecond = megabytes(bytes / Math.max(0.001, (nowMs - startedMs) / 1000));
      process.stderr.write(
        `\r\x1b[Kreading: ${megabytes(bytes)} of ${megabytes(ofBytes)} MB (${perSecond} MB a second)`,
      );
    },
    clear: () => {
      if (shownMs > 0) process.stderr.write('\r\x1b[K');
    },
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
