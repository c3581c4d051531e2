import type { LogRecord } from '../vocabulary/records.ts';

/** What the user wants looked at, of logs that hold more than one site or page. */
export interface Selection {
  /** Requests to this host; a name, in any case. */
  readonly host?: string | undefined;
  /** Requests whose path begins so. */
  readonly path?: string | undefined;
}

/** Tells whether a record is wanted; null where all are. Records that name no host or no path might be: they are. */
export function selects({ host, path }: Selection): ((record: LogRecord) => boolean) | null {
  if (host === undefined && path === undefined) return null;
  const name = host?.toLowerCase();
  return (record) =>
    (name === undefined || record.host === undefined || record.host === name) &&
    (path === undefined || record.path === undefined || record.path.startsWith(path));
}
