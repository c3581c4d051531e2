import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { clueOn, withContainer } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { hasOwnFormat, roleOfProgram } from '../host/units.ts';
import { beginsBlock, OpenBlock } from './app-block.ts';
import { type AppEntry, jsonEntry, levelIn, textEntry } from './app-entry.ts';
import { APP_EXAMPLES } from './app-examples.ts';
import { isDotnetHead, isJulHead, julLevel } from './app-heads.ts';
import type { AppLevel } from './app-levels.ts';
import { appMeaning, isSurelyApp } from './app-messages.ts';
import { DRIVER_EXAMPLES } from './driver-examples.ts';
import { driverMeaning } from './driver-frames.ts';
import { HEAD_EXAMPLES } from './head-examples.ts';
import { classifyPhp } from './php-classify.ts';
import { closesError, continuesTrace, isFrame, isPlacedFrame, mayNameError, ownError } from './trace-line.ts';

/*
 * Any application's log. It scores low so that every specific format wins; a level alone says little (many programs log
 * everything as error), so an error is only called one where no row of the table knows the text.
 */

/** What a call of a stack trace adds: three of them, and an application wrote here. */
const FRAME_SCORE = 0.1;
const MAX_LINES = 300;
const MAX_LENGTH = 65_536;

interface Entry {
  readonly line: Line;
  entry: AppEntry;
  readonly lines: string[];
  length: number;
  /** Whether its last line ends what a runtime prints of an error: a frame of its stack, or what stands below that. */
  isTold: boolean;
}

/** An entry of the line: written by itself, or dated by a wrapper whose program nobody else reads. */
function entryOf(line: Line): AppEntry | null {
  const text = line.text;
  if (text === '') return null;
  const own = text.charAt(0) === '{' ? jsonEntry(text) : textEntry(text.slice(0, MAX_LENGTH));
  if (own !== null) return own;
  if (line.wrapper?.program === undefined || /^\s/.test(text) || !isApplication(line)) return null;
  return { stamp: NO_STAMP, level: levelIn(text), message: text.slice(0, MAX_LENGTH) };
}

/** Whether the wrapper names no program that somebody else reads. */
function isApplication({ wrapper }: Line): boolean {
  const program = wrapper?.program;
  return (
    program === undefined || !(program === 'kernel' || hasOwnFormat(program) || roleOfProgram(program) === 'other')
  );
}

/** Whether the line itself begins with a time: a block has none within. */
function isDated({ text }: Line): boolean {
  return text.charAt(0) === '{' ? jsonEntry(text) !== null : textEntry(text.slice(0, MAX_LENGTH)) !== null;
}

function score(line: Line): number {
  if (!isApplication(line)) return 0;
  const entry = entryOf(line);
  if (beginsBlock(line.text)) return 0.45;
  if (entry !== null && (entry.level !== undefined || line.text.charAt(0) === '{')) return 0.35;
  const text = line.text.slice(0, 2000);
  if (entry === null) return isPlacedFrame(text) ? FRAME_SCORE : isSurelyApp(text) ? 0.45 : isFrame(text) ? 0.05 : 0;
  return appMeaning(text) === null ? 0.1 : 0.35;
}

