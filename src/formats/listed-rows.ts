import type { DocumentEnd, DocumentReader } from './format.ts';
import { type EntryLists, JsonEntries } from './json-entries.ts';

/** Takes the text of a row, the first of them being number 1; how much of it was not understood. */
export type TakeRow = (text: string, number: number) => number;

/** Reads the rows that a JSON document lists as they come. Of a document that is cut, the complete rows. */
export class ListedRows implements DocumentReader {
  private readonly entries: JsonEntries;
  private rows = 0;
  private notUnderstood = 0;

  constructor(lists: EntryLists, take: TakeRow) {
    this.entries = new JsonEntries((text) => {
      this.notUnderstood += take(text, ++this.rows);
    }, lists);
  }

  push(text: string): void {
    this.entries.push(text);
  }

  end(): DocumentEnd {
    this.entries.end();
    const { found, complete, cutEntry } = this.entries.state;
    if (this.rows === 0) return { notUnderstood: 1, warning: 'The document is cut or no JSON; export it again.' };
    const notUnderstood = this.notUnderstood + (cutEntry ? 1 : 0);
    if (!cutEntry && (complete || !found)) return { notUnderstood };
    return { notUnderstood, warning: `The document breaks off after row ${this.rows}; what follows is lost.` };
  }
}
