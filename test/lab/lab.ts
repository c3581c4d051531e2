import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Judged, judge, notPlayed } from './judge.ts';
import { play } from './play.ts';
import type { Scenario } from './scenario.ts';
import { lacking, type Programs } from './servers/programs.ts';

/** Sites that stand side by side. Most of a scenario is waiting, so that two processors carry many. */
const AT_A_TIME = 8;

export interface LabOptions {
  /** New folder in which to leave the sites with their logs; a temporary folder that is removed if not given. */
  readonly keepIn?: string | undefined;
  readonly onJudged?: (judged: readonly Judged[]) => void;
}

/** Plays the scenarios for which all is here, several at a time, and judges what is said of each. The order is that of the table. */
export async function runLab(
  all: readonly Scenario[],
  programs: Programs,
  { keepIn, onJudged }: LabOptions = {},
): Promise<Judged[]> {
  if (keepIn !== undefined && existsSync(keepIn)) throw new Error(`${keepIn} exists: older logs would be added to.`);
  const folder = keepIn ?? mkdtempSync(join(tmpdir(), 'broken-sites-'));
  mkdirSync(folder, { recursive: true });
  // The servers' own account has to get in.
  chmodSync(folder, 0o755);
  const scenarios = all.filter(({ needs }) => lacking(programs, needs ?? []).length === 0);
  const judgements: Judged[][] = scenarios.map(() => []);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < scenarios.length; i = next++) {
      const scenario = scenarios[i];
      if (!scenario) return;
      const judged = await play(scenario, join(folder, scenario.name), programs, i)
        .then((played) => judge(scenario, played))
        .catch((error: unknown) => [notPlayed(scenario, error)]);
      judgements[i] = judged;
      onJudged?.(judged);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  } finally {
    if (keepIn === undefined) rmSync(folder, { recursive: true, force: true });
  }
  return judgements.flat();
}
