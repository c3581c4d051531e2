import { createHash, createHmac } from 'node:crypto';
import { canonicalAddress, replaceAddresses } from './addresses.ts';
import type { Result } from './schema.ts';
import { LONG_WORD, MASK, maskedQuery, maskedWord, QUERY, SECRETS, SERVER_ADDRESS, UNIT_ENDINGS } from './secrets.ts';

export interface RedactOptions {
  /** On unless false. */
  readonly enabled?: boolean;
  /** Makes pseudonyms equal over several results: `visitor-` and a keyed hash instead of an ordinal. */
  readonly key?: string | Uint8Array;
}

/**
 * Longest text that is looked at, in UTF-16 units; the rest is left out. Records are cut at 2,000, so this bites only on
 * lines no log writes, and on those the expressions would run out of stack.
 */
const LONGEST_TEXT = 262_144;

function bounded(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}${MASK}`;
}

/** Masks texts that belong together: the same visitor has the same name in all of them. */
export interface Redaction {
  /** Shows a text before any is masked, so that its addresses get their names. */
  readonly see: (text: string) => void;
  /** A value that names a server: its addresses are kept. */
  readonly keep: (text: string) => void;
  /** A value that names a visitor: its address is masked wherever it stands. */
  readonly hide: (text: string) => void;
  /** The text without secrets. All texts must have been seen before. */
  readonly mask: (text: string) => string;
  /** How many places were masked so far, by kind. */
  readonly masked: () => Readonly<Record<string, number>>;
}

/** Opens a redaction. Ordinals follow the hash of the address, so that no order of input or of addresses shows in them. */
export function openRedaction(options: RedactOptions = {}): Redaction {
  const seen = new Set<string>();
  const kept = new Set<string>();
  const hidden = new Set<string>();
  const counts = new Map<string, number>();
  let names: Map<string, string> | null = null;

  const count = (kind: string): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };
  const collect = (text: string, into: Set<string>): void => {
    replaceAddresses(text, (address) => {
      into.add(canonicalAddress(address));
      return null;
    });
  };
  const nameAll = (): Map<string, string> => {
    const visitors = [...seen].filter((address) => hidden.has(address) || !kept.has(address));
    if (options.key !== undefined) {
      const { key } = options;
      return new Map(
        visitors.map((address) => [
          address,
          `visitor-${createHmac('sha256', key).update(address).digest('hex').slice(0, 10)}`,
        ]),
      );
    }
    const hashed = visitors
      .map((address) => ({ address, hash: createHash('sha256').update(address).digest('hex') }))
      .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
    return new Map(hashed.map(({ address }, index) => [address, `visitor-${index + 1}`]));
  };

  return {
    see(text) {
      // What stands before an address is judged as it will be read: after the masks, or masking twice would differ.
      const head = maskSecrets(bounded(text), () => {});
      collect(head, seen);
      for (const match of head.matchAll(SERVER_ADDRESS)) collect(match[1] ?? '', kept);
    },
    keep: (text) => collect(text, kept),
    hide(text) {
      collect(text, seen);
      collect(text, hidden);
    },
    mask(text) {
      names ??= nameAll();
      const visitors = names;
      const withoutSecrets = maskSecrets(bounded(text), count);
      return replaceAddresses(withoutSecrets, (address) => {
        const name = visitors.get(canonicalAddress(address));
        if (name !== undefined) count('visitor');
        return name ?? null;
      });
    },
    masked: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** A text without credentials, query values, tokens and mail addresses. Addresses of visitors are not its business. */
function maskSecrets(text: string, count: (kind: string) => void): string {
  let masked = text.includes('?')
    ? text.replace(QUERY, (whole, query: string) => {
        const without = maskedQuery(query);
        if (without === query) return whole;
        count('query');
        return `?${without}`;
      })
    : text;
  for (const { kind, pattern, mask, when } of SECRETS) {
    masked = masked.replace(pattern, (...match: unknown[]) => {
      const whole = String(match[0]);
      const groups = match.at(-1);
      const keep = typeof groups === 'object' && groups !== null && 'keep' in groups ? String(groups.keep) : '';
      if (when && !when(whole.slice(keep.length))) return whole;
      count(kind);
      return keep + mask;
    });
  }
  masked = masked.replace(LONG_WORD, (word) => {
    const without = maskedWord(word);
    if (without !== word) count('key');
    return without;
  });
  return masked.includes('@') || masked.includes('%40') ? maskMail(masked, count) : masked;
}

const MAIL_SIGN = /@|%40/gi;
const LOCAL_CHARACTER = /[A-Za-z0-9._%+\-\p{L}]/u;
const DOMAIN = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/y;
const LONGEST_LOCAL = 64;

/** Replaces mail addresses, looking outwards from each sign so that no long run is searched twice. */
function maskMail(text: string, count: (kind: string) => void): string {
  let written = '';
  let from = 0;
  for (const match of text.matchAll(MAIL_SIGN)) {
    const sign = match.index;
    let start = sign;
    while (start > from && sign - start < LONGEST_LOCAL && LOCAL_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    DOMAIN.lastIndex = sign + match[0].length;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain === undefined || start === sign || UNIT_ENDINGS.has(domain.slice(domain.lastIndexOf('.') + 1))) continue;
    count('email');
    written += text.slice(from, start) + MASK;
    from = sign + match[0].length + domain.length;
  }
  return written + text.slice(from);
}

/** Keys whose values this program made and which a mask would make useless: digests of files, its own name and rules. */
const KEPT_KEYS: ReadonlySet<string> = new Set(['sha256', 'tool', 'schemaVersion']);

/** A copy of JSON-like data with every string passed through `change`, except under kept keys. */
function mapStrings<T>(value: T, change: (text: string) => string): T;
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapStrings(inner, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, KEPT_KEYS.has(key) ? inner : mapStrings(inner, change)]),
  );
}

/**
 * The door: a result as it may leave the process. Visitors' addresses become `visitor-1` …; queries, credentials, cookies,
 * tokens and mail addresses are masked in every string. Masking twice changes nothing. What was masked is counted by kind
 * (`redaction.masked`). With `enabled: false` the result goes out as it is and says so.
 */
export function redact(result: Result, options: RedactOptions = {}): Result {
  if (options.enabled === false) return { ...result, redaction: { enabled: false, masked: {} } };
  const redaction = openRedaction(options);
  for (const { scope, group } of result.bursts) {
    for (const { value } of scope.upstreams.values) redaction.keep(value);
    if (group.upstream !== undefined) redaction.keep(group.upstream);
    for (const { value } of scope.clients.values) redaction.hide(value);
  }
  mapStrings(result, (text) => {
    redaction.see(text);
    return text;
  });
  const safe = mapStrings(result, redaction.mask);
  const masked = { ...result.redaction.masked };
  for (const [kind, places] of Object.entries(redaction.masked())) masked[kind] = (masked[kind] ?? 0) + places;
  return { ...safe, redaction: { enabled: true, masked } };
}
