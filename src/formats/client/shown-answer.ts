import { NO_STAMP, type RequestRecord, type Stamp } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import { hostAndPath } from '../url-parts.ts';
import { answerSignal, shownHeaders } from './answer-signal.ts';

/** An answer as far as a client's line shows it: more than the status is rarely there. */
export interface ShownAnswer {
  readonly status: number;
  readonly stamp?: Stamp;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly durationMs?: number | undefined;
  /** Names in lower case. */
  readonly headers?: ReadonlyMap<string, string>;
  readonly body?: string;
  /** What a report shows of it, where that is not the line. */
  readonly text?: string;
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/** The record of such an answer. A status below 500 tells nothing by itself: who refused stands in headers and page. */
export function shownAnswer(
  line: Line,
  { status, stamp = NO_STAMP, method, url, durationMs, headers = NO_HEADERS, body = '', text = line.text }: ShownAnswer,
): RequestRecord {
  const signal = status < 500 ? undefined : answerSignal({ status, headers: shownHeaders(headers), body }, durationMs);
  return {
    kind: 'request',
    hop: 'client',
    line: line.number,
    stamp,
    text: text.trim().slice(0, 2000),
    status,
    visitor: true,
    ...(signal && { signal }),
    ...(method !== undefined && { method }),
    ...(durationMs !== undefined && { durationMs }),
    ...hostAndPath(url),
  };
}

/** The named groups of the first pattern that fits; null where none does. */
export function firstGroups(
  patterns: Iterable<RegExp>,
  text: string,
): Readonly<Record<string, string | undefined>> | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.groups;
    if (found) return found;
  }
  return null;
}
