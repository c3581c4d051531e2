import type { TimedClue, TimedStream } from '../clock/timeline.ts';
import { isCountedUndated } from '../clock/undated.ts';
import type { Hop } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { SignalFact } from './facts.ts';
import { ownPages } from './own-page.ts';
import { writtenWithin } from './row-times.ts';
import { saidOnce } from './said-once.ts';
import { during, inTime, LEAD_IN_MS, quoted, type Scene, SLACK_MS, thoseDuring } from './scene.ts';
import { type TimeSpan, Times } from './times.ts';

/** A signal that accounts for this part of the failures has its full weight. */
const FULL_SHARE = 0.5;
/** A process's line that is this many times as frequent as otherwise has its full weight. */
const FULL_RISE = 10;
/** This long before and after a burst nothing is as usual. */
const BUSY_MS = 10_000;
/**
 * A log of an application without any time (what a container or a process manager keeps of its output) tells what happened
 * and not when: its lines count by half, those of single requests by as many as there are. So do those of a process that are about
 * as many as the failed requests: a log that holds other trouble, too, has more of them or fewer.
 */
const UNDATED = 0.5;
const AS_MANY = { least: 0.6, most: 1.7, failed: 5 } as const;
const UNDATED_REQUESTS = 0.9;
/** What an application does cannot explain requests that never reached the web server: what is left of its weight. */
const BEHIND_THE_DOOR = 0.15;

/** How every line signal behaved around the burst, by signal. */
export function lineSignals(scene: Scene): Map<SignalId, SignalFact> {
  const facts = new Map<SignalId, SignalFact>();
  for (const fact of rowSignals(scene)) facts.set(fact.signal, fact);
  for (const fact of clueSignals(scene)) facts.set(fact.signal, fact);
  for (const fact of undatedSignals(scene)) if (!facts.has(fact.signal)) facts.set(fact.signal, fact);
  for (const fact of saidOnce(facts)) facts.set(fact.signal, fact);
  return scene.isExcerpt ? withoutClosingStop(facts) : facts;
}

const STOP_LINES: readonly SignalId[] = [
  'cloudflared.proc-sigterm',
  'cloudflared.proc-stopped',
  'cloudflared.edge-unreg',
];
/** The visitor or the edge ended the request: that is why somebody looked at this log. */
export const BROKEN_OFF: readonly SignalId[] = [
  'cloudflared.ended-abruptly',
  'cloudflared.ctx-canceled',
  'cloudflared.stream-canceled',
  'cloudflared.h2-stream-closed',
];
const AFTER_STOP: readonly SignalId[] = ['cloudflared.proc-start', 'cloudflared.edge-reg'];

/** A stop at the end of a log may be what was complained of, or only how the log was closed. */
const CLOSING_STOP = 0.4;

/** A log that ends with an orderly stop may have been closed by it: then it explains nothing that stands before it. */
function withoutClosingStop(facts: Map<SignalId, SignalFact>): Map<SignalId, SignalFact> {
  const stopMs = facts.get('cloudflared.proc-sigterm')?.lastMs ?? null;
  if (stopMs === null || AFTER_STOP.some((signal) => (facts.get(signal)?.lastMs ?? 0) > stopMs)) return facts;
  const before = [...facts.values()].some(({ signal, firstMs }) => {
    const { role } = SIGNALS[signal];
    return (
      !STOP_LINES.includes(signal) &&
      (role === 'request' || role === 'process' || BROKEN_OFF.includes(signal)) &&
      firstMs !== null &&
      firstMs < stopMs
    );
  });
  const startedAnew = (facts.get('cloudflared.proc-start')?.count ?? 0) > 1;
  for (const signal of STOP_LINES) {
    const fact = facts.get(signal);
    if (fact) facts.set(signal, { ...fact, strength: before || startedAnew ? 0 : CLOSING_STOP });
  }
  return facts;
}

