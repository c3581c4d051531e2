/** Deeper lists and objects than this are no output of a program. */
const DEEPEST = 40;
const LONGEST_KEY = 400;

interface YamlLine {
  readonly indent: number;
  /** Without indentation. */
  readonly text: string;
}

/**
 * The value of a YAML text in block style, as programs print objects (`kubectl -o yaml`): mappings, lists, plain, quoted and block
 * texts over several lines. All scalars are strings but `null`. What is written otherwise (anchors, flow style that holds something)
 * stays text. Throws nothing; what does not fit is left out.
 *
 * Not by a library, as text of logs must not be able to end the process: `yaml` 2.9.1 does on 50,000 opening braces (measured).
 */
export function parseBlockYaml(text: string): unknown {
  return new BlockYaml(text).read();
}

function linesOf(text: string): YamlLine[] {
  return text.split(/\r?\n/).map((line) => {
    const trimmed = line.trimStart();
    return { indent: line.length - trimmed.length, text: trimmed };
  });
}

/** Where the key of a line ends, at its colon; -1 where the line has none. */
function keyEnd(text: string): number {
  const quote = text[0];
  const from = quote === '"' || quote === "'" ? text.indexOf(quote, 1) + 1 : 0;
  for (let at = text.indexOf(':', from); at >= 0 && at < LONGEST_KEY; at = text.indexOf(':', at + 1))
    if (at === text.length - 1 || text[at + 1] === ' ') return at;
  return -1;
}

const isItem = ({ text }: YamlLine): boolean => text === '-' || text.startsWith('- ');

class BlockYaml {
  private readonly lines: YamlLine[];
  private at = 0;

  constructor(text: string) {
    this.lines = linesOf(text);
  }

  read(): unknown {
    const first = this.next();
    return first === undefined ? undefined : this.node(first.indent, 0);
  }

  /** The next line that holds something. */
  private next(): YamlLine | undefined {
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at];
      if (line !== undefined && line.text !== '' && !line.text.startsWith('#')) return line;
    }
    return undefined;
  }

  private node(indent: number, depth: number): unknown {
    const line = this.next();
    if (line === undefined || depth > DEEPEST) return undefined;
    return isItem(line) ? this.list(indent, depth) : this.mapping(indent, depth);
  }

  private list(indent: number, depth: number): unknown[] {
    const items: unknown[] = [];
    for (let line = this.next(); line !== undefined && line.indent === indent && isItem(line); line = this.next()) {
      const rest = line.text.slice(1).trimStart();
      if (rest === '') {
        this.at++;
        const inner = this.next();
        items.push(inner !== undefined && inner.indent > indent ? this.node(inner.indent, depth + 1) : null);
      } else if (keyEnd(rest) >= 0 || isItem({ indent, text: rest })) {
        // The item is an object or a list that begins behind its dash.
        const inner = indent + line.text.length - rest.length;
        this.lines[this.at] = { indent: inner, text: rest };
        items.push(this.node(inner, depth + 1));
      } else {
        this.at++;
        items.push(this.scalar(rest, indent));
      }
    }
    return items;
  }

  private mapping(indent: number, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null);
    for (let line = this.next(); line !== undefined && line.indent === indent; line = this.next()) {
      const end = isItem(line) ? -1 : keyEnd(line.text);
      if (end < 0) break;
      this.at++;
      object[line.text.slice(0, end).replace(/^["']|["']$/g, '')] = this.value(
        line.text.slice(end + 1).trimStart(),
        indent,
        depth,
      );
    }
    // What is indented otherwise than what is around it belongs to nothing.
    for (let line = this.next(); line !== undefined && line.indent > indent; line = this.next()) this.at++;
    return { ...object };
  }

  private value(text: string, indent: number, depth: number): unknown {
    if (text !== '') return this.scalar(text, indent);
    const inner = this.next();
    if (inner === undefined) return null;
    // Lists stand as deep as the key that they belong to.
    if (inner.indent === indent && isItem(inner)) return this.list(indent, depth + 1);
    return inner.indent > indent ? this.node(inner.indent, depth + 1) : null;
  }

  private scalar(text: string, indent: number): unknown {
    if (/^[|>][+-]?\d?$/.test(text)) return this.block(indent, text.startsWith('>') ? ' ' : '\n');
    if (text.startsWith("'")) return this.quoted(text, indent, closesSingle).replaceAll("''", "'");
    if (text.startsWith('"')) return unescaped(this.quoted(text, indent, closesDouble));
    if (text === '{}') return {};
    if (text === '[]') return [];
    const all = [text, ...this.deeper(indent)].join(' ');
    return all === 'null' || all === '~' ? null : all;
  }

  /** Lines that are indented further, which belong to a text. */
  private deeper(indent: number): string[] {
    const more: string[] = [];
    for (let line = this.lines[this.at]; line !== undefined && line.text !== '' && line.indent > indent; ) {
      more.push(line.text);
      line = this.lines[++this.at];
    }
    return more;
  }

  private block(indent: number, joint: string): string {
    const found: string[] = [];
    for (let line = this.lines[this.at]; line !== undefined && (line.text === '' || line.indent > indent); ) {
      found.push(line.text);
      line = this.lines[++this.at];
    }
    return found.join(joint).trimEnd();
  }

  /** A quoted text without its quotes; an empty line in it is a line feed. */
  private quoted(text: string, indent: number, closes: (part: string) => boolean): string {
    let part = text.slice(1);
    let all = '';
    while (!closes(part)) {
      const line = this.lines[this.at];
      if (line === undefined || (line.text !== '' && line.indent <= indent)) return all + part;
      this.at++;
      // A line feed that is escaped joins what stands before and behind it.
      all += part.endsWith('\\') ? part.slice(0, -1) : part === '' ? '\n' : `${part} `;
      part = line.text;
    }
    return all + part.trimEnd().slice(0, -1);
  }
}

/** Whether the quote at a line's end closes its text: an odd number of them, or one that is not escaped. */
function closesSingle(part: string): boolean {
  const trimmed = part.trimEnd();
  let quotes = 0;
  while (quotes < trimmed.length && trimmed[trimmed.length - 1 - quotes] === "'") quotes++;
  return quotes % 2 === 1;
}

function closesDouble(part: string): boolean {
  const trimmed = part.trimEnd();
  if (!trimmed.endsWith('"')) return false;
  let slashes = 0;
  while (slashes < trimmed.length - 1 && trimmed[trimmed.length - 2 - slashes] === '\\') slashes++;
  return slashes % 2 === 0;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
