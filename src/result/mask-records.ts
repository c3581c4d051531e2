import type { LogRecord } from '../vocabulary/records.ts';
import { canonicalAddress, isVisitorAddress, replaceAddresses } from './addresses.ts';
import { isHost } from './hosts.ts';
import { openSecrets, type Secrets } from './leaks.ts';
import { maskText } from './mask-text.ts';
import { bounded, keyedHash, keyedName, mapStrings } from './redact.ts';
import { HOME_OF_FILE, MASK, SERVER_ADDRESS } from './secrets.ts';

/**
 * Redaction before anything is concluded, for what is put together later: with a key each record is masked by itself, so
 * that it does not show in how many parts, and in which order, the records came.
 */
export interface RecordRedaction {
  /** A text without secrets. */
  readonly text: (text: string) => string;
  /** A file's or machine's name without secrets. Different names stay different. */
  readonly label: (label: string) => string;
  /** The record without secrets; its text is masked when it is first read. */
  readonly record: <R extends LogRecord>(record: R) => R;
  /** Makes a number of 32 bits that tells something of a record unreadable; done twice, it is readable again. */
  readonly seal: (number: number, place: string) => number;
  /** The values that were masked so far, to be looked for elsewhere. */
  readonly secrets: Secrets;
}

/** Fields whose values the formats choose from lists of their own, or check. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['kind', 'hop', 'signal', 'ray', 'parentRay']);
const NONE: ReadonlySet<string> = new Set();

/** A copy of a record with all that comes from its log passed through `change`. */
export function mapRecord<R extends LogRecord>(record: R, change: (text: string, field: string) => string): R {
  const copy = { ...record };
  for (const field in copy) {
    const value: unknown = copy[field];
    if (typeof value === 'string' ? !OWN_FIELDS.has(field) : field === 'values')
      Reflect.set(copy, field, mapStrings(value, change, NONE, field));
  }
  return copy;
}

/** Texts and names that are remembered, and the longest of them: paths are, lines are not. */
const MOST_KNOWN = 20_000;
const LONGEST_KNOWN = 200;

/** Opens a redaction with a key. */
export function openRecordRedaction(key: string | Uint8Array): RecordRedaction {
  const secrets = openSecrets();
  /** Texts without addresses, as they are masked: paths, user agents and names come again and again. */
  const known = new Map<string, string>();
  const names = new Map<string, string>();
  /** Of what the records say that are masked when they are read. */
  const sources = new WeakMap<object, LogRecord>();

  const nameOf = (kind: 'visitor' | 'user', value: string): string => {
    const given = names.get(value);
    if (given?.startsWith(kind)) return given;
    const name = keyedName(key, kind, value);
    if (names.size < MOST_KNOWN) names.set(value, name);
    return name;
  };

  /** Addresses that a text and the record around it give to servers are kept, but never its client's. */
  const masked = (text: string, around?: LogRecord): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    let kept: Set<string> | undefined;
    const without = maskText(bounded(text), {
      note: (kind, value) => {
        if (kind !== 'visitor') secrets.add(kind, value);
      },
      name: (kind, value) => {
        if (kind === 'user') return nameOf(kind, value);
        kept ??= serversIn(text, around);
        const address = canonicalAddress(value);
        return kept.has(address) ? null : nameOf(kind, address);
      },
    });
    if (kept === undefined && text.length <= LONGEST_KNOWN && known.size < MOST_KNOWN) known.set(text, without);
    return without;
  };

  const label = (name: string): string => {
    const without = masked(name.replace(HOME_OF_FILE, (_, keep: string, user: string) => keep + nameOf('user', user)));
    return without.includes(MASK) ? without.replace(MASK, `${MASK}${keyedHash(key, name)}`) : without;
  };

  // One for all, so that records stay alike.
  const lateText: PropertyDescriptor & ThisType<LogRecord> = {
    enumerable: true,
    configurable: true,
    get() {
      const record = sources.get(this);
      const text = record === undefined ? MASK : masked(record.text, record);
      Object.defineProperty(this, 'text', { value: text });
      return text;
    },
  };

  return {
    text: (text) => masked(text),
    label,
    record: (record) => {
      const safe = mapRecord({ ...record, text: '' }, (text, field) => {
        if (field === 'client' && isVisitor(text, record)) return nameOf('visitor', canonicalAddress(text));
        return field === 'server' ? label(text) : masked(text, record);
      });
      sources.set(safe, record);
      return Object.defineProperty(safe, 'text', lateText);
    },
    seal: (number, place) => (number ^ Number.parseInt(keyedHash(key, `seal ${place}`).slice(0, 8), 16)) >>> 0,
    secrets,
  };
}

/** An address or a name with its port, or in the address of a page: nothing stands before or behind it. */
const ADDRESS = /^(?:[a-z]{2,10}:\/\/)?\[?([0-9A-Fa-f:.]{3,60}?|[\w.-]{4,253}?)\]?(?::\d{1,5})?(?:\/\S*)?$/;

/** Whether a record's client is no server: a public address, or the name of a host that this one is not. */
function isVisitor(client: string, { host, server }: LogRecord): boolean {
  return isVisitorAddress(client) || (client.includes('.') && isHost(client) && client !== host && client !== server);
}

function serversIn(text: string, around: LogRecord | undefined): Set<string> {
  const servers = new Set<string>();
  for (const [, address = ''] of text.matchAll(SERVER_ADDRESS)) collect(address, servers);
  for (const value of [around?.upstream, around?.host, around?.server])
    for (const one of value?.split(', ') ?? []) collect(ADDRESS.exec(one)?.[1] ?? '', servers);
  if (around?.client !== undefined && isVisitor(around.client, around)) servers.delete(canonicalAddress(around.client));
  return servers;
}

function collect(text: string, into: Set<string>): void {
  replaceAddresses(text, (address) => {
    into.add(canonicalAddress(address));
    return null;
  });
  if (isHost(text)) into.add(text);
}
