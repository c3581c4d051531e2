import type { ClueRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Emit, Line, LineParser } from '../format.ts';
import { hostAndPath } from '../url-parts.ts';
import { momentMs } from './moment.ts';
import { rayId } from './request-record.ts';
import { type Row, rowsOf } from './row.ts';

const LONGEST_TEXT = 2000;
/** Outcomes that fail the request (docs: exception; exceededCpu and exceededMemory in the Workers' own tooling). */
const OUTCOMES: ReadonlyMap<string, SignalId> = new Map([
  ['exception', 'worker.exception'],
  ['exceededcpu', 'worker.exceeded-cpu'],
  ['exceededmemory', 'worker.exceeded-memory'],
]);
/**
 * Words of `wrangler tail --format pretty` (workers-sdk, packages/wrangler/src/tail/printing.ts): the invocation, below it set in by two
 * blanks what it logged, and its exceptions.
 */
const PRETTY_LINE =
  /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (https?:\/\/\S{1,2000}) - (Ok|Canceled|Exception Thrown|Exceeded CPU Limit|Exceeded Memory Limit|Unknown) @ /;
const PRETTY_LOG = /^ {2}\((?:debug|log|info|warn|error|trace)\) /;
const PRETTY_EXCEPTION = /^(?:\S \[ERROR\] ?)? {2}([A-Z]\w{1,99}): (.{0,2000})$/;
const PRETTY_TALK = /^(?:Successfully created tail, expires at |Connected to .{1,200}, waiting for logs\.\.\.$)/;
const PRETTY_OUTCOMES: Readonly<Record<string, string>> = {
  'Exception Thrown': 'exception',
  'Exceeded CPU Limit': 'exceededcpu',
  'Exceeded Memory Limit': 'exceededmemory',
};
/** What the runtime throws in a Worker that asked for more than it may, or hung (docs: Workers errors, limits; Durable Objects, D1). */
const THROWN: readonly (readonly [SignalId, RegExp])[] = [
  [
    'worker.exceeded-cpu',
    /^(?:Worker exceeded CPU time limit\b|(?:Durable Object|D1 DB) exceeded its CPU time limit\b)/,
  ],
  [
    'worker.exceeded-memory',
    // The last is of a body that is read as a whole (workerd api/streams/internal.c++).
    /^(?:Worker exceeded memory limit\b|Memory limit would be exceeded before EOF\b|(?:Durable Object|D1 DB)'s isolate exceeded its memory limit\b)/,
  ],
  [
    'worker.exceeded-requests',
    /^(?:Too many (?:subrequests|API requests)(?:\.| by single Worker invocation)|Subrequest depth limit exceeded\b)/,
  ],
  [
    'worker.exception',
    /^(?:The script will never generate a response|The Workers runtime canceled this request because it detected that your Worker's code had hung\b|Cannot perform I\/O on behalf of a different request\b)/,
  ],
];
/** The same as a line of its own, as consoles and dashboards show it, perhaps in quotation marks and behind words of the Worker’s own. */
const THROWN_LINE =
  /^"?(?:\S \[ERROR\] {1,4})?(?:Uncaught (?:\(in promise\) )?)?(?:(?:[A-Za-z][\w ]{0,40}: )?[A-Z]\w{0,40}?Error: |Error: )?(.{1,2000})$/;
/** One member of pretty-printed JSON on a line of its own. */
const MEMBER = /^\s{0,40}"([A-Za-z]{1,40})":\s{0,4}(.{0,4000}?),?\s{0,4}$/;
/** The same of an object as Node prints it (`util.inspect`): keys without quotes, texts in single ones. */
const PRINTED_MEMBER = /^(\s{0,40})([A-Za-z]{1,40}): ('?)(.{0,4000}?)\3(,?\s{0,4})$/;
const PRINTED_OUTCOME = /^\s{0,40}outcome: '(?:exception|exceededCpu|exceededMemory|ok|canceled|unknown)',?\s{0,4}$/;
/** An event printed over many lines ends at the latest here. */
const LONGEST_EVENT_LINES = 400;

/** Whether a line is that member of an object that Node printed which tells how an invocation ended. */
export const isPrintedOutcome = (text: string): boolean => PRINTED_OUTCOME.test(text.slice(0, 200));

/** A member that Node printed, as JSON has it. */
function asJson(text: string): string {
  const [, indent = '', key, quote, value = '', end = ''] = PRINTED_MEMBER.exec(text) ?? [];
  return key === undefined ? text : `${indent}"${key}": ${quote === '' ? value : JSON.stringify(value)}${end}`;
}

/** Whether a line is one of an invocation as `wrangler tail` prints it for people. */
export function isPretty(text: string): boolean {
  return PRETTY_LINE.test(text) || PRETTY_TALK.test(text);
}

function thrownSignal(message: string | undefined): SignalId | undefined {
  return message === undefined ? undefined : THROWN.find(([, pattern]) => pattern.test(message))?.[0];
}

/** What a line says that is nothing but the words of such an exception. */
export function thrownIn(text: string): { readonly signal: SignalId; readonly message: string } | null {
  const message = text.length > LONGEST_TEXT ? undefined : THROWN_LINE.exec(text)?.[1];
  const signal = thrownSignal(message);
  return message === undefined || signal === undefined ? null : { signal, message };
}

interface Spread {
  readonly line: Line;
  readonly members: Map<string, string>;
  lines: number;
}

/** What an event tells of the request, the Worker and what it threw. */
type About = Readonly<Record<string, string>>;

/** What a row tells of one invocation: a trace event, or an event of Workers Logs (`$workers`), whose id of the request is its Ray ID. */
export function invocationIn(row: Row): {
  readonly outcome: string;
  readonly atMs: number | undefined;
  readonly about: About;
} {
  const log = row.nested('$workers');
  const event = (log ?? row).nested('Event');
  const request = event?.nested('Request');
  const exception = row.rows('Exceptions')[0] ?? row.nested('exception');
  const ray = rayId(log?.text('requestId') ?? event?.text('RayID') ?? request?.nested('headers')?.text('cf-ray'));
  const name = exception?.text('Name');
  const message = exception?.text('Message') ?? row.nested('$metadata')?.text('error');
  const script = (log ?? row).text('ScriptName');
  const method = request?.text('Method');
  const atMs = ['EventTimestampMs', 'EventTimestamp', 'timestamp'].map((key) => momentMs(row.get(key))).find(Boolean);
  return {
    outcome: (log ?? row).text('Outcome') ?? '',
    atMs: atMs ?? momentMs(exception?.get('timestamp')),
    about: {
      ...(ray !== undefined && { ray }),
      ...(name !== undefined && { name }),
      ...(message !== undefined && { message }),
      ...(script !== undefined && { script }),
      ...(method !== undefined && { method }),
      ...hostAndPath(request?.text('URL')),
    },
  };
}

/** The record of an invocation that failed; null for one that did not. */
export function workerClue(
  line: Pick<Line, 'number' | 'text'>,
  outcome: string,
  atMs: number | undefined,
  about: About,
): ClueRecord | null {
  const { ray, name, message, script, method, host, path } = about;
  const told = OUTCOMES.get(outcome.replace(/[_\- ]/g, '').toLowerCase());
  if (told === undefined) return null;
  const signal = told === 'worker.exception' ? (thrownSignal(message) ?? told) : told;
  return {
    kind: 'clue',
    hop: 'edge',
    signal,
    line: line.number,
    stamp: atMs === undefined ? { kind: 'none' } : { kind: 'utc', ms: atMs, offsetMinutes: 0 },
    text: line.text.slice(0, LONGEST_TEXT),
    ...(ray !== undefined && { ray }),
    ...(method !== undefined && { method }),
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path }),
    ...(script !== undefined && { subject: script }),
    values: {
      outcome,
      ...(name !== undefined && { exception: name.slice(0, 100) }),
      ...(message !== undefined && { message: message.slice(0, 300) }),
      ...(script !== undefined && { script: script.slice(0, 100) }),
    },
  };
}

/** Reads trace events, one per line or printed over many lines. */
export class WorkersParser implements LineParser {
  private readonly emit: Emit;
  private spread: Spread | null = null;
  /** The event at hand is an object that Node printed. */
  private printed = false;
  /** The invocation whose exception the next lines may tell. */
  private pretty: { readonly line: Line; readonly outcome: string; about: Readonly<Record<string, string>> } | null =
    null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { text } = line;
    if (/"outcome"/i.test(text.length > 20_000 ? text.slice(0, 20_000) : text) || text.length > 20_000) {
      const rows = rowsOf(text, isTrace);
      if (rows.length > 0) {
        this.end();
        for (const row of rows) this.emitTrace(row, line);
        return true;
      }
    }
    return this.pushPretty(line) || this.pushMember(line);
  }

  end(): void {
    this.endPretty();
    const spread = this.spread;
    this.spread = null;
    this.printed = false;
    if (!spread) return;
    const { members } = spread;
    const name = members.get('name');
    const message = members.get('message');
    const script = members.get('scriptName');
    this.emitClue(spread.line, members.get('outcome') ?? '', momentMs(number(members.get('eventTimestamp'))), {
      ...(name !== undefined && { name }),
      ...(message !== undefined && { message }),
      ...(script !== undefined && { script }),
      ...hostAndPath(members.get('url')),
      ...(members.get('method') !== undefined && { method: members.get('method') ?? '' }),
    });
  }

  private emitTrace(row: Row, line: Line): void {
    const { outcome, atMs, about } = invocationIn(row);
    this.emitClue(line, outcome, atMs, about);
  }

  private emitClue(line: Line, outcome: string, atMs: number | undefined, about: About): void {
    const clue = workerClue(line, outcome, atMs, about);
    if (clue !== null) this.emit(clue);
  }

  private pushPretty({ text, number }: Line): boolean {
    const pretty = PRETTY_LINE.exec(text);
    if (pretty) {
      this.endPretty();
      // The time after `@` is in the form and zone of the reader's machine: it is left alone.
      const about = { method: pretty[1] ?? '', ...hostAndPath(pretty[2]) };
      this.pretty = { line: { text, number, wrapper: null }, outcome: PRETTY_OUTCOMES[pretty[3] ?? ''] ?? 'ok', about };
      return true;
    }
    if (PRETTY_TALK.test(text)) return true;
    const { pretty: held } = this;
    if (held === null) return this.pushThrown({ text, number, wrapper: null });
    const exception = PRETTY_EXCEPTION.exec(text);
    if (exception) held.about = { name: exception[1] ?? '', message: exception[2] ?? '', ...held.about };
    return exception !== null || PRETTY_LOG.test(text) || text.trim() === '';
  }

  private pushThrown(line: Line): boolean {
    const thrown = thrownIn(line.text);
    if (thrown === null) return false;
    const clue = workerClue(line, 'exception', undefined, { message: thrown.message });
    if (clue !== null) this.emit(clue);
    return true;
  }

  private endPretty(): void {
    const { pretty } = this;
    this.pretty = null;
    if (pretty !== null) this.emitClue(pretty.line, pretty.outcome, undefined, pretty.about);
  }

  /** A line of pretty-printed JSON, with or without the outer braces. */
  private pushMember(line: Line): boolean {
    const isPrinted = isPrintedOutcome(line.text);
    if (isPrinted || line.text.length > 6000) this.printed = isPrinted;
    const text = this.printed ? asJson(line.text) : line.text;
    const member = text.length > 6000 ? null : MEMBER.exec(text);
    const key = member?.[1] ?? '';
    const value = member?.[2] ?? '';
    if (key === 'outcome') {
      const held = this.spread?.members;
      if (held?.has('outcome')) this.end();
      this.spread ??= { line, members: new Map(), lines: 0 };
      this.spread.members.set('outcome', unquoted(value));
      return true;
    }
    const spread = this.spread;
    if (!spread) return false;
    spread.lines++;
    if (spread.lines > LONGEST_EVENT_LINES) {
      this.end();
      return false;
    }
    if (!member) return /^[\s{}[\],]*$/.test(line.text.slice(0, 200));
    if (!spread.members.has(key)) spread.members.set(key, unquoted(value));
    return true;
  }
}

/** Whether a row is an event of Workers Logs. */
export function isWorkersLog(row: Row): boolean {
  return row.nested('$workers')?.text('Outcome') !== undefined;
}

function isTrace(row: Row): boolean {
  if (isWorkersLog(row)) return true;
  return (
    row.text('Outcome') !== undefined &&
    (row.has('EventTimestampMs') || row.has('EventTimestamp') || row.has('Exceptions'))
  );
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{10,19}$/.test(text) ? Number(text) : undefined;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined) : value === 'null' ? '' : value;
}
