import { MIN_FAILURES } from '../vocabulary/hops.ts';
import { type Failure, lineOf } from './witness.ts';

/** A stretch of time in milliseconds. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Stretches of two hosts that share this part of both together are one fault. */
const TOGETHER = 0.5;
/** Hosts that are looked at by themselves; on a server of many sites the rest belong to the largest. */
const MOST_HOSTS = 12;

/**
 * Parts failures by host where hosts fail at different times or in different ways: a host that fails all day hides a fault
 * of another that lasts a minute. Hosts that fail together are one part; those whose few failures stand out nowhere belong to the largest.
 * One part where no row names a host, and where only a sample of the failures was kept.
 */
export function partByHost(failures: readonly Failure[], spansOf: (own: readonly Failure[]) => Span[]): Failure[][] {
  if (failures.some(({ weight }) => weight !== 1)) return [[...failures]];
  const byHost = new Map<string, Failure[]>();
  for (const failure of failures) {
    const host = (failure.row ?? failure.clue)?.record.host ?? '';
    const own = byHost.get(host);
    if (own) own.push(failure);
    else byHost.set(host, [failure]);
  }
  if (byHost.size < 2) return [[...failures]];
  const parts: { own: Failure[]; readonly spans: Span[]; readonly signal: string }[] = [];
  const strays: Failure[] = [];
  let looked = 0;
  for (const [, own] of [...byHost].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))) {
    const spans = looked++ < MOST_HOSTS && own.length >= MIN_FAILURES ? spansOf(own) : [];
    const signal = commonest(own);
    const same = parts.find(
      (part) => part.signal === signal && part.spans.some((one) => spans.some((other) => together(one, other))),
    );
    if (same) same.own = same.own.concat(own);
    else if (spans.length > 0) parts.push({ own, spans, signal });
    else strays.push(...own);
  }
  const [largest] = parts;
  if (!largest || parts.length === 1) return [[...failures]];
  largest.own = largest.own.concat(strays);
  return parts.map(({ own }) => own.sort((a, b) => a.atMs - b.atMs || a.source - b.source || lineOf(a) - lineOf(b)));
}

/** How most of these requests failed. */
function commonest(failures: readonly Failure[]): string {
  const counts = new Map<string, number>();
  for (const { signal } of failures) counts.set(signal ?? '', (counts.get(signal ?? '') ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])[0];
}

function together(a: Span, b: Span): boolean {
  const common = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  const union = Math.max(a.endMs, b.endMs) - Math.min(a.startMs, b.startMs);
  return common >= TOGETHER * union;
}
