import { adviceFor, type Cause, textOf } from '../../causes/cause.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';
import type { Facts } from '../../correlate/facts.ts';
import type { Place } from '../../vocabulary/hops.ts';
import type { Burst } from '../schema.ts';
import { keptUntil } from './retention.ts';

/** A cause this probable is worth settling. */
const WORTH_SETTLING = 0.1;
const ASKED_FOR = 4;
/** A cause this sure needs nothing more. */
const SETTLED = 0.99;

/**
 * What would settle the causes that are still possible, how to fetch it and until when it can be: nothing that is already
 * there, and nothing where the cause is settled.
 */
export function missingOf(diagnosis: Diagnosis, facts: Facts): Burst['missing'] {
  if (diagnosis.cause !== null && diagnosis.confidence >= SETTLED) return [];
  const byWhat = new Map<string, Burst['missing'][number]>();
  for (const { cause, probability } of diagnosis.candidates) {
    if (!cause || (cause !== diagnosis.cause && probability < WORTH_SETTLING)) continue;
    for (const { what, why, command, unless } of cause.missing) {
      if (unless.signals?.some((signal) => facts.signals.has(signal)) || (unless.hop && facts.covered.has(unless.hop)))
        continue;
      const known = byWhat.get(what);
      if (known?.decides.includes(cause.id)) continue;
      if (known) known.decides.push(cause.id);
      else {
        const fetch = command === null ? null : textOf(command, facts);
        byWhat.set(what, {
          what,
          why,
          command: fetch,
          until: keptUntil(fetch, facts.isYearKnown === false ? Number.NaN : facts.endMs),
          decides: [cause.id],
        });
      }
    }
  }
  return [...byWhat.values()].slice(0, ASKED_FOR);
}

/** What to look at first where the cause has no name. */
const UNNAMED_STEPS: Readonly<Record<Place, readonly string[]>> = {
  origin: [
    'Read the web server’s error log and the application’s log for the minutes of the burst; the next run of whose502 with these files will name the cause.',
  ],
  tunnel: [
    'Read cloudflared’s journal for the minutes of the burst and look at the tunnel’s state (cloudflared tunnel info).',
  ],
  edge: ['Compare the time with Cloudflare’s status page and open a support ticket with the Ray IDs from this report.'],
  network: [
    'Check from outside whether the origin’s address answers on its port, then ask the hosting provider for packet loss in these minutes.',
  ],
  none: [],
  unknown: ['Give the logs of the web server and of Cloudflare for the minutes in question.'],
};

/** Steps, wrong fixes, checks and prevention for the named cause. */
export function fixOf(cause: Cause | null, place: Place, facts: Facts): Burst['fix'] {
  if (!cause) {
    return {
      steps: UNNAMED_STEPS[place].map((text) => ({ text, risk: 'None: this only reads.' })),
      avoid: [],
      verify: [],
      prevent: [],
      difficulty: 'moderate',
    };
  }
  const { steps, avoid, verify, prevent, difficulty } = adviceFor(cause, facts);
  return { steps: [...steps], avoid: [...avoid], verify: [...verify], prevent: [...prevent], difficulty };
}
