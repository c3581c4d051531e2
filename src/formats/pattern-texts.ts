/**
 * Texts by which a pattern is told without being run: one of `needed` stands in whatever it matches, and it matches whatever
 * holds one of `sure`. Read from the pattern itself, so that this stands in one place. Both are as long as can be told; an
 * empty needed text is one of which nothing is known.
 */
export interface PatternTexts {
  readonly needed: readonly string[];
  readonly sure: readonly string[];
}

/** One way to match: its texts in order with gaps (null) between, and a text that is matched wherever it stands (null: none is known). */
interface Way {
  readonly parts: readonly (string | null)[];
  readonly sure: string | null;
}

const GAP: Way = { parts: [null], sure: null };
const NOTHING: Way = { parts: [], sure: '' };
/** Holds at a place, takes no text. */
const PLACE: Way = { parts: [], sure: null };
/** A pattern that can be matched in more ways than this is told by less. */
const MOST_WAYS = 64;
/** Where only its longest texts count. */
const MOST_NEEDED_WAYS = 100;
/** Most repetitions of a blank that are written out. */
const MOST_BLANKS = 4;
/** Characters by their numbers, sets of them, and what stood before: `\x1b`, `\u202f`, `\p{L}`, `\k<name>`. */
const CODED = /^(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]{1,6}\}|[pP]\{\w{1,40}(?:=\w{1,40})?\}|k<\w{1,40}>)/;
const LONGEST_CODE = 90;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The texts of a pattern of this program: no back references, no flags but `u`; all else gives nothing to go by. */
export function patternTexts({ source, flags }: RegExp): PatternTexts {
  const ways = /^u?$/.test(flags) ? new PatternReader(source, MOST_WAYS).ways() : [GAP];
  const sure = ways.flatMap((way) => (way.sure === null || way.sure === '' ? [] : [way.sure]));
  return { needed: [...new Set(ways.map(longestText))], sure: [...new Set(sure)] };
}

/**
 * Texts of which one stands in whatever a pattern matches, in small letters or capitals as it may be; an empty one where nothing is
 * known. Of patterns with flags that change what a character or a place is, too.
 */
export function neededTexts({ source, flags }: RegExp): readonly string[] {
  const ways = /^[imsu]*$/.test(flags) ? new PatternReader(source, MOST_NEEDED_WAYS).ways() : [GAP];
  return [...new Set(ways.map(longestText))];
}

/** `^dial …`, unless that letter may be left out. */
const BEGINS_WITH = /^\^([A-Za-z])(?![?*{])/;
const ESCAPES_AND_CLASSES = /\\.|\[(?:\\.|[^\]\\])*\]/g;

/** The letter with which each text begins that a pattern matches; null where it is not told at a glance. */
export function firstLetter({ source, flags }: RegExp): string | null {
  const letter = BEGINS_WITH.exec(source)?.[1];
  if (letter === undefined || !/^u?$/.test(flags)) return null;
  let depth = 0;
  for (const character of source.includes('|') ? source.replace(ESCAPES_AND_CLASSES, '') : '') {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '|' && depth === 0) return null;
  }
  return letter;
}

function longestText({ parts }: Way): string {
  return joined(parts).reduce<string>(
    (longest, part) => ((part?.length ?? 0) > longest.length ? (part ?? '') : longest),
    '',
  );
}

