import { SIGNALS } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { covering, during, pattern, type Scene } from '../scene.ts';

/** Requests that the web server would have logged in the burst's time at its usual rate, for their absence to count. */
const EXPECTED = 10;

/** What the web server's own logs show of the failing requests: their presence, or a silence inside their coverage. */
export function deriveLogs(scene: Scene): SignalFact[] {
  if (scene.isExcerpt || scene.countedAt === 'proxy') return [];
  const found: SignalFact[] = [];
  const access = covering(scene, 'proxy').filter(({ stream }) => stream.requestCount > 0);
  if (access.length > 0) {
    let fine = 0;
    let failed = 0;
    let all = 0;
    let spanMs = 0;
    for (const { cells, firstMs, lastMs } of access) {
      spanMs = Math.max(spanMs, lastMs - firstMs);
      for (const { cell, atMs } of cells) {
        all += cell.count;
        if (atMs < scene.startMs - 500 || atMs > scene.endMs + 500) continue;
        if (cell.status >= 500 || cell.status === 0) failed += cell.count;
        else fine += cell.count;
      }
    }
    const burstMs = scene.endMs - scene.startMs;
    const expected = (all / Math.max(1, spanMs)) * burstMs;
    if (failed >= 0.5 * Math.min(scene.failures.length, scene.failed))
      found.push(pattern('derived.reached-origin', { count: failed }));
    else if (failed <= 0.05 * scene.failures.length) found.push(pattern('derived.not-in-origin-log'));
    if (fine >= 5 && fine >= 0.3 * expected) found.push(pattern('derived.origin-fine-meanwhile', { count: fine }));
    if (expected >= EXPECTED && fine + failed <= 0.03 * expected) found.push(pattern('derived.access-log-stops'));
  }
  const errorLogs = covering(scene, 'proxy').filter(({ stream }) => stream.requestCount === 0);
  if (errorLogs.length > 0) {
    const lines = errorLogs.flatMap(({ clues }) =>
      [...clues].flatMap(([signal, { kept }]) =>
        SIGNALS[signal].role === 'request' && (SIGNALS[signal].status ?? 0) >= 500
          ? kept.filter(({ atMs }) => during(scene, atMs))
          : [],
      ),
    );
    if (lines.length <= 0.03 * scene.failed) found.push(pattern('derived.origin-log-silent'));
  }
  return found;
}
