import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';
import { USUAL } from './servers/pages.ts';
import type { Programs } from './servers/programs.ts';
import { Site } from './site.ts';

const GOOD_MS = 4000;
const BROKEN_MS = 4500;
const USUAL_PER_SECOND = 16;

/** Which logs a person may have at hand after the same incident. */
export const VIEWS = {
  /** All logs and what PHP-FPM printed; nginx logs what its upstreams did. */
  everything: ['access-upstream', 'error', 'php-fpm', 'php-fpm-console', 'php-slow', 'php-error', 'app'],
  /** All logs; nginx's access log as Debian sets it up. */
  defaults: ['access-combined', 'error', 'php-fpm', 'php-slow', 'php-error', 'app'],
  /** nginx's own logs only, as Debian sets them up. */
  nginx: ['access-combined', 'error'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type View = keyof typeof VIEWS;
export const VIEW_NAMES: readonly View[] = ['everything', 'defaults', 'nginx'];

/** What became of a scenario: a folder of logs for each view, and what the visitors got. */
export interface Played {
  readonly logs: Readonly<Record<View, string>>;
  /** Answers while and after it was broken, by status; 0 where there was none. */
  readonly answers: ReadonlyMap<number, number>;
}

/** Plays a scenario on a site of its own in an empty folder: good, broken, good again. */
export async function play(scenario: Scenario, folder: string, programs: Programs, number: number): Promise<Played> {
  mkdirSync(folder, { recursive: true });
  const site = await Site.open(folder, scenario.setup, programs, number);
  try {
    const { visitors } = site;
    const perSecond = scenario.usualPerSecond ?? USUAL_PER_SECOND;
    await visitors.come(USUAL, perSecond, GOOD_MS);
    const meanwhile = visitors.come(scenario.askMeanwhile ?? [], scenario.askPerSecond ?? 10, BROKEN_MS);
    const breaking = scenario.breakIt?.(site);
    await Promise.all([meanwhile, breaking, visitors.come(USUAL, perSecond, BROKEN_MS)]);
    await scenario.mendIt?.(site);
    await visitors.come(USUAL, perSecond, GOOD_MS);
    await visitors.leave();
    return { answers: visitors.answers, logs: { everything: '', defaults: '', nginx: '', ...copies(site, folder) } };
  } finally {
    await site.close();
  }
}

function copies(site: Site, folder: string): Partial<Record<View, string>> {
  const made: Partial<Record<View, string>> = {};
  for (const view of VIEW_NAMES) {
    const target = join(folder, 'views', view);
    mkdirSync(target, { recursive: true });
    for (const name of VIEWS[view]) {
      const log = site.path(`logs/${name}.log`);
      if (existsSync(log) && statSync(log).size > 0) copyFileSync(log, join(target, `${name}.log`));
    }
    made[view] = target;
  }
  return made;
}
