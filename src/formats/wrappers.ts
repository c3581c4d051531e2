import type { Draft } from '../vocabulary/draft.ts';
import { NO_STAMP, type Stamp } from '../vocabulary/records.ts';
import type { Line, Wrapper } from './format.ts';
import { peelCompose, peelContainerStamp, peelCri, peelPod } from './wrappers/containers.ts';
import { JournalFields } from './wrappers/journal-fields.ts';
import { JournalPretty } from './wrappers/journal-pretty.ts';
import { peelJson } from './wrappers/json.ts';
import { BORDERS, cleaned, isFence, peelPasted } from './wrappers/pasted.ts';
import type { Peel, Peeled } from './wrappers/peeled.ts';
import { isBetween, peelNumber, peelOwner, peelPlace } from './wrappers/prefixed.ts';
import { PrettyObjects } from './wrappers/pretty-objects.ts';
import { peelFluentd, peelShipped } from './wrappers/shipped.ts';
import {
  peelDmesg,
  peelIsoSyslog,
  peelMonotonic,
  peelPriority,
  peelRfc5424,
  peelShortFull,
  peelShortUnix,
  peelStampAndTab,
  peelStampBeforeStamp,
  peelSvlogd,
  peelSyslog,
  peelUndatedTag,
} from './wrappers/syslog.ts';
import { peelPapertrail, Tables } from './wrappers/tables.ts';

/** Wrappers within wrappers: docker's JSON in syslog in a pasted quotation is as deep as it was ever seen. */
const DEEPEST = 6;
const WORD = /[A-Za-z]/;

