import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import { cleaned } from '../wrappers/pasted.ts';
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
 * plain, else null. `line` counts from 1.
 */
export function heldRecord(written: string, line: number, stamp: Stamp, layout: Layout | null): RequestRecord {
  const text = cleaned(written);
  return datedRecord(heldFields(text, layout), stamp, { text, number: line, wrapper: null });
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
  readFront(text.slice(0, timeAt - 2).split(' '), fields);
  let at = statusEnd;
  layout.fields.forEach(({ lead, closing, key }, index) => {
    const isBare = closing === 0;
    const valueAt = at + lead.length;
    const end = text.indexOf(isBare ? ' ' : '"', valueAt);
    const valueEnd = end < 0 ? text.length : end;
    at = isBare ? valueEnd : valueEnd + 1;
    const raw = text.slice(valueAt, valueEnd);
    const value = isBare ? withoutSeparator(raw) : raw;
    if (key !== undefined) {
      const field = fieldOf(key, value, fields.userAgent !== undefined);
      if (field !== undefined) fields[field] = value;
    } else if (index === 0) fields.bytes = value;
    else if (index === 2) fields.userAgent = value;
  });
  return fields;
}