class AppParser implements LineParser {
  private readonly emit: Emit;
  private entry: Entry | null = null;
  private block: OpenBlock | null = null;
  /** Whether the line taken last ended such a block. */
  private closed = false;
  /** The line before, where it names an error that no row knows: a frame below it shows that it is one. */
  private named: Line | null = null;
  /** Whether nothing that was read so far had a time: then what a line is told by is the lines around it. */
  private isUndated = true;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { named } = this;
    this.named = null;
    if (this.block !== null && !isDated(line)) {
      this.add(line);
      if (this.block.closes(line.text)) {
        this.block = null;
        this.closed = true;
      }
      return true;
    }
    this.block = null;
    if (beginsBlock(line.text) && isApplication(line)) {
      // After an error's own line a traceback belongs to it; a wrapper begins each line anew, and so does a death.
      if (this.mayGoOn() && !this.closed && line.wrapper?.program === undefined && !isSurelyApp(line.text))
        this.add(line);
      else this.begin(line, { stamp: NO_STAMP, level: 'error', message: line.text });
      this.block = new OpenBlock(line.text);
      return true;
    }
    const entry = entryOf(line);
    if (entry !== null) return this.begin(line, entry);
    const level = this.entry?.lines.length === 0 && isJulHead(this.entry.line.text) ? julLevel(line.text) : undefined;
    if (this.entry !== null && level !== undefined) {
      this.entry.entry = { ...this.entry.entry, level };
      return this.add(line);
    }
    const own = ownError(line.text);
    if (own !== undefined && this.isAnotherError(own)) return this.begin(line, untimedError(own));
    if (this.isAnotherLine(line.text)) return this.begin(line, untimedError(line.text));
    if (this.entry !== null && BARE_HEAD.test(this.entry.entry.message) && line.text.trim() !== '')
      return this.add(line);
    if (named !== null && isFrame(line.text)) {
      this.begin(named, untimedError(named.text.trimStart()));
      return this.add(line);
    }
    if (this.entry !== null && (continuesTrace(line.text) || (this.mayGoOn() && saysAgain(this.entry, line.text))))
      return this.add(line);
    if (line.text.trim() === '') return true;
    if (!isSurelyApp(line.text)) {
      if (this.entry !== null && mayNameError(line.text)) return this.add(line);
      if (own !== undefined) this.named = line;
      return false;
    }
    return this.begin(line, { stamp: NO_STAMP, level: undefined, message: line.text.slice(0, MAX_LENGTH) });
  }

  /** Whether there is an entry that an error may belong to: what was said calmly has none. */
  private mayGoOn(): boolean {
    if (this.entry === null) return false;
    const { stamp, level, message } = this.entry.entry;
    if (stamp.kind !== 'none' || level !== undefined) return level !== 'info' && level !== 'debug';
    const said = appMeaning(message)?.signal;
    return said === undefined || !CALM.has(said);
  }

  /** Whether an error that a line names is none of the entry at hand: that is told to its end, or is nothing that had one. */
  private isAnotherError(said: string): boolean {
    return this.entry?.isTold === true || (!this.mayGoOn() && appMeaning(said) !== null);
  }

  /** In a log without times: whether a line tells of another service that failed, in words that alone would not be enough. */
  private isAnotherLine(text: string): boolean {
    if (!this.isUndated || this.entry === null || /^\s/.test(text) || continuesTrace(text)) return false;
    return appMeaning(text)?.signal === 'app.http-dependency';
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry === null) return;
    const said = saidIn(entry);
    const meaning = meaningOf(said);
    const text = entry.lines.length === 0 ? entry.line.text : [entry.line.text, ...entry.lines].join('\n');
    const subject = entry.line.wrapper?.program ?? entry.line.container;
    const clue = clueOn(entry.line, entry.entry.stamp, 'app', meaning.signal, text);
    if (said.level !== undefined) clue.level = said.level;
    if (subject !== undefined) clue.subject = subject;
    const values = OF_A_SERVER.has(meaning.signal)
      ? { ...meaning.values, ends: LAST_WORDS.test(text.slice(0, MAX_LENGTH)) ? 1 : 0 }
      : meaning.values;
    clue.values = withContainer(values, entry.line);
    this.emit(clue);
  }

  private add(line: Line): true {
    const { entry } = this;
    if (line.text.trim() !== '') this.closed = false;
    if (entry !== null && entry.lines.length < MAX_LINES && entry.length < MAX_LENGTH) {
      entry.lines.push(line.text.slice(0, MAX_LENGTH));
      entry.length += line.text.length;
    }
    if (entry !== null && line.text.trim() !== '')
      entry.isTold = isFrame(line.text) || (entry.isTold && closesError(line.text));
    return true;
  }

  private begin(line: Line, entry: AppEntry): boolean {
    this.end();
    this.closed = false;
    this.entry = { line, entry, lines: [], length: line.text.length, isTold: false };
    this.isUndated &&= entry.stamp.kind === 'none' && line.wrapper === null;
    return true;
  }
}

/** Whether an application ends with such a line is told beside it: most of them decide what is common to a burst's. */
const OF_A_SERVER: ReadonlySet<SignalId> = new Set<SignalId>([
  'app.db-error',
  'app.db-too-many',
  'app.db-pool',
  'app.cache-error',
]);

/** Node and Spring Boot as they end, whatever made them. */
const LAST_WORDS = /^(?:Node\.js v\d{1,3}\.\d|APPLICATION FAILED TO START$)/m;

