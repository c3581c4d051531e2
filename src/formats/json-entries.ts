const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COLON = 58;
/** Pieces are looked at once they are this long together, and as long as what is held: else a long entry is copied for each. */
const LEAST_LENGTH = 1 << 20;
/** An entry longer than this is given up, and what follows with it: V8 has no strings beyond twice of it. */
const LONGEST_ENTRY = 1 << 28;

/** Which objects of a document are its entries. */
export interface EntryLists {
  /**
   * Whether a list holds entries: by the key before it (empty where there is none), how many brackets it lies deep, and whether
   * nothing but a brace and that key stands before it.
   */
  readonly isList: (key: string, depth: number, isFirst: boolean) => boolean;
  /** Several lists may hold entries, and so are objects in no bracket that hold none of those lists; else the first list alone. */
  readonly many: boolean;
}

/**
 * Finds the entries in the text of a JSON document that comes in pieces, and hands over each one's text. It counts braces and
 * skips strings by hand, so a file that is cut, wrapped in a function call or broken elsewhere still gives its complete entries.
 */
export class JsonEntries {
  private readonly onEntry: (text: string) => void;
  private readonly lists: EntryLists;
  private text = '';
  private pending: string[] = [];
  private pendingLength = 0;
  private at = 0;
  private depth = 0;
  private stringStart = -1;
  /** The string read last, while it may be a key. */
  private lastString = '';
  private key = '';
  /** Objects that lie so deep are entries; -1 where none are. */
  private entryDepth: number;
  /** Brackets and keys so far, as long as there is only one of each. */
  private opened = 0;
  private keys = 0;
  private entryStart = -1;
  private listSeen = false;
  private listClosed = false;
  private gaveUp = false;

  constructor(onEntry: (text: string) => void, lists: EntryLists) {
    this.onEntry = onEntry;
    this.lists = lists;
    this.entryDepth = lists.many ? 0 : -1;
  }

  /** Whether a list of entries was found, whether the last one came to its end, and whether an entry did not. */
  get state(): { readonly found: boolean; readonly complete: boolean; readonly cutEntry: boolean } {
    return { found: this.listSeen, complete: this.listClosed, cutEntry: this.entryStart >= 0 };
  }

  push(chunk: string): void {
    if (this.text.length + this.pendingLength > LONGEST_ENTRY) this.giveUp();
    if (this.gaveUp) return;
    this.pending.push(chunk);
    this.pendingLength += chunk.length;
    if (this.pendingLength >= Math.max(LEAST_LENGTH, this.text.length)) this.flush();
  }

  private giveUp(): void {
    this.gaveUp = true;
    this.text = '';
    this.pending = [];
    this.pendingLength = 0;
    this.at = 0;
    this.stringStart = -1;
    this.entryStart = 0;
  }

  /** No more pieces: looks at what is left. */
  end(): void {
    if (!this.gaveUp) this.flush();
  }

  private flush(): void {
    const kept = [this.entryStart, this.stringStart].filter((index) => index >= 0);
    const from = Math.min(this.at, ...kept);
    this.text = this.text.slice(from) + this.pending.join('');
    this.pending = [];
    this.pendingLength = 0;
    this.at -= from;
    if (this.entryStart >= 0) this.entryStart -= from;
    if (this.stringStart >= 0) this.stringStart -= from;
    this.scan();
  }

  private scan(): void {
    const { text } = this;
    while (this.at < text.length) {
      if (this.stringStart >= 0) {
        if (!this.endString()) return;
        continue;
      }
      const code = text.charCodeAt(this.at);
      this.at++;
      if (code === QUOTE || code === COLON || code >= OPEN_BRACKET) this.take(code, this.at - 1);
    }
  }

  private take(code: number, index: number): void {
    switch (code) {
      case QUOTE:
        this.stringStart = index;
        break;
      case COLON:
        this.key = this.lastString;
        this.lastString = '';
        this.keys++;
        return;
      case OPEN_BRACE:
        if (this.depth === this.entryDepth) this.entryStart = index;
        this.depth++;
        this.opened++;
        break;
      case OPEN_BRACKET:
        if (this.opensList()) {
          this.listSeen = true;
          this.listClosed = false;
          this.entryDepth = this.depth + 1;
          this.entryStart = -1;
        }
        this.depth++;
        this.opened++;
        break;
      case CLOSE_BRACE:
        this.depth--;
        if (this.entryStart >= 0 && this.depth === this.entryDepth) {
          this.onEntry(this.text.slice(this.entryStart, index + 1));
          this.entryStart = -1;
        }
        break;
      case CLOSE_BRACKET:
        this.depth--;
        if (this.entryDepth > 0 && this.depth < this.entryDepth) {
          this.entryDepth = this.lists.many ? 0 : -1;
          this.entryStart = -1;
          this.listClosed = true;
        }
        break;
      default:
        return;
    }
    this.key = '';
  }

  private opensList(): boolean {
    if (this.entryDepth > 0 || (this.listSeen && !this.lists.many)) return false;
    return this.lists.isList(this.key, this.depth, this.opened === 1 && this.keys === 1);
  }

  /** Moves behind the string's closing quote; false where the piece ends inside it. */
  private endString(): boolean {
    const { text } = this;
    let from = Math.max(this.at, this.stringStart + 1);
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) {
        this.at = text.length;
        return false;
      }
      if (!isEscaped(text, quote, this.stringStart + 1)) {
        const length = quote - this.stringStart - 1;
        this.lastString = length <= 20 ? text.slice(this.stringStart + 1, quote) : '';
        this.stringStart = -1;
        this.at = quote + 1;
        return true;
      }
      from = quote + 1;
    }
  }
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(text: string, quote: number, stringStart: number): boolean {
  let slashes = 0;
  while (quote - 1 - slashes >= stringStart && text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}
