import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import type { Layout } from './access-blocks-layout.ts';
import { type AccessFields, fieldOf } from './access-fields.ts';
import { datedRecord } from './access-row.ts';
import { withoutSeparator } from './access-tokens.ts';

/** Length of `20/Nov/2026:03:14:38 -0500`. */
const TIME_CHARS = 26;
const STATUS_CHARS = 3;

/**
 * The record of a row that the block reader found to be written in a layout with plain fields: the same as the ordinary way
 * makes, without cutting the row into tokens again.
 */
export function layoutRecord(line: Line, stamp: Stamp, layout: Layout): RequestRecord {
  return datedRecord(layoutFields(line.text, layout), stamp, line);
}

/** The fields of such a row. */
export function layoutFields(text: string, layout: Layout): AccessFields {
  const timeAt = text.indexOf('[') + 1;
  const requestAt = timeAt + TIME_CHARS + 3;
  const requestEnd = text.indexOf('"', requestAt);
  const statusEnd = requestEnd + 2 + STATUS_CHARS;
  const fields: AccessFields = {
    remoteAddr: text.slice(0, text.indexOf(' ')),
    request: text.slice(requestAt, requestEnd),
    status: text.slice(requestEnd + 2, statusEnd),
  };
  let at = statusEnd;
  layout.fields.forEach(({ lead, quoted, key }, index) => {
    const valueAt = at + lead.length;
    const end = text.indexOf(quoted ? '"' : ' ', valueAt);
    const valueEnd = end < 0 ? text.length : end;
    at = quoted ? valueEnd + 1 : valueEnd;
    const raw = text.slice(valueAt, valueEnd);
    const value = quoted ? raw : withoutSeparator(raw);
    if (key !== undefined) {
      const field = fieldOf(key, value, fields.userAgent !== undefined);
      if (field !== undefined) fields[field] = value;
    } else if (index === 0) fields.bytes = value;
    else if (index === 2) fields.userAgent = value;
  });
  return fields;
}
