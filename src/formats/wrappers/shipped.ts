import type { Stamp } from '../../vocabulary/records.ts';
import { jsonStamp, parseIso } from '../stamps.ts';
import { parseObject } from './json.ts';
import type { Peeled } from './peeled.ts';

/*
 * Lines that a shipper (Fluent Bit, Fluentd, Vector, Filebeat, Graylog, a cloud's logging) wrapped into an object of its own.
 */

/** Names that only shippers write; a program's own JSON has none of them. */
const MARKS =
  /"(?:kubernetes|_source|_index|@metadata|agent|source_type|short_message|textPayload|container_name|container_id|ddsource|logStreamName|insertId|logGroup|_container_name)"\s?:/;
/** Fluent Bit without filters, and what Loki hands out. */
const PLAIN = /^\{"(?:date"\s?:\s?\d{10}\.\d{1,9},\s?"log|line)"\s?:\s?"/;
const LONGEST_LOOK = 16_384;

/** Names under which they carry it. */
export const SHIPPED_TEXTS = ['log', 'message', 'textPayload', 'line', 'short_message'] as const;
const TIMES = ['@timestamp', 'timestamp', 'time', 'date'] as const;
const LEVELS = ['level', 'severity', 'lvl', 'loglevel'] as const;

/** The begin of an entry that a program dated itself, or of an object within. */
const ENTRY =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:|\[\d\d-[A-Z][a-z]{2}-\d{4} |\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z]|\S{2,60} \S{1,80} \S{1,80} \[\d\d\/|\{"|time=")/;

type Fields = Readonly<Record<string, unknown>>;

/** The line that a shipper's object carries; null where the object is a program's own. */
export function peelShipped(text: string): Peeled | null {
  const look = text.slice(0, LONGEST_LOOK);
  if (!MARKS.test(look) && !PLAIN.test(look)) return null;
  const outer = parseObject(text);
  if (outer === null) return null;
  const object = fieldsOf(outer._source) ?? outer;
  const line = SHIPPED_TEXTS.map((name) => object[name]).find((value) => typeof value === 'string');
  if (typeof line !== 'string' || line === '') return null;
  // What a program says of its own level is worth more than its bare text.
  const hasLevel = LEVELS.some((name) => typeof object[name] === 'string') && object.textPayload === undefined;
  if (hasLevel && !ENTRY.test(line)) return null;
  const stamp = timeIn(object) ?? timeIn(outer);
  const server = serverIn(object);
  return {
    rest: line.replace(/\r?\n$/, ''),
    ...(stamp === undefined ? {} : { stamp }),
    ...(server === undefined ? {} : { server }),
  };
}

function timeIn(object: Fields): Stamp | undefined {
  for (const name of TIMES) {
    const stamp = jsonStamp(object[name]);
    if (stamp.kind !== 'none') return stamp;
  }
  return undefined;
}

function serverIn(object: Fields): string | undefined {
  const named = [object.host, fieldsOf(object.host)?.name, fieldsOf(object.kubernetes)?.host, object.hostname];
  const server = named.find((value) => typeof value === 'string' && value !== '');
  return typeof server === 'string' ? server : undefined;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

const FLUENTD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d{4}) [\w.*/-]{1,160}: (?=\{)/;

/** `2026-11-20 08:10:14.000000000 +0000 docker.web: {…}`: Fluentd's file output. */
export function peelFluentd(text: string): Peeled | null {
  if (text.charAt(10) !== ' ') return null;
  const head = FLUENTD.exec(text);
  const stamp = head === null ? undefined : parseIso(`${head[1]}${head[2]}`);
  return head === null || stamp === undefined ? null : { rest: text.slice(head[0].length), stamp };
}