/** Signals of request rows: of the counting log the burst's own failures, of the others what failed in the same time. */
function rowSignals(scene: Scene): SignalFact[] {
  const facts: SignalFact[] = [];
  for (const hop of ['edge', 'client', 'proxy', 'app'] as const) {
    const own = hop === scene.countedAt;
    if (!own && !canShow(scene, hop)) continue;
    const rows = own
      ? scene.failures.flatMap(({ row }) => (row ? [row] : []))
      : scene.streams
          .filter(({ stream }) => stream.hop === hop)
          .flatMap(({ failures }) => thoseDuring(scene, failures).filter(({ startedMs }) => during(scene, startedMs)));
    const pages = hop === 'proxy' ? ownPages(rows) : NO_PAGES;
    const bySignal = new Map<SignalId, typeof rows>();
    for (const row of rows) {
      const { signal, status } = row.record;
      const page = signal === 'access.5xx' ? pages.get(status) : undefined;
      for (const told of [signal, page]) {
        if (told === undefined) continue;
        const list = bySignal.get(told);
        if (list) list.push(row);
        else bySignal.set(told, [row]);
      }
    }
    const failed = rows.filter(
      ({ record }) => record.signal !== undefined && SIGNALS[record.signal].role === 'request',
    ).length;
    for (const [signal, list] of bySignal) {
      const isRequest = SIGNALS[signal].role === 'request';
      const share = isRequest ? list.length / Math.max(1, failed) : 0;
      facts.push({
        signal,
        count: list.length,
        before: 0,
        share,
        strength: isRequest ? shareStrength(share) : 0.5,
        firstMs: list[0]?.atMs ?? null,
        lastMs: list.at(-1)?.atMs ?? null,
        lines: quoted(list),
        values: {},
        subjects: [],
      });
    }
  }
  return facts;
}

const NO_PAGES: ReturnType<typeof ownPages> = new Map();

/** Whether rows of another log can be the same requests: those that never reached the web server are not in its log. */
function canShow(scene: Scene, hop: Hop): boolean {
  if (hop === 'edge' || hop === 'client') return true;
  return scene.reach !== 'not-connected';
}

function clueSignals(scene: Scene): SignalFact[] {
  const bySignal = new Map<SignalId, { count: number; outside: number; kept: TimedClue[] }>();
  const hosts = ourHosts(scene);
  const around = { request: noticedIn(scene, sliceOfItsOwn(scene)), other: noticedIn(scene, withLead(scene)) };
  for (const timed of scene.streams) {
    for (const [signal, series] of timed.clues) {
      const { window, times, timesAndBusy } = around[SIGNALS[signal].role === 'request' ? 'request' : 'other'];
      let entry = bySignal.get(signal);
      if (!entry) {
        entry = { count: 0, outside: 0, kept: [] };
        bySignal.set(signal, entry);
      }
      const within = scene.isExcerpt ? series.kept : writtenWithin(series.kept, window.fromMs, window.toMs);
      const { own, shareWithin, shareOutside } = oursAmong(series.kept, within, hosts);
      if (scene.isExcerpt) entry.count += series.count;
      else {
        entry.count += shareWithin * times.count(series.seconds);
        entry.outside += shareOutside * (series.seconds.total - timesAndBusy.count(series.seconds));
      }
      for (const clue of own) entry.kept.push(clue);
    }
  }
  const burstSeconds = Math.max(1, (scene.endMs - scene.firstRequestMs) / 1000);
  const leadInSeconds = LEAD_IN_MS / 1000;
  const outsideSeconds = Math.max(1, spanSeconds(scene.streams) - busySeconds(scene));
  // The minute before a burst may reach into another: what is told of this one is told by its own lines, where it has any.
  const otherBursts = new Times(
    scene.busy
      .filter(({ startMs, endMs }) => endMs < scene.firstRequestMs || startMs > scene.endMs)
      .map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })),
  );
  return [...bySignal].flatMap(([signal, { count, outside, kept }]) => {
    if (Math.round(count) === 0) return [];
    kept.sort(inTime);
    const own = kept.filter(({ atMs }) => !otherBursts.has(atMs));
    const told = own.length > 0 ? own : kept;
    // As many as the rest of the log would bring in the time that `when` counts.
    const seconds = burstSeconds + (SIGNALS[signal].role === 'request' ? 0 : leadInSeconds);
    const expected = scene.isExcerpt ? 0 : (outside / outsideSeconds) * seconds;
    const { share, strength } = strengthOf(scene, signal, count, expected);
    return {
      signal,
      count: Math.round(count),
      before: Math.round(outside),
      share,
      strength: strength * behindTheDoor(scene, signal),
      firstMs: told.find(isDated)?.atMs ?? null,
      lastMs: told.findLast(isDated)?.atMs ?? null,
      lines: quoted(told),
      values: commonValues(told),
      subjects: commonSubjects(told),
    };
  });
}

/** Whether lines without a time are about as many as the requests that failed: fewer may have met by chance, more are of other days, too. */
export const areAsMany = (lines: number, failed: number): boolean =>
  failed >= AS_MANY.failed && lines >= AS_MANY.least * failed && lines <= AS_MANY.most * failed;

