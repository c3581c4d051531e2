import type { TimedRequest, TimedStream } from '../clock/timeline.ts';
import { isPrivateAddress } from '../vocabulary/private-address.ts';

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
const MOVED_MS = 61_000;
/** In a stretch of this length the inner server has no more requests than the outer one, a few at the seams aside. */
const STRETCH_MS = 60_000;
const SEAMS = 0.15;

/**
 * The streams with web servers that stand behind another one (nginx before Apache, a balancer before two servers) set to the
 * application's hop, which is what they are to that one: a request that both log is one request. Servers beside each other stay
 * as they are, and so does everything where the logs do not tell.
 */
export function withInnerServers(streams: readonly TimedStream[]): readonly TimedStream[] {
  const servers = streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount > 0);
  if (servers.length < 2) return streams;
  const inner = new Set(servers.filter((one) => servers.some((other) => other !== one && isBehind(one, other))));
  if (inner.size === servers.length) return streams;
  return streams.map((timed) => (inner.has(timed) ? { ...timed, stream: { ...timed.stream, hop: 'app' } } : timed));
}

function isBehind(inner: TimedStream, outer: TimedStream): boolean {
  const rows = rowsOf(inner);
  const outerRows = rowsOf(outer);
  if (rows.length < MIN_ROWS || outerRows.length < MIN_ROWS || hasMore(inner, outer)) return false;
  const pages = new Set(outerRows.map(pageOf));
  if (rows.filter((row) => pages.has(pageOf(row))).length < MOST * rows.length) return false;
  if (isAskedBy(rows, outerRows)) return !isAskedBy(outerRows, rows) || seemsInside(inner, outer);
  return seemsInside(inner, outer) && areSame(rows, outerRows);
}

const rowsOf = ({ sample, failures }: TimedStream): readonly TimedRequest[] => [...sample, ...failures];

/** The method and the first part of the path, which rows of a thinned sample share as well. */
function pageOf({ record: { method = '', path = '' } }: TimedRequest): string {
  return `${method} ${path.split(/[/?]/, 2)[1] ?? ''}`;
}

/** Whether a server has requests that the other one cannot have passed on. */
function hasMore(inner: TimedStream, outer: TimedStream): boolean {
  const left = new Map<number, number>();
  let requests = 0;
  for (const [{ cells }, sign] of [[inner, 1] as const, [outer, -1] as const]) {
    cells.each((atMs, count) => {
      const stretch = Math.floor(atMs / STRETCH_MS);
      left.set(stretch, (left.get(stretch) ?? 0) + sign * count);
      if (sign > 0) requests += count;
    });
  }
  const more = [...left.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
  return more > SEAMS * requests;
}

/** Whether nearly all of its requests come from a few private addresses, and none of those is a visitor of the other server. */
function isAskedBy(rows: readonly TimedRequest[], outerRows: readonly TimedRequest[]): boolean {
  const counts = countBy(rows);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_ADDRESSES);
  if (most.reduce((sum, [, count]) => sum + count, 0) < NEARLY_ALL * all) return false;
  const outerCounts = countBy(outerRows);
  return (
    all >= MIN_ROWS &&
    most.every(
      ([address]) =>
        isPrivateAddress(address) && (outerCounts.get(address) ?? 0) <= (1 - NEARLY_ALL) * outerRows.length,
    )
  );
}

function countBy(rows: readonly TimedRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const {
    record: { client },
  } of rows)
    if (client !== undefined) counts.set(client, (counts.get(client) ?? 0) + 1);
  return counts;
}

/** Where addresses do not tell which is which: the outer one names whom it asked, or has requests of its own besides. */
function seemsInside(inner: TimedStream, outer: TimedStream): boolean {
  const asks = ({ sample }: TimedStream): boolean => sample.some(({ record }) => record.upstream !== undefined);
  if (asks(inner) !== asks(outer)) return asks(outer);
  return inner.stream.requestCount < outer.stream.requestCount;
}

/** Whether the rows of two logs that hold all of theirs are about the same requests: of one visitor, for one page, at one time. */
function areSame(rows: readonly TimedRequest[], outerRows: readonly TimedRequest[]): boolean {
  const times = new Map<string, number[]>();
  for (const row of outerRows) {
    const key = keyOf(row);
    const known = times.get(key);
    if (known) known.push(row.startedMs);
    else times.set(key, [row.startedMs]);
  }
  const found = (movedMs: number): number =>
    rows.filter((row) =>
      (times.get(keyOf(row)) ?? []).some((ms) => Math.abs(ms - row.startedMs - movedMs) <= SAME_REQUEST_MS),
    ).length / rows.length;
  return found(0) >= MOST && Math.max(found(MOVED_MS), found(-MOVED_MS)) <= BY_CHANCE;
}

const keyOf = ({ record: { client = '', method = '', path = '' } }: TimedRequest): string =>
  `${client} ${method} ${path}`;
