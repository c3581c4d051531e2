import { MASK } from './secrets.ts';

/** Where a value stands in a JSON document. */
export interface Field {
  /** Name of the field; within an array that of the array. */
  readonly key: string;
  /** Name of the array or object that holds it. */
  readonly under: string;
  /** What the field `name` beside it says, as in the headers of a HAR; empty where none was seen yet. */
  readonly name: string;
  /** The status that the object around its own tells (a HAR's answer around its `content`); null where it tells none. */
  readonly status: number | null;
}

/** How the texts of a document are changed. */
export interface JsonChange {
  readonly value: (field: Field, text: string) => string;
  readonly key: (text: string) => string;
}

interface Frame {
  readonly isArray: boolean;
  readonly under: string;
  key: string;
  name: string;
  status: number | null;
  expectsKey: boolean;
}

/** Deeper documents are nobody's logs; their texts are masked without a look. */
const DEEPEST = 500;
/** A longer string is masked as a whole and never held. */
const LONGEST_STRING = 262_144;
const LITERAL = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Changes the texts of JSON while it streams by: a document, or documents one after the other. Everything else stays as it
 * is written, line ends included, so that valid JSON stays valid; what is no JSON is masked. Holds one string at a time.
 */
export class JsonMasker {
  readonly #change: JsonChange;
  readonly #stack: Frame[] = [{ isArray: true, under: '', key: '', name: '', status: null, expectsKey: false }];
  #deeper = 0;
  #string: string | null = null;
  #tooLong = false;
  #escaped = false;
  #literal = '';

  constructor(change: JsonChange) {
    this.#change = change;
  }

  /** The next piece of text; returns what can be written so far. */
  write(text: string): string {
    let out = '';
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#string !== null) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE || code === 10) {
          this.#hold(text.slice(from, at));
          // A line end within a string: the string was cut off there.
          out += `"${this.#endString()}"${code === 10 ? '\n' : ''}`;
          from = at + 1;
        }
        continue;
      }
      if (isLiteral(code)) {
        this.#literal = this.#literal.length < LONGEST_STRING ? this.#literal + text.charAt(at) : this.#literal;
        continue;
      }
      out += this.#endLiteral();
      if (code === QUOTE) {
        this.#string = '';
        from = at + 1;
      } else {
        this.#structure(code);
        out += text.charAt(at);
      }
    }
    if (this.#string !== null) this.#hold(text.slice(from));
    return out;
  }

  /** What is left at the end of the text. */
  end(): string {
    return this.#string === null ? this.#endLiteral() : `"${this.#endString()}"`;
  }

  #hold(part: string): void {
    if (this.#string === null) return;
    if (this.#string.length + part.length > LONGEST_STRING) this.#tooLong = true;
    this.#string = this.#tooLong ? '' : this.#string + part;
  }

  get #frame(): Frame | undefined {
    return this.#stack.at(-1);
  }

  #structure(code: number): void {
    const frame = this.#frame;
    const character = String.fromCharCode(code);
    if (character === '{' || character === '[') {
      const isArray = character === '[';
      if (this.#stack.length > DEEPEST || !frame) this.#deeper += 1;
      else {
        const under = frame.isArray ? frame.under : frame.key;
        this.#stack.push({ isArray, under, key: under, name: '', status: null, expectsKey: !isArray });
      }
    } else if (character === '}' || character === ']') {
      if (this.#deeper > 0) this.#deeper -= 1;
      else if (this.#stack.length > 1) this.#stack.pop();
    } else if (character === ',' && frame && !frame.isArray) frame.expectsKey = true;
  }

  #endString(): string {
    const raw = this.#string ?? '';
    const tooLong = this.#tooLong;
    this.#string = null;
    this.#tooLong = false;
    this.#escaped = false;
    const frame = this.#frame;
    if (tooLong || this.#deeper > 0 || !frame) {
      if (frame?.expectsKey) this.#key(frame, MASK);
      return MASK;
    }
    const text = unescaped(raw);
    if (frame.expectsKey) {
      this.#key(frame, text);
      const key = this.#change.key(text);
      return key === text ? raw : escaped(key);
    }
    const changed = this.#change.value(this.#field(frame), text);
    if (frame.key === 'name') frame.name = text;
    return changed === text ? raw : escaped(changed);
  }

  #key(frame: Frame, key: string): void {
    frame.key = key;
    frame.expectsKey = false;
  }

  #endLiteral(): string {
    const literal = this.#literal;
    if (literal === '') return '';
    this.#literal = '';
    const frame = this.#frame;
    if (!frame || !LITERAL.test(literal)) return `"${MASK}"`;
    if (frame.key === 'status') frame.status = Number(literal);
    if (!/\d/.test(literal)) return literal;
    return this.#change.value(this.#field(frame), literal) === literal ? literal : `"${MASK}"`;
  }

  #field({ key, under, name }: Frame): Field {
    return { key, under, name, status: this.#stack.at(-2)?.status ?? null };
  }
}

/** Neither structure nor white space nor a quote. */
function isLiteral(code: number): boolean {
  return !(code <= 32 || code === QUOTE || code === 44 || code === 58 || (code | 32) === 123 || (code | 32) === 125);
}

function unescaped(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
