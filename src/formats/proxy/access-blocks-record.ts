import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import { COMMA } from './access-blocks-bytes.ts';
import type { Layout } from './access-blocks-layout.ts';
import { type AccessFields, fieldOf } from './access-fields.ts';
import { datedRecord } from './access-row.ts';
import { readFront, readTextRow } from './access-text.ts';
import { withoutSeparator } from './access-tokens.ts';

/** Length of `20/Nov/2026:03:14:38 -0500`. */
const TIME_CHARS = 26;
const STATUS_CHARS = 3;

/**
 * The record of a row that the block reader has read: the same as the ordinary way makes. `layout`: the row's, where its fields are
 * plain, else null.
 */
export function heldRecord(line: Line, stamp: Stamp, layout: Layout | null): RequestRecord {
  return datedRecord(heldFields(line.text, layout), stamp, line);
}

/** The fields of such a row. */
export function heldFields(text: string, layout: Layout | null): AccessFields {
  const fields = layout === null ? readTextRow(text) : layoutFields(text, layout);
  if (fields === null) throw new Error('what was read from its bytes is a row');
  return fields;
}

/** The fields of a row in a layout with plain fields, without cutting the row into tokens again. */
function layoutFields(text: string, layout: Layout): AccessFields {
  const timeAt = text.indexOf('[') + 1;
  const requestAt = timeAt + TIME_CHARS + 3;
  const requestEnd = text.indexOf('"', requestAt);
  const statusEnd = requestEnd + 2 + STATUS_CHARS;
  const fields: AccessFields = {
    request: text.slice(requestAt, requestEnd),
    status: text.slice(requestEnd + 2, statusEnd),
  };
  const firstEnd = text.indexOf(' ');
  if (text.startsWith(' - ', firstEnd)) fields.remoteAddr = text.slice(0, firstEnd);
  else readFront(text.slice(0, timeAt - 2).split(' '), fields);
  let at = statusEnd;
  for (const { lead, closing, key, place } of layout.fields) {
    const isBare = closing === 0 || closing === COMMA;
    const mark = isBare ? ' ' : String.fromCharCode(closing);
    const valueAt = at + lead.length;
    let end = text.indexOf(mark, valueAt);
    while (closing === COMMA && text.charCodeAt(end - 1) === COMMA) end = text.indexOf(mark, end + 1);
    const valueEnd = end < 0 ? text.length : end;
    at = isBare ? valueEnd : valueEnd + 1;
    const raw = text.slice(valueAt, valueEnd);
    const value = isBare ? withoutSeparator(raw) : raw;
    const field = key === undefined ? place : fieldOf(key, value, fields.userAgent !== undefined);
    if (field !== undefined) fields[field] = value;
  }
  return fields;
}
