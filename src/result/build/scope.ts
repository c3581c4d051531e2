import type { FoundBurst } from '../../bursts/burst.ts';
import type { Dimension, Facts } from '../../correlate/facts.ts';
import { dimensionValue, recordValue } from '../../correlate/facts-of.ts';
import type { Burst } from '../schema.ts';

/** Values listed per dimension; the rest is summed as `other`. */
const LISTED = 10;

const DIMENSIONS = {
  hosts: 'host',
  servers: 'server',
  paths: 'path',
  methods: 'method',
  colos: 'colo',
  upstreams: 'upstream',
  clients: 'client',
} as const satisfies Record<keyof Burst['scope'], Dimension>;

/** Who was hit: failed and all requests of the burst by host, path, method, colo, backend and client. */
export function scopeOf(burst: FoundBurst): Burst['scope'] {
  const fine = burst.witness.streams.flatMap(({ sample, stream }) =>
    sample
      .filter(({ atMs }) => atMs >= burst.startMs && atMs <= burst.endMs)
      .map((row) => ({ row, weight: stream.kept.ordinary.weight })),
  );
  const estimated = burst.estimated || fine.some(({ weight }) => weight > 1);
  const dimension = (name: Dimension): Burst['scope']['hosts'] => {
    const counts = new Map<string, { failed: number; fine: number }>();
    const at = (value: string): { failed: number; fine: number } => {
      const count = counts.get(value) ?? { failed: 0, fine: 0 };
      counts.set(value, count);
      return count;
    };
    for (const failure of burst.failures) at(dimensionValue(failure, name) ?? '').failed += failure.weight;
    if (burst.witness.knowsTotals)
      for (const { row, weight } of fine) at(recordValue(row.record, name) ?? '').fine += weight;
    const scale = 1 / burst.sampleRate;
    const known = [...counts]
      .filter(([value]) => value !== '')
      .map(([value, count]) => ({
        value,
        failed: Math.round(count.failed * scale),
        total: burst.witness.knowsTotals ? Math.round((count.failed + count.fine) * scale) : null,
      }))
      .sort((a, b) => b.failed - a.failed || (b.total ?? 0) - (a.total ?? 0) || (a.value < b.value ? -1 : 1));
    const rest = known.slice(LISTED);
    return {
      values: known.slice(0, LISTED),
      other: {
        failed: rest.reduce((sum, { failed }) => sum + failed, 0),
        total: burst.witness.knowsTotals ? rest.reduce((sum, { total }) => sum + (total ?? 0), 0) : null,
      },
      estimated,
    };
  };
  return {
    hosts: dimension(DIMENSIONS.hosts),
    servers: dimension(DIMENSIONS.servers),
    paths: dimension(DIMENSIONS.paths),
    methods: dimension(DIMENSIONS.methods),
    colos: dimension(DIMENSIONS.colos),
    upstreams: dimension(DIMENSIONS.upstreams),
    clients: dimension(DIMENSIONS.clients),
  };
}

/** The scope as one sentence: "only POST /checkout, from every colo". */
export function sentenceOf(facts: Facts): { pattern: string; sentence: string } {
  const parts: string[] = [];
  const patterns: string[] = [];
  const name = (
    signal: 'derived.one-path' | 'derived.one-method' | 'derived.one-colo' | 'derived.one-upstream',
    key: string,
  ): string | null => {
    const value = facts.signals.get(signal)?.values[key];
    return value === undefined ? null : String(value);
  };
  const path = name('derived.one-path', 'path');
  const method = name('derived.one-method', 'method');
  const colo = name('derived.one-colo', 'colo');
  const upstream = name('derived.one-upstream', 'upstream');
  if (path !== null || method !== null) {
    parts.push(`only ${[method, path].filter((part) => part !== null).join(' ')}`);
    patterns.push(path === null ? 'one-method' : 'one-path');
  } else if (facts.signals.has('derived.everything-fails')) {
    parts.push('every page that needs the origin');
    patterns.push('everything');
  } else if (facts.signals.has('derived.all-paths')) {
    parts.push('all kinds of pages');
    patterns.push('all-paths');
  }
  if (facts.signals.has('derived.static-ok')) parts.push('not the static files');
  if (upstream !== null) {
    parts.push(`only backend ${upstream}`);
    patterns.push('one-upstream');
  }
  if (colo !== null) {
    parts.push(`only visitors of the data centre ${colo}`);
    patterns.push('one-colo');
  } else if (facts.signals.has('derived.all-colos')) parts.push('from every data centre');
  if (facts.signals.has('derived.intermittent')) {
    parts.push('now and then: the same pages also succeed');
    patterns.push('intermittent');
  } else patterns.push('steady');
  const sentence =
    parts.length === 0 ? 'The rows do not tell who was hit and who was not.' : `${capital(parts.join(', '))}.`;
  return { pattern: patterns.join(' '), sentence };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
