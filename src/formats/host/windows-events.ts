import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { appMeaning } from '../app/app-messages.ts';
import { groupValues } from '../app/group-values.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { bareMessage } from '../tunnel/cloudflared-words.ts';
import { ViewerStamps } from '../wrappers/viewer-stamps.ts';
import { unitClue } from './unit-clue.ts';
import { WINDOWS_EXAMPLES } from './windows-examples.ts';
import { FAULTING_ANYWHERE, roleOfExecutable, roleOfService, WINDOWS_MESSAGES } from './windows-messages.ts';

/*
 * Windows' event log as text: what the Event Viewer copies and exports as CSV, what `wevtutil qe … /f:text` prints, and what
 * PowerShell makes of `Get-WinEvent` and `Get-EventLog`. An entry is a list of fields, the longest of which is the message.
 */

/** `Log Name:      System`, `  Event ID: 7034`, `TimeCreated  : 11/20/2026 10:00:01 AM`. */
const FIELD = /^ {0,4}([A-Z][A-Za-z]{1,24}(?: [A-Z][A-Za-z]{1,16})?) {0,24}:(?: {1,16}(.{0,4000}))?$/;
/** `Event[0]:` of wevtutil; newer ones leave the colon out. */
const NUMBERED = /^Event\[\d{1,9}\]:?$/;
/** A row of `Get-WinEvent` as a table, its message often cut. */
const TABLED =
  /^(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4} \d{1,2}:\d\d:\d\d(?: [AP]M)?) {1,16}(\d{1,5}) (?:Critical|Error|Warning|Information|Verbose) {1,16}(\S.{0,4000})$/;
const TABLE_HEAD =
  /^(?: {0,4}ProviderName: \S.{0,120}|TimeCreated {4,40}Id LevelDisplayName Message|-{6,40} {4,40}-- -{10,20} -{4,10})$/;
