import type { Draft } from '../../vocabulary/draft.ts';
import { type NginxContext, readContext } from './nginx-context.ts';
import { findPhase, type NginxPhase } from './nginx-phases.ts';

/** An entry of the error log without its head, taken apart. */
export interface NginxEntry {
  readonly message: string;
  readonly phase: NginxPhase;
  readonly phaseText?: string;
  readonly context: NginxContext;
  /** What a FastCGI application wrote to its stderr. */
  readonly stderr?: string;
}

const STDERR = 'FastCGI sent in stderr: "';
const CONTEXT_MARKS = [', client: ', ', udp client: ', ', server: '] as const;
/** A message that quotes a name as the visitor sent it, and a context with nothing behind it. */
const QUOTES_NAME = 'user "';
const WHOLE_CONTEXT =
  /^, client: [\da-fA-F.:]{2,45}, server: [^\s",]{0,255}, request: "\S{1,40} \S{1,8000} HTTP\/\d\.\d"(?:, host: "[^\s"]{1,260}")?(?:, referrer: "[^"]{0,8000}")?$/;

/** nginx writes raw text; an entity shows that the line was copied out of a page. */
const ENTITIES: readonly (readonly [string, string])[] = [
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
];

/** Undoes what copying out of a page, a string or a machine translation did to a line: entities, `\\"`, and blanks in `connect () to unix: /run`. */
export function repairPasted(text: string): string {
  let repaired = text;
  if (text.includes(': &') && /(?:request|upstream|host): &(?:quot|#34);/.test(text)) {
    for (const [entity, character] of ENTITIES) repaired = repaired.replaceAll(entity, character);
  }
  // A string of JSON or of a shell that was copied as it stood.
  if (repaired.includes('request: \\"')) repaired = repaired.replaceAll('\\"', '"');
  if (repaired.includes(' () ') && /\b(?:connect|recv|readv|writev|send|socket) \(\)/.test(repaired)) {
    repaired = repaired.replaceAll(' () ', '() ').replaceAll('unix: /', 'unix:/').replaceAll(': // ', '://');
  }
  // Marked from the middle: the path of the socket is what is left of `connect() to unix:…`.
  if (/^(?:to )?(?:unix:)?\/\S{1,300} failed \(\d{1,5}: [^)]{1,80}\) while connecting to upstream/.test(repaired)) {
    repaired = `connect() to unix:${repaired.replace(/^(?:to )?(?:unix:)?/, '')}`;
  }
  return repaired;
}

/** The closing quote of a stderr text: the last one before a phase, so that quotes in PHP's own text do not end it. */
function stderrEnd(text: string): number {
  for (const phase of ['" while reading response header from upstream', '" while reading upstream', '" while ']) {
    const at = text.indexOf(phase, STDERR.length);
    if (at >= 0) return at;
  }
  return -1;
}

/** What the application wrote, of an entry that begins with `STDERR`: without what nginx put around it. */
export function stderrText(text: string): string {
  const end = stderrEnd(text);
  return text.slice(STDERR.length, end < 0 ? undefined : end);
}

/** Whether an entry's text ends where nginx would end it: the quotes are closed and no field is left hanging. */
function isComplete(text: string, connection: string | undefined): boolean {
  if (text.startsWith(STDERR) && stderrEnd(text) < 0) return false;
  if (/[,:]\s?$/.test(text)) return false;
  const contextAt = text.indexOf(', client: ');
  if (contextAt < 0) return connection === undefined;
  let quotes = 0;
  for (let at = text.indexOf('"', contextAt); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 0;
}

/** Widths at which terminals break lines, in the middle of words. */
export const TERMINAL_WIDTHS: ReadonlySet<number> = new Set([72, 80, 100, 120, 132]);

/** Whether nothing can follow an entry whose last line is so long: the text ends like an entry, and not where a terminal would break it. */
export function isWhole(text: string, connection: string | undefined, lastLength: number): boolean {
  return isComplete(text, connection) && !TERMINAL_WIDTHS.has(lastLength);
}

function firstMark(text: string, from: number): number {
  let first = -1;
  for (const mark of CONTEXT_MARKS) {
    const at = text.indexOf(mark, from);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** Where the context begins: at the first mark; of a message that may hold a forged one, at the first that is whole. */
function contextStart(text: string, from: number): number {
  const first = firstMark(text, from);
  if (first < 0 || !text.startsWith(QUOTES_NAME)) return first;
  const [mark] = CONTEXT_MARKS;
  for (let at = first, tries = 0; at >= 0 && tries < 8; at = text.indexOf(mark, at + 1), tries++) {
    if (WHOLE_CONTEXT.test(text.slice(at))) return at;
  }
  return first;
}

/** Takes an entry (without head, its lines joined by line feeds) apart. */
export function readEntry(raw: string): NginxEntry {
  const text = repairPasted(raw);
  const isStderr = text.startsWith(STDERR);
  const quoteAt = isStderr ? stderrEnd(text) : -1;
  if (isStderr && quoteAt < 0) {
    return { message: text, phase: 'none', context: {}, stderr: text.slice(STDERR.length) };
  }
  const contextAt = contextStart(text, isStderr ? quoteAt : 0);
  const found = findPhase(text, isStderr ? quoteAt : 0);
  // A phase inside a forged or long context is none of nginx's.
  const phase = found !== null && (contextAt < 0 || found.start < contextAt) ? found : null;
  const end = phase?.start ?? (contextAt < 0 ? text.length : contextAt);
  const message = text.slice(0, end).replace(/[,\s]{1,8}$/, '');
  const context = readContext(text.slice(phase?.end ?? end));
  const entry: Draft<NginxEntry> = { message, phase: phase?.phase ?? 'none', context: withNamed(context, message) };
  if (phase !== null) entry.phaseText = phase.text;
  if (isStderr) entry.stderr = text.slice(STDERR.length, quoteAt);
  return entry;
}

/**
 * A context with what the message itself names: the address in `connect() to unix:/run/php.sock failed`, for lines whose context was
 * not copied, and the client of `client 203.0.113.7:46610 connected to 0.0.0.0:143` (mail and stream).
 */
function withNamed(context: NginxContext, message: string): NginxContext {
  if (context.upstream === undefined && message.startsWith('connect() to ')) {
    const upstream = /^connect\(\) to (\S{1,300}) failed/.exec(message)?.[1];
    return upstream === undefined ? context : { ...context, upstream };
  }
  if (context.client === undefined && message.startsWith('client ')) {
    const client = /^client (\S{2,60}):\d{1,5} connected to /.exec(message)?.[1];
    return client === undefined ? context : { ...context, client };
  }
  return context;
}
