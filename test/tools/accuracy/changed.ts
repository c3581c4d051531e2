import { analyze } from '../../../src/index.ts';
import type { Result } from '../../../src/result/schema.ts';
import { ablations } from './ablate.ts';
import type { CauseNames } from './catalogue.ts';
import { decoys } from './decoys.ts';
import { type Files, readFiles, withFolder } from './folder.ts';
import { strangeLogs } from './strange-logs.ts';
import { type Judged, judge } from './trust.ts';
import type { Labelled } from './truth.ts';
import type { Variant } from './variants.ts';
import { varied } from './vary.ts';

/** Which changed copies of each folder are analysed. */
export interface Changes {
  readonly ablate: boolean;
  readonly decoy: boolean;
  readonly vary: boolean;
  readonly seed: number;
}

/** Judges all verdicts on a labelled folder: as it is, and in its changed copies, one after the other. */
export async function judgeChanged(
  labelled: Labelled,
  changes: Changes,
  names: CauseNames,
): Promise<readonly Judged[]> {
  const files = readFiles(labelled.paths);
  const options = { ...(labelled.kind === 'case' ? labelled.options : {}), redact: false };
  const analyzed = (changed: Files): Promise<Result> => withFolder(changed, (folder) => analyze([folder], options));
  const base = await analyzed(files);
  const isCase = labelled.kind === 'case';
  const variants: readonly Variant[] = [
    ...(changes.ablate ? ablations(files, base, isCase) : []),
    ...(changes.vary ? varied(labelled.id, files, base, changes.seed) : []),
    ...(changes.decoy ? decoys(labelled.id, files, base, isCase, changes.seed) : []),
    ...(changes.decoy && !isCase ? strangeLogs(labelled.id, files, base, changes.seed) : []),
  ];
  const judged = [judge(labelled, { kind: 'as it is', what: '', files }, base, names)];
  for (const variant of variants) {
    if (variant.files.size === 0) continue;
    judged.push(judge(labelled, variant, (await analyzeVariant(variant, analyzed)).result, names));
  }
  return judged;
}

/** Analyses a variant, changing it further as long as it asks for it. */
export async function analyzeVariant(
  variant: Variant,
  analyzed: (files: Files) => Promise<Result>,
): Promise<{ readonly files: Files; readonly result: Result }> {
  let files = variant.files;
  let result = await analyzed(files);
  for (let round = 1; variant.again; round++) {
    const next = variant.again(files, result, round);
    if (next === null || next.size === 0) break;
    files = next;
    result = await analyzed(files);
  }
  return { files, result };
}
