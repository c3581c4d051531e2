import type { Failure } from '../bursts/witness.ts';
import type { ClueRecord, RequestRecord } from '../vocabulary/records.ts';
import type { Dimension } from './facts.ts';
import { isStaticPath, pathArea, pathPrefix, pathTemplate } from './path-template.ts';

type Value = (record: RequestRecord | ClueRecord) => string | undefined;

/** The value of each dimension that a row or a line names; of paths without their varying parts. */
export const VALUES: Readonly<Record<Dimension, Value>> = {
  host: ({ host }) => host,
  server: ({ server }) => server,
  path: ({ path }) => (path === undefined ? undefined : pathTemplate(path)),
  method: ({ method }) => method,
  colo: (record) => (record.kind === 'request' ? record.colo : undefined),
  upstream: ({ upstream }) => upstream,
  client: ({ client }) => client,
};

/** The first two parts of a path. */
export const prefixOf: Value = ({ path }) => (path === undefined ? undefined : pathPrefix(path));

/** The first part of a path. */
export const areaOf: Value = ({ path }) => (path === undefined ? undefined : pathArea(path));

/** What requests are called that got a file which a web server hands out itself. */
export const FILE = 'file';

/** Whether a request got such a file. */
export function fileOf({ status, path }: RequestRecord): typeof FILE | undefined {
  return status < 400 && isStaticPath(path) ? FILE : undefined;
}

/** The value of a dimension for one failed request. */
export function dimensionValue({ row, clue }: Failure, dimension: Dimension): string | undefined {
  const record = (row ?? clue)?.record;
  return record && VALUES[dimension](record);
}
