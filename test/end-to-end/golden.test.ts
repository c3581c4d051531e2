import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { type Result, resultSchema } from '../../src/result/schema.ts';
import { readCauseNames } from '../tools/accuracy/catalogue.ts';
import { findingsOf, isMiss } from '../tools/accuracy/misses.ts';
import { printFinding } from '../tools/accuracy/print.ts';
import { scoreCase, scoreIncident } from '../tools/accuracy/score.ts';
import { labelledFolders, readLabelled } from '../tools/accuracy/truth.ts';

const names = readCauseNames();
const incidents = labelledFolders(fileURLToPath(new URL('../../fixtures/incidents', import.meta.url)));
const cases = labelledFolders(fileURLToPath(new URL('../../fixtures/cases', import.meta.url)));

/** Largest relative error of the failed requests where the witness is unsampled. */
const COUNT_TOLERANCE = 0.02;

it('there are incidents and cases to hold the analysis to', () => {
  expect([incidents.length, cases.length]).toEqual([5, 11]);
});

describe.each(incidents.map(readLabelled))('incident $id', (labelled) => {
  if (labelled.kind !== 'incident') throw new Error(`${labelled.id} is no incident`);
  let analysed: Promise<Result> | undefined;
  const score = async () => {
    analysed ??= analyze(labelled.paths);
    return scoreIncident(labelled, await analysed, names, 0);
  };

  it('has every burst found at its place and with its cause, and no other', async () => {
    const misses = findingsOf(await score()).filter(isMiss);
    expect(misses.map(printFinding).join('\n\n')).toBe('');
  });

  it('gives a result of the schema, its keys in the order of the schema', async () => {
    analysed ??= analyze(labelled.paths);
    const result = await analysed;
    expect(JSON.stringify(result)).toBe(JSON.stringify(resultSchema.parse(result)));
  });

  it('has its failed requests counted', async () => {
    const { found } = await score();
    for (const { count } of found.filter((burst) => burst.count.witness === 'exact')) {
      expect(count.relative).toBeLessThanOrEqual(COUNT_TOLERANCE);
    }
    expect(found.map((burst) => burst.count.witness)).toEqual(labelled.bursts.map(() => 'exact'));
  });
});

describe.each(cases.map(readLabelled))('case $id', (labelled) => {
  if (labelled.kind !== 'case') throw new Error(`${labelled.id} is no case`);

  it('has its place and its cause named from the pasted lines alone', async () => {
    const score = scoreCase(labelled, await analyze(labelled.paths, labelled.options), names, 0);
    const misses = findingsOf(score).filter(isMiss);
    expect(misses.map(printFinding).join('\n\n')).toBe('');
  });
});