/** The Event Viewer's export, and a row of it; a message of more lines or with commas stands in quotes. */
const CSV_HEAD = /^\uFEFF?"?Level"?,"?Date and Time"?,"?Source"?,"?Event ID"?,"?Task Category"?/;
const CSV_ROW =
  /^(?:Critical|Error|Warning|Information|Verbose|Audit (?:Success|Failure)),([^,]{8,40}),([^,]{1,120}),\d{1,6},(?:[^,"]{0,120}|"[^"]{0,120}"),(.{0,4000})$/;
/** Fields with which an entry begins: what the Event Viewer, Get-WinEvent and Get-EventLog write first. */
const FIRST: ReadonlySet<string> = new Set(['Log Name', 'TimeCreated', 'Index']);
/** Surely such a field. */
const SURELY =
  /^ {0,4}(?:Log Name: {1,16}\S|Event ID: {1,16}\d{1,6}$|Task Category: |(?:ProviderName {1,16}: \S|(?:TimeCreated|InstanceId) {1,16}: \d|EntryType {1,16}: (?:Error|Warning|Information)))/;
/** A message that was copied without its event. */
const isBare = (text: string): boolean => /^Faulting application name: \S/.test(text) || FAULTING_ANYWHERE.test(text);
const SOURCES: ReadonlySet<string> = new Set(['Source', 'ProviderName']);
/** As which cloudflared's service writes (cmd/cloudflared/windows_service.go). */
const CLOUDFLARED = 'Cloudflared';
const TIMES: ReadonlySet<string> = new Set(['Date', 'TimeCreated', 'TimeGenerated']);
/** `Description:` is the last field, and its message may have lines that look like fields. */
const LAST = 'Description';
const MESSAGES: ReadonlySet<string> = new Set([LAST, 'Message']);
/** The event once more, below its description. */
const XML_BEGINS = /^Event Xml:/;
const XML_ENDS = '</Event>';
const MOST_LINES = 100;
const LEAST_INDENT = / {10}/;

/** An event as far as it was read. */
interface Entry {
  readonly names: Set<string>;
  source: string;
  stamp: Stamp;
  /** The first line of its message. */
  line: Line;
  readonly message: string[];
  /** Where the reading is: among fields, in the message that ends with the event or with its next field, or behind it. */
  at: 'fields' | 'last' | 'indented' | 'quoted' | 'behind';
  /** A blank line came: what follows may be of another program. */
  hasGap: boolean;
}

/** What the line tells with which an event begins. */
interface Beginning {
  readonly time?: string;
  readonly source?: string;
  readonly at?: Entry['at'];
  readonly message?: string;
}

class WindowsEvents implements LineParser {
  private readonly emit: Emit;
  private readonly stamps = new ViewerStamps();
  private entry: Entry | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const { text } = line;
    if (line.wrapper !== null) return this.leave();
    if (this.beginsWith(line)) return true;
    const { entry } = this;
    if (entry === null) return false;
    if (entry.at === 'fields') return text.trim() === '' || this.field(entry, line) || this.leave();
    if (entry.at === 'behind') {
      if (text.includes(XML_ENDS)) entry.at = 'fields';
      return true;
    }
    if (entry.at === 'indented' && text.trim() !== '' && !LEAST_INDENT.test(text.slice(0, 10))) {
      entry.at = 'fields';
      return this.field(entry, line) || this.leave();
    }
    this.more(entry, text);
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry === null) return;
    const message = entry.message.join('\n').trim().slice(0, LONGEST_MATCHED);
    if (message !== '') this.tell(entry, message);
  }

  isInside(): boolean {
    return this.entry !== null && this.entry.at !== 'fields' && !this.entry.hasGap;
  }

  private leave(): Taken {
    this.end();
    return false;
  }

  /** Whether the line begins an event, which is then read. */
  private beginsWith(line: Line): boolean {
    const { text } = line;
    const [, cellTime, source = '', cell] = CSV_ROW.exec(text) ?? [];
    if (cellTime !== undefined && cell !== undefined) {
      const isOpen = cell.startsWith('"') && !/[^"](?:"")*"$/.test(cell.slice(1));
      this.begin(line, { time: cellTime, source, at: isOpen ? 'quoted' : 'fields', message: unquoted(cell) });
      return true;
    }
    const [, rowTime, , shown] = TABLED.exec(text) ?? [];
    if (rowTime !== undefined) {
      this.begin(line, { time: rowTime, message: shown ?? '' });
      return true;
    }
    if (NUMBERED.test(text) || CSV_HEAD.test(text) || TABLE_HEAD.test(text)) {
      this.begin(line);
      return true;
    }
    if (this.entry?.at === 'quoted') return false;
    if (this.entry === null && isBare(text)) {
      this.begin(line, { at: 'last', message: text });
      return true;
    }
    const name = FIELD.exec(text)?.[1] ?? '';
    const isFirst =
      FIRST.has(name) && (this.entry === null || this.entry.at !== 'fields' || this.entry.names.has(name));
    // A copy may begin in the midst of the fields.
    if (!isFirst && (this.entry !== null || !SURELY.test(text))) return false;
    this.begin(line);
    return this.entry !== null && this.field(this.entry, line);
  }

  private begin(line: Line, { time = '', source = '', at = 'fields', message }: Beginning = {}): void {
    this.end();
    const stamp = this.stamps.read(time) ?? NO_STAMP;
    this.entry = {
      names: new Set(),
      source,
      stamp,
      line,
      message: message === undefined ? [] : [message],
      at,
      hasGap: false,
    };
  }

  private field(entry: Entry, line: Line): boolean {
    const [, name = '', value = ''] = FIELD.exec(line.text) ?? [];
    if (name === '') return false;
    entry.names.add(name);
    if (TIMES.has(name)) entry.stamp = this.stamps.read(value.trim()) ?? entry.stamp;
    else if (SOURCES.has(name)) entry.source = value.trim();
    else if (MESSAGES.has(name)) {
      entry.at = name === LAST ? 'last' : 'indented';
      entry.line = line;
      if (value.trim() !== '') entry.message.push(value.trim());
    }
    return true;
  }

  private more(entry: Entry, text: string): void {
    if (XML_BEGINS.test(text)) {
      entry.at = 'behind';
      return;
    }
    entry.hasGap ||= text.trim() === '';
    if (entry.message.length < MOST_LINES) entry.message.push(unquoted(text.trim()));
    if (entry.at === 'quoted' && /[^"](?:"")*"$/.test(text)) entry.at = 'fields';
  }

  private tell(entry: Entry, message: string): void {
    const { line, stamp } = entry;
    const text = message.split('\n', 3).join(' ');
    for (const { signal, pattern } of WINDOWS_MESSAGES) {
      const match = pattern.exec(message);
      if (match === null) continue;
      const { service, named, program, ...values } = groupValues(match.groups);
      const subject = String(service ?? named ?? program ?? 'Windows');
      const role = program === undefined ? roleOfService(subject) : roleOfExecutable(subject);
      this.emit(unitClue(line, { signal, stamp, subject, role, values, text }));
      return;
    }
    const own = entry.source === CLOUDFLARED ? bareMessage(message) : null;
    if (own !== null) {
      const { row, values } = own;
      this.emit({ kind: 'clue', hop: 'tunnel', signal: row.signal, ...entryFields(line, stamp, text), values });
      return;
    }
    const meaning = appMeaning(message);
    if (meaning?.certain === true) {
      const { signal, values } = meaning;
      this.emit({ kind: 'clue', hop: 'app', signal, ...entryFields(line, stamp, text), values });
    } else this.emit(unitClue(line, { signal: CHATTER, stamp, subject: 'Windows', role: 'other', text }));
  }
}

const CHATTER: SignalId = 'unit.chatter';

/** A cell, or a line of one, without the quotes around it. */
function unquoted(text: string): string {
  return text.replace(/^"|"$/g, '').replaceAll('""', '"');
}

function score({ text, wrapper }: Line): number {
  if (wrapper !== null) return 0;
  if (SURELY.test(text) || CSV_HEAD.test(text) || CSV_ROW.test(text) || TABLED.test(text)) return 0.95;
  return isBare(text) || NUMBERED.test(text) ? 0.8 : 0;
}

/** Windows' event log as text. */
export const windowsEvents: LineFormat = {
  shape: 'lines',
  id: 'windows-events',
  title: 'Windows event log as text (Event Viewer, wevtutil, PowerShell)',
  hop: 'host',
  foundAt: [
    'Get-WinEvent -LogName System, Application | Format-List TimeCreated, ProviderName, Id, LevelDisplayName, Message',
    'wevtutil qe System /f:text',
    'Event Viewer: Copy details as text, Save all events as CSV',
  ],
  limits: [
    'Read in English; in other languages only what .NET and IIS write in English is known.',
    'Its times are the local ones of who printed them, in the order of that language.',
  ],
  examples: () => WINDOWS_EXAMPLES,
  score,
  open: (emit) => new WindowsEvents(emit),
};
