import type { Burst } from '../result/schema.ts';

export const TRACE_KINDS = ['upstream', 'path', 'server', 'colo', 'host', 'pool', 'plugin'] as const;

/** A part of the site, or of the way to it, that a burst was bound to. */
export interface Trace {
  readonly kind: (typeof TRACE_KINDS)[number];
  readonly value: string;
}

/** From this part of the failures on, a value is what a burst was bound to. */
const MOST_OF_ALL = 0.9;

/** Dimensions of a burst's scope that name a part of the site or of the way to it. */
const DIMENSIONS = [
  ['upstream', 'upstreams'],
  ['path', 'paths'],
  ['server', 'servers'],
  ['colo', 'colos'],
  ['host', 'hosts'],
] as const;

/** What proof lines name: PHP-FPM writes `[pool www]`, PHP the file of a plugin. */
const IN_LINES = [
  ['pool', /\[pool ([\w.-]{1,64})\]/],
  ['plugin', /\/wp-content\/plugins\/([\w.-]{1,64})\//],
] as const;

/**
 * What a burst was bound to, by which it can be known again: where nearly all of its failures share an upstream, a path, a
 * server, a colo or a host, and the pool and the plugin that its proof lines name.
 */
export function tracesOf(burst: Burst): Trace[] {
  const traces: Trace[] = [];
  for (const [kind, dimension] of DIMENSIONS) {
    const value = burst.group[kind] ?? prevailing(burst, dimension);
    if (value !== undefined) traces.push({ kind, value });
  }
  const lines = burst.evidence
    .filter(({ direction }) => direction === 'for')
    .flatMap((evidence) => evidence.lines.map(({ text }) => text));
  for (const [kind, pattern] of IN_LINES) {
    const values = new Set(lines.flatMap((text) => pattern.exec(text)?.[1] ?? []));
    for (const value of [...values].sort()) traces.push({ kind, value });
  }
  return traces;
}

function prevailing({ scope }: Burst, dimension: (typeof DIMENSIONS)[number][1]): string | undefined {
  const { values, other } = scope[dimension];
  const failed = values.reduce((sum, value) => sum + value.failed, other.failed);
  const [first] = [...values].sort((a, b) => b.failed - a.failed);
  return first !== undefined && failed > 0 && first.failed >= MOST_OF_ALL * failed ? first.value : undefined;
}
