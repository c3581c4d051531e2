import { describe, expect, it } from 'vitest';
import type { Cause, EvidenceRule } from '../../src/causes/cause.ts';
import { type Diagnosis, diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { SignalFact } from '../../src/correlate/facts.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { type FactsSketch, factsOf } from './facts-of.ts';

/** Facts in which these rules of a cause hold, and nothing else. */
function sketchOf(cause: Cause, rules: readonly EvidenceRule[]): FactsSketch {
  const signals: Partial<Record<SignalId, Partial<SignalFact>>> = {};
  for (const { signal, role } of rules) {
    const service =
      [role].flat()[0] ?? { proxy: 'proxy', app: 'app', dependency: 'db', tunnel: 'tunnel' }[String(cause.hop)];
    signals[signal] = service === undefined ? {} : { values: { role: service } };
  }
  const [kind = 'gateway'] = cause.explains;
  const status = cause.statuses?.[0] ?? { gateway: 502, application: 500, blocked: 403 }[kind];
  const statuses: Record<number, number> = cause.place === 'none' ? {} : { [status]: 100 };
  return { kind, statuses, signals, madeBy: cause.place === 'edge' ? 'edge' : 'origin' };
}

const withRules = (sketch: FactsSketch, cause: Cause, rules: readonly EvidenceRule[]): FactsSketch => ({
  ...sketch,
  signals: { ...sketch.signals, ...sketchOf(cause, rules).signals },
});

/** What a clear incident of this cause looks like: one of its heaviest lines, with the symptoms that go with it. */
function convicting(cause: Cause): readonly FactsSketch[] {
  const speaking = cause.evidence.filter(({ against }) => !against);
  const own = speaking.filter(({ weight }) => weight === 'decisive');
  const heavy = own.length > 0 ? own : speaking.filter(({ weight }) => weight === 'strong');
  const medium = speaking.filter(({ weight }) => weight === 'medium');
  return [
    sketchOf(cause, heavy),
    sketchOf(cause, [...heavy, ...medium]),
    ...heavy.map((rule) => sketchOf(cause, [rule])),
    // Some have no line of their own and are told by all their symptoms together.
    sketchOf(cause, speaking),
  ];
}

const judge = (sketch: FactsSketch): Diagnosis => diagnose(factsOf(sketch), CAUSES);
/** Of a cause, wherever it lies. */
const probabilityOf = ({ candidates }: Diagnosis, { id }: Cause): number =>
  candidates.reduce((sum, { cause, probability }) => sum + (cause?.id === id ? probability : 0), 0);

const CLEAR = new Map(
  CAUSES.map((cause) => [cause.id, convicting(cause).find((sketch) => judge(sketch).cause?.id === cause.id) ?? null]),
);

describe.each(CAUSES.map((cause) => [cause.id, cause] as const))('%s', (id, cause) => {
  const hasOwnLine = cause.evidence.some(({ against, weight }) => !against && /decisive|strong/.test(weight));
  if (hasOwnLine) {
    it('is convicted by its own lines', () => {
      const sketch = CLEAR.get(id);
      expect(sketch, 'facts that convict it').not.toBeNull();
      if (sketch) expect(judge(sketch).confidence).toBeGreaterThan(0.4);
    });
  } else {
    it('has no line of its own, and is listed beside its umbrella where its symptoms are there', () => {
      const symptoms = cause.evidence.filter(({ against, weight }) => !against && weight === 'medium');
      const verdict = judge(sketchOf(cause, symptoms));
      expect([id, ...cause.broader]).toContain(verdict.cause?.id);
      expect(probabilityOf(verdict, cause)).toBeGreaterThan(0.05);
    });
  }

  it('is acquitted where some of its symptoms are there and a neighbour’s own lines, or facts that contradict it', () => {
    const symptoms = cause.evidence.filter(({ against, weight }) => !against && weight !== 'decisive').slice(-2);
    expect(symptoms.length).toBeGreaterThan(0);
    const besideNeighbours = [...CLEAR].flatMap(([other, sketch]) =>
      other === id || sketch === null ? [] : [withRules(sketch, cause, symptoms)],
    );
    const own = CLEAR.get(id);
    const against = cause.evidence.filter((rule) => rule.against);
    const contradicted = own && against.length > 0 ? [withRules(own, cause, against)] : [];
    const acquitted = [...besideNeighbours, ...contradicted].map(judge).filter((verdict) => {
      return verdict.cause?.id !== id && probabilityOf(verdict, cause) < 0.2;
    });
    expect(acquitted.length).toBeGreaterThan(0);
  });

  it('loses by each fact of weight that speaks against it', () => {
    const sketch = CLEAR.get(id);
    if (!sketch) return;
    const before = probabilityOf(judge(sketch), cause);
    for (const rule of cause.evidence.filter(({ against, weight }) => against && weight !== 'weak')) {
      const after = probabilityOf(judge(withRules(sketch, cause, [rule])), cause);
      // Many lines that each name the cause leave no room between its probability and 1.
      if (before < 1) expect(after, rule.signal).toBeLessThan(before);
      else expect(after, rule.signal).toBeLessThanOrEqual(before);
    }
  });
});
