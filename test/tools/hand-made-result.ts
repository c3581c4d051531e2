import { confidenceWord } from '../../src/result/confidence.ts';
import type { Burst, Result, Verdict } from '../../src/result/schema.ts';

const nobody = { values: [], other: { failed: 0, total: null }, estimated: false };
const noHandoff = { text: '', missing: [] };

/** A verdict with the given place, cause and confidences. */
export function verdictOf(place: Verdict['place'], cause: string, confidence = 0.9, placeConfidence = 0.95): Verdict {
  const word = confidenceWord(confidence);
  return { place, cause, confidence, placeConfidence, word, title: cause, summary: '' };
}

/** A gateway burst counted at the edge; `start` and `end` as ISO 8601. */
export function burstOf(start: string, end: string, verdict: Verdict, rest: Partial<Burst> = {}): Burst {
  return {
    id: 'B1',
    kind: 'gateway',
    group: { madeBy: 'origin' },
    start,
    end,
    firstRequest: start,
    cutStart: false,
    cutEnd: false,
    peakPerMinute: 0,
    requests: { failed: 100, total: 200, estimated: false, lowerBound: false },
    countedAt: { hop: 'edge', sources: [0] },
    statuses: { '502': 100 },
    verdict,
    chain: [],
    trigger: null,
    alternatives: [],
    prior: 0,
    evidence: [],
    setAside: [],
    missing: [],
    scope: {
      hosts: nobody,
      servers: nobody,
      paths: nobody,
      methods: nobody,
      colos: nobody,
      upstreams: nobody,
      clients: nobody,
    },
    pattern: '',
    sentence: '',
    durations: [],
    firstByHop: [],
    context: [],
    fix: { steps: [], avoid: [], verify: [], prevent: [], difficulty: 'easy' },
    handoff: { hosting: noHandoff, cloudflare: noHandoff, application: noHandoff },
    ...rest,
  };
}

/** A result that holds the bursts; its top verdict is that of the first one, or "nothing is wrong". */
export function resultOf(bursts: readonly Burst[], verdict?: Verdict): Result {
  const first = bursts[0];
  const top = verdict ?? first?.verdict ?? verdictOf('none', 'noise');
  return {
    schemaVersion: 1,
    tool: { name: 'whose502', version: '0.0.0', ruleset: '0' },
    options: {},
    window: { start: null, end: null },
    verdict: { ...top, burst: first?.id ?? null, alsoSeen: [] },
    bursts: [...bursts],
    timeline: { stepSeconds: 1, start: null, series: [] },
    zooms: [],
    events: [],
    requests: [],
    sources: [],
    skipped: [],
    redaction: { enabled: true, masked: {} },
    caps: [],
    warnings: [],
  };
}