/** Lines without a time that give one of the signals, in all logs: how many, and those of them that are kept. */
export function undatedOf({ streams }: Scene, signals: readonly SignalId[]): { count: number; clues: TimedClue[] } {
  const found = { count: 0, clues: [] as TimedClue[] };
  for (const { clues } of streams)
    for (const signal of signals) {
      const series = clues.get(signal);
      if (series === undefined || series.count === series.seconds.total) continue;
      found.count += series.count - series.seconds.total;
      found.clues.push(...series.kept.filter((clue) => !isDated(clue)));
    }
  return found;
}

/** What applications, proxies within them and databases say in lines without any time, as far as it tells of processes or of single requests. */
function undatedSignals(scene: Scene): SignalFact[] {
  if (scene.isExcerpt) return [];
  const bySignal = new Map<SignalId, { count: number; clues: TimedClue[] }>();
  for (const timed of scene.streams) {
    for (const [signal, { count, seconds, kept }] of timed.clues) {
      const undated = isCountedUndated(timed, signal) ? kept.filter(({ atMs }) => Number.isNaN(atMs)) : [];
      if (undated.length === 0) continue;
      const entry = bySignal.get(signal) ?? { count: 0, clues: [] };
      entry.count += count - seconds.total;
      entry.clues.push(...undated);
      bySignal.set(signal, entry);
    }
  }
  return [...bySignal].map(([signal, { count, clues }]) => {
    const isRequest = SIGNALS[signal].role === 'request';
    const share = isRequest ? Math.min(1, count / Math.max(1, scene.failed)) : 0;
    const strength = isRequest
      ? UNDATED_REQUESTS * shareStrength(share)
      : areAsMany(count, scene.failed)
        ? UNDATED_REQUESTS
        : UNDATED;
    return {
      signal,
      count,
      before: 0,
      share,
      strength: strength * behindTheDoor(scene, signal),
      firstMs: null,
      lastMs: null,
      lines: quoted(clues),
      values: commonValues(clues),
      subjects: commonSubjects(clues),
    };
  });
}

/**
 * The hosts that lines about the requests of a burst name, if any: those that name another are about another site on the same
 * server. All lines can be, said by null, unless the log calls the hosts by the same names as the log of the failed requests.
 */
function ourHosts(scene: Scene): ReadonlySet<string> | null {
  if (scene.isExcerpt || scene.streams.every(({ clues }) => clues.size === 0)) return null;
  const hosts = new Set(
    scene.failures.flatMap(({ row, clue }) => {
      const host = (row ?? clue)?.record.host;
      return host === undefined ? [] : [host];
    }),
  );
  const isNamed = ({ kept }: { readonly kept: readonly TimedClue[] }): boolean => {
    for (const host of hostsIn(kept).keys()) if (host !== undefined && hosts.has(host)) return true;
    return false;
  };
  const sameNames = hosts.size > 0 && scene.streams.some(({ clues }) => [...clues.values()].some(isNamed));
  return sameNames ? hosts : null;
}

const knownHosts = new WeakMap<readonly TimedClue[], ReadonlyMap<string | undefined, number>>();

/** How many of some lines name which host, or none: told once, as each burst asks for it. */
function hostsIn(kept: readonly TimedClue[]): ReadonlyMap<string | undefined, number> {
  const before = knownHosts.get(kept);
  if (before !== undefined) return before;
  const counts = new Map<string | undefined, number>();
  for (const { record } of kept) counts.set(record.host, (counts.get(record.host) ?? 0) + 1);
  knownHosts.set(kept, counts);
  return counts;
}

/** The time in which lines of a kind count for a burst, and that in which they do not count as usual either. */
interface Notice {
  readonly window: TimeSpan;
  readonly times: Times;
  readonly timesAndBusy: Times;
}

/** What led to a burst is told in the minute before it. */
const withLead = ({ firstRequestMs, endMs }: Scene): TimeSpan => ({
  fromMs: firstRequestMs - LEAD_IN_MS,
  toMs: endMs + SLACK_MS,
});

/** A line about a failed request is written with its answer: what is told as another burst goes on, just before or after, is of that. */
function sliceOfItsOwn({ firstRequestMs, endMs, busy }: Scene): TimeSpan {
  let fromMs = firstRequestMs - SLACK_MS;
  let toMs = endMs + SLACK_MS;
  for (const other of busy) {
    // Most stamps are of whole seconds: the last one of the other burst is its own, unless this one begins in it.
    const afterMs = Math.min(firstRequestMs, (Math.floor(other.endMs / 1000) + 1) * 1000);
    if (other.endMs < firstRequestMs) fromMs = Math.max(fromMs, afterMs);
    if (other.startMs > endMs) toMs = Math.min(toMs, other.startMs);
  }
  return { fromMs, toMs };
}

