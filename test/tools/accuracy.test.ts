import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { calibrate } from './accuracy/calibration.ts';
import { parseCauseNames, readCauseNames } from './accuracy/catalogue.ts';
import { figuresOf } from './accuracy/figures.ts';
import { markAnswer } from './accuracy/marks.ts';
import { matchSpans, overlapOverUnion } from './accuracy/matching.ts';
import { findingsOf, isMiss } from './accuracy/misses.ts';
import { printFigures, printFinding } from './accuracy/print.ts';
import { scoreCase, scoreIncident } from './accuracy/score.ts';
import {
  type AnswerKey,
  type Incident,
  labelledFolders,
  type PastedCase,
  readLabelled,
  type TruthBurst,
} from './accuracy/truth.ts';
import { burstOf, resultOf, verdictOf } from './hand-made-result.ts';

const names = parseCauseNames(
  [
    'id\tusual_place\thop\tbroader\ttitle\taliases',
    'origin-error-response\torigin\tedge-origin\t\tIt answered 5xx\torigin-5xx',
    'app-down\torigin\tapp\torigin-error-response\tIt is down\tupstream-refused,fpm-down',
    'app-closed-early\torigin\tapp\torigin-error-response\tIt closed\t',
    'app-restart\torigin\tapp\tapp-down,app-closed-early\tIt was restarted\t',
    'loop-a\torigin\tapp\tloop-b\tA\t',
    'loop-b\torigin\tapp\tloop-a\tB\tapp-down',
  ].join('\n'),
);

const at = (second: number): string => new Date(Date.UTC(2025, 0, 15, 12, 0, second)).toISOString();
const span = (startMs: number, endMs: number) => ({ startMs, endMs });

function keyOf(place: string, cause: string, rest: Partial<AnswerKey> = {}): AnswerKey {
  return { place, cause, places: [place], causes: [cause], causeKnowable: true, ...rest };
}

function truthOf(from: number, to: number, rest: Partial<TruthBurst> = {}): TruthBurst {
  const key = keyOf('origin', 'app-down');
  return { startMs: Date.parse(at(from)), endMs: Date.parse(at(to)), key, requests: 100, gateway: true, ...rest };
}

function incidentOf(bursts: readonly TruthBurst[], rest: Partial<Incident> = {}): Incident {
  return {
    kind: 'incident',
    id: 'x',
    paths: [],
    quiet: bursts.length === 0,
    sampleRate: 1,
    bursts,
    originClock: { offsetMs: 0, skewMs: 0 },
    ...rest,
  };
}

const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));

describe('labelled folders', () => {
  it('are found in a folder in the order of their names, or are the folder itself', () => {
    const inside = labelledFolders(fixture('incidents'));
    expect(inside).toEqual([...inside].sort());
    expect(labelledFolders(fixture('incidents/quiet'))).toEqual([fixture('incidents/quiet')]);
    expect(labelledFolders(fixture('no-such-folder'))).toEqual([]);
  });

  it('hand over the logs only, with bursts as they happened', () => {
    expect(readLabelled(fixture('incidents/edge-colo'))).toMatchObject({
      kind: 'incident',
      paths: [fixture('incidents/edge-colo/logs')],
      quiet: false,
      bursts: [{ startMs: Date.parse('2025-02-26T05:51:31.067Z'), requests: 88, gateway: true }],
    });
  });

  it('give a zone to the analysis where it is one, not where it is a remark', () => {
    const optionsOf = (id: string) => {
      const pasted = readLabelled(fixture(`cases/${id}`));
      return pasted.kind === 'case' ? pasted.options : null;
    };
    expect(optionsOf('ingress-499-client-abort')).toEqual({ tz: 'UTC', year: 2024 });
    expect(optionsOf('cloudflared-cert-after-ip-change')).toEqual({ year: 2024 });
  });
});

