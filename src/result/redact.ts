import { createHash, createHmac } from 'node:crypto';
import { canonicalAddress, ipVersion, replaceAddresses } from './addresses.ts';
import { domainOf, hostPattern, hostsIn, isHost } from './hosts.ts';
import { openSecrets, type Secrets } from './leaks.ts';
import { hasEscapedQuotes, type Masker, maskAllButAddresses, maskText, nameAddresses } from './mask-text.ts';
import type { Result } from './schema.ts';
import { HOME_OF_FILE, MASK, SERVER_ADDRESS } from './secrets.ts';

export interface RedactOptions {
  /** On unless false. */
  readonly enabled?: boolean;
  /** Makes pseudonyms equal over several results: `visitor-` and a keyed hash (HMAC-SHA-256) instead of an ordinal. */
  readonly key?: string | Uint8Array | undefined;
  /** Replaces host names, names of machines and public addresses of servers, too. */
  readonly hosts?: boolean | undefined;
  /** Visitors have their names already (`mask-records.ts`): addresses that are left are servers'. */
  readonly named?: boolean | undefined;
  /** What was masked before; what is masked now is added. */
  readonly secrets?: Secrets | undefined;
}

/**
 * Longest text that is looked at, in UTF-16 units; the rest is left out. Records are cut at 2,000, so this bites only on
 * lines no log writes, and on those the expressions would run out of stack.
 */
export const LONGEST_TEXT = 262_144;

