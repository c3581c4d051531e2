import type { TimedRequest, TimedStream } from '../clock/timeline.ts';
import { firstFrom } from '../vocabulary/ascending.ts';
import { isPrivateAddress } from '../vocabulary/private-address.ts';
import type { RequestRecord } from '../vocabulary/records.ts';

/** Kept rows below which nothing is told. */
const MIN_ROWS = 20;
/** The requests of a server behind others come from so few addresses. */
const MOST_ADDRESSES = 4;
/** Part of its rows from these addresses; the rest are people on the machine and checks. */
const NEARLY_ALL = 0.95;
/** Part of its rows that are of pages, or that are requests, which the outer server has too. */
const MOST = 0.8;
/** By chance, with all its times moved, no more than this part of its requests is found in the other log. */
const BY_CHANCE = 0.4;
/** A web server writes its row at the request's beginning or at its end, in whole seconds. */
const SAME_REQUEST_MS = 2500;
/** Longer than that, and no multiple of the times between checks. */
const MOVED_MS = 13_000;
/** In a stretch of this length the inner server has no more requests than the outer one, a few at the seams aside. */
const STRETCH_MS = 60_000;
const SEAMS = 0.15;
/** Two logs whose counts differ by less than this part have the same requests. */
const FEW = 0.02;

/** A web server, by its access log. */
interface Server {
  readonly timed: TimedStream;
  /** As far as they are kept. */
  readonly rows: readonly TimedRequest[];
  /** How many rows are of each page, and from each address; `addressed`: from any. */
  readonly pages: ReadonlyMap<string, number>;
  readonly clients: ReadonlyMap<string, number>;
  readonly addressed: number;
}

/**
 * The streams with web servers that stand behind another one (nginx before Apache, a balancer before two servers) set to the
 * application's hop, which is what they are to that one: a request that both log is one request. Servers beside each other stay
 * as they are, and so does everything where the logs do not tell.
 */
export function withInnerServers(streams: readonly TimedStream[]): readonly TimedStream[] {
  const logs = streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount >= MIN_ROWS);
  if (logs.length < 2) return streams;
  const servers = logs.map(serverOf).filter(({ rows }) => rows.length >= MIN_ROWS);
  const isInner = (one: Server): boolean => servers.some((other) => other !== one && isBehind(one, other));
  const inner = new Set(servers.filter(isInner).map(({ timed }) => timed));
  return streams.map((timed) => (inner.has(timed) ? { ...timed, stream: { ...timed.stream, hop: 'app' } } : timed));
}

function serverOf(timed: TimedStream): Server {
  const rows = [...timed.sample, ...timed.failures];
  const pages = new Map<string, number>();
  const clients = new Map<string, number>();
  for (const { record } of rows) {
    const page = pageOf(record);
    pages.set(page, (pages.get(page) ?? 0) + 1);
    if (record.client !== undefined) clients.set(record.client, (clients.get(record.client) ?? 0) + 1);
  }
  return { timed, rows, pages, clients, addressed: sum(clients.values()) };
}

function sum(counts: Iterable<number>): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;

/** The method and the first part of the path, which rows of a thinned sample share as well. */
function pageOf({ method = '', path = '' }: RequestRecord): string {
  let end = 1;
  while (end < path.length && path.charCodeAt(end) !== SLASH && path.charCodeAt(end) !== QUESTION_MARK) end++;
  return `${method} ${path.slice(1, end)}`;
}

/** What costs least is asked first: there may be a log for each of a hundred sites. */
function isBehind(inner: Server, outer: Server): boolean {
  if (inner.timed.stream.requestCount > (1 + SEAMS) * outer.timed.stream.requestCount) return false;
  if (sum([...inner.pages].map(([page, count]) => (outer.pages.has(page) ? count : 0))) < MOST * inner.rows.length)
    return false;
  const isInside = isAskedBy(inner, outer)
    ? !isAskedBy(outer, inner) || seemsInside(inner, outer)
    : seemsInside(inner, outer) && areSame(inner, outer);
  return isInside && !hasMore(inner, outer);
}

/** Whether nearly all of its requests come from a few private addresses, and none of those is a visitor of the other server. */
function isAskedBy(inner: Server, outer: Server): boolean {
  const most = [...inner.clients].sort((a, b) => b[1] - a[1]).slice(0, MOST_ADDRESSES);
  return (
    inner.addressed >= MIN_ROWS &&
    sum(most.map(([, count]) => count)) >= NEARLY_ALL * inner.addressed &&
    most.every(
      ([address]) =>
        isPrivateAddress(address) && (outer.clients.get(address) ?? 0) <= (1 - NEARLY_ALL) * outer.rows.length,
    )
  );
}

/** Where addresses do not tell which is which: the outer one has requests of its own besides, or else names whom it asked. */
function seemsInside(inner: Server, outer: Server): boolean {
  const more = outer.timed.stream.requestCount - inner.timed.stream.requestCount;
  if (Math.abs(more) > FEW * inner.timed.stream.requestCount) return more > 0;
  const asks = ({ timed }: Server): boolean => timed.sample.some(({ record }) => record.upstream !== undefined);
  return asks(inner) === asks(outer) ? more > 0 : asks(outer);
}

/** Whether the rows of two logs that hold all of theirs are about the same requests: of one visitor, for one page, at one time. */
function areSame({ rows }: Server, outer: Server): boolean {
  const times = new Map<string, number[]>();
  for (const row of outer.rows) {
    if (Number.isNaN(row.startedMs)) continue;
    const key = keyOf(row);
    const known = times.get(key);
    if (known) known.push(row.startedMs);
    else times.set(key, [row.startedMs]);
  }
  for (const known of times.values()) known.sort((a, b) => a - b);
  const { firstMs, lastMs } = outer.timed;
  const found = (movedMs: number): { readonly asked: number; readonly share: number } => {
    const asked = rows.filter(({ startedMs }) => startedMs + movedMs >= firstMs && startedMs + movedMs <= lastMs);
    const same = asked.filter((row) => {
      const known = times.get(keyOf(row)) ?? [];
      const at = row.startedMs + movedMs;
      const next = known[firstFrom(known, at - SAME_REQUEST_MS)];
      return next !== undefined && next <= at + SAME_REQUEST_MS;
    });
    return { asked: asked.length, share: same.length / asked.length };
  };
  // Logs too short to be moved do not tell what chance would do.
  const byChance = [MOVED_MS, -MOVED_MS].map(found).filter(({ asked }) => asked >= MIN_ROWS);
  return found(0).share >= MOST && byChance.length > 0 && byChance.every(({ share }) => share <= BY_CHANCE);
}

const keyOf = ({ record: { client = '', method = '', path = '' } }: TimedRequest): string =>
  `${client} ${method} ${path}`;

/** Whether a server has requests that the other one cannot have passed on. */
function hasMore(inner: Server, outer: Server): boolean {
  const left = new Map<number, number>();
  let requests = 0;
  for (const [{ timed }, sign] of [[inner, 1] as const, [outer, -1] as const]) {
    timed.cells.each((atMs, count) => {
      const stretch = Math.floor(atMs / STRETCH_MS);
      left.set(stretch, (left.get(stretch) ?? 0) + sign * count);
      if (sign > 0) requests += count;
    });
  }
  return sum([...left.values()].map((count) => Math.max(0, count))) > SEAMS * requests;
}