describe('overlap over union', () => {
  it('is 1 for equal spans and for equal instants', () => {
    expect(overlapOverUnion(span(5, 9), span(5, 9))).toBe(1);
    expect(overlapOverUnion(span(5, 5), span(5, 5))).toBe(1);
  });

  it('is the common part over both together', () => {
    expect(overlapOverUnion(span(0, 10), span(5, 15))).toBeCloseTo(1 / 3);
    expect(overlapOverUnion(span(0, 10), span(2, 7))).toBe(0.5);
  });

  it('is 0 for spans that do not touch, and for an instant within a span', () => {
    expect(overlapOverUnion(span(0, 10), span(11, 20))).toBe(0);
    expect(overlapOverUnion(span(0, 10), span(4, 4))).toBe(0);
  });
});

describe('matching of bursts', () => {
  it('gives the better overlap its partner first and each burst one partner', () => {
    const truth = [span(0, 100), span(10, 110)];
    const found = [span(10, 110), span(0, 90)];
    expect(matchSpans(truth, found)).toEqual([
      { truth: 1, found: 0, overlap: 1 },
      { truth: 0, found: 1, overlap: 0.9 },
    ]);
  });

  it('does not pair spans below one half', () => {
    expect(matchSpans([span(0, 100)], [span(60, 100)])).toEqual([]);
    expect(matchSpans([span(0, 100)], [span(50, 100)])).toHaveLength(1);
  });
});

describe('names of causes', () => {
  it('lead an alias to its cause and keep an id that is also an alias of another', () => {
    expect(names.canonical('upstream-refused')).toBe('app-down');
    expect(names.canonical('app-down')).toBe('app-down');
    expect(names.canonical('never-heard-of')).toBe('never-heard-of');
  });

  it('know the umbrellas over several steps and survive a circle', () => {
    expect(names.isBroader('app-closed-early', 'app-restart')).toBe(true);
    expect(names.isBroader('origin-5xx', 'app-restart')).toBe(true);
    expect(names.isBroader('app-restart', 'app-down')).toBe(false);
    expect(names.isBroader('app-down', 'app-down')).toBe(false);
    expect(names.isBroader('app-down', 'loop-a')).toBe(false);
  });

  it('are read from the list of the repository', () => {
    const listed = readCauseNames();
    expect(listed.canonical('fpm-max-children')).toBe('php-fpm-max-children');
    expect(listed.isBroader('app-timeout', 'php-fpm-max-children')).toBe(true);
  });
});

describe('marks', () => {
  const key = keyOf('origin', 'app-restart', { places: ['origin', 'tunnel'], causes: ['app-restart', 'fpm-down'] });

  it('count accepted places and causes as right, aliases included', () => {
    expect(markAnswer(verdictOf('tunnel', 'upstream-refused'), key, names)).toEqual({
      placeRight: true,
      cause: 'right',
      bothNamed: true,
    });
  });

  it('tell an umbrella from a wrong cause, and "unknown" from both', () => {
    expect(markAnswer(verdictOf('origin', 'app-closed-early'), key, names).cause).toBe('vague');
    expect(markAnswer(verdictOf('origin', 'loop-a'), key, names).cause).toBe('wrong');
    expect(markAnswer(verdictOf('origin', 'unknown'), key, names).cause).toBe('undecided');
  });

  it('count doubt as right at the right place where the files cannot show the cause', () => {
    const hidden = { ...key, causeKnowable: false };
    expect(markAnswer(verdictOf('origin', 'unknown', 0.2), hidden, names).cause).toBe('right');
    expect(markAnswer(verdictOf('origin', 'loop-a', 0.59), hidden, names).cause).toBe('right');
    expect(markAnswer(verdictOf('origin', 'loop-a', 0.6), hidden, names).cause).toBe('wrong');
    expect(markAnswer(verdictOf('edge', 'unknown', 0.2), hidden, names).cause).toBe('undecided');
    expect(markAnswer(verdictOf('origin', 'unknown', 0.2), hidden, names).bothNamed).toBe(false);
  });

  it('do not call place and cause right together where only the cause is', () => {
    const mark = markAnswer(verdictOf('edge', 'app-restart'), key, names);
    expect(mark).toEqual({ placeRight: false, cause: 'right', bothNamed: false });
  });
});

