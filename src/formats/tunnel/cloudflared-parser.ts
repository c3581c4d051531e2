import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Emit, Line, LineParser } from '../format.ts';
import { type CloudflaredLine, parseBareLine, parseCloudflaredLine } from './cloudflared-line.ts';
import { bareError, type Match, matchMessage, matchRequestError } from './cloudflared-match.ts';
import { isChatter, isOwnProgram, isSure, ownWords } from './cloudflared-words.ts';
import { ingressRules } from './ingress-rules.ts';
import { type RequestLine, readRequestLine, splitRay } from './request-line.ts';
import { RequestPairs } from './request-pairs.ts';
import { TunnelState } from './tunnel-state.ts';

const LONGEST_TEXT = 2000;
/** Shorter errors (`EOF`) end too many lines of others. */
const SHORTEST_LAST_WORDS = 12;
const SEVERE = new Set(['error', 'fatal', 'panic']);
// quic-go writes one line by itself, in local time (reference 2.1).
const GO_STAMP = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;
const DEST = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]*)([^?#\s]*)/i;
const STACK_LINE = /^(?:goroutine \d+ [^:]{0,200}:$|\t|[\w./*()-]+\(.*\)$|created by |exit status \d|\s*$|r\w\w? +0x)/;
/** Fields that go into a record's values as they are. */
const KEPT_FIELDS = ['connIndex', 'ip', 'location', 'protocol', 'ingressRule', 'tunnelID', 'version', 'type'] as const;

/** Reads the lines of one cloudflared log in order. */
export class CloudflaredParser implements LineParser {
  private readonly emit: Emit;
  private readonly pairs: RequestPairs;
  private readonly state = new TunnelState();
  /** "No ingress rules" is harmless when a pushed configuration follows: it waits for the answer. */
  private noRules: ClueRecord | null = null;
  private seenOwn = false;
  private inStack = false;
  private lastError = '';

  constructor(emit: Emit) {
    this.emit = emit;
    this.pairs = new RequestPairs(emit);
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
    if (request && bare.message !== '') {
      this.seenOwn = true;
      this.readRequest(line, bare, request);
      return true;
    }
    const match = matchMessage(bare.message, bare.fields.error ?? '', this.state.circumstances(bare.fields.connIndex));
    if (match && (isSure(match, bare) || ((own || this.seenOwn) && match.row.id === 'proc-gostack'))) {
      this.read(line, bare);
      return true;
    }
    if (this.lastError.length >= SHORTEST_LAST_WORDS && line.text.trim().endsWith(this.lastError)) {
      this.emit(this.record(line, bare, 'cloudflared.proc-exit-text', {}));
      return true;
    }
    return own;
  }

  private read(line: Line, parsed: CloudflaredLine): void {
    const stamp = stampOf(line, parsed);
    if (stamp.kind !== 'none') this.pairs.settle(stamp.ms);
    this.rememberRay(line, parsed);
    if (!this.seenOwn && ownWords(parsed)) this.seenOwn = true;
    const { message, error } = withError(parsed);
    const match = matchMessage(message, error, this.state.circumstances(parsed.fields.connIndex));
    const request = match ? null : readRequestLine(parsed);
    if (request) this.readRequest(line, parsed, request);
    else if (match) this.readMatch(line, parsed, match);
    else if (parsed.level !== null && SEVERE.has(parsed.level) && this.seenOwn && !isChatter(message)) {
      this.emit(this.record(line, parsed, 'cloudflared.other-error', {}));
    }
    this.state.see(match?.row.signal ?? null, message, parsed.fields.connIndex);
    if (parsed.level === 'fatal' || message === 'Initiating shutdown') this.lastError = error;
  }

  private readMatch(line: Line, parsed: CloudflaredLine, match: Match): void {
    const { signal } = match.row;
    if (signal === 'cloudflared.noise-precheck') return;
    const record = this.record(line, parsed, signal, match.values);
    if (signal === 'cloudflared.proc-gostack') {
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

  private readRequest(line: Line, parsed: CloudflaredLine, request: RequestLine): void {
    const error = bareError(request.error);
    const privateNetwork = parsed.fields.originService === 'warp-routing';
    const match = privateNetwork ? null : matchRequestError(error);
    const signal: SignalId = privateNetwork
      ? 'cloudflared.tcp-service'
      : (match?.row.signal ?? 'cloudflared.carrier-other');
    const values: Record<string, string> = { ...match?.values };
    if (request.ingressRule !== undefined) values.ingressRule = request.ingressRule;
    if (request.colo !== undefined) values.colo = request.colo;
    const record = this.record(line, parsed, signal, values, request.ray);
    this.pairs.add({ side: request.side, error: error.text, record });
  }

  private record(
    line: Line,
    parsed: CloudflaredLine,
    signal: SignalId,
    caught: Readonly<Record<string, string>>,
    ray?: string,
  ): ClueRecord {
    const { fields } = parsed;
    const values: Record<string, string | number> = {};
    for (const name of KEPT_FIELDS) if (fields[name] !== undefined) values[name] = fields[name].slice(0, 200);
    Object.assign(values, caught);
    if (signal === 'cloudflared.proc-config') values.rules = ingressRules(fields.config ?? '');
    if (signal === 'cloudflared.proc-version') values.version = parsed.message.split(' ')[1] ?? '';
    if (signal === 'cloudflared.proc-sigterm') values.signal = parsed.message.split(' ')[6] ?? '';
    const service = splitService(fields.originService);
    if (service?.scheme !== undefined) values.scheme = service.scheme;
    const dest = fields.dest === undefined ? null : DEST.exec(fields.dest);
    const found = ray === undefined && dest ? this.state.rayOf(`${dest[2]}${dest[3]}`) : {};
    if (found.colo !== undefined) values.colo = found.colo;
    const rayId = ray ?? found.ray;
    const outer = line.wrapper?.stamp;
    return {
      kind: 'clue',
      hop: 'tunnel',
      signal,
      line: line.number,
      stamp: stampOf(line, parsed),
      ...(outer && outer.kind !== 'none' && { outerStamp: outer }),
      ...(line.wrapper?.server !== undefined && { server: line.wrapper.server }),
      ...(parsed.level !== null && { level: parsed.level }),
      ...(dest?.[2] && { host: dest[2].toLowerCase(), path: dest[3] || '/' }),
      ...(service && { upstream: service.address }),
      ...(rayId !== undefined && { ray: rayId }),
      ...(fields.connIndex !== undefined && { connection: fields.connIndex }),
      subject: 'cloudflared',
      values,
      text: line.text.length > LONGEST_TEXT ? line.text.slice(0, LONGEST_TEXT) : line.text,
    };
  }

  /** At debug level the request line holds the Ray ID that error lines lack since 2024.2.1 (section 1, fact 2). */
  private rememberRay(line: Line, parsed: CloudflaredLine): void {
    if (parsed.level !== 'debug') return;
    const url = /^[A-Z]{3,10} [a-z]+:\/\/([^?#\s]+)/.exec(parsed.message);
    const header = url && /"Cf-Ray":\["([0-9a-fA-F]{16}(?:-[A-Z]{3})?)"/.exec(line.text.slice(0, 20_000));
    if (header) this.state.rememberRay(url[1] ?? '', splitRay(header[1]));
  }

  private settleNoRules(configured: boolean): void {
    if (this.noRules === null) return;
    this.emit(configured ? { ...this.noRules, signal: 'cloudflared.noise-noingress' } : this.noRules);
    this.noRules = null;
  }
}

/** Message and error; lines of 2021 put the error into the message after `err: `. */
function withError(parsed: CloudflaredLine): { readonly message: string; readonly error: string } {
  const { message, fields } = parsed;
  if (fields.error !== undefined) return { message, error: fields.error };
  const at = message.indexOf(', err: ');
  if (at > 0) return { message: message.slice(0, at), error: message.slice(at + 7) };
  return { message, error: '' };
}

/** The inner stamp; where a paste lost it, the wrapper's. */
function stampOf(line: Line, parsed: CloudflaredLine): Stamp {
  return parsed.stamp.kind === 'none' && line.wrapper ? line.wrapper.stamp : parsed.stamp;
}

/** `http://localhost:3000` as scheme and address; `unix:/run/app.sock` and `http_status:404` stay whole. */
function splitService(service: string | undefined): { readonly scheme?: string; readonly address: string } | null {
  if (service === undefined || service === '') return null;
  const at = service.indexOf('://');
  if (at > 0)
    return {
      scheme: service.slice(0, at),
      address: service
        .slice(at + 3)
        .replace(/\/$/, '')
        .slice(0, 300),
    };
  const unix = /^(unix(?:\+tls)?):/.exec(service);
  return unix ? { scheme: unix[1] ?? 'unix', address: service.slice(0, 300) } : { address: service.slice(0, 300) };
}
