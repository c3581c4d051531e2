import { type AccessField, type AccessFields, fieldOf } from './access-fields.ts';
import { EITHER, LONGEST_LOOK, readJsonRow } from './access-json.ts';
import { accessRecord, rowSignal } from './access-row.ts';
import type { JsonRows } from './json-blocks-row.ts';
import {
  ROLE_ADDRESS,
  ROLE_CONNECT_TIME,
  ROLE_HEADER_TIME,
  ROLE_METHOD,
  ROLE_MICROSECONDS,
  ROLE_MILLISECONDS,
  ROLE_MSEC,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_REQUEST,
  ROLE_RESPONSE_TIME,
  ROLE_SECONDS,
  ROLE_STATUS,
  ROLE_TIME,
  ROLE_UNCLEAR,
  ROLE_UPSTREAM_STATUS,
  ROLE_URI,
} from './row-roles.ts';

/** What tells of a failure (`rowSignal`). */
const TELLING: readonly (readonly [field: AccessField, role: number])[] = [
  ['status', ROLE_STATUS],
  ['request', ROLE_REQUEST],
  ['requestTime', ROLE_SECONDS],
  ['requestTimeMs', ROLE_MILLISECONDS],
  ['requestTimeUs', ROLE_MICROSECONDS],
  ['upstreamStatus', ROLE_UPSTREAM_STATUS],
  ['upstreamAddr', ROLE_ADDRESS],
  ['upstreamConnectTime', ROLE_CONNECT_TIME],
  ['upstreamHeaderTime', ROLE_HEADER_TIME],
  ['upstreamResponseTime', ROLE_RESPONSE_TIME],
];
const ROLES: ReadonlyMap<AccessField | undefined, number> = new Map([
  ...TELLING,
  ['time', ROLE_TIME],
  ['msec', ROLE_MSEC],
  ['method', ROLE_METHOD],
  ['uri', ROLE_URI],
  ['ray', ROLE_RAY],
]);

function roleOf(names: readonly string[]): number {
  const name = names.at(-1) ?? '';
  if (EITHER.test(name)) return ROLE_UNCLEAR;
  return ROLES.get(fieldOf(name, '', false)) ?? ROLE_OTHER;
}

/** Rows of nginx's access log that are written in JSON. */
export const NGINX_JSON_ROWS: JsonRows = {
  roleOf,
  longest: LONGEST_LOOK,
  read: (line) => {
    const fields = readJsonRow(line.text);
    return fields === null ? null : accessRecord(fields, line);
  },
  signalOf: (textOf) => {
    const fields: AccessFields = {};
    for (const [field, role] of TELLING) {
      const value = textOf(role);
      if (value !== undefined) fields[field] = value;
    }
    return rowSignal(fields);
  },
};