describe('calibration', () => {
  it('is perfect where 1 comes true and 0 does not', () => {
    const forecasts = [
      { probability: 1, right: true },
      { probability: 0, right: false },
    ];
    expect(calibrate(forecasts)).toMatchObject({ count: 2, brier: 0, ece: 0 });
  });

  it('weighs the distance of each bin by its answers', () => {
    const forecasts = [
      { probability: 0.95, right: true },
      { probability: 0.95, right: false },
      { probability: 0.25, right: false },
      { probability: 0.25, right: false },
    ];
    const { brier, ece, table } = calibrate(forecasts);
    expect(brier).toBeCloseTo((0.05 ** 2 + 0.95 ** 2 + 2 * 0.25 ** 2) / 4);
    expect(ece).toBeCloseTo((0.45 + 0.25) / 2);
    expect(table.map((row) => [row.from, row.count, row.shareRight])).toEqual([
      [0.2, 2, 0],
      [0.9, 2, 0.5],
    ]);
  });

  it('has no figure without answers', () => {
    expect(calibrate([])).toEqual({ count: 0, brier: null, ece: null, table: [] });
  });
});

describe('score of an incident', () => {
  const right = verdictOf('origin', 'app-down');

  it('finds the burst, its place, its cause and its count', () => {
    const score = scoreIncident(incidentOf([truthOf(0, 30)]), resultOf([burstOf(at(0), at(30), right)]), names, 1);
    expect(score.found).toHaveLength(1);
    expect(score.found[0]?.mark).toEqual({ placeRight: true, cause: 'right', bothNamed: true });
    expect(score.found[0]?.count).toEqual({ witness: 'exact', relative: 0 });
    expect([score.missed, score.unmatched]).toEqual([[], []]);
  });

  it('names the nearest burst for one that is not found', () => {
    const near = burstOf(at(20), at(60), right);
    const score = scoreIncident(incidentOf([truthOf(0, 30)]), resultOf([near]), names, 1);
    expect(score.missed).toEqual([{ truth: truthOf(0, 30), nearest: near, overlap: 10 / 60 }]);
    expect(score.unmatched).toEqual([near]);
  });

  it('takes a count at a sampled edge log as scaled even where the result does not say so', () => {
    const incident = incidentOf([truthOf(0, 30)], { sampleRate: 0.25 });
    const atEdge = burstOf(at(0), at(30), right);
    const atProxy = { ...atEdge, countedAt: { hop: 'proxy' as const, sources: [0] } };
    const witnessOf = (burst: typeof atEdge) =>
      scoreIncident(incident, resultOf([burst]), names, 1).found[0]?.count.witness;
    expect(witnessOf(atEdge)).toBe('sampled');
    expect(witnessOf(atProxy)).toBe('exact');
    const requests = { failed: 90, total: null, estimated: false, lowerBound: true };
    expect(witnessOf({ ...atProxy, requests })).toBe('lower-bound');
  });
});