/** Rails begins what it says of an exception with a line feed (`ActionDispatch::DebugExceptions`): all of it stands below. */
const BARE_HEAD = /^(?:FATAL|ERROR) -- : *$/;

/**
 * Whether a line without a time says once more what the entry said: what caught an error and what prints it with its stack often say
 * both. Said a second time it is another error, as is each in a log without times.
 */
function saysAgain({ entry, lines }: Entry, text: string): boolean {
  const said = text.replace(/^Error: /, '');
  return entry.stamp.kind !== 'none' && said.length > 8 && entry.message.endsWith(` ${said}`) && !lines.includes(text);
}

/** An error that its runtime printed without a time. */
function untimedError(text: string): AppEntry {
  return { stamp: NO_STAMP, level: 'error', message: text.slice(0, MAX_LENGTH) };
}

interface SaidEntry {
  readonly level: AppLevel | undefined;
  /** Its first line. */
  readonly first: string;
  /** All of it. */
  readonly whole: string;
}

/** What an entry says: .NET's console logger and java.util.logging write its place where others have the message, and that below. */
function saidIn({ entry, line, lines }: Entry): SaidEntry {
  const isBelow = isDotnetHead(entry.message) || (lines.length > 0 && isJulHead(line.text));
  const texts = isBelow ? lines.map((text) => text.trim()) : [entry.message, ...lines];
  return { level: entry.level, first: texts[0] ?? '', whole: texts.join('\n') };
}

/** PHP's words for an exception that nobody caught, without those of its own log before them: WooCommerce's log has them so. */
const UNCAUGHT_IN_PHP =
  /\bUncaught [A-Z_\\][\w\\]{0,200}: [^\n]{0,4000}? in [^\n]{1,1000}?\.php(?:\(\d{1,9}\) : [^\n]{1,40}?)?:\d/;

/** What that means; PHP frameworks (Laravel, Symfony) carry PHP's own messages. */
function meaningOf({ level, first, whole }: SaidEntry): {
  readonly signal: SignalId;
  readonly values: Readonly<Record<string, string | number>>;
} {
  const isError = level === 'error' || level === 'fatal';
  if (level === 'debug' || level === 'info' || level === 'warn') {
    const meaning = appMeaning(first);
    const keeps = meaning !== null && (level === 'warn' || CALM.has(meaning.signal) || meaning.certain);
    return keeps ? meaning : { signal: 'app.chatter', values: {} };
  }
  const uncaught = isError ? UNCAUGHT_IN_PHP.exec(whole) : null;
  const thrown = uncaught === null ? null : classifyPhp(`PHP Fatal error:  ${whole.slice(uncaught.index)}`);
  if (thrown !== null) return thrown;
  const meaning = appMeaning(whole);
  if (meaning === null || !NAMES_SERVICE.has(meaning.signal)) {
    const driver = driverMeaning(whole);
    if (driver !== null) return { signal: driver, values: {} };
  }
  if (meaning !== null) return meaning;
  const php = isError && /PHP|SQLSTATE|\.php\b/.test(whole) ? classifyPhp(first) : null;
  if (php !== null && php.signal !== 'php.custom') return php;
  return { signal: isError ? 'app.error' : 'app.chatter', values: {} };
}

/** What names the service that failed, or the resource that the application lacks: no frame of the stack tells more. */
const NAMES_SERVICE: ReadonlySet<SignalId> = new Set<SignalId>([
  'app.db-error',
  'app.db-too-many',
  'app.db-pool',
  'app.cache-error',
  'cache.error',
  'app.disk-full',
  'app.too-many-files',
  'app.out-of-memory',
  'app.port-in-use',
  'app.chatter',
]);

/** What an application says calmly. */
const CALM: ReadonlySet<SignalId> = new Set<SignalId>(['app.start', 'app.stop', 'app.worker-exit']);

/** Any application's log. */
export const app: LineFormat = {
  shape: 'lines',
  id: 'app',
  title: 'Application log',
  hop: 'app',
  foundAt: ['the application’s own log file', 'docker logs', 'journalctl -u the application', 'pm2 logs'],
  limits: ['Only well-known messages are understood; the rest is counted as chatter or as an error.'],
  examples: () => [...APP_EXAMPLES(), ...HEAD_EXAMPLES(), ...DRIVER_EXAMPLES()],
  // Applications that log their requests as web servers do write errors between them.
  lateFrom: 0.35,
  score,
  open: (emit) => new AppParser(emit),
};
