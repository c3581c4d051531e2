import { describe, expect, it } from 'vitest';
import { runLab } from './lab.ts';
import { SCENARIOS } from './scenarios.ts';
import { installedPrograms } from './servers/programs.ts';

const programs = installedPrograms();
const why = typeof programs === 'string' ? ` (not run: ${programs})` : '';

describe(`real servers, broken on purpose${why}`, () => {
  it.skipIf(typeof programs === 'string')(
    'are blamed for what was done to them, whichever of their logs are at hand',
    async () => {
      if (typeof programs === 'string') return;
      const judged = await runLab(SCENARIOS, programs);
      const wrong = judged
        .filter(({ mark }) => mark !== 'right')
        .map(
          ({ scenario, view, mark, place, cause, because }) =>
            `${scenario} (${view}): ${mark}: ${place} / ${cause}: ${because.join('; ')}`,
        );
      expect(wrong).toEqual([]);
    },
    600_000,
  );
});
