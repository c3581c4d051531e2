import type { Stamp } from '../../vocabulary/records.ts';
import { localMonthIndex, MONTH_NAME } from '../month-names.ts';
import { remembered } from '../remembered.ts';
import { parseIso, parseOffset, wallMs, zonedStamp } from '../stamps.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';
import type { Peeled } from './peeled.ts';

/*
 * Heads of syslog files and of journalctl's text outputs (reference: cloudflared section 2.4, measured with systemd 252).
 */

const DAY_AND_CLOCK = String.raw`([ \d]\d|\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (\d{4}))?(?=[ :])`;
const SHORT = new RegExp(`^([A-Z][a-z]{2}) ${DAY_AND_CLOCK}`);
const LOCAL_SHORT = new RegExp(String.raw`^(${MONTH_NAME})\.? ${DAY_AND_CLOCK}`, 'u');
const ISO_HEAD =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(Z|[+-]\d\d:?\d\d)?(?=[ \t]|\d{4}[-/]\d\d[-/]\d\d|$)/;

/** Several wrappers begin so: the last head read is kept for those that look at the same line. */
let headOf = '';
let lastHead: RegExpExecArray | null = null;

function isoHead(line: string): RegExpExecArray | null {
  if (line !== headOf) {
    headOf = line;
    lastHead = ISO_HEAD.exec(line);
  }
  return lastHead;
}

