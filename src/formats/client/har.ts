import type { DocumentEnd, DocumentFormat, DocumentReader, Emit } from '../format.ts';
import { type EntryLists, JsonEntries } from '../json-entries.ts';
import { parseJson } from '../parse-json.ts';
import { harRecord } from './har-entry.ts';
import { HAR_EXAMPLES } from './har-examples.ts';

/** A file without a list of entries is parsed whole only up to this size (a bare entry). */
const BARE_ENTRY_LENGTH = 16_000_000;

/** `log.entries` lies two objects deep; a list of that name inside an entry or a comment lies deeper. */
export const HAR_ENTRIES: EntryLists = { isList: (key, depth) => key === 'entries' && depth <= 3, many: false };

/** What a browser saw: HTTP Archive 1.1 and 1.2 in the flavours of Chrome, Firefox, Safari, Fiddler and others. */
export const har: DocumentFormat = {
  id: 'har',
  title: 'HAR capture of a browser',
  hop: 'client',
  shape: 'document',
  foundAt: ['developer tools of a browser, Network, "Save all as HAR"', 'Fiddler, Charles, Proxyman, WebPageTest'],
  limits: [
    'One visitor only.',
    'A status of 0 is no answer of anybody, never a 502.',
    'Exports without content do not tell who made an error page.',
  ],
  examples: HAR_EXAMPLES,
  scoreHead,
  read: readHar,
  openPieces: (emit) => new HarReader(emit),
};

function scoreHead(head: string): number {
  if (!/^\uFEFF?\s{0,1000}(?:[\w$.]{1,60}\s{0,10}\(\s{0,100})?\{/.test(head)) return 0;
  if (/"log"\s{0,100}:\s{0,100}\{/.test(head) && /"(?:entries|creator|pages|startedDateTime)"\s{0,100}:/.test(head))
    return 0.98;
  return /"startedDateTime"\s{0,100}:/.test(head) && /"request"\s{0,100}:/.test(head) ? 0.9 : 0;
}

/** Reads the entries of a HAR as they come. */
class HarReader implements DocumentReader {
  private readonly emit: Emit;
  private readonly scanner: JsonEntries;
  private number = 0;
  private notUnderstood = 0;
  /** The text so far, while it may be a bare entry. */
  private bare = '';
  private isBare = true;

  constructor(emit: Emit) {
    this.emit = emit;
    this.scanner = new JsonEntries((text) => this.take(parseJson(text), ++this.number), HAR_ENTRIES);
  }

  push(text: string): void {
    this.scanner.push(text);
    this.isBare &&= !this.scanner.state.found && this.bare.length + text.length <= BARE_ENTRY_LENGTH;
    this.bare = this.isBare ? this.bare + text : '';
  }

  end(): DocumentEnd {
    this.scanner.end();
    const { found, complete, cutEntry } = this.scanner.state;
    if (!found && this.isBare) {
      const record = harRecord(parseJson(this.bare.replace(/^\uFEFF/, '')), 1);
      if (record) this.emit(record);
      return record ? { notUnderstood: 0 } : { notUnderstood: 0, warning: 'The file holds no list of entries.' };
    }
    const notUnderstood = this.notUnderstood + (cutEntry ? 1 : 0);
    if (complete) return { notUnderstood };
    return { notUnderstood, warning: `The file breaks off after entry ${this.number}; what follows is lost.` };
  }

  private take(entry: unknown, number: number): void {
    const record = harRecord(entry, number);
    if (record) this.emit(record);
    else this.notUnderstood++;
  }
}

function readHar(text: string, emit: Emit): DocumentEnd {
  const reader = new HarReader(emit);
  reader.push(text);
  return reader.end();
}