/** Parts with no text beside another. */
function joined(parts: readonly (string | null)[]): readonly (string | null)[] {
  const all: (string | null)[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof last === 'string' && part !== null) all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

/** All ways to match the one and then the other. Where there are too many, each of the first is told by its longest text, or those that tell less become a gap. */
function inTurn(first: readonly Way[], second: readonly Way[], mostWays: number): readonly Way[] {
  if (first.length * second.length > mostWays) {
    const told = toldByLongest(first);
    if (told.length < first.length) return inTurn(told, second, mostWays);
    return tells(first) < tells(second) ? inTurn([GAP], second, mostWays) : inTurn(first, [GAP], mostWays);
  }
  return first.flatMap((a) =>
    second.map((b) => ({
      parts: joined([...a.parts, ...b.parts]),
      sure: a.sure === null || b.sure === null ? null : a.sure + b.sure,
    })),
  );
}

/** How much is known of a text that is matched in one of these ways, at the least. */
function tells(ways: readonly Way[]): number {
  return ways.reduce((least, way) => Math.min(least, longestText(way).length), Number.POSITIVE_INFINITY);
}

function toldByLongest(ways: readonly Way[]): readonly Way[] {
  return [...new Set(ways.map(longestText))].map((text) => ({ parts: [null, text, null], sure: null }));
}

/** Characters that stand for themselves, each once. */
const PLAIN = /(?:[\w ,:;'"=<>#%&!~`@/-](?![?*+{]))+/y;

/** Reads the source of a pattern. */
class PatternReader {
  private readonly source: string;
  private readonly mostWays: number;
  private at = 0;

  constructor(source: string, mostWays: number) {
    this.source = source;
    this.mostWays = mostWays;
  }

  /** The ways to match up to the end of the pattern or of the group. */
  ways(): readonly Way[] {
    let all: readonly Way[] = [];
    let ways: readonly Way[] = [NOTHING];
    while (this.at < this.source.length && this.source[this.at] !== ')') {
      if (this.source[this.at] === '|') {
        this.at++;
        all = [...all, ...ways];
        ways = [NOTHING];
      } else ways = inTurn(ways, this.item(), this.mostWays);
    }
    return [...all, ...ways];
  }

  /** One thing with how often it may stand. */
  private item(): readonly Way[] {
    PLAIN.lastIndex = this.at;
    const plain = PLAIN.exec(this.source)?.[0];
    if (plain !== undefined) {
      this.at += plain.length;
      return [textWay(plain)];
    }
    const ways = this.one();
    const often = /^(?:[?*+]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at));
    if (often === null) return ways;
    this.at += often[0].length;
    const [written, from, comma, to] = often;
    const sign = written.charAt(0);
    const least = sign === '{' ? Number(from) : sign === '+' ? 1 : 0;
    const most = sign === '{' ? Number(comma === '' ? from : to || Number.POSITIVE_INFINITY) : sign === '?' ? 1 : least;
    if (least === 0) return most === 1 ? [NOTHING, ...ways] : [{ ...GAP, sure: '' }];
    const [way] = ways;
    if (ways.length > 1 || way?.sure !== ' ') return [GAP];
    const times = Math.min(most, least + MOST_BLANKS - 1) - least + 1;
    return Array.from({ length: times }, (_, more) => ({ ...GAP, sure: ' '.repeat(least + more) }));
  }

  private one(): readonly Way[] {
    const { source } = this;
    const first = source.charAt(this.at++);
    if (first === '(') return this.group();
    if (first === '[') return this.range();
    if (first === '^' || first === '$') return [PLACE];
    if (first === '.') return [GAP];
    if (first !== '\\') return [textWay(first)];
    const escaped = source.charAt(this.at++);
    const coded = CODED.exec(source.slice(this.at - 1, this.at + LONGEST_CODE))?.[0];
    if (coded !== undefined) {
      this.at += coded.length - 1;
      return [GAP];
    }
    if (escaped === 's') return [{ ...GAP, sure: ' ' }];
    if (escaped === 'b' || escaped === 'B') return [PLACE];
    const text = ESCAPED[escaped] ?? (/[^\w]/.test(escaped) ? escaped : undefined);
    return [text === undefined ? GAP : textWay(text)];
  }

  private group(): readonly Way[] {
    const opens = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.source.slice(this.at))?.[0] ?? '';
    this.at += opens.length;
    const ways = this.ways();
    this.at++;
    return /[=!]$/.test(opens) ? [PLACE] : ways;
  }

  /** `["']` is one of its characters; larger sets are gaps. */
  private range(): readonly Way[] {
    const [written = ''] = /^(?:\\.|[^\]\\])*/.exec(this.source.slice(this.at)) ?? [];
    this.at += written.length + 1;
    return /^[^\\^-]{1,3}$/.test(written) ? [...written].map(textWay) : [GAP];
  }
}

function textWay(text: string): Way {
  return { parts: [text], sure: text };
}