const FULL =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([A-Z]{2,5}|[+-]\d\d(?:\d\d)?) /;
const UNIX = /^(\d{10})\.(\d{3,6}) /;
const SVLOGD = /^(\d{4}-\d\d-\d\d)_(\d\d:\d\d:\d\d\.\d{1,9}) /;
const PRIORITY = /^<\d{1,3}>/;
const RFC_5424 =
  /^<\d{1,3}>1 (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) \S{1,64} (?:-|(?:\[(?:[^\]"]|"[^"]{0,500}"){0,50}\]){1,5})(?: (?:\uFEFF)?|$)/;

const HOST = '[A-Za-z0-9][\\w.:-]{0,252}[\\w-]|[A-Za-z0-9]';
const PROGRAM = '[\\w(/][^\\s\\[\\]:]{0,127}';
const TAG = new RegExp(`^(?:(${HOST}) )?(${PROGRAM})(?:\\[([\\w.-]{1,32})\\])?: ?`);
const TAG_WITH_HOST = new RegExp(`^(${HOST}) (${PROGRAM})(?:\\[([\\w.-]{1,32})\\])?: ?`);
const TAG_WITH_PID = new RegExp(`^(?:(${HOST}) )?(${PROGRAM})\\[([\\w.-]{1,32})\\]: ?`);
const LEVEL_WORD =
  /^(?:TRC|DBG|INF|WRN|ERR|FTL|PNC|TRACE|(?:SUB|D)?DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|CRIT|FATAL|ALERT|EMERG|PANIC|SEVERE|LOG)$/i;
/** What yum did with a package, where a program's name would stand. */
const YUM_WORD = /^(?:Installed|Updated|Erased)$/;
const INNER_STAMP =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:|\[\d\d-[A-Z][a-z]{2}-\d{4} |time="|(?:TRC|DBG|INF|WRN|ERR|FTL|PNC) )/;
/** An object of a structured log, which has its time within. */
const INNER_OBJECT = /^\{"(?:level|ts|time|timestamp)":/;
/** From where to where, as Hubble prints a flow: what stands before the colon is an address, and no program. */
const FLOW = /^\S{1,300} (?:\([^)\n]{1,80}\) )?(?:->|<-|<>) \S/;
const REPEATED = /^message repeated \d{1,9} times: \[ ?(.*)\]$/s;

const MOST_PROGRAMS = 200;

/** Name of a program without path, unit ending and version of the process title. */
const programName: (text: string) => string = remembered((text) => {
  const base = text.slice(text.lastIndexOf('/') + 1) || text;
  return base.replace(/\.service$/, '').replace(/^\((.*)\)$/, '$1');
}, MOST_PROGRAMS);

/** A field with a secret or a header, and no program: its value is told by this name, so it stays with it. */
const FIELD_NAME =
  /^x-|(?:[-_]|^)(?:authorization|cookies?|nonce|password|passwd|secret|session|signature|token)$|[-_](?:api|subscription|access|auth|functions)[-_]key$/i;

function tagged(rest: string, pattern: RegExp, stamp?: Stamp): Peeled | null {
  const tag = pattern.exec(rest);
  if (tag?.[2] === undefined) return null;
  if (FIELD_NAME.test(tag[2]) || (tag[1] === undefined && YUM_WORD.test(tag[2]))) return null;
  if (LEVEL_WORD.test(tag[2]) || (tag[1] !== undefined && LEVEL_WORD.test(tag[1]))) return null;
  const inner = rest.slice(tag[0].length);
  return {
    rest: REPEATED.exec(inner)?.[1] ?? inner,
    stamp,
    server: tag[1],
    program: programName(tag[2]),
    pid: tag[3],
  };
}

function fractionMs(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.padEnd(3, '0').slice(0, 3));
}

/**
 * `Nov 20 08:19:33 web01 nginx[12]: `, with or without host, pid, priority and fraction; the year is not written. journalctl has the
 * month in the language of whoever ran it: `mars 20`, ` 3月 20`.
 */
export function peelSyslog(text: string): Peeled | null {
  const priority = PRIORITY.exec(text)?.[0].length ?? 0;
  const line = priority > 0 ? text.slice(priority) : text;
  const head = SHORT.exec(line) ?? LOCAL_SHORT.exec(line);
  const month = head?.[1] === undefined ? undefined : localMonthIndex(head[1]);
  if (head === null || month === undefined) return null;
  const clock = [Number(head[2]), Number(head[3]), Number(head[4]), Number(head[5])] as const;
  const year = head[7] === undefined ? 2000 : Number(head[7]);
  const ms = wallMs(year, month, ...clock, fractionMs(head[6]));
  const stamp: Stamp = head[7] === undefined ? { kind: 'yearless', ms } : { kind: 'local', ms };
  // Two blanks where somebody took the host's name out.
  const rest = line.slice(head[0].length).replace(/^ {0,2}(?:: ?)?/, '');
  // `Nov 17 02:24:46  ERR text`: journald without host and identifier.
  if (INNER_STAMP.test(rest.trimStart())) return { rest: rest.trimStart(), stamp };
  if (FLOW.test(rest)) return { rest, stamp };
  return tagged(rest, TAG, stamp) ?? { rest, stamp };
}

/** A host's name among words: one with a digit, a hyphen or a dot. */
const MACHINE = String.raw`(?=[a-z\d.-]{0,60}[\d.-])[a-z\d][\w.-]{0,60}|localhost`;
const UNDATED_TAG = new RegExp(
  String.raw`^(?:(${MACHINE}) )?([a-z][\w.@/-]{1,60})\[(\d{1,10}|[a-z]{2,12}(?:\.\d{1,4})?)\]: `,
);
const LONGEST_TAG = 150;

/** `nginx[12]: `, `web01 systemd[1]: `: the date of a syslog's line was not copied. */
export function peelUndatedTag(text: string): Peeled | null {
  const beginning = text.slice(0, LONGEST_TAG);
  return beginning.includes(']: ') ? tagged(text, UNDATED_TAG) : null;
}

/** `<6>`: the priority alone, as HAProxy (`log stdout format short`) and programs of systemd's print it. */
export function peelPriority(text: string): Peeled | null {
  const head = PRIORITY.exec(text);
  return head === null ? null : { rest: text.slice(head[0].length) };
}

/** `2026-11-20T08:19:33+0000 web01 prog[1]: `: journald's ISO outputs, rsyslog's RFC 3339 files. */
export function peelIsoSyslog(text: string): Peeled | null {
  const priority = PRIORITY.exec(text)?.[0].length ?? 0;
  const line = priority > 0 ? text.slice(priority) : text;
  const head = isoHead(line);
  if (head?.[1] === undefined || head[1].charAt(10) !== 'T') return null;
  const stamp = isoStamp(head[1], head[2]);
  if (stamp === undefined) return null;
  const zoned = head[2] !== undefined && head[2] !== 'Z';
  const rest = line.slice(head[0].length + 1);
  const held = tagged(rest, zoned ? TAG_WITH_HOST : TAG_WITH_PID, stamp);
  return held ?? (zoned ? tagged(rest, TAG_WITH_PID, stamp) : null);
}

/** `2026-11-20 08:30:40.275087+00:00` of a log viewer (Docker Desktop's, too) before the entry's own stamp, also glued to it. */
export function peelStampBeforeStamp(text: string): Peeled | null {
  const head = isoHead(text);
  if (head?.[1] === undefined) return null;
  const rest = text.slice(head[0].length).trimStart();
  const isStamped = INNER_STAMP.test(rest) && !LEVEL_WORD.test(rest.slice(0, 3));
  if (!isStamped && !INNER_OBJECT.test(rest)) return null;
  const stamp = isoStamp(head[1], head[2]);
  return stamp === undefined ? null : { rest, stamp };
}

/** `2026-11-20T08:30:40.275Z⇥` of a log viewer's table before the entry: a tab, which no program puts behind its own stamp. */
export function peelStampAndTab(text: string): Peeled | null {
  const head = isoHead(text);
  if (head?.[1] === undefined || text.charAt(head[0].length) !== '\t') return null;
  const stamp = isoStamp(head[1], head[2]);
  return stamp === undefined ? null : { rest: text.slice(head[0].length + 1), stamp };
}

/** `2026-11-20_08:30:40.27508 `: svlogd -tt, in UTC. Every file named `current` of GitLab has it. */
export function peelSvlogd(text: string): Peeled | null {
  const head = SVLOGD.exec(text);
  const stamp = head?.[1] === undefined ? undefined : isoStamp(`${head[1]}T${head[2] ?? ''}`, 'Z');
  return head === null || stamp === undefined ? null : { rest: text.slice(head[0].length), stamp };
}

/** An ISO stamp; `Z` says nothing of the host's zone, so no offset is kept for it. */
export function isoStamp(text: string, zone: string | undefined): Stamp | undefined {
  const wall = parseIso(text);
  if (wall?.kind !== 'local' || zone === undefined) return wall;
  if (zone === 'Z') return { kind: 'utc', ms: wall.ms };
  const offset = parseOffset(zone.trimStart());
  return offset === undefined ? undefined : zonedStamp(wall.ms, offset);
}

/** `Fri 2026-11-20 03:19:33 EST web01 prog[1]: `: journalctl -o short-full and with-unit. */
export function peelShortFull(text: string): Peeled | null {
  const head = FULL.exec(text);
  if (head?.[1] === undefined || head[2] === undefined) return null;
  const stamp = fullStamp(head[1], head[2]);
  return stamp === undefined ? null : tagged(text.slice(head[0].length), TAG_WITH_HOST, stamp);
}

/** Stamp with a zone by name; a name of several meanings leaves the wall clock. */
export function fullStamp(wallText: string, zone: string): Stamp | undefined {
  const wall = parseIso(wallText);
  if (wall?.kind !== 'local') return undefined;
  const offset = zoneOffsetMinutes(zone, wall.ms);
  return offset === undefined ? wall : zonedStamp(wall.ms, offset);
}

/** `1795162773.987154 web01 prog[1]: `: journalctl -o short-unix. */
export function peelShortUnix(text: string): Peeled | null {
  const head = UNIX.exec(text);
  if (head === null) return null;
  const stamp: Stamp = { kind: 'utc', ms: Number(head[1]) * 1000 + fractionMs(head[2]) };
  return tagged(text.slice(head[0].length), TAG_WITH_HOST, stamp);
}

/** `<34>1 2026-11-20T08:19:33.9Z web01 prog 12 - - `: RFC 5424. */
export function peelRfc5424(text: string): Peeled | null {
  const head = RFC_5424.exec(text);
  if (head?.[1] === undefined) return null;
  const iso = ISO_HEAD.exec(head[1]);
  const stamp = iso?.[1] === undefined ? undefined : isoStamp(iso[1], iso[2]);
  const named = (value: string | undefined): string | undefined => (value === '-' ? undefined : value);
  const [server, program, pid] = [named(head[2]), named(head[3]), named(head[4])];
  return {
    rest: text.slice(head[0].length),
    ...(stamp === undefined ? {} : { stamp }),
    ...(server === undefined ? {} : { server }),
    ...(program === undefined ? {} : { program: programName(program) }),
    ...(pid === undefined ? {} : { pid }),
  };
}

/** `[12345.678901] `: the kernel's own clock, also journalctl -o short-monotonic with host and program after it. */
export function peelMonotonic(text: string): Peeled | null {
  const head = /^\[ {0,10}\d{1,9}\.\d{6}\] /.exec(text);
  if (head === null) return null;
  const rest = text.slice(head[0].length);
  const held = /^\S{1,255} (?:kernel|\S{1,128}\[\d{1,10}\]): /.test(rest) ? tagged(rest, TAG_WITH_HOST) : null;
  return held ?? { rest, program: 'kernel' };
}

const DMESG_T = new RegExp(
  String.raw`^\[\p{L}{1,6}\.? {1,2}(${MONTH_NAME})\.? {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\] `,
  'u',
);
/** Apache 2.2, mod_jk and PHP's built-in server stamp their lines alike. */
const NOT_KERNEL =
  /^(?:\[(?:\w{1,30}:)?(?:emerg|alert|crit|error|warn|notice|info|debug)\]|\[client |\[\d{1,10}:\d{1,20}\] \[|PHP |\S{1,64}:\d{1,5} )/;

/** `[Fri May  3 20:02:04 2019] `: dmesg -T, in local time and in the language of whoever ran it; web pages show two blanks as one. */
export function peelDmesg(text: string): Peeled | null {
  const head = DMESG_T.exec(text);
  const month = head?.[1] === undefined ? undefined : localMonthIndex(head[1]);
  if (head === null || month === undefined) return null;
  const rest = text.slice(head[0].length);
  if (NOT_KERNEL.test(rest)) return null;
  const ms = wallMs(Number(head[6]), month, Number(head[2]), Number(head[3]), Number(head[4]), Number(head[5]));
  return { rest, program: 'kernel', stamp: { kind: 'local', ms } };
}
