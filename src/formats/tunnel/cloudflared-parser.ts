import type { ClueRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockReader, Emit, Line, LineParser, SharedSink } from '../format.ts';
import { CloudflaredBlocks, type TunnelReading } from './cloudflared-blocks.ts';
import { type CloudflaredLine, parseBareLine, parseCloudflaredLine } from './cloudflared-line.ts';
import { type Match, matchMessage } from './cloudflared-match.ts';
import { requestSaid, type Said, saidBy, withError } from './cloudflared-meaning.ts';
import { type Meaning, stampOf, tunnelRecord } from './cloudflared-record.ts';
import { isChatter, isOwnProgram, isSure, ownWords } from './cloudflared-words.ts';
import { DebugRequests, requestTalk } from './debug-requests.ts';
import { readRequestLine, UNREACHABLE_WORDS } from './request-line.ts';
import { type AlikeErrors, type RequestHalf, RequestPairs, requestRecord } from './request-pairs.ts';
import { TunnelState } from './tunnel-state.ts';

/** Shorter errors (`EOF`) end too many lines of others. */
const SHORTEST_LAST_WORDS = 12;
const MINUTE_MS = 60_000;
// quic-go writes one line by itself, in local time (reference 2.1).
const GO_STAMP = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;
// The tabs of a trace are blanks in many pastes.
const STACK_LINE =
  /^(?:goroutine \d+ [^:]{0,200}:$|\t| {2,12}[/\w]|[\w./*()-]+\(.*\)$|created by |exit status \d|\[signal |\s*$|r\w\w? +0x|0x[\da-f]{8,16}:)/;
/** What a shell prints of a program that it ran and that was ended by signal 9: `run: line 12:   345 Killed   cloudflared tunnel run`. */
const KILLED =
  /^(?:\S{1,100}: line \d{1,6}: {1,6}\d{1,10} )?Killed(?: {1,40}(?:\S{0,100}\/)?cloudflared\b.{0,300})?\s{0,8}$/;
/** After these a Go trace follows. */
const TRACED: ReadonlySet<SignalId> = new Set<SignalId>(['cloudflared.proc-gostack', 'cloudflared.noise-recovered']);

/** Reads the lines of one cloudflared log in order. */
export class CloudflaredParser implements LineParser, TunnelReading {
  private readonly emit: Emit;
  private readonly pairs: RequestPairs;
  readonly state = new TunnelState();
  readonly requests = new DebugRequests();
  /** "No ingress rules" is harmless when a pushed configuration follows: it waits for the answer. */
  private noRules: ClueRecord | null = null;
  private seenOwn = false;
  private inStack = false;
  private lastError = '';
  private sink: SharedSink | null = null;
  kept = 0;

  constructor(emit: Emit) {
    this.emit = emit;
    this.pairs = new RequestPairs((quoted, other) => this.tell(quoted, other));
  }

  readBlocks(sink: SharedSink, withCounter = true): BlockReader {
    this.sink = sink;
    return new CloudflaredBlocks(sink, this, withCounter);
  }

  /** Whether the log is known as cloudflared's and no line waits for a later one to tell what it means. */
  get isSettled(): boolean {
    return this.seenOwn && this.noRules === null;
  }

  /** A line of this time was read from its bytes. */
  resume(ms: number): void {
    this.inStack = false;
    this.pairs.settle(ms);
  }

  get room(): number {
    return this.pairs.room;
  }

  get waiting(): number {
    return this.pairs.count;
  }

  onWaiting(alike: (error: string) => AlikeErrors | null, tell: (like: AlikeErrors) => void): void {
    this.pairs.alike = alike;
    this.pairs.onWaiting = tell;
  }

  /** A line of a failed request was read from its bytes. */
  pair(half: RequestHalf): void {
    this.pairs.add(half);
  }

  push(line: Line): boolean {
    const program = line.wrapper?.program;
    const own = isOwnProgram(program);
    const parsed = parseCloudflaredLine(line.text);
    if (program !== undefined && !own && parsed?.form !== 'console') return false;
    if (parsed === null) return this.pushText(line, own);
    if (parsed.form !== 'console' && !own && !this.seenOwn && !ownWords(parsed)) return false;
    this.inStack = false;
    this.read(line, parsed);
    return true;
  }

  end(): void {
    this.pairs.flush();
    this.settleNoRules(false);
  }

  /** A line without stamp and level: a pasted error, a Go trace, the rest of a message with a line break. */
  private pushText(line: Line, own: boolean): boolean {
    const bare = parseBareLine(line.text.slice(0, 20_000).replace(GO_STAMP, ''));
    if (this.inStack && STACK_LINE.test(line.text.slice(0, 500))) return true;
    if (isChatter(bare.message)) return own || this.seenOwn || bare.message.length > 24;
    const request = readRequestLine(bare);
    // An error without a message is somebody else's field as well, unless it has cloudflared's words.
    if (request && (bare.message !== '' || bare.fields.error?.includes(UNREACHABLE_WORDS) === true)) {
      this.seenOwn = true;
      this.addHalf(line, bare, requestSaid(bare, request));
      return true;
    }
    if ((own || this.seenOwn) && KILLED.test(line.text.slice(0, 500))) {
      this.emit(this.record(line, bare, { signal: 'cloudflared.proc-killed', caught: {} }));
      return true;
    }
    if (this.lastError.length >= SHORTEST_LAST_WORDS && line.text.trim().endsWith(this.lastError)) {
      this.emit(this.record(line, bare, { signal: 'cloudflared.proc-exit-text', caught: {} }));
      return true;
    }
    const match = matchMessage(bare.message, bare.fields.error ?? '', this.state.circumstances(bare.fields.connIndex));
    if (match && (isSure(match, bare) || ((own || this.seenOwn) && match.row.signal === 'cloudflared.proc-gostack'))) {
      this.read(line, bare);
      return true;
    }
    return own;
  }

  private read(line: Line, parsed: CloudflaredLine): void {
    const stamp = stampOf(line, parsed);
    if (stamp.kind !== 'none') this.pairs.settle(stamp.ms);
    if (!this.seenOwn && ownWords(parsed)) this.seenOwn = true;
    const talk = parsed.level === 'debug' ? requestTalk(parsed.message) : null;
    if (talk !== null) {
      this.requests.add(talk, line.text);
      return;
    }
    const { message, error } = withError(parsed);
    const said = saidBy(parsed, this.state.circumstances(parsed.fields.connIndex));
    if (said.kind === 'request') this.addHalf(line, parsed, said);
    else if (said.kind === 'message') this.readMatch(line, parsed, said.match);
    else if (said.kind === 'error' && this.seenOwn) {
      this.emit(this.record(line, parsed, { signal: 'cloudflared.other-error', caught: {} }));
    }
    this.state.see(said.kind === 'message' ? said.match.row.signal : null, message, parsed.fields.connIndex);
    if (parsed.level === 'fatal' || message === 'Initiating shutdown') this.lastError = error;
  }

  private readMatch(line: Line, parsed: CloudflaredLine, match: Match): void {
    const { signal } = match.row;
    if (signal === 'cloudflared.noise-precheck') return;
    const record = this.record(line, parsed, { signal, caught: match.values });
    if (TRACED.has(signal)) {
      if (this.inStack) return;
      this.inStack = true;
    }
    if (signal === 'cloudflared.proc-start') this.settleNoRules(false);
    if (signal === 'cloudflared.proc-config') this.settleNoRules(true);
    // The first one of a process may be answered by a pushed configuration; the later ones come with a request each.
    if (signal === 'cloudflared.proc-noingress' && this.noRules === null) {
      this.noRules = record;
      return;
    }
    this.emit(record);
  }

  private addHalf(line: Line, parsed: CloudflaredLine, said: Said & { readonly kind: 'request' }): void {
    const record = this.record(line, parsed, said.meaning);
    const { stamp, outerStamp, server, connection } = record;
    this.pairs.add({
      side: said.side,
      error: said.error,
      line: line.number,
      stamp,
      outerStamp,
      server,
      connection,
      namesHost: record.host !== undefined,
      counted: null,
      record: () => record,
    });
  }

  private record(line: Line, parsed: CloudflaredLine, meaning: Meaning): ClueRecord {
    return tunnelRecord(line, parsed, meaning, (address) => this.requests.rayOf(address));
  }

  /** Hands over a request; where its quoted line was only read from bytes, it may only count. */
  tell(quoted: RequestHalf, other: RequestHalf | null): void {
    const { counted, stamp } = quoted;
    if (counted === null || this.sink === null || stamp.kind === 'none') {
      const record = requestRecord(quoted, other);
      if (record) this.emit(record);
      return;
    }
    const { signal, level, hash } = counted;
    const outerStamp = quoted.outerStamp ?? other?.outerStamp;
    const server = quoted.server ?? other?.server;
    const clue = { stamp, outerStamp, server, signal, level };
    if (this.sink.wantsClue(signal, Math.floor(stamp.ms / MINUTE_MS), hash, server)) {
      this.kept++;
      this.sink.keepClue(clue, hash, () => requestRecord(quoted, other));
    } else this.sink.countClue(clue);
  }

  private settleNoRules(configured: boolean): void {
    if (this.noRules === null) return;
    this.emit(configured ? { ...this.noRules, signal: 'cloudflared.noise-noingress' } : this.noRules);
    this.noRules = null;
  }
}