function noticedIn(scene: Scene, window: TimeSpan): Notice {
  const busy = scene.busy.map(({ startMs, endMs }) => ({ fromMs: startMs - BUSY_MS, toMs: endMs + BUSY_MS }));
  return { window, times: new Times([window]), timesAndBusy: new Times([window, ...busy]) };
}

/** The kept lines of a time that are ours, and which part of all there and elsewhere ours are: all where none was kept. */
function oursAmong(
  kept: readonly TimedClue[],
  within: readonly TimedClue[],
  hosts: ReadonlySet<string> | null,
): { own: readonly TimedClue[]; shareWithin: number; shareOutside: number } {
  if (hosts === null) return { own: within, shareWithin: 1, shareOutside: 1 };
  const own = within.filter(({ record: { host } }) => host === undefined || hosts.has(host));
  let all = 0;
  for (const [host, count] of hostsIn(kept)) if (host === undefined || hosts.has(host)) all += count;
  const outside = kept.length - within.length;
  return {
    own,
    shareWithin: within.length === 0 ? 1 : own.length / within.length,
    shareOutside: outside === 0 ? 1 : (all - own.length) / outside,
  };
}

function strengthOf(
  scene: Scene,
  signal: SignalId,
  count: number,
  expected: number,
): { share: number; strength: number } {
  const { role } = SIGNALS[signal];
  if (role === 'noise') return { share: 0, strength: count > 0 ? 1 : 0 };
  if (role === 'request') {
    const share = Math.min(1, Math.max(0, count - expected) / Math.max(1, scene.failed));
    return { share, strength: scene.isExcerpt ? 1 : shareStrength(share) };
  }
  if (role === 'context') return { share: 0, strength: 1 };
  // Workers that died, each with one request, explain no more requests than they were.
  // So do all of them where the failures go on for hours.
  if ((SIGNALS[signal].costsOne || scene.isLasting) && !scene.isExcerpt) {
    const part = Math.max(0, count - expected) / Math.max(1, scene.failed);
    return { share: 0, strength: shareStrength(part) };
  }
  if (expected === 0) return { share: 0, strength: 1 };
  const rise = count / expected;
  return { share: 0, strength: rise <= 1.5 ? 0 : Math.min(1, Math.log(rise / 1.5) / Math.log(FULL_RISE / 1.5)) };
}

function shareStrength(share: number): number {
  return share < 0.02 ? 0 : Math.min(1, Math.sqrt(share / FULL_SHARE));
}

function behindTheDoor(scene: Scene, signal: SignalId): number {
  if (scene.isExcerpt || scene.reach !== 'not-connected') return 1;
  const { hop, role, status } = SIGNALS[signal];
  if (hop === 'app' || hop === 'dependency') return BEHIND_THE_DOOR;
  return hop === 'proxy' && role === 'request' && status !== undefined ? BEHIND_THE_DOOR : 1;
}

function busySeconds(scene: Scene): number {
  return scene.busy.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs + 2 * BUSY_MS) / 1000, 0);
}

function spanSeconds(streams: readonly TimedStream[]): number {
  let span = 0;
  for (const { firstMs, lastMs } of streams) if (lastMs - firstMs > span) span = lastMs - firstMs;
  return span / 1000;
}

function isDated({ atMs }: TimedClue): boolean {
  return !Number.isNaN(atMs);
}

/** The most frequent value of each name; the first seen wins a tie. */
function commonValues(clues: readonly TimedClue[]): Record<string, string | number> {
  const counts = new Map<string, Map<string | number, number>>();
  for (const { record } of clues) {
    for (const [name, value] of Object.entries(record.values ?? {})) {
      const values = counts.get(name) ?? new Map<string | number, number>();
      values.set(value, (values.get(value) ?? 0) + 1);
      counts.set(name, values);
    }
    if (record.upstream !== undefined) {
      const values = counts.get('upstream') ?? new Map<string | number, number>();
      values.set(record.upstream, (values.get(record.upstream) ?? 0) + 1);
      counts.set('upstream', values);
    }
  }
  const common: Record<string, string | number> = {};
  for (const [name, values] of counts) {
    // A signal of systemd's is shared by all services: all roles it was said of are kept.
    if (name === 'role') common[name] = [...values.keys()].sort().join(',');
    else common[name] = [...values].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  }
  return common;
}

function commonSubjects(clues: readonly TimedClue[]): string[] {
  const counts = new Map<string, number>();
  for (const { record } of clues)
    if (record.subject !== undefined) counts.set(record.subject, (counts.get(record.subject) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([subject]) => subject);
}
