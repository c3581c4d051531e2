import type { FoundBurst } from '../../bursts/burst.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';
import { counted } from '../../causes/texts.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import type { Facts } from '../../correlate/facts.ts';
import { BROKEN_OFF } from '../../correlate/line-signals.ts';
import type { Digest, KeptRows } from '../../digest/digest.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import { RULESET, TOOL_NAME, TOOL_VERSION } from '../../vocabulary/tool.ts';
import type { Background, Burst, Judgement, Result } from '../schema.ts';
import { askedLineOf, type TracedLineOf } from './asked-line.ts';
import { backgroundResult } from './background.ts';
import { burstResult, judgementOf } from './burst.ts';
import { EVENT_CAP, eventsOf } from './events.ts';
import { originTimesOf } from './origin-times.ts';
import { type Asked, requestsOf } from './requests.ts';
import { sourcesOf } from './sources.ts';
import { timelineOf, windowOf, zoomsOf } from './timeline.ts';
import { isoTime } from './times.ts';
import { BROKEN_OFF_CAVEAT, plainVerdict } from './verdict.ts';

/** A burst with all that is known and concluded of it. */
export interface JudgedBurst {
  readonly burst: FoundBurst;
  readonly facts: Facts;
  readonly diagnosis: Diagnosis;
}

/** What the stages found, ready to be told. */
export interface Findings {
  readonly digest: Digest;
  readonly streams: readonly TimedStream[];
  /** Streams whose times cannot be set against the others'. */
  readonly adrift: readonly TimedStream[];
  readonly bursts: readonly JudgedBurst[];
  /** How many bursts there were: only the largest are told. */
  readonly burstsSeen: number;
  /** Errors in no burst, those with most failures first. */
  readonly background: readonly FoundBurst[];
  /** The judgement where no burst stands out, of what lasts or of everything; null where failures do not stand out of good traffic. */
  readonly excerpt: { readonly facts: Facts; readonly diagnosis: Diagnosis; readonly isLasting: boolean } | null;
  /** Whether a log that would show gateway errors covers the time. */
  readonly wouldShow: boolean;
  /** Whether errors made by the edge or the tunnel would show, too. */
  readonly seesWholeWay: boolean;
  /** Whether any line looked bad and is known to be harmless. */
  readonly onlyNoise: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly skipped: Result['skipped'];
  readonly asked: Asked;
  /** A line that was asked about. */
  readonly line?: TracedLineOf | undefined;
}

/** Makers of single gateway errors that are told. */
const MOST_BACKGROUND = 3;
/** How sure "nothing is wrong" is, where a request log covers the time, and where only harmless lines were pasted. */
const QUIET_CONFIDENCE = 0.95;
const NOISE_CONFIDENCE = 0.8;
/**
 * The web server's log alone cannot show what failed before it: people look at logs because something failed. Lines that are
 * known to be harmless say at least why somebody looked.
 */
const QUIET_BEHIND_THE_EDGE = 0.5;
const NOISE_BEHIND_THE_EDGE = 0.6;
/** Said in place of "nothing is wrong" where some requests failed. */
const SINGLE_ONES = 'Nothing stands out; single requests failed';
const BEHIND_THE_EDGE =
  'The files given are the server’s own: what failed before it (at Cloudflare or in a tunnel) would not show in them.';

/** Tells the findings as a result, before redaction. */
export function buildResult(findings: Findings): Result {
  const { digest, streams, bursts } = findings;
  const window = windowOf(streams);
  const { events, seen } = eventsOf(
    streams,
    bursts.map(({ burst }) => ({ startMs: burst.firstRequestMs, endMs: burst.endMs })),
  );
  const found = bursts.map(({ burst }) => burst);
  const told = bursts.map(({ burst, facts, diagnosis }, i) =>
    burstResult(`B${i + 1}`, burst, facts, diagnosis, streams, events, found),
  );
  const rates = new Map(
    found.flatMap(({ witness, sampleRate }) =>
      sampleRate < 1 ? witness.sources.map((source) => [source, sampleRate] as const) : [],
    ),
  );
  const { sources, skipped } = sourcesOf(digest, [...streams, ...findings.adrift], rates);
  const background = findings.background.slice(0, MOST_BACKGROUND).map((one) => backgroundResult(one, found, streams));
  const excerpt = told.length === 0 ? excerptOf(findings) : null;
  const originTimes = originTimesOf(streams);
  return {
    schemaVersion: 1,
    tool: { name: TOOL_NAME, version: TOOL_VERSION, ruleset: RULESET },
    options: { ...findings.options },
    window: { start: isoTime(window?.startMs), end: isoTime(window?.endMs) },
    verdict: topVerdict(findings, told, excerpt, background),
    bursts: told,
    ...(background.length > 0 && { background }),
    ...(excerpt && { excerpt }),
    timeline: timelineOf(streams),
    ...(originTimes && { originTimes }),
    zooms: zoomsOf(found, streams),
    events,
    requests: requestsOf(found, streams, findings.asked),
    sources,
    skipped: [...findings.skipped, ...skipped],
    redaction: { enabled: false, masked: {} },
    caps: [
      ...(findings.burstsSeen > bursts.length
        ? [{ what: 'bursts told, those with most failed requests', limit: bursts.length, seen: findings.burstsSeen }]
        : []),
      ...(seen > EVENT_CAP ? [{ what: 'events listed', limit: EVENT_CAP, seen }] : []),
      ...digest.streams.flatMap(({ kept }) => [
        ...thinned('failed requests kept as records', kept.failed),
        ...thinned('refused requests kept as records', kept.refused),
      ]),
    ],
    ...(findings.line && { line: askedLineOf(findings.line, [...streams, ...findings.adrift]) }),
    warnings: [...findings.warnings],
  };
}

