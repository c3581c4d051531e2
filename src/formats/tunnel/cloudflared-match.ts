import { firstLetter } from '../pattern-texts.ts';
import { CLOUDFLARED_MESSAGES, type CloudflaredMessage } from './cloudflared-messages.ts';
import { REQUEST_ERRORS } from './request-errors.ts';

/** Texts longer than this say no more about their kind; the bound keeps every pattern cheap on hostile lines. */
const PROBE_LENGTH = 4000;

const UNREACHABLE = 'The service may be down or it may not be responding to traffic from cloudflared: ';
const OLD_UNREACHABLE = 'Error proxying request to origin: ';
/** What carriers and Go's HTTP client put before the error proper (reference section 4). */
export const PREFIXES: readonly string[] = [
  OLD_UNREACHABLE,
  'Failed to proxy HTTP: ',
  'failed to serve incoming request: ',
  'Failed to handle QUIC stream: ',
  'HTTP request error: ',
  `Unable to reach the origin service. ${UNREACHABLE}`,
  UNREACHABLE,
  'net/http: HTTP/1.x transport connection broken: ',
  'tls: failed to verify certificate: ',
  'readLoopPeekFailLocked: ',
];

/** What the try at the start of 2018 to 2020 says before Go's error (cloudflared validation/validation.go; Go net/url: Error). */
const FIRST_TRY =
  /^(?:\S{1,300} doesn't seem to work over https?, but does seem to work over https?\. Reason: )?(?:Get|Head) "?https?:\/\/[^\s"]{1,300}"?: /;

/** The same with the words left out: `Unable to reach the origin service ... : EOF`. */
const SHORTENED = /^Unable to reach the origin service[ .\u2026]{1,12}: /;

/** The error of a failed request without what the carriers say before it. */
export interface BareError {
  readonly text: string;
  /** The error says that the service was not reached, so the visitor got a 502. */
  readonly unreachable: boolean;
}

/** Takes the prefixes off an error text. */
export function bareError(error: string): BareError {
  let text = error.length > PROBE_LENGTH ? error.slice(0, PROBE_LENGTH) : error;
  let unreachable = false;
  const firstTry = FIRST_TRY.exec(text);
  if (firstTry) {
    text = text.slice(firstTry[0].length);
    unreachable = true;
  }
  const shortened = SHORTENED.exec(text);
  if (shortened) {
    text = text.slice(shortened[0].length);
    unreachable = true;
  }
  for (let round = 0; round < 8; round++) {
    const prefix = prefixOf(text);
    if (prefix === undefined) break;
    if (prefix.endsWith(UNREACHABLE) || prefix === OLD_UNREACHABLE) unreachable = true;
    text = text.slice(prefix.length);
  }
  return { text, unreachable };
}

/** The carriers' words with which a text begins. */
export function prefixOf(text: string): string | undefined {
  return PREFIXES.find((prefix) => text.startsWith(prefix));
}

/** A row that fits, and what its pattern caught. */
export interface Match {
  readonly row: CloudflaredMessage;
  readonly values: Readonly<Record<string, string>>;
}

const ERRORS_BY_FIRST = new Map<string, readonly CloudflaredMessage[]>();

/** The rows that an error can match that begins with this character. */
function errorsWith(first: string): readonly CloudflaredMessage[] {
  let rows = ERRORS_BY_FIRST.get(first);
  if (rows === undefined) {
    rows = REQUEST_ERRORS.filter(
      ({ error }) => (error === undefined ? first : (firstLetter(error) ?? first)) === first,
    );
    ERRORS_BY_FIRST.set(first, rows);
  }
  return rows;
}

/** The rows that are tried for the error of a failed request, in their order. */
export function errorRows(error: BareError): readonly CloudflaredMessage[] {
  const rows = errorsWith(error.text.charAt(0));
  return error.unreachable ? rows : rows.filter(({ prefixed }) => !prefixed);
}

/** The row for the error of a failed request, or null where nothing of it is known. */
export function matchRequestError(error: BareError): Match | null {
  for (const row of errorRows(error)) {
    const caught = row.error?.exec(error.text);
    if (caught) return { row, values: named(row, caught) };
  }
  return null;
}

/** What is known of the connection and the process when a line is read; decides rows that need it. */
export interface Circumstances {
  readonly stopping: boolean;
  /** The connection of this line was being set up and has not registered. */
  readonly unregistered: boolean;
  readonly othersUp: boolean;
}

const BY_FIRST_LETTER = new Map<string, CloudflaredMessage[]>();
for (const row of CLOUDFLARED_MESSAGES) {
  const letters = new Set((row.starts ?? []).map((start) => start.slice(0, 1)));
  for (const letter of letters) BY_FIRST_LETTER.set(letter, [...(BY_FIRST_LETTER.get(letter) ?? []), row]);
}
const ANY_MESSAGE = BY_FIRST_LETTER.get('') ?? [];

/** The rows that a message may be of, whatever its error and what was read before. */
export function messageRows(message: string): readonly CloudflaredMessage[] {
  return CLOUDFLARED_MESSAGES.filter(({ starts }) =>
    starts?.some((start) => message.startsWith(start) || capitalized(message).startsWith(start)),
  );
}

function capitalized(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** The row for a line about the connections, the process or its configuration, or null; retyped messages begin small. */
export function matchMessage(message: string, error: string, now: Circumstances): Match | null {
  const match = matchAsWritten(message, error, now);
  if (match !== null || !/^[a-z]/.test(message)) return match;
  return matchAsWritten(capitalized(message), error, now);
}

function matchAsWritten(message: string, error: string, now: Circumstances): Match | null {
  const probe = error.length > PROBE_LENGTH ? error.slice(0, PROBE_LENGTH) : error;
  for (const rows of [BY_FIRST_LETTER.get(message.slice(0, 1)) ?? [], ANY_MESSAGE]) {
    for (const row of rows) {
      if (!row.starts?.some((start) => message.startsWith(start)) || !fits(row, now)) continue;
      if (row.ends?.some((end) => message.endsWith(end)) === false) continue;
      if (row.error === undefined) return { row, values: {} };
      const caught = row.error.exec(probe);
      if (caught) return { row, values: named(row, caught) };
    }
  }
  return null;
}

/** Whether what a message means can hang on what was read before it. */
export function hangsOnState(message: string): boolean {
  const rows = BY_FIRST_LETTER.get(message.slice(0, 1)) ?? [];
  return rows.some((row) => row.when !== undefined && row.starts?.some((start) => message.startsWith(start)));
}

function fits(row: CloudflaredMessage, now: Circumstances): boolean {
  if (row.when === 'stopping') return now.stopping;
  if (row.when === 'refused') return now.unregistered && !now.othersUp;
  if (row.when === 'refused-beside-others') return now.unregistered && now.othersUp;
  return true;
}

function named(row: CloudflaredMessage, caught: RegExpExecArray): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  row.captures?.forEach((name, i) => {
    const value = caught[i + 1];
    if (value !== undefined) values[name] = value.slice(0, 200);
  });
  return values;
}
