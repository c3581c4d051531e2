/**
 * Patterns for paths: `*` (any characters of one name), `?` (one character), `**` (any number of folders), `{a,b}` (either).
 * A leading dot must be written, as in a shell. A pattern is walked one name at a time, so that a folder in which
 * nothing can match is never entered.
 */

/** How far a pattern is matched: for each of its alternatives the positions that are reached. */
export interface GlobState {
  readonly alternatives: readonly { readonly names: readonly string[]; readonly at: ReadonlySet<number> }[];
}

/** More alternatives than this are a slip of the keyboard. */
const MAX_ALTERNATIVES = 1000;

/** True where a text holds a character with a meaning in patterns. */
export function isGlob(text: string): boolean {
  return /[*?]|\{[^}]*,/.test(text);
}

/** The pattern without its `{a,b}` groups (they nest); null where it has more than 1,000 alternatives. */
export function expandBraces(pattern: string): readonly string[] | null {
  const done: string[] = [];
  const waiting = [pattern];
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    const group = firstGroup(text);
    if (group === null) done.push(text);
    else for (const choice of group.choices) waiting.push(text.slice(0, group.start) + choice + text.slice(group.end));
    if (done.length + waiting.length > MAX_ALTERNATIVES) return null;
  }
  return done;
}

/** The first closed group with a comma in it. */
function firstGroup(text: string): { start: number; end: number; choices: string[] } | null {
  for (let start = text.indexOf('{'); start !== -1; start = text.indexOf('{', start + 1)) {
    const choices: string[] = [];
    let depth = 0;
    let from = start + 1;
    for (let i = start; i < text.length; i++) {
      const c = text[i];
      if (c === '{') depth++;
      else if (c === '}') depth--;
      const closed = depth === 0;
      if (closed || (c === ',' && depth === 1)) {
        choices.push(text.slice(from, i));
        from = i + 1;
      }
      if (closed) {
        if (choices.length > 1) return { start, end: i + 1, choices };
        break;
      }
    }
  }
  return null;
}

/** True where `name` is matched by `pattern`, a single name with `*` and `?`. Time: at most the product of the lengths. */
export function matchName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const p = Array.from(pattern);
  const n = Array.from(name);
  let pi = 0;
  let ni = 0;
  // Where to take up again when a letter does not fit: the last star takes one letter more.
  let star = -1;
  let starTook = 0;
  while (ni < n.length) {
    if (p[pi] === '*') {
      star = pi++;
      starTook = ni;
    } else if (pi < p.length && (p[pi] === '?' || p[pi] === n[ni])) {
      pi++;
      ni++;
    } else if (star !== -1) {
      pi = star + 1;
      ni = ++starTook;
    } else return false;
  }
  while (p[pi] === '*') pi++;
  return pi === p.length;
}

/** Splits a pattern at its first name with a meaning: the folder to walk, and the state to walk it with. Null: too many alternatives. */
export function startGlob(pattern: string): { readonly base: string; readonly state: GlobState } | null {
  const names = pattern.split('/');
  // A group may hold a slash (`{a/b,c}`), so the base ends before the first brace as well.
  const first = names.findIndex((name) => /[*?{]/.test(name));
  const base = names.slice(0, first).join('/');
  const alternatives = expandBraces(names.slice(first).join('/'));
  if (alternatives === null) return null;
  const state = {
    alternatives: alternatives.map((text) => alternative(text.split('/').filter((name) => name !== ''))),
  };
  return { base: base === '' ? (first === 0 ? '.' : '/') : base, state };
}

function alternative(names: readonly string[]): { names: readonly string[]; at: ReadonlySet<number> } {
  return { names, at: reach(names, [0]) };
}

/** `**` may stand for no folder at all: positions behind it are reached too. */
function reach(names: readonly string[], positions: Iterable<number>): ReadonlySet<number> {
  const at = new Set<number>();
  for (let position of positions) {
    at.add(position);
    while (names[position] === '**') at.add(++position);
  }
  return at;
}

/** The state after one more name of the path; null where nothing beneath can match. */
export function stepGlob(state: GlobState, name: string): GlobState | null {
  const alternatives = state.alternatives.flatMap(({ names, at }) => {
    const next: number[] = [];
    for (const position of at) {
      const want = names[position];
      if (want === '**') {
        if (!name.startsWith('.')) next.push(position);
      } else if (want !== undefined && matchName(want, name)) next.push(position + 1);
    }
    return next.length === 0 ? [] : [{ names, at: reach(names, next) }];
  });
  return alternatives.length === 0 ? null : { alternatives };
}

/** True where the names walked so far are matched as a whole. */
export function globAccepts(state: GlobState): boolean {
  return state.alternatives.some(({ names, at }) => at.has(names.length));
}