/** A text as far as it is looked at. */
export function bounded(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}${MASK}`;
}

/** Drafts remembered, and the longest text of one, so that a stream of lines does not fill the memory. */
const MOST_DRAFTS = 5000;
const LONGEST_OF_DRAFT = 4000;

/** A text that was seen, masked but for addresses: which of them get a name is known when all texts have been seen. */
interface Draft {
  readonly text: string;
  readonly notes: readonly { readonly kind: string; readonly value: string }[];
  readonly hasAddresses: boolean;
}

/** What gets a name of its own. */
export type Named = 'visitor' | 'user' | 'host' | 'server';

/** Masks texts that belong together: the same visitor has the same name in all of them. */
export interface Redaction {
  /** Shows a text before any is masked, so that its addresses get their names. */
  readonly see: (text: string) => void;
  /** A value that names a server: its addresses, and its own name, are no visitor's. */
  readonly keep: (text: string) => void;
  /** A value that names a visitor: its address is masked wherever it stands, as is its name where no server has the same. */
  readonly hide: (text: string) => void;
  /** The path of a file, or a message with one: a user's folder in it is masked wherever it stands. */
  readonly seeFile: (path: string) => void;
  /** A value that is the name of a host or machine. */
  readonly seeHost: (name: string) => void;
  /** The text without secrets. All texts must have been seen before. */
  readonly mask: (text: string) => string;
  /** The values that were masked so far, to be looked for elsewhere. */
  readonly secrets: Secrets;
  /** Counts a mask that was set by other means than `mask`. */
  readonly count: (kind: string) => void;
  /** How many places were masked so far, by kind. */
  readonly masked: () => Readonly<Record<string, number>>;
  /** What was replaced by names: the name and what it stands for. */
  readonly names: () => readonly (readonly [name: string, value: string])[];
}

/** Opens a redaction. Ordinals follow the hash of the value, so that no order of input or of addresses shows in them. */
export function openRedaction(options: RedactOptions = {}): Redaction {
  const seen: Readonly<Record<Named, Set<string>>> = {
    visitor: new Set(),
    user: new Set(),
    host: new Set(),
    server: new Set(),
  };
  const kept = new Set<string>();
  const hidden = new Set<string>();
  const homes = new Map<string, string>();
  const counts = new Map<string, number>();
  const secrets = options.secrets ?? openSecrets();
  const names: Partial<Record<Named, ReadonlyMap<string, string>>> = {};
  const named = new Map<string, string>();
  /** By the text: those in which names stand elsewhere, too, have none. */
  const drafts = new Map<string, Draft>();
  let pattern: RegExp | null | undefined;

  const count = (kind: string): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };
  /** The name of a value; of a host that was not seen, that of the domain it stands below. */
  const nameOf = (kind: Named, value: string): string => {
    if (options.key !== undefined) return keyedName(options.key, kind, value);
    names[kind] ??= ordinals(kind, seen[kind]);
    return names[kind].get(value) ?? names[kind].get(domainOf(value)) ?? `${kind}-0`;
  };
  const addHost = (name: string): void => {
    seen.host.add(name.toLowerCase());
    seen.host.add(domainOf(name));
  };
  const remember = (name: string, value: string): string => {
    named.set(name, value);
    return name;
  };
  /** An address that was once a visitor's is one everywhere; of a name that both have nobody can tell, and a server's is known. */
  const isKept = (address: string): boolean =>
    options.named === true || (kept.has(address) && (ipVersion(address) === 0 || !hidden.has(address)));
  const collect = (text: string, into: Set<string>): void => {
    replaceAddresses(text, (address) => {
      into.add(canonicalAddress(address));
      return null;
    });
    if (text.includes('.') && isHost(text)) into.add(text);
  };
  const nameFor = (kind: 'visitor' | 'user', value: string): string | null => {
    if (kind === 'user') return remember(nameOf('user', value), value);
    const address = canonicalAddress(value);
    if (!isKept(address)) return remember(nameOf('visitor', address), address);
    // Names of servers are replaced wherever they stand, by their pattern.
    return options.hosts === true && ipVersion(address) !== 0 ? remember(nameOf('server', address), address) : null;
  };
  const masker: Masker = {
    note: (kind, value) => {
      count(kind);
      if (kind !== 'visitor') secrets.add(kind, value);
    },
    name: nameFor,
  };
  const maskedOnce = (text: string): string => {
    const draft = drafts.get(text);
    if (draft === undefined) return maskText(bounded(text), masker);
    for (const { kind, value } of draft.notes) masker.note(kind, value);
    return draft.hasAddresses ? nameAddresses(draft.text, masker) : draft.text;
  };

  return {
    see(text) {
      if (drafts.has(text)) return;
      const notes: Draft['notes'][number][] = [];
      let names = 0;
      const seeing: Masker = {
        note: (kind, value) => notes.push({ kind, value }),
        name: (kind, value) => {
          names++;
          seen[kind].add(kind === 'visitor' ? canonicalAddress(value) : value);
          return null;
        },
      };
      const isEscaped = hasEscapedQuotes(text);
      // What stands before an address is judged as it will be read: after the masks, or masking twice would differ.
      const head = isEscaped ? maskText(bounded(text), seeing) : maskAllButAddresses(bounded(text), seeing);
      const isDraft = names === 0;
      if (!isEscaped) nameAddresses(head, seeing);
      if (isDraft && text.length <= LONGEST_OF_DRAFT && drafts.size < MOST_DRAFTS)
        drafts.set(text, { text: head, notes, hasAddresses: names > 0 });
      for (const match of head.matchAll(SERVER_ADDRESS)) collect(match[1] ?? '', kept);
      if (options.hosts === true) for (const host of hostsIn(head)) addHost(host);
    },
    keep: (text) => {
      // Where a visitor wrote words of his own into the field, what they hold is no server's.
      if (SERVERS.test(text)) collect(text, kept);
    },
    hide: (text) => collect(text, hidden),
    seeFile(path) {
      for (const [home, , user = ''] of path.matchAll(HOME_OF_FILE)) {
        homes.set(home, user);
        seen.user.add(user);
      }
    },
    seeHost: (name) => {
      if (isHost(name)) addHost(name);
    },
    mask(text) {
      if (pattern === undefined) {
        for (const address of hidden) seen.visitor.add(address);
        for (const address of [...seen.visitor].filter(isKept)) {
          seen.visitor.delete(address);
          seen.server.add(address);
        }
        for (const name of hidden)
          if (ipVersion(name) === 0 && !isKept(name)) secrets.add('visitor', name, nameOf('visitor', name));
        for (const [home, user] of homes)
          secrets.add('home', home, home.slice(0, -user.length) + remember(nameOf('user', user), user));
        pattern = options.hosts === true ? hostPattern(seen.host) : null;
      }
      const masked = maskedOnce(text);
      if (pattern === null) return masked;
      return masked.replace(pattern, (host) => {
        count('host');
        return remember(nameOf('host', host.toLowerCase()), host.toLowerCase());
      });
    },
    secrets,
    count,
    masked: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    names: () => [...named].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

const KEYED_DIGITS = 10;

/** The name of a value that is the same wherever it is made with the same key: the kind and ten hexadecimal digits. */
export function keyedName(key: string | Uint8Array, kind: Named, value: string): string {
  return `${kind}-${keyedHash(key, value)}`;
}

/** Ten hexadecimal digits of a keyed hash (HMAC-SHA-256). */
export function keyedHash(key: string | Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, KEYED_DIGITS);
}

function ordinals(kind: Named, values: Iterable<string>): ReadonlyMap<string, string> {
  const hashed = [...values]
    .map((value) => ({ value, hash: createHash('sha256').update(value).digest('hex') }))
    .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
  return new Map(hashed.map(({ value }, index) => [value, `${kind}-${index + 1}`]));
}

/**
 * Keys whose values this program made from lists of its own, and which a mask would make useless: ids, places, times,
 * digests. Whatever stands below `tool` is its own, too.
 */
const OWN_KEYS: ReadonlySet<string> = new Set(
  'sha256 id cause signal place hop kind word direction madeBy burst joinedBy change difficulty format level start end first last firstRequest time at since startedAt pattern decides zone'.split(
    ' ',
  ),
);

/**
 * JSON-like data with every string passed through `change`, except those under keys of our `own` making. What does not change is not
 * copied: most of a result.
 */
export function mapStrings<T>(
  value: T,
  change: (text: string, key: string) => string,
  own?: ReadonlySet<string>,
  key?: string,
): T;
export function mapStrings(
  value: unknown,
  change: (text: string, key: string) => string,
  own = OWN_KEYS,
  key = '',
): unknown {
  if (typeof value === 'string') return own.has(key) ? value : change(value, key);
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const inner: unknown = value[i];
      // Series are thousands of numbers.
      if (typeof inner === 'number') continue;
      const changed = mapStrings(inner, change, own, key);
      if (changed === inner) continue;
      copy ??= [...value];
      copy[i] = changed;
    }
    return copy ?? value;
  }
  if (!isObject(value)) return value;
  let copy: object | null = null;
  for (const name in value) {
    const inner = value[name];
    if (isOwn(name, inner)) continue;
    const changed = mapStrings(inner, change, own, name);
    if (changed === inner) continue;
    copy ??= { ...value };
    Reflect.set(copy, name, changed);
  }
  return copy ?? value;
}

/** Shows every string of JSON-like data to `see`, except those under keys of our own making. */
function eachString(value: unknown, see: (text: string) => void, key = ''): void {
  if (typeof value === 'string') {
    if (!OWN_KEYS.has(key)) see(value);
  } else if (Array.isArray(value)) {
    for (const inner of value) if (typeof inner !== 'number') eachString(inner, see, key);
  } else if (isObject(value)) {
    for (const name in value) {
      const inner = value[name];
      if (!isOwn(name, inner)) eachString(inner, see, name);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whatever stands below `tool` is the program's own. */
function isOwn(name: string, inner: unknown): boolean {
  return name === 'tool' && typeof inner === 'object';
}

/** A result as it may leave, and what must not stand in any text drawn from it. */
export interface Redacted {
  readonly result: Result;
  /** The values that were masked; null where redaction is off. */
  readonly secrets: Secrets | null;
}

/**
 * The door: a result as it may leave the process. Visitors' addresses become `visitor-1` …; queries, credentials, cookies,
 * tokens and mail addresses are masked in every string, and what was masked in one place in all others. Masking twice
 * changes nothing. What was masked is counted by kind (`redaction.masked`). With `enabled: false` the result goes out as it
 * is and says so.
 */
export function redactWithSecrets(result: Result, options: RedactOptions = {}): Redacted {
  if (options.enabled === false)
    return { result: { ...result, redaction: { enabled: false, masked: {} } }, secrets: null };
  const redaction = openRedaction(options);
  for (const { scope, group } of result.bursts) {
    for (const { value } of scope.upstreams.values) redaction.keep(value);
    if (group.upstream !== undefined) redaction.keep(group.upstream);
    for (const { value } of scope.clients.values) redaction.hide(value);
    for (const { value } of [...scope.hosts.values, ...scope.servers.values]) {
      redaction.keep(value);
      redaction.seeHost(value);
    }
  }
  for (const { path } of [...result.sources, ...result.skipped]) redaction.seeFile(path);
  for (const { server } of result.sources) {
    if (server === null) continue;
    redaction.keep(server);
    redaction.seeHost(server);
  }
  for (const { name, value } of result.line?.records.flatMap(({ fields }) => fields) ?? []) {
    if (name === 'client') redaction.hide(value);
    if (name === 'upstream' || name === 'host' || name === 'server') redaction.keep(value);
    if (name === 'host' || name === 'server') redaction.seeHost(value);
  }
  eachString(result, redaction.see);
  const masked = mapStrings(result, redaction.mask);
  /** Texts that hold no value which was masked elsewhere: most come again and again. */
  const clean = new Set<string>();
  const safe = mapStrings(masked, (text) => {
    if (clean.has(text)) return text;
    const without = redaction.secrets.mask(text, () => redaction.count('repeated'));
    if (without === text) clean.add(text);
    return without;
  });
  const counts = { ...result.redaction.masked };
  const found = options.named === true ? marksIn(safe) : redaction.masked();
  for (const [kind, places] of Object.entries(found)) counts[kind] = (counts[kind] ?? 0) + places;
  const sorted = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    result: { ...safe, redaction: { enabled: true, masked: Object.fromEntries(sorted) } },
    secrets: redaction.secrets,
  };
}

/** One name or address of a server, or several as nginx lists them. */
const SERVERS = /^\S{1,2000}(?:(?:, | : )\S{1,2000}){0,100}$/;
const MARK = new RegExp(`${MASK}|\\b(visitor|user|host|server)-(?:[0-9a-f]{${KEYED_DIGITS}}|\\d+)\\b`, 'g');

/** How many places bear a mask or a name, by kind: of what was masked before there was a result nobody counted the kinds. */
function marksIn(result: Result): Readonly<Record<string, number>> {
  const marks: Record<string, number> = {};
  eachString(result, (text) => {
    for (const [, kind = 'value'] of text.matchAll(MARK)) marks[kind] = (marks[kind] ?? 0) + 1;
  });
  return marks;
}

/** As `redactWithSecrets`, the result alone. */
export function redact(result: Result, options: RedactOptions = {}): Result {
  return redactWithSecrets(result, options).result;
}
