import { z } from 'zod';
import { FAILURE_KINDS, HOPS, MAKERS, PLACES } from '../vocabulary/hops.ts';
import { CONFIDENCE_WORDS } from './confidence.ts';

/**
 * The result, schema version 1: the one product of an analysis. Every output is drawn from it and from nothing else.
 * Times are ISO 8601 in UTC with milliseconds. Additive changes only.
 */

const hop = z.enum(HOPS);
const place = z.enum(PLACES);
const time = z.iso.datetime({ precision: 3 });
const probability = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const decibans = z.number();

/** A line of a source; `source` is an index into `sources`. */
const lineRef = z.object({ source: count, line: count, text: z.string() });
const pointer = { source: count, line: count };

const verdict = z.object({
  place,
  placeConfidence: probability,
  cause: z.string(),
  confidence: probability,
  word: z.enum(CONFIDENCE_WORDS),
  title: z.string(),
  summary: z.string(),
  /** The hop that the named cause speaks of; absent where only the place is known. */
  hop: hop.optional(),
});

const dimensionValue = z.object({ value: z.string(), failed: count, total: count.nullable() });
const dimension = z.object({
  values: z.array(dimensionValue),
  other: z.object({ failed: count, total: count.nullable() }),
  estimated: z.boolean(),
});

const evidence = z.object({
  id: z.string(),
  signal: z.string(),
  direction: z.enum(['for', 'against']),
  weight: decibans,
  text: z.string(),
  count,
  first: time.nullable(),
  last: time.nullable(),
  lines: z.array(lineRef),
});

const fixStep = z.object({
  text: z.string(),
  command: z.string().optional(),
  config: z.string().optional(),
  computedFrom: z.string().optional(),
  risk: z.string(),
});

const handoff = z.object({ text: z.string(), missing: z.array(z.string()) });

const burst = z.object({
  id: z.string(),
  kind: z.enum(FAILURE_KINDS),
  group: z.object({
    madeBy: z.enum(MAKERS),
    host: z.string().optional(),
    colo: z.string().optional(),
    server: z.string().optional(),
    upstream: z.string().optional(),
    path: z.string().optional(),
  }),
  start: time,
  end: time,
  firstRequest: time,
  cutStart: z.boolean(),
  cutEnd: z.boolean(),
  peakPerMinute: count,
  requests: z.object({ failed: count, total: count.nullable(), estimated: z.boolean(), lowerBound: z.boolean() }),
  countedAt: z.object({ hop, sources: z.array(count) }),
  statuses: z.record(z.string(), count),
  verdict,
  chain: z.array(
    z.object({ cause: z.string(), title: z.string(), place, since: time.nullable(), evidence: z.array(z.string()) }),
  ),
  /** Other faults that failed a part of its requests; absent in results of older versions. */
  beside: z.array(z.object({ cause: z.string(), title: z.string(), place, count, lines: z.array(lineRef) })).optional(),
  trigger: z.object({ kind: z.string(), time, text: z.string(), ...pointer }).nullable(),
  alternatives: z.array(z.object({ place, cause: z.string(), title: z.string(), probability, why: z.string() })),
  prior: decibans,
  evidence: z.array(evidence),
  setAside: z.array(z.object({ signal: z.string(), count, why: z.string() })),
  missing: z.array(
    z.object({
      what: z.string(),
      why: z.string(),
      command: z.string().nullable(),
      until: z.string().nullable(),
      decides: z.array(z.string()),
    }),
  ),
  scope: z.object({
    hosts: dimension,
    servers: dimension,
    paths: dimension,
    methods: dimension,
    colos: dimension,
    upstreams: dimension,
    clients: dimension,
  }),
  pattern: z.string(),
  sentence: z.string(),
  /** Counted by the log that counts the burst; absent in results of older versions. */
  impact: z
    .object({
      /** Part of all requests of the time that failed. */
      share: probability.nullable(),
      /** Different hosts and paths (without their varying parts) among the failed requests. */
      hosts: count,
      paths: count,
      /** Different visitors' addresses among them; null where the log does not have them. */
      visitors: count.nullable(),
      /** Failed requests that never got to the origin's web server; null where the rows leave it open. */
      neverReachedOrigin: count.nullable(),
      /** How far `start` and `end` may be off. */
      uncertaintySeconds: z.number().nonnegative(),
    })
    .optional(),
  durations: z.array(
    z.object({
      hop,
      bucketsMs: z.array(z.number()),
      failed: z.array(count),
      total: z.array(count),
      fingerprint: z.object({ atMs: z.number(), timer: z.string() }).nullable(),
    }),
  ),
  firstByHop: z.array(z.object({ hop, time, signal: z.string(), ...pointer })),
  /** `firstByHop` read out, as far as the clocks are known; absent or empty where no hop tells. */
  firstSentence: z.string().optional(),
  /** Kinds of lines that changed with the burst; `before`: what as long a time brought before. */
  context: z.array(
    z.object({ template: z.string(), change: z.enum(['new', 'jump', 'silent']), count, before: count, ...pointer }),
  ),
  fix: z.object({
    steps: z.array(fixStep),
    avoid: z.array(z.string()),
    verify: z.array(z.string()),
    prevent: z.array(z.string()),
    difficulty: z.enum(['easy', 'moderate', 'hard']),
  }),
  handoff: z.object({ hosting: handoff, cloudflare: handoff, application: handoff }),
});

