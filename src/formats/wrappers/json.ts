import type { Stamp } from '../../vocabulary/records.ts';
import { parseJson } from '../parse-json.ts';
import type { Peeled } from './peeled.ts';
import { isoStamp } from './syslog.ts';

/** Wrappers that are JSON objects: docker's json-file, journalctl -o json. Untrusted: every field is checked. */

const DOCKER_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)$/;

/** The object in a text, or null. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{"log":"…\n","stream":"stderr","time":"…Z"}` and journald's objects. */
export function peelJson(text: string): Peeled | null {
  if (text.startsWith('{"log":') && !text.startsWith('{"log":{')) return peelDocker(text);
  if (text.includes('"__REALTIME_TIMESTAMP"') || text.includes('"_SYSTEMD_UNIT"')) return peelJournal(text);
  return null;
}

function peelDocker(text: string): Peeled | null {
  const object = parseObject(text);
  if (object === null || typeof object.log !== 'string') return null;
  if (typeof object.time !== 'string' && typeof object.stream !== 'string') return null;
  const time = typeof object.time === 'string' ? DOCKER_TIME.exec(object.time) : null;
  const stamp = time?.[1] === undefined ? undefined : isoStamp(time[1], time[2]);
  return { rest: object.log.replace(/\r?\n$/, ''), stamp };
}

function peelJournal(text: string): Peeled | null {
  const object = parseObject(text);
  return object === null ? null : journalEntry(object);
}

/** An entry of journald's, or null where the object has no message. */
export function journalEntry(object: Readonly<Record<string, unknown>>): Peeled | null {
  if (!('MESSAGE' in object)) return null;
  const server = textOf(object._HOSTNAME);
  const program = textOf(object.SYSLOG_IDENTIFIER) ?? textOf(object._COMM);
  const pid = textOf(object._PID) ?? textOf(object.SYSLOG_PID);
  const stamp = microseconds(textOf(object.__REALTIME_TIMESTAMP));
  return {
    rest: messageOf(object.MESSAGE),
    stamp,
    server,
    program,
    pid,
  };
}

/** Microseconds since 1970 as journald writes them. */
export function microseconds(text: string | undefined): Stamp | undefined {
  if (text === undefined || !/^\d{10,18}$/.test(text)) return undefined;
  return { kind: 'utc', ms: Math.floor(Number(text) / 1000) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A string, an array of byte numbers (text with control bytes), or null for what journald left out. */
function messageOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  const bytes: number[] = [];
  for (const item of value) if (typeof item === 'number') bytes.push(item & 0xff);
  return Buffer.from(bytes).toString('utf8');
}
