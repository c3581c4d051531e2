import type { TimedRequest } from '../../clock/timeline.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import { rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { isStaticPath, pathTemplate } from '../path-template.ts';
import { pattern, type Scene } from '../scene.ts';

/** Types that web servers and Cloudflare compress (developers.cloudflare.com: Content compression). */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|x-javascript|manifest|wasm|vnd\.ms-fontobject|rtf)\b|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:otf|ttf)|application\/(?:x-)?font)/i;
const NEARLY_ALL = 0.95;
/** Compressible answers that may get through: those too small to be compressed. */
const FEW = 0.2;
const FEWEST = 5;

interface Count {
  failed: number;
  fine: number;
}

/**
 * Whether answers of compressible types fail and no others (cloudflare-exports 6 row 7). A failed row holds the type of the
 * error page, so a path's type is that of its good answers. Where files are fine and pages fail, types say nothing: the two
 * must be mixed, a style sheet that fails or a picture that the application makes.
 */
export function deriveCompressed(scene: Scene): SignalFact[] {
  const { failed, fine, fineMeanwhile } = rowsOf(scene);
  if (failed.length < FEWEST) return [];
  const types = typesOf(fine);
  if (types.size === 0) return [];
  const compressible: Count = { failed: 0, fine: 0 };
  const other: Count = { failed: 0, fine: 0 };
  let files = 0;
  let made = 0;
  const add = (record: RequestRecord, what: keyof Count, weight: number): void => {
    if (!asksOrigin(record)) return;
    const isCompressible = types.get(keyOf(record));
    if (isCompressible === undefined) return;
    (isCompressible ? compressible : other)[what] += weight;
    if (isCompressible && what === 'failed' && isStaticPath(record.path)) files += weight;
    if (!isCompressible && what === 'fine' && !isStaticPath(record.path)) made += weight;
  };
  for (const { record } of failed) add(record, 'failed', 1);
  const known = compressible.failed + other.failed;
  if (known < FEWEST || compressible.failed < NEARLY_ALL * known) return [];
  fineMeanwhile.each((record, weight) => add(record, 'fine', weight));
  const holds =
    compressible.fine <= FEW * (compressible.failed + compressible.fine) &&
    other.fine >= FEWEST &&
    (files >= 2 || made >= 2);
  return holds
    ? [
        pattern('derived.compressed-only', {
          count: compressible.failed,
          values: { otherFine: Math.round(other.fine) },
        }),
      ]
    : [];
}

/** Whether a row stands for an answer that the origin gave or should have given; Cloudflare's cache gave the others. */
function asksOrigin({ hop, originStatus, status }: RequestRecord): boolean {
  return hop !== 'edge' || status >= 500 || (originStatus ?? 0) > 0;
}

/** By the good rows of a log: the same for all bursts. */
const known = new WeakMap<readonly TimedRequest[], ReadonlyMap<string, boolean>>();

/** Whether the answers of a path are compressible, where its good answers agree. */
function typesOf(fine: readonly TimedRequest[]): ReadonlyMap<string, boolean> {
  const before = known.get(fine);
  if (before !== undefined) return before;
  const types = new Map<string, boolean>();
  const mixed = new Set<string>();
  for (const { record } of fine) {
    if (record.contentType === undefined || record.status >= 300) continue;
    const key = keyOf(record);
    const isCompressible = COMPRESSIBLE.test(record.contentType);
    if ((types.get(key) ?? isCompressible) !== isCompressible) mixed.add(key);
    types.set(key, isCompressible);
  }
  for (const key of mixed) types.delete(key);
  known.set(fine, types);
  return types;
}

const keyOf = ({ host, path }: RequestRecord): string => `${host ?? ''} ${pathTemplate(path ?? '')}`;