const series = z.object({ hop, name: z.string(), values: z.array(count) });

const clock = z.object({
  zone: z.string(),
  zoneOffsetMinutes: z.number().int(),
  skewSeconds: z.number(),
  year: z.object({ value: z.number().int(), method: z.string() }).nullable(),
  method: z.enum(['explicit', 'inner', 'sibling', 'ray-id', 'request', 'process', 'shape', 'assumed', 'option']),
  uncertaintySeconds: z.number().nonnegative(),
  alternatives: z.array(
    z.object({ zoneOffsetMinutes: z.number().int(), skewSeconds: z.number(), support: z.number() }),
  ),
});

const source = z.object({
  path: z.string(),
  format: z.string(),
  hop,
  server: z.string().nullable(),
  bytes: count,
  sha256: z.string().nullable(),
  lines: count,
  records: count,
  notUnderstood: z.object({ count, samples: z.array(z.object({ line: count, text: z.string() })) }),
  first: time.nullable(),
  last: time.nullable(),
  coverage: z.array(z.tuple([time, time])),
  level: z.string().nullable(),
  sampleRate: z.number().nullable(),
  lostBytes: count,
  clock: clock.nullable(),
});

/** Errors in no burst that one maker made: single ones, among requests that go well. */
const background = z.object({
  madeBy: z.enum(MAKERS),
  countedAt: hop,
  start: time,
  end: time,
  peakPerMinute: count,
  /** Counted without the bursts' times. */
  requests: burst.shape.requests,
  statuses: z.record(z.string(), count),
  /** Whether they go on so long and hit so many that they are judged as a burst is, where there is none. */
  lasting: z.boolean(),
  sentence: z.string(),
  /** What rows and lines say of them, the most frequent first. */
  signals: z.array(z.object({ signal: z.string(), text: z.string(), count, lines: z.array(lineRef) })),
});

/** What was concluded, and why: of a burst, or of logs that are too short to have one. */
const judgement = burst.pick({
  verdict: true,
  chain: true,
  beside: true,
  alternatives: true,
  prior: true,
  evidence: true,
  setAside: true,
  missing: true,
  fix: true,
});

