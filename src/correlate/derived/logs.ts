import { wouldWrite } from '../../clock/level.ts';
import type { TimedCells } from '../../clock/timed-cells.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import type { CellKind } from '../../digest/digest.ts';
import { keptKind } from '../../digest/sampling.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { covering, pattern, type Scene, thoseDuring } from '../scene.ts';

/** Requests that the web server would have logged in the burst's time at its usual rate, for their absence to count. */
const EXPECTED = 10;
/** Part of the failures that must stand in the access log with a good answer to say that the origin answered them. */
const ANSWERED_SHARE = 0.6;
/** Below this the failures are surely not among the web server's lines. */
const ABSENT_SHARE = 0.3;

/** What the web server's own logs show of the failing requests: their presence, or a silence inside their coverage. */
export function deriveLogs(scene: Scene): SignalFact[] {
  if (scene.isExcerpt || scene.countedAt === 'proxy') return [];
  const access = covering(scene, 'proxy').filter(({ stream }) => stream.requestCount > 0);
  const errors = covering(scene, 'proxy').filter(
    ({ stream }) => stream.requestCount === 0 && wouldWrite(stream, 'error'),
  );
  if (scene.isUnseen && access.length === 0) return [pattern('derived.seen-from-inside')];
  return [
    ...(access.length > 0 ? accessLog(scene, access) : []),
    ...(errors.length > 0 ? errorLog(scene, errors) : []),
  ];
}

function accessLog(scene: Scene, access: readonly TimedStream[]): SignalFact[] {
  const found: SignalFact[] = [];
  const lines = countLines(scene, access);
  const expected = (lines.all / Math.max(1, lines.spanMs)) * (scene.endMs - scene.startMs);
  if (expected >= EXPECTED && rowsWithin(scene, access) <= 0.03 * expected)
    found.push(pattern('derived.access-log-stops'));
  if (scene.isUnseen) return [...found, pattern('derived.seen-from-inside')];
  const answered = lines.failed > 0.05 * scene.failures.length ? 0 : answeredShare(scene, access, lines.fine);
  // Where Cloudflare gave up waiting, the web server writes that its client left.
  const met = lines.failed + (scene.reach === 'unanswered' ? lines.left : 0);
  if (met >= 0.5 * Math.min(scene.failures.length, scene.failed))
    found.push(pattern('derived.reached-origin', { count: met }));
  else if (answered >= ANSWERED_SHARE) found.push(pattern('derived.answered-at-origin', { count: lines.fine }));
  else if (met <= 0.05 * scene.failures.length && answered <= ABSENT_SHARE)
    found.push(pattern('derived.not-in-origin-log'));
  if (lines.fine >= 5 && lines.fine >= 0.3 * expected)
    found.push(pattern('derived.origin-fine-meanwhile', { count: lines.fine }));
  return found;
}

interface LineCounts {
  readonly all: number;
  /** In the burst's time: answered well (visitors who left not counted), failed. */
  readonly fine: number;
  readonly failed: number;
  /** In the burst's time: given up by the client (499). */
  readonly left: number;
  readonly spanMs: number;
}

function countLines(scene: Scene, access: readonly TimedStream[]): LineCounts {
  let fine = 0;
  let failed = 0;
  let left = 0;
  let all = 0;
  let spanMs = 0;
  for (const { cells, firstMs, lastMs } of access) {
    spanMs = Math.max(spanMs, lastMs - firstMs);
    const own = inBurst(scene, cells);
    const ownFailed = own.sum(({ status }) => status >= 500 || status === 0);
    const ownLeft = own.sum(({ status }) => status === CLIENT_LEFT);
    all += cells.sum();
    failed += ownFailed;
    left += ownLeft;
    fine += own.sum() - ownFailed - ownLeft;
  }
  return { all, fine, failed, left, spanMs };
}

/** Both ends of a burst and of a silence agree to this, and to this part of the burst, where two clocks do. */
const END_MS = 2000;
const END_PART = 0.1;

/** Answers in the time of a burst, without both of its ends. */
function rowsWithin({ startMs, endMs }: Scene, access: readonly TimedStream[]): number {
  const end = Math.min(END_MS, END_PART * (endMs - startMs)) - 500;
  return access.reduce((sum, { cells }) => sum + cells.between(startMs + end, endMs - end).sum(hasStayed), 0);
}

const CLIENT_LEFT = 499;
const hasStayed = ({ status }: CellKind): boolean => status !== CLIENT_LEFT;
const inBurst = (scene: Scene, cells: TimedCells): TimedCells => cells.between(scene.startMs - 500, scene.endMs + 500);

/**
 * Part of the failed requests to which the web server logged a good answer: by Ray ID where both logs have it, else by
 * how many more good answers it logged in the burst's time than the edge's rows account for, at the calm ratio of both.
 */
function answeredShare(scene: Scene, access: readonly TimedStream[], fine: number): number {
  const rays = new Set(scene.failures.flatMap(({ row }) => (row?.record.ray === undefined ? [] : [row.record.ray])));
  const rows = access.flatMap(({ sample }) => [...sample]);
  if (rays.size > 0 && rows.some(({ record }) => record.ray !== undefined)) {
    // Both samples are chosen by the hash of the Ray ID: the thinner one decides which requests are in both.
    const failedWeight = scene.failures.reduce((most, { weight }) => Math.max(most, weight), 1);
    const weight = Math.max(failedWeight, ...access.map(({ stream }) => stream.kept.ordinary.weight));
    const met = rows.filter(({ record }) => record.ray !== undefined && rays.has(record.ray)).length;
    return (met * weight) / (rays.size * failedWeight);
  }
  if (scene.countedAt !== 'edge') return 0;
  // A failed row may hold the origin's good status (Cloudflare could not use the answer): these are the ones looked for.
  const hasReached = ({ reached, status, signal }: CellKind): boolean =>
    reached && keptKind(status, signal ?? undefined) === 'ordinary';
  const reached = { calm: 0, burst: 0 };
  for (const { stream, cells } of scene.streams) {
    if (stream.hop !== 'edge') continue;
    const own = inBurst(scene, cells).sum(hasReached);
    reached.burst += own;
    reached.calm += cells.sum(hasReached) - own;
  }
  let calm = 0;
  for (const { cells } of access) calm += cells.sum(hasStayed) - inBurst(scene, cells).sum(hasStayed);
  if (reached.calm < EXPECTED || calm < EXPECTED) return 0;
  const surplus = fine - (calm / reached.calm) * reached.burst;
  return surplus / Math.max(1, scene.failures.length);
}

function errorLog(scene: Scene, errors: readonly TimedStream[]): SignalFact[] {
  const lines = errors.flatMap(({ clues }) =>
    [...clues].flatMap(([signal, { kept }]) =>
      SIGNALS[signal].role === 'request' && (SIGNALS[signal].status ?? 0) >= 500 ? thoseDuring(scene, kept) : [],
    ),
  );
  return lines.length <= 0.03 * scene.failed ? [pattern('derived.origin-log-silent')] : [];
}
