import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/causes/cause.ts';
import { type Diagnosis, diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { Facts, SignalFact } from '../../src/correlate/facts.ts';
import { FAILURE_KINDS } from '../../src/vocabulary/hops.ts';
import { isSignalId, SIGNALS, type SignalId } from '../../src/vocabulary/signals.ts';
import { factsOf, seen } from './facts-of.ts';

const ALL = Object.keys(SIGNALS).filter(isSignalId);
const PATTERNS = ALL.filter((signal) => SIGNALS[signal].role === 'pattern');

/** Facts with any signals of a choice, at any strength. */
const factsWith = (choice: readonly SignalId[]): fc.Arbitrary<Facts> =>
  fc
    .record({
      kind: fc.constantFrom(...FAILURE_KINDS),
      signals: fc.array(fc.tuple(fc.constantFrom(...choice), fc.double({ min: 0, max: 1, noNaN: true })), {
        maxLength: 12,
      }),
    })
    .map(({ kind, signals }) => factsOf({ kind, signals: Object.fromEntries(signals) }));

/** Whether a line of the cause’s own tells of enough failed requests: a web server may answer 500 for a backend that is away. */
const hasOwnLine = ({ evidence }: Cause, { signals }: Facts): boolean =>
  evidence.some(
    ({ signal, weight, against }) =>
      !against &&
      (weight === 'decisive' || weight === 'strong') &&
      SIGNALS[signal].role === 'request' &&
      (signals.get(signal)?.share ?? 0) >= 0.3,
  );

const logOdds = (p: number): number => 10 * Math.log10(p / (1 - p));
const probabilityOf = ({ candidates }: Diagnosis, id: CauseId): number =>
  candidates.find(({ cause }) => cause?.id === id)?.probability ?? 0;

describe('a diagnosis', () => {
  it('adds up: prior and evidence are the log-odds of the confidence', () => {
    fc.assert(
      fc.property(factsWith(ALL), (facts) => {
        const { cause, confidence, priorDecibans, evidence } = diagnose(facts, CAUSES);
        if (cause === null) return;
        const shown = evidence.reduce((sum, { decibans }) => sum + decibans, 0);
        expect(priorDecibans + shown).toBeCloseTo(logOdds(confidence), 6);
      }),
      { numRuns: 300 },
    );
  });

  it('is never surer of the cause than of the place, and never quite sure', () => {
    fc.assert(
      fc.property(factsWith(ALL), (facts) => {
        const { place, placeConfidence, confidence } = diagnose(facts, CAUSES);
        expect(confidence).toBeLessThanOrEqual(placeConfidence);
        expect(placeConfidence).toBeLessThan(1);
        expect(confidence).toBeGreaterThanOrEqual(0);
        if (place === 'unknown') expect([placeConfidence, confidence]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives its candidates probabilities that sum to one, most probable first', () => {
    fc.assert(
      fc.property(factsWith(ALL), (facts) => {
        const probabilities = diagnose(facts, CAUSES).candidates.map(({ probability }) => probability);
        const sum = probabilities.reduce((a, b) => a + b, 0);
        if (probabilities.length > 0) expect(sum).toBeCloseTo(1, 9);
        expect([...probabilities].sort((a, b) => b - a)).toEqual(probabilities);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the catalogue', () => {
    fc.assert(
      fc.property(factsWith(ALL), fc.shuffledSubarray([...CAUSES], { minLength: CAUSES.length }), (facts, shuffled) => {
        const told = ({ place, cause, candidates }: Diagnosis): unknown => [
          place,
          cause?.id,
          candidates.map((candidate) => [candidate.cause?.id, candidate.place, candidate.probability.toFixed(9)]),
        ];
        expect(told(diagnose(facts, shuffled))).toEqual(told(diagnose(facts, CAUSES)));
      }),
      { numRuns: 150 },
    );
  });

  it('names only causes that explain such failures', () => {
    fc.assert(
      fc.property(factsWith(ALL), (facts) => {
        for (const { cause } of diagnose(facts, CAUSES).candidates)
          if (cause && !(facts.kind === 'application' && hasOwnLine(cause, facts)))
            expect(cause.explains).toContain(facts.kind);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves place and cause open where there is nothing to go by', () => {
    expect(diagnose(factsOf({ signals: {} }), CAUSES)).toMatchObject({
      place: 'unknown',
      placeConfidence: 0,
      cause: null,
      confidence: 0,
    });
  });
});

describe('patterns', () => {
  it('never convict alone, however many there are', () => {
    fc.assert(
      fc.property(factsWith(PATTERNS), (facts) => {
        expect(diagnose(facts, CAUSES)).toMatchObject({ place: 'unknown', cause: null });
      }),
    );
  });

  it('all together lift a cause by less than a line of its own would', () => {
    const all = Object.fromEntries(PATTERNS.map((signal) => [signal, 1]));
    for (const { evidence } of diagnose(factsOf({ signals: { ...all, ...seen('edge.521') } }), CAUSES).candidates) {
      const lift = evidence
        .filter(({ fact, decibans }) => SIGNALS[fact.signal].role === 'pattern' && decibans > 0)
        .reduce((sum, { decibans }) => sum + decibans, 0);
      expect(lift).toBeLessThanOrEqual(9);
    }
  });
});

describe('lines that many services share', () => {
  const failed = (role: string): Partial<SignalFact> => ({ values: { role } });

  it('of systemd count only for the services they speak of', () => {
    const lift = (role: string): number => {
      const signals = { 'nginx.connect-refused': 1, 'unit.failed': failed(role) };
      const down = diagnose(factsOf({ signals }), CAUSES).candidates.find(({ cause }) => cause?.id === 'app-down');
      return down?.evidence.filter(({ fact }) => fact.signal === 'unit.failed').length ?? 0;
    };
    expect(lift('app')).toBe(1);
    expect(lift('db')).toBe(0);
    expect(lift('other')).toBe(0);
    expect(lift('db,app')).toBe(1);
  });

  it('that say the same twice count little the second time', () => {
    const weights = diagnose(factsOf({ signals: seen('fpm.max-children', 'fpm.listen-queue') }), CAUSES)
      .candidates.find(({ cause }) => cause?.id === 'php-fpm-max-children')
      ?.evidence.map(({ decibans }) => decibans);
    expect(weights).toHaveLength(2);
    expect(weights?.[1] ?? 0).toBeLessThan((weights?.[0] ?? 0) / 2);
  });
});

describe('umbrellas', () => {
  it('stand before a narrower cause that has no line of its own', () => {
    for (const narrow of CAUSES) {
      for (const umbrella of CAUSES.filter(({ id }) => narrow.broader.includes(id))) {
        const shared = umbrella.evidence
          .filter(({ against, weight }) => !against && (weight === 'decisive' || weight === 'strong'))
          .map(({ signal }) => signal)
          .find((signal) =>
            narrow.evidence.some(
              (rule) => rule.signal === signal && !rule.against && (rule.weight === 'weak' || rule.weight === 'medium'),
            ),
          );
        if (shared === undefined) continue;
        const kind = umbrella.explains.find((item) => narrow.explains.includes(item));
        if (kind === undefined) continue;
        const diagnosis = diagnose(factsOf({ kind, signals: seen(shared) }), CAUSES);
        expect
          .soft(probabilityOf(diagnosis, umbrella.id), `${umbrella.id} before ${narrow.id} on ${shared} alone`)
          .toBeGreaterThan(probabilityOf(diagnosis, narrow.id));
      }
    }
  });

  it('name only causes that there are, and never go round in a circle', () => {
    const byId = new Map(CAUSES.map((cause) => [cause.id, cause]));
    const reaches = (from: CauseId, seenIds: ReadonlySet<CauseId>): boolean =>
      (byId.get(from)?.broader ?? []).some((id) => seenIds.has(id) || reaches(id, new Set([...seenIds, id])));
    for (const { id, broader } of CAUSES) {
      for (const umbrella of broader) expect(byId.has(umbrella)).toBe(true);
      expect(reaches(id, new Set([id]))).toBe(false);
    }
  });
});

describe('stronger facts', () => {
  it('never make their own cause less probable', () => {
    const own = CAUSES.flatMap(({ id, evidence, explains }) =>
      evidence
        .filter(({ weight, against, role }) => weight === 'decisive' && !against && role === undefined)
        .filter(({ signal }) => !signal.startsWith('unit.') && SIGNALS[signal].role !== 'pattern')
        .map(({ signal }) => ({ id, signal, kind: explains[0] ?? 'gateway' })),
    );
    expect(own.length).toBeGreaterThan(50);
    for (const { id, signal, kind } of own) {
      const at = (strength: number): number =>
        probabilityOf(diagnose(factsOf({ kind, signals: { [signal]: strength } }), CAUSES), id);
      // Other causes that hear the same signal rise with it; against "something unnamed" the cause must gain.
      if (at(1) > 0.5) expect.soft(at(1), `${id} by ${signal}`).toBeGreaterThanOrEqual(at(0.3) - 1e-9);
    }
  });
});

describe('what a log tells and does not tell', () => {
  it('a backend that hung up on every request was not away: its line would be another', () => {
    const verdict = diagnose(factsOf({ signals: seen('nginx.premature-header', 'edge.origin-answered-5xx') }), CAUSES);
    expect(verdict.cause?.id).toBe('app-closed-early');
    expect(probabilityOf(verdict, 'app-down')).toBeLessThan(0.02);
  });

  it('two limits that PHP names for one page leave only that the page died', () => {
    const both = diagnose(factsOf({ statuses: {}, signals: seen('php.execution-time', 'php.memory-limit') }), CAUSES);
    expect(both.cause?.id).toBe('php-fatal');
    const one = diagnose(factsOf({ statuses: {}, signals: seen('php.execution-time') }), CAUSES);
    expect(one.cause?.id).toBe('php-execution-time');
  });

  it('a journal in which nothing happened does not say that nothing is wrong', () => {
    const journal = diagnose(factsOf({ statuses: {}, signals: {}, covered: ['host'] }), CAUSES);
    expect(journal.place).toBe('unknown');
  });

  it('a service that refuses cloudflared is away, or was never there: the place is open until something tells', () => {
    const refused = (...others: SignalId[]) =>
      diagnose(factsOf({ statuses: {}, failed: 0, signals: seen('cloudflared.inner-refused', ...others) }), CAUSES);
    const open = refused();
    expect(open).toMatchObject({ place: 'tunnel', cause: { id: 'tunnel-service-refused' } });
    expect(open.placeConfidence).toBeLessThan(0.6);
    expect(open.candidates[1]).toMatchObject({ place: 'origin', cause: { id: 'tunnel-service-refused' } });
    const known = refused('derived.tunnel-service-worked');
    expect(known.place).toBe('origin');
    expect(known.placeConfidence).toBeGreaterThan(0.9);
  });

  it('a few crashed workers, where no request is seen to fail, do not make an outage', () => {
    const crashed = (count: number, ...others: SignalId[]) =>
      diagnose(
        factsOf({ statuses: {}, failed: 0, signals: { 'fpm.child-segv': { count }, ...seen(...others) } }),
        CAUSES,
      );
    const few = crashed(3);
    expect(few).toMatchObject({ place: 'origin', cause: { id: 'php-fpm-crash' } });
    expect(few.placeConfidence).toBeLessThan(0.6);
    expect(crashed(5).placeConfidence).toBeGreaterThan(0.9);
    expect(crashed(3, 'nginx.recv-reset-header').placeConfidence).toBeGreaterThan(0.9);
  });

  it('harmless lines beside one about a failed request do not acquit it', () => {
    const alone = diagnose(factsOf({ statuses: {}, signals: seen('nginx.buffered-response') }), CAUSES);
    expect(alone.place).toBe('none');
    const beside = seen('nginx.buffered-response', 'php.warning', 'nginx.connect-refused');
    expect(diagnose(factsOf({ statuses: {}, signals: beside }), CAUSES)).toMatchObject({ place: 'origin' });
    expect(diagnose(factsOf({ statuses: {}, signals: beside }), CAUSES).placeConfidence).toBeGreaterThan(0.9);
  });

  it('does not name a cause that answers with another status', () => {
    const signals = seen('edge.origin-answered-5xx', 'derived.static-ok', 'derived.instant');
    const named = (status: number): number =>
      probabilityOf(diagnose(factsOf({ signals, statuses: { [status]: 100 } }), CAUSES), 'maintenance');
    expect(named(503)).toBeGreaterThan(0);
    expect(named(502)).toBe(0);
  });
});