/** What a cap left of rows of one kind; nothing where all are there. */
function thinned(what: string, { rows, weight }: KeptRows): Result['caps'] {
  return weight > 1 ? [{ what, limit: rows.length, seen: rows.length * weight }] : [];
}

/**
 * What pasted lines tell, or failures that go on without a burst. How many requests failed pasted lines do not tell: their number
 * is left out of the texts.
 */
function excerptOf({ excerpt }: Findings): Judgement | null {
  if (excerpt === null) return null;
  const { facts, diagnosis, isLasting } = excerpt;
  return judgementOf('E', isLasting ? facts : { ...facts, failed: 0, total: null }, diagnosis);
}

/** The verdict of the burst with most failed gateway requests; without bursts, of everything together. */
function topVerdict(
  findings: Findings,
  told: readonly Burst[],
  excerpt: Judgement | null,
  background: readonly Background[],
): Result['verdict'] {
  const rank = (kind: Burst['kind']): number => (kind === 'gateway' ? 0 : kind === 'application' ? 1 : 2);
  const main = [...told].sort((a, b) => rank(a.kind) - rank(b.kind) || b.requests.failed - a.requests.failed)[0];
  if (main) {
    return {
      ...main.verdict,
      burst: main.id,
      alsoSeen: told
        .filter(({ id }) => id !== main.id)
        .map(({ id, verdict }) => ({ place: verdict.place, cause: verdict.cause, title: verdict.title, burst: id })),
    };
  }
  const { wouldShow, onlyNoise, seesWholeWay } = findings;
  const isBrokenOff = findings.streams.some(({ clues }) => BROKEN_OFF.some((signal) => clues.has(signal)));
  const [lasting] = background.filter((one) => one.lasting);
  if (excerpt && lasting) {
    const summary = `No burst stands out, but ${lasting.sentence} ${excerpt.verdict.summary}`;
    return { ...excerpt.verdict, summary, burst: null, alsoSeen: [] };
  }
  const caveat = [
    ...background.map(({ sentence }) => `Single ones: ${sentence}`),
    ...harmlessIn(findings.streams),
    ...(seesWholeWay ? [] : isBrokenOff ? [BROKEN_OFF_CAVEAT] : [BEHIND_THE_EDGE]),
  ].join(' ');
  const quiet = (whole: number, behind: number) => ({
    ...plainVerdict('none', seesWholeWay ? whole : behind, 'noise', caveat),
    ...(background.length > 0 && { title: SINGLE_ONES }),
  });
  const verdict = excerpt
    ? excerpt.verdict
    : wouldShow
      ? quiet(QUIET_CONFIDENCE, QUIET_BEHIND_THE_EDGE)
      : onlyNoise
        ? quiet(NOISE_CONFIDENCE, NOISE_BEHIND_THE_EDGE)
        : plainVerdict('unknown', 0.5, 'unknown');
  return { ...verdict, burst: null, alsoSeen: [] };
}

/** Kinds of harmless failures that are named. */
const MOST_HARMLESS = 2;

/** What failed in the logs and is harmless, as people look for a reason: "60 × harmless: …", the most frequent first. */
function harmlessIn(streams: readonly TimedStream[]): string[] {
  const counts = new Map<SignalId, number>();
  for (const { stream, failures } of streams) {
    for (const { record } of failures) {
      const { status, signal } = record;
      if (signal === undefined || failureKind(status) === null || SIGNALS[signal].role !== 'noise') continue;
      counts.set(signal, (counts.get(signal) ?? 0) + stream.kept.failed.weight);
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_HARMLESS)
    .map(([signal, count]) => `${counted(count)} × harmless: ${SIGNALS[signal].says}`);
}
