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

/** What a column of a CSV without head was taken for, and why; without a name where nothing tells what it is. */
export interface GuessedColumn {
  readonly name: string;
  readonly why: string;
}

/** Gives a column its name, once it has none; `at` is undefined where no column fits. */
type Name = (at: number | undefined, as: string, why: string) => void;
type ValuesAt = (at: number) => readonly string[];

const ordinal = (n: number): string => ['first', 'second', 'third'][n] ?? 'last';

/**
 * The columns of a CSV without head, by what stands in them in these rows, which are of one length; null where it is not clear which
 * column is the status of the answer. A column that may be several things stays without a name: which of two columns is the origin's
 * status is told by rows that never reached it, and by statuses that only Cloudflare gives.
 */
export function columnsOf(rows: readonly (readonly string[])[]): readonly GuessedColumn[] | null {
  const width = rows[0]?.length ?? 0;
  const columns: GuessedColumn[] = Array.from({ length: width }, () => ({ name: '', why: '' }));
  const valuesAt: ValuesAt = (at) => rows.map((row) => row[at] ?? '');
  const all = Array.from({ length: width }, (_, at) => at);
  const holding = (is: (text: string) => boolean, empties: RegExp = /^$/): number[] =>
    all.filter((at) => {
      if (columns[at]?.name !== '') return false;
      const values = valuesAt(at);
      return values.some(is) && values.every((value) => is(value) || empties.test(value));
    });
  const name: Name = (at, as, why) => {
    if (at !== undefined) columns[at] = { name: as, why };
  };

  // Only rows of Workers have a parent; it is `00` else.
  const rays = holding((text) => RAY.test(text), /^(?:00)?$/);
  const ray = rays.find((at) => valuesAt(at).every((value) => RAY.test(value)));
  name(ray, 'RayID', 'sixteen hexadecimal digits in every row');
  if (rays.length === 2)
    name(
      rays.find((at) => at !== ray),
      'ParentRayID',
      'sixteen hexadecimal digits, 00 or nothing',
    );

  nameTimes(holding(isTime), rows, name);
  if (!nameStatuses(holding(isStatus, /^0?$/), valuesAt, name)) return null;

  name(holding((text) => METHOD.test(text))[0], 'ClientRequestMethod', 'methods of HTTP');
  name(holding((text) => SOURCE.test(text))[0], 'ClientRequestSource', 'words for who asked, such as eyeball');
  const caches = holding((text) => CACHE.test(text));
  // `unknown` alone stands in many columns.
  const cache = caches.find((at) => valuesAt(at).some((value) => !/^(?:unknown|none)?$/.test(value)));
  name(cache, 'CacheCacheStatus', 'words of the cache, such as hit and miss');
  name(holding((text) => COLO.test(text))[0], 'EdgeColoCode', 'three capital letters');
  name(holding(isPath)[0], 'ClientRequestURI', 'paths or whole addresses');
  nameAddresses(
    holding((text) => ADDRESS.test(text)),
    valuesAt,
    name,
  );
  name(holding((text) => HOST.test(text))[0], 'ClientRequestHost', 'names of hosts');
  return columns;
}

/** Begin and end of the request where there are two times, in order; of any other number the first. */
function nameTimes(
  [first, second, ...more]: readonly number[],
  rows: readonly (readonly string[])[],
  name: Name,
): void {
  if (first === undefined) return;
  if (second === undefined || more.length > 0) {
    const others = 1 + more.length;
    const why = second === undefined ? 'the only times' : `the first of ${others + 1} columns with times`;
    name(first, 'EdgeEndTimestamp', why);
    return;
  }
  const isInOrder = rows.every((row) => (momentMs(row[first]) ?? 0) <= (momentMs(row[second]) ?? 0));
  const [begin, end] = isInOrder ? [first, second] : [second, first];
  name(begin, 'EdgeStartTimestamp', `times; column ${end + 1} has later ones`);
  name(end, 'EdgeEndTimestamp', `times; column ${begin + 1} has earlier ones`);
}

/**
 * Which column is the answer's status, and which the origin's, where that is clear; false where no column is a status. What the cache
 * gave mostly repeats the answer's status; where fields stand by their names it comes first, the origin's last.
 */
function nameStatuses(columns: readonly number[], valuesAt: ValuesAt, name: Name): boolean {
  const isEdges = (at: number): boolean => valuesAt(at).some((value) => EDGE_ONLY.test(value));
  const always = columns.filter((at) => valuesAt(at).every(isStatus));
  const surely = always.findLast(isEdges);
  const place = always.length > 1 && columns.length > 2 ? 1 : 0;
  const edge = surely ?? always[place];
  if (edge === undefined) return false;
  const whichOf = `the ${ordinal(place)} of ${always.length} columns with a status in every row`;
  name(
    edge,
    'EdgeResponseStatus',
    surely !== undefined
      ? 'a status in every row, and among them one that only Cloudflare gives (520 to 527, 530)'
      : always.length === 1
        ? 'the only column with a status in every row'
        : place === 0
          ? whichOf
          : `${whichOf}: in the order of their names the cache’s comes first`,
  );
  const others = columns.filter((at) => at !== edge && !isEdges(at));
  const sometimes = others.filter((at) => !always.includes(at));
  const possible = sometimes.length > 0 ? sometimes : others;
  const isOne = new Set(possible.map((at) => valuesAt(at).join())).size === 1;
  const alike = possible.length > 1 ? `; of ${possible.length} such columns, which are alike, the last` : '';
  if (isOne)
    name(
      possible.at(-1),
      'OriginResponseStatus',
      `${sometimes.length > 0 ? 'a status, or 0 or nothing where the origin gave none' : 'the other column with statuses'}${alike}`,
    );
  return true;
}

/** Cloudflare's own address is one of its ranges, the origin's is always the same; visitors have many. */
function nameAddresses(columns: readonly number[], valuesAt: ValuesAt, name: Name): void {
  const isOwn = (at: number): boolean =>
    valuesAt(at).every((value) => value === '' || isCloudflareAddress(value)) && valuesAt(at).some((value) => value);
  const [first, second, ...more] = columns.filter((at) => !isOwn(at));
  name(columns.find(isOwn), 'EdgeServerIP', 'addresses of Cloudflare’s ranges');
  if (second === undefined) name(first, 'ClientIP', 'the only addresses that are not Cloudflare’s');
  if (first === undefined || second === undefined || more.length > 0) return;
  const kinds = (at: number): number => new Set(valuesAt(at)).size;
  const [many, few] = kinds(first) >= kinds(second) ? [first, second] : [second, first];
  if (kinds(many) < 3 * kinds(few)) return;
  name(many, 'ClientIP', `${kinds(many)} different addresses, beside ${kinds(few)} in column ${few + 1}`);
  name(
    few,
    'OriginIP',
    `${kinds(few)} different ${kinds(few) === 1 ? 'address' : 'addresses'}, beside ${kinds(many)} in column ${many + 1}`,
  );
}
