import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import { momentMs } from './moment.ts';

/** Statuses that HTTP and Cloudflare know: ports, sizes and times that happen to lie between 100 and 599 are mostly none of them. */
const STATUS = /^(?:10[0-3]|20[0-8]|226|30[0-8]|4[0-2]\d|43[01]|444|45[01]|460|49[4-9]|50[0-8]|51[01]|52[0-7]|530)$/;
/** What only Cloudflare answers with. */
const EDGE_ONLY = /^(?:52[0-7]|530)$/;
const RAY = /^[0-9a-f]{16}$/;
const METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PURGE|PROPFIND)$/;
const HOST = /^(?=.{4,253}$)(?:[a-z0-9_-]{1,63}\.){1,10}[a-z][a-z0-9-]{1,62}$/i;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})$/i;
const COLO = /^[A-Z]{3}$/;
const CACHE =
  /^(?:unknown|miss|expired|updating|stale|hit|ignored|bypass|revalidated|dynamic|none|stream_hit|deferred)$/i;
const SOURCE =
  /^(?:eyeball|purge|alwaysOnline|healthcheck|edgeWorkerFetch|edgeWorkerCacheAPI|edgeWorkerKV|imageResizing|orangeToOrange|sslDetector|earlyHintsCache|inBrowserChallenge)$/i;

const isTime = (text: string): boolean => /^\d{10}|^\d{4}-\d\d-\d\d[T ]/.test(text) && momentMs(text) !== undefined;
const isStatus = (text: string): boolean => STATUS.test(text);
const isPath = (text: string): boolean => text.startsWith('/') || /^https?:\/\//.test(text);

/** Whether the cells of a line are a row of Cloudflare's requests for what stands in them: a Ray ID, a time, an address or path. */
export function looksLikeRow(cells: readonly string[]): boolean {
  return (
    cells.length >= 3 &&
    cells.some((cell) => RAY.test(cell)) &&
    cells.some(isTime) &&
    cells.some((cell) => ADDRESS.test(cell) || HOST.test(cell) || isPath(cell))
  );
}

/** Whether a row has a cell that may be a status. */
export const hasStatus = (cells: readonly string[]): boolean => cells.some(isStatus);

/**
 * The names of the columns of a CSV without head, by what stands in them in these rows, which are of one length; null where it
 * is not clear which column is the status of the answer. A column that may be several things stays without a name (empty): which
 * of two columns is the origin's status is told by rows that never reached it, and by statuses that only Cloudflare gives.
 */
export function columnsOf(rows: readonly (readonly string[])[]): readonly string[] | null {
  const width = rows[0]?.length ?? 0;
  const names: string[] = Array.from({ length: width }, () => '');
  const valuesAt = (at: number): string[] => rows.map((row) => row[at] ?? '');
  const all = Array.from({ length: width }, (_, at) => at);
  const holding = (is: (text: string) => boolean, empties: RegExp = /^$/): number[] =>
    all.filter((at) => {
      if (names[at] !== '') return false;
      const values = valuesAt(at);
      return values.some(is) && values.every((value) => is(value) || empties.test(value));
    });
  const name = (at: number | undefined, as: string): void => {
    if (at !== undefined) names[at] = as;
  };

  // Only rows of Workers have a parent; it is `00` else.
  const rays = holding((text) => RAY.test(text), /^(?:00)?$/);
  name(
    rays.find((at) => valuesAt(at).every((value) => RAY.test(value))),
    'RayID',
  );
  if (rays.length === 2) name(rays.find((at) => names[at] === '') ?? undefined, 'ParentRayID');

  const [first, second, ...more] = holding(isTime);
  if (first !== undefined && second !== undefined && more.length === 0) {
    const isInOrder = rows.every((row) => (momentMs(row[first]) ?? 0) <= (momentMs(row[second]) ?? 0));
    name(first, isInOrder ? 'EdgeStartTimestamp' : 'EdgeEndTimestamp');
    name(second, isInOrder ? 'EdgeEndTimestamp' : 'EdgeStartTimestamp');
  } else name(first, 'EdgeEndTimestamp');

  const statuses = statusColumns(holding(isStatus, /^0?$/), valuesAt);
  if (statuses === null) return null;
  name(statuses.edge, 'EdgeResponseStatus');
  name(statuses.origin, 'OriginResponseStatus');

  name(holding((text) => METHOD.test(text))[0], 'ClientRequestMethod');
  name(holding((text) => SOURCE.test(text))[0], 'ClientRequestSource');
  const caches = holding((text) => CACHE.test(text));
  // `unknown` alone stands in many columns.
  name(
    caches.find((at) => valuesAt(at).some((value) => !/^(?:unknown|none)?$/.test(value))),
    'CacheCacheStatus',
  );
  name(holding((text) => COLO.test(text))[0], 'EdgeColoCode');
  name(holding(isPath)[0], 'ClientRequestURI');
  nameAddresses(
    holding((text) => ADDRESS.test(text)),
    valuesAt,
    name,
  );
  name(holding((text) => HOST.test(text))[0], 'ClientRequestHost');
  return names;
}

/**
 * Which column is the answer's status, and which the origin's; null where none is, undefined for the origin's where it is not clear.
 * What the cache gave mostly repeats the answer's status; where fields stand by their names it comes first, the origin's last.
 */
function statusColumns(
  columns: readonly number[],
  valuesAt: (at: number) => readonly string[],
): { readonly edge: number; readonly origin: number | undefined } | null {
  const isEdges = (at: number): boolean => valuesAt(at).some((value) => EDGE_ONLY.test(value));
  const always = columns.filter((at) => valuesAt(at).every(isStatus));
  const edge = always.findLast(isEdges) ?? always[always.length > 1 && columns.length > 2 ? 1 : 0];
  if (edge === undefined) return null;
  const others = columns.filter((at) => at !== edge && !isEdges(at));
  const sometimes = others.filter((at) => !always.includes(at));
  const possible = sometimes.length > 0 ? sometimes : others;
  const isOne = new Set(possible.map((at) => valuesAt(at).join())).size === 1;
  return { edge, origin: isOne ? possible.at(-1) : undefined };
}

/** Cloudflare's own address is one of its ranges, the origin's is always the same; visitors have many. */
function nameAddresses(
  columns: readonly number[],
  valuesAt: (at: number) => readonly string[],
  name: (at: number | undefined, as: string) => void,
): void {
  const isOwn = (at: number): boolean =>
    valuesAt(at).every((value) => value === '' || isCloudflareAddress(value)) && valuesAt(at).some((value) => value);
  const [first, second, ...more] = columns.filter((at) => !isOwn(at));
  name(columns.find(isOwn), 'EdgeServerIP');
  if (second === undefined) name(first, 'ClientIP');
  if (first === undefined || second === undefined || more.length > 0) return;
  const kinds = (at: number): number => new Set(valuesAt(at)).size;
  const [many, few] = kinds(first) >= kinds(second) ? [first, second] : [second, first];
  if (kinds(many) < 3 * kinds(few)) return;
  name(many, 'ClientIP');
  name(few, 'OriginIP');
}
