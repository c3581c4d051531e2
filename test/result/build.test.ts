import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CAUSE_IDS } from '../../src/causes/ids.ts';
import { analyze } from '../../src/index.ts';
import { confidenceWord } from '../../src/result/confidence.ts';
import { type Result, resultSchema } from '../../src/result/schema.ts';
import { isSignalId } from '../../src/vocabulary/signals.ts';
import { TOOL_VERSION } from '../../src/vocabulary/tool.ts';
import { labelledFolders, readLabelled } from '../tools/accuracy/truth.ts';

const fixtures = ['incidents', 'cases'].flatMap((folder) =>
  labelledFolders(fileURLToPath(new URL(`../../fixtures/${folder}`, import.meta.url))),
);
const results = fixtures.map(readLabelled).map(({ id, paths }) => ({ id, result: analyze(paths) }));

it('pasted lines make no claim about how many requests failed', async () => {
  const pasted = await results.find(({ id }) => id === 'miab-max-children')?.result;
  expect(pasted?.excerpt?.verdict.summary).toContain('Requests failed');
  expect(pasted?.excerpt?.fix.steps[0]?.command).toContain('/var/run/php5-fpm.sock');
});

it('the version that results name is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(text).toContain(`"version": "${TOOL_VERSION}"`);
});

/** All places of a result that point to a line of a source. */
function pointersOf(result: Result): { source: number; line: number }[] {
  return [
    ...result.events,
    ...result.requests.flatMap(({ steps }) => steps),
    ...result.bursts.flatMap(({ evidence, trigger, firstByHop, context }) => [
      ...evidence.flatMap(({ lines }) => lines),
      ...(trigger ? [trigger] : []),
      ...firstByHop,
      ...context,
    ]),
    ...(result.excerpt?.evidence.flatMap(({ lines }) => lines) ?? []),
  ];
}

describe.each(results)('the result of $id', ({ result: analysed }) => {
  it('is what the schema says', async () => {
    const result = await analysed;
    expect(resultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined();
  });

  it('names evidence, bursts, causes and signals by ids that there are', async () => {
    const { bursts, verdict, zooms, requests } = await analysed;
    const burstIds = bursts.map(({ id }) => id);
    const evidenceIds = bursts.flatMap(({ evidence }) => evidence.map(({ id }) => id));
    expect(new Set(burstIds).size).toBe(burstIds.length);
    expect(new Set(evidenceIds).size).toBe(evidenceIds.length);
    expect(zooms.map(({ burst }) => burst)).toEqual(burstIds);
    expect(burstIds).toEqual(expect.arrayContaining(verdict.burst === null ? [] : [verdict.burst]));
    expect(verdict.alsoSeen.map(({ burst }) => burst).sort()).toEqual(
      burstIds.filter((id) => id !== verdict.burst).sort(),
    );
    for (const { burst } of requests) if (burst !== null) expect(burstIds).toContain(burst);
    const known = new Set<string>([...CAUSE_IDS, 'unknown', 'noise']);
    for (const burst of bursts) {
      for (const { cause } of [burst.verdict, ...burst.chain, ...burst.alternatives]) expect(known).toContain(cause);
      for (const { evidence } of burst.chain) for (const id of evidence) expect(evidenceIds).toContain(id);
      for (const { signal } of [...burst.evidence, ...burst.firstByHop]) expect(isSignalId(signal)).toBe(true);
    }
  });

  it('points only to sources and lines that there are', async () => {
    const result = await analysed;
    for (const { source, line } of pointersOf(result)) {
      expect(source).toBeLessThan(result.sources.length);
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(result.sources[source]?.lines ?? 0);
    }
    for (const { countedAt } of result.bursts)
      for (const source of countedAt.sources) expect(source).toBeLessThan(result.sources.length);
  });

  it('has every time within the window and in order', async () => {
    const { window, bursts, events, sources } = await analysed;
    const start = window.start ?? '';
    const end = window.end ?? '~';
    for (const burst of bursts) {
      expect(burst.firstRequest <= burst.start && burst.start <= burst.end).toBe(true);
      expect(burst.start >= start && burst.end <= end).toBe(true);
    }
    for (const { time } of events) expect(time >= start && time <= end).toBe(true);
    expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).sort());
    for (const { first, last, coverage } of sources) {
      expect((first ?? start) >= start && (last ?? end) <= end).toBe(true);
      for (const [from, to] of coverage) expect(from <= to).toBe(true);
    }
  });

  it('adds up', async () => {
    const { bursts, verdict, timeline } = await analysed;
    for (const burst of bursts) {
      const { confidence, placeConfidence, word } = burst.verdict;
      expect(word).toBe(confidenceWord(confidence));
      expect(confidence).toBeLessThanOrEqual(placeConfidence);
      const probabilities = burst.alternatives.reduce((sum, { probability }) => sum + probability, confidence);
      expect(probabilities).toBeLessThanOrEqual(1.001);
      const weights = burst.evidence.reduce((sum, { weight }) => sum + weight, burst.prior);
      expect(weights).toBeCloseTo(10 * Math.log10(confidence / (1 - confidence)), 0);
      const { failed, total } = burst.requests;
      expect(total ?? failed).toBeGreaterThanOrEqual(failed);
      const byStatus = Object.values(burst.statuses).reduce((sum, count) => sum + count, 0);
      expect(Math.abs(byStatus - failed)).toBeLessThanOrEqual(Math.max(3, failed * 0.01));
      for (const { values, other } of Object.values(burst.scope))
        expect(values.reduce((sum, value) => sum + value.failed, other.failed)).toBeLessThanOrEqual(failed * 1.01 + 10);
    }
    if (verdict.burst !== null)
      expect(bursts.find(({ id }) => id === verdict.burst)?.verdict).toMatchObject({ cause: verdict.cause });
    for (const { hop, name, values } of timeline.series) {
      if (name !== 'failed') continue;
      const total = timeline.series.find((other) => other.hop === hop && other.name === 'total');
      values.forEach((count, i) => {
        expect(count).toBeLessThanOrEqual(total?.values[i] ?? 0);
      });
    }
  });

  it('says what to do, once: for each burst, or for the lines as a whole', async () => {
    const { bursts, excerpt, verdict } = await analysed;
    if (bursts.length > 0) expect(excerpt).toBeUndefined();
    if (excerpt) expect(excerpt.verdict).toMatchObject({ cause: verdict.cause, summary: verdict.summary });
    for (const { fix, verdict: judged } of excerpt ? [excerpt] : bursts) {
      expect(fix.steps.length, judged.cause).toBeGreaterThan(0);
      if (judged.cause !== 'unknown') expect(fix.avoid.length).toBeGreaterThan(0);
    }
  });

  it('asks those to act who can, and tells the others that they need not', async () => {
    for (const { verdict, handoff } of (await analysed).bursts) {
      const asked = Object.entries(handoff).filter(([, { text }]) => /\nPlease /.test(text));
      const told = Object.entries(handoff).filter(([, { text }]) =>
        /For your information|No ticket is needed/.test(text),
      );
      expect(asked.length + told.length).toBe(3);
      expect(asked.map(([who]) => who).includes('cloudflare')).toBe(
        ['edge', 'network', 'unknown'].includes(verdict.place) &&
          !['worker-exception', 'worker-limits', 'waf-block'].includes(verdict.cause),
      );
    }
  });
});
