import type { TimedClue } from '../../clock/timeline.ts';
import type { SignalFact } from '../facts.ts';
import { cluesOf, pattern, quoted, type Scene } from '../scene.ts';

/** People write an incident up minutes after it began. */
const WRITTEN_LATE_MS = 30 * 60_000;
/** A data centre that has this part of the failures is the one that fails. */
const MOST_FAILURES = 0.8;
/** Services of Cloudflare's that every request passes. */
const ON_THE_WAY = /\b(?:CDN|Cache|Network|Edge|Argo|Routing|Load Balanc(?:ing|er))\b/i;

/**
 * Incidents of Cloudflare's status page that are about these failures: in their time, and about the data centre that fails or
 * a service that the requests pass. Failures that the origin answered itself are not Cloudflare's, whatever its page says.
 */
export function deriveStatusPage(scene: Scene): SignalFact[] {
  if (scene.madeBy === 'origin') return [];
  const then = cluesOf(scene, ['status.incident'], () => true).filter((clue) => isThen(scene, clue));
  const colo = failingColo(scene);
  const ofColo = then.filter(({ record }) => colo !== null && colosOf(record.values?.colos).includes(colo));
  if (ofColo.length > 0)
    return [pattern('derived.status-names-colo', { lines: quoted(ofColo), values: { colo: colo ?? '' } })];
  const ofService = then.filter(({ record }) => {
    const { colos, components } = record.values ?? {};
    return colos === undefined && ON_THE_WAY.test(`${record.subject ?? ''} ${components ?? ''}`);
  });
  return ofService.length > 0 ? [pattern('derived.status-names-service', { lines: quoted(ofService) })] : [];
}

/** Whether an incident with an impact was going on as requests failed. */
function isThen({ startMs, endMs }: Scene, { record }: TimedClue): boolean {
  const { startMs: from, endMs: to, impact } = record.values ?? {};
  if (typeof from !== 'number' || impact === 'none' || impact === 'maintenance') return false;
  return endMs >= from - WRITTEN_LATE_MS && startMs <= (typeof to === 'number' ? to : Number.POSITIVE_INFINITY);
}

function failingColo({ failures }: Scene): string | null {
  const counts = new Map<string, number>();
  for (const { row } of failures) {
    const colo = row?.record.colo;
    if (colo !== undefined) counts.set(colo, (counts.get(colo) ?? 0) + 1);
  }
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  return top !== undefined && top[1] >= MOST_FAILURES * failures.length ? top[0] : null;
}

function colosOf(text: string | number | undefined): readonly string[] {
  return text === undefined ? [] : String(text).split(',');
}