/** A line that was asked about, and what became of it. */
const askedLine = z.object({
  ...pointer,
  text: z.string(),
  /** The format that took it; null where none did. */
  format: z.string().nullable(),
  title: z.string().nullable(),
  /** The format of most lines of its source, and how many lines (of a document: entries) the source has. */
  sourceFormat: z.string().nullable(),
  lines: count,
  /** Where its entry begins: another line where it continues one. */
  entryLine: count,
  /** True where `entryLine` is the other of two lines about one event, which is counted once. */
  isSecond: z.boolean(),
  /** What carried it: a journal, syslog, a container's log. */
  wrapper: z
    .object({
      written: z.string().nullable(),
      server: z.string().nullable(),
      program: z.string().nullable(),
      pid: z.string().nullable(),
    })
    .nullable(),
  /** What each of its columns was taken for and why, where the source does not name them; `name` is empty where nothing tells. */
  columns: z.array(z.object({ name: z.string(), why: z.string() })).optional(),
  /** Formats that it resembles, where none took it. */
  resembles: z.array(z.object({ format: z.string(), title: z.string() })),
  /** Times as they are written, and on the clock of all logs. */
  records: z.array(
    z.object({
      kind: z.enum(['request', 'clue']),
      hop,
      written: z.string().nullable(),
      time: time.nullable(),
      signal: z.string().nullable(),
      says: z.string().nullable(),
      fields: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  ),
});

export const resultSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string(), ruleset: z.string() }),
  options: z.record(z.string(), z.unknown()),
  window: z.object({ start: time.nullable(), end: time.nullable() }),
  verdict: verdict.extend({
    burst: z.string().nullable(),
    alsoSeen: z.array(z.object({ place, cause: z.string(), title: z.string(), burst: z.string() })),
  }),
  bursts: z.array(burst),
  /** Those with most failures first; absent where there are hardly any, and in results of older versions. */
  background: z.array(background).optional(),
  /** Where no burst stands out and there is something to judge, as in a pasted excerpt. */
  excerpt: judgement.optional(),
  timeline: z.object({ stepSeconds: z.number(), start: time.nullable(), series: z.array(series) }),
  /** How long the origin took, over time; absent where no log tells it, and in results of older versions. */
  originTimes: z
    .object({
      hop,
      /** The next hop's part of the time, or the whole of the request. */
      part: z.enum(['upstream', 'whole']),
      start: time,
      stepSeconds: z.number(),
      /** Upper bounds; the last bucket is open. */
      bucketsMs: z.array(z.number()),
      /** Requests of each step, by bucket. */
      columns: z.array(z.array(count)),
      /** True where the counts are scaled from a sample of the rows. */
      estimated: z.boolean(),
    })
    .optional(),
  zooms: z.array(z.object({ burst: z.string(), stepSeconds: z.number(), start: time, series: z.array(series) })),
  events: z.array(
    z.object({
      time,
      hop,
      kind: z.enum(['start', 'stop', 'reload', 'crash', 'deploy', 'config', 'connect', 'disconnect']),
      text: z.string(),
      ...pointer,
    }),
  ),
  requests: z.array(
    z.object({
      ray: z.string().optional(),
      method: z.string(),
      path: z.string(),
      burst: z.string().nullable(),
      steps: z.array(
        z.object({
          hop,
          startedAt: time.optional(),
          at: time,
          status: z.number().int().optional(),
          text: z.string(),
          ...pointer,
        }),
      ),
      joinedBy: z.enum(['ray', 'request', 'time']),
    }),
  ),
  sources: z.array(source),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  redaction: z.object({
    enabled: z.boolean(),
    masked: z.record(z.string(), count),
  }),
  caps: z.array(z.object({ what: z.string(), limit: z.number(), seen: z.number() })),
  /** Only where a line was asked about. */
  line: askedLine.optional(),
  warnings: z.array(z.string()),
});

export type Result = z.infer<typeof resultSchema>;
export type Background = z.infer<typeof background>;
export type Burst = Result['bursts'][number];
export type AskedLine = z.infer<typeof askedLine>;
export type Judgement = z.infer<typeof judgement>;
export type Verdict = Burst['verdict'];
export type Evidence = Burst['evidence'][number];
export type Source = Result['sources'][number];