const BY_DIGIT: readonly Peel[] = [
  peelCri,
  peelIsoSyslog,
  peelContainerStamp,
  peelStampBeforeStamp,
  peelStampAndTab,
  peelSvlogd,
  peelShortUnix,
  peelCompose,
  peelFluentd,
  peelPapertrail,
  peelPlace,
];
const BY_BRACKET: readonly Peel[] = [peelMonotonic, peelDmesg, peelPod, peelPasted, peelPlace];
const BY_ANGLE: readonly Peel[] = [peelRfc5424, peelSyslog, peelIsoSyslog, peelPriority];
const BY_LETTER: readonly Peel[] = [peelSyslog, peelShortFull, peelUndatedTag, peelCompose, peelPasted, peelOwner];
const BY_SIGN: readonly Peel[] = [peelPasted];
const BY_BRACE: readonly Peel[] = [peelJson, peelShipped];
const BY_PATH: readonly Peel[] = [peelOwner];
const BY_MONTH: readonly Peel[] = [peelSyslog];
/** With these begin marks of pasting, and rows whose columns stand in quotes: quotes, headings, code, emphasis, items of a list. */
const SIGNS = '>#`_*-"“';
/** `1. ` before code. */
const ITEM = /^\d{1,2}[.)] {1,3}`/;
/** What never stands within a program’s line: there it is the program’s own words. */
const OUTERMOST: ReadonlySet<Peel> = new Set([peelPasted, peelCompose, peelSyslog, peelUndatedTag]);
const NONE: readonly Peel[] = [];
/** `12:2026/`, `12:[`, an event's number and a tab (Papertrail), a container's (podman). */
const PLACE = /^(?:\d{1,9}[:-](?:\[|\{|\d{4}[-/]\d\d[-/]|\d{1,3}\.\d{1,3}\.)|\d{15,20}\t|[\da-f]{12} )/;

/** `мар 12 10:`, `3月 12 10:`: a month that begins with no letter of English. */
const LOCAL_MONTH = /^(?:[^\0-\x7f]\S{0,6}|\d{1,2}[月월]) [ \d]?\d \d\d:/;

const BEGINS_ENTRY = /^(?:[\d[{]|time="|[IWEF]\d{4} |PHP (?:Fatal|Parse) error: )/;
/** What runs Compose as a unit of systemd: its lines are those of containers. */
const RUNS_COMPOSE = /^(?:docker(?:-compose)?|podman(?:-compose)?|sh|bash)$/;

/** The wrappers that can begin with a character: an ordinary line is looked at by few of them. */
function candidates(text: string): readonly Peel[] {
  const first = text.charAt(0);
  if (first >= '0' && first <= '9') {
    // Digits that are no date, no seconds since 1970, no `0|api |` and no place in a file begin addresses: most access logs.
    const fifth = text.charAt(4);
    if (LOCAL_MONTH.test(text)) return BY_MONTH;
    if (ITEM.test(text)) return BY_SIGN;
    return fifth === '-' || text.charAt(10) === '.' || text.slice(0, 100).includes('| ') || PLACE.test(text)
      ? BY_DIGIT
      : NONE;
  }
  if (first === '[') return BY_BRACKET;
  if (first === '{') return BY_BRACE;
  if (first === '<') return BY_ANGLE;
  if (first !== '' && SIGNS.includes(first)) return BY_SIGN;
  if (first === '/' || first === '.') return BY_PATH;
  if (WORD.test(first)) return BY_LETTER;
  if (first !== '' && BORDERS.includes(first)) return BY_SIGN;
  return LOCAL_MONTH.test(text) ? BY_MONTH : NONE;
}

/**
 * Takes off what carried a line to us: colours, container and journal prefixes, syslog heads, marks of pasting. Stamps
 * that belong to a format itself stay. One per source: journalctl's field outputs are read over several lines.
 */
export class Unwrapper {
  private readonly fields = new JournalFields();
  private readonly pretty = new JournalPretty();
  private readonly tables = new Tables();
  private readonly objects = new PrettyObjects();

  /** What is open of the wrappers' times, in plain words; undefined where all is told. */
  get doubt(): string | undefined {
    return this.tables.doubt;
  }

  /** The line without its wrappers; `number` counts from 1. Never throws. */
  unwrap(text: string, number: number): Line {
    let rest = cleaned(text);
    if (isFence(rest) || isBetween(rest)) return { text: '', number, wrapper: null };
    let stamp: Stamp | undefined;
    let server: string | undefined;
    let program: string | undefined;
    let pid: string | undefined;
    let container: string | undefined;
    const row = this.tables.peel(rest, number) ?? this.objects.peel(rest, number);
    let wrapped = row !== null;
    if (row !== null) {
      rest = row.rest;
      stamp = row.stamp;
      server = row.server;
    }
    for (let depth = 0; depth < DEEPEST; depth++) {
      const peeled = this.peelOne(rest, program);
      if (peeled === null) break;
      rest = peeled.rest;
      wrapped ||= peeled.stamp !== undefined || peeled.server !== undefined || peeled.program !== undefined;
      stamp ??= peeled.stamp;
      server ??= peeled.server;
      pid ??= program === undefined ? peeled.pid : undefined;
      program ??= peeled.program;
      container ??= peeled.container;
    }
    if (!wrapped) return { text: rest, number, wrapper: null, container };
    const wrapper: Draft<Wrapper> = { stamp: stamp ?? NO_STAMP };
    if (server !== undefined) wrapper.server = server;
    if (program !== undefined) wrapper.program = program;
    if (pid !== undefined) wrapper.pid = pid;
    return { text: rest, number, wrapper, container };
  }

  private peelOne(text: string, program: string | undefined): Peeled | null {
    const field = program === undefined ? (this.pretty.peel(text) ?? this.fields.peel(text)) : null;
    if (field !== null) return field;
    if (program !== undefined && WORD.test(text.charAt(0)))
      return RUNS_COMPOSE.test(program) ? peelCompose(text) : null;
    // Inside a program's line only stamps and JSON may follow: `[pod/…]` or `> ` there are the program's own words.
    for (const peel of candidates(text)) {
      if (program !== undefined && OUTERMOST.has(peel)) continue;
      if (program !== undefined && program !== 'kernel' && (peel === peelMonotonic || peel === peelDmesg)) continue;
      const peeled = peel(text);
      if (peeled !== null) return peeled;
    }
    return indented(text);
  }
}

/** An indented block (Markdown code): only a stamped wrapper may begin after the blanks; stack traces keep theirs. */
function indented(text: string): Peeled | null {
  if (text.charAt(0) !== ' ' && text.charAt(0) !== '\t') return null;
  const inner = text.slice(0, 64).trimStart();
  if (inner === '') return null;
  const numbered = BEGINS_ENTRY.test(inner) ? peelNumber(text) : null;
  if (numbered !== null) return numbered;
  const start = text.indexOf(inner.charAt(0));
  const rest = text.slice(start);
  for (const peel of candidates(rest)) {
    const peeled = peel(rest);
    if (peeled?.stamp !== undefined) return peeled;
  }
  return null;
}
