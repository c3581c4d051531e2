/**
 * The stations on a request's way, in the order in which a request passes them:
 * client → edge → tunnel → proxy → app → dependency, with the host under the last four.
 */
export const HOPS = ['client', 'edge', 'tunnel', 'proxy', 'app', 'dependency', 'host'] as const;
export type Hop = (typeof HOPS)[number];

/** Who must act. `none`: nothing is wrong; `unknown`: no input could have shown it. */
export const PLACES = ['origin', 'tunnel', 'edge', 'network', 'none', 'unknown'] as const;
export type Place = (typeof PLACES)[number];

/** Who made the status that the visitor got. */
export const MAKERS = ['origin', 'edge', 'tunnel', 'worker', 'unknown'] as const;
export type Maker = (typeof MAKERS)[number];

/** Kinds of failure: `gateway` is what this tool is for; the others are told apart and never mixed with it. */
export const FAILURE_KINDS = ['gateway', 'application', 'blocked'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Fewer failed requests than this are strays, however quiet the rest: no burst. */
export const MIN_FAILURES = 5;

/**
 * The kind of failure that an HTTP status stands for, or null where it is none.
 * 502, 503, 504, 520–527, 530 are gateway errors; other 5xx the application's own; 403 and 429 refusals.
 */
export function failureKind(status: number): FailureKind | null {
  if (status === 502 || status === 503 || status === 504 || (status >= 520 && status <= 527) || status === 530) {
    return 'gateway';
  }
  if (status >= 500 && status <= 599) return 'application';
  if (status === 403 || status === 429) return 'blocked';
  return null;
}
