/** A field that a sure verdict needs. */
export interface Want {
  /** As a configuration names it; also the name under which `fieldsIn` tells of it, where `seenAs` has no other. */
  readonly field: string;
  /** Names under which `fieldsIn` tells of it; people are shown `field`. */
  readonly seenAs?: readonly string[];
  /** Other names that serve as well. */
  readonly or?: readonly string[];
  /** Where this was seen it is lacking, else it is there: for what only its absence shows. */
  readonly lackingWhere?: string;
  /** Asked only of logs in which a name that begins so was seen: others cannot tell. */
  readonly toldBy?: string;
  /** One plain sentence: what is told by it. */
  readonly why: string;
  /** Name of the value in an access row; the readers of access logs know it. */
  readonly as?: string;
}

/** Which kind of configuration adds a field. */
export type RemedyName =
  | 'log_format'
  | 'logpush'
  | 'error_log'
  | 'fpm-pool'
  | 'fpm-global'
  | 'cloudflared'
  | 'zone'
  | 'apache-access'
  | 'apache-error'
  | 'haproxy'
  | 'caddy'
  | 'traefik'
  | 'envoy'
  | 'iis';

/** What the logs of some formats ought to hold. */
export interface WantedOf {
  readonly formats: readonly string[];
  readonly wants: readonly Want[];
  readonly by: RemedyName;
  /** Asked only where no log of this format is among the inputs. */
  readonly unlessThereIs?: string;
  /** Asked only of logs that have rows, and of configurations: the program writes other lines as well. */
  readonly ofRows?: true;
}

/** Levels as `fieldsIn` tells of them, of which one is enough. */
export const levels = (...names: string[]): string[] => names.map((name) => `level=${name}`);

/** Said of levels wherever a log writes them. */
export const LEVEL = 'level=';