describe('figures', () => {
  const gateway = incidentOf([truthOf(0, 30)], { id: 'gateway' });
  const blockedKey = keyOf('edge', 'waf-block');
  const blocked = incidentOf([truthOf(0, 30, { key: blockedKey, gateway: false })], { id: 'blocked' });
  const quiet = incidentOf([], { id: 'quiet' });
  const said = burstOf(at(0), at(30), verdictOf('origin', 'origin-5xx', 0.7));
  const scores = [
    scoreIncident(gateway, resultOf([{ ...said, requests: { ...said.requests, failed: 90 } }]), names, 2),
    scoreIncident(blocked, resultOf([]), names, 3),
    scoreIncident(quiet, resultOf([said]), names, 1),
    { kind: 'crash' as const, id: 'broken', truth: null, stack: 'Error: no' },
  ];
  const figures = figuresOf(scores, names);

  it('keep bursts outside the gateway family apart', () => {
    expect(figures.gateway).toMatchObject({
      truth: 1,
      found: 1,
      recall: 1,
      placeOfFound: 1,
      causeOfFound: 0,
      vague: 1,
    });
    expect(figures.outside).toMatchObject({ truth: 1, found: 0, recall: 0, placeOfFound: null, placeOfAll: 0 });
    expect(figures.all).toMatchObject({ truth: 2, found: 1, recall: 0.5, placeOfAll: 0.5 });
  });

  it('count a burst on a quiet folder as a false alarm and against precision', () => {
    expect(figures.falseAlarms).toEqual({ onQuiet: 1, quietFolders: 1, unmatchedElsewhere: 0 });
    expect(figures.precision).toBe(0.5);
  });

  it('find a burst of refusals without a false alarm', () => {
    const found = burstOf(at(0), at(30), verdictOf('edge', 'waf-block'), { kind: 'blocked', statuses: { '403': 39 } });
    const both = figuresOf([scoreIncident(blocked, resultOf([found]), names, 1)], names);
    expect(both.outside).toMatchObject({ truth: 1, found: 1, causeOfAll: 1 });
    expect(both.falseAlarms.unmatchedElsewhere).toBe(0);
  });

  it('give the error of the count, the slowest folder and the crash', () => {
    expect(figures.failedCount.exact).toEqual({ bursts: 1, median: 0.1, worst: 0.1, worstFolder: 'gateway' });
    expect(figures.slowest[0]).toEqual({ folder: 'blocked', seconds: 3 });
    expect(figures.crashes).toEqual(['broken']);
  });

  it('count the bursts of an analysis that crashed as not found', () => {
    const crash = { kind: 'crash' as const, id: 'broken', truth: gateway, stack: '' };
    expect(figuresOf([crash], names).gateway).toMatchObject({ truth: 1, found: 0, recall: 0 });
  });

  it('show which cause was taken for which', () => {
    expect(figures.confusion).toEqual({ 'app-down': { 'origin-error-response': 1 } });
  });

  it('name each miss with its reason and print without a gap', () => {
    const findings = scores.flatMap(findingsOf);
    expect(findings.map((finding) => [finding.folder, ...finding.reasons])).toEqual([
      ['gateway', 'cause vague'],
      ['blocked', 'not found (best overlap 0.00)'],
      ['quiet', 'false alarm on a quiet folder'],
      ['broken', 'crash'],
    ]);
    expect(findings.every(isMiss)).toBe(true);
    expect(findings.map(printFinding).join('\n')).toContain('said   origin (0.95) / origin-5xx (0.70, moderate)');
    expect(printFigures(figures)).not.toMatch(/NaN|undefined|Infinity/);
    expect(printFigures(figuresOf([], names))).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('score of a pasted case', () => {
  const key = keyOf('origin', 'fpm-down');
  const pasted: PastedCase = { kind: 'case', id: 'c', paths: [], key, weak: false, options: {} };

  it('asks the top verdict, with or without a burst', () => {
    const score = scoreCase(pasted, resultOf([], verdictOf('origin', 'app-down')), names, 1);
    expect(score.mark).toEqual({ placeRight: true, cause: 'right', bothNamed: true });
    expect(score.burst).toBeNull();
    expect(findingsOf(score).some(isMiss)).toBe(false);
  });

  it('counts weak cases apart', () => {
    const wrong = resultOf([], verdictOf('edge', 'loop-a'));
    const figures = figuresOf([scoreCase({ ...pasted, weak: true }, wrong, names, 1)], names);
    expect(figures.cases.cases).toBe(0);
    expect(figures.weakCases).toMatchObject({ cases: 1, placeRight: 0, causeRight: 0, wrong: 1 });
  });
});
