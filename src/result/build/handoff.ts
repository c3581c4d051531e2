import type { FoundBurst } from '../../bursts/burst.ts';
import type { Hop, Place } from '../../vocabulary/hops.ts';
import type { Burst, Judgement, Verdict } from '../schema.ts';
import { isoInstant } from './times.ts';

const RAYS = 5;
const HOSTS = 3;
const LINES = 3;
const STEPS = 3;

type Addressee = keyof Burst['handoff'];

/** Who has to act where the fault is at the origin, by the hop of the cause. */
const AT_ORIGIN: Readonly<Partial<Record<Hop, readonly Addressee[]>>> = {
  app: ['application'],
  dependency: ['application', 'hosting'],
  proxy: ['hosting'],
  host: ['hosting', 'application'],
  edge: ['hosting'],
};

/** Who has to act by place, elsewhere, or where the hop is not known. */
const BY_PLACE: Readonly<Record<Place, readonly Addressee[]>> = {
  origin: ['hosting', 'application'],
  tunnel: ['hosting'],
  edge: ['cloudflare'],
  network: ['hosting', 'cloudflare'],
  none: [],
  unknown: ['hosting', 'cloudflare'],
};

/** What stands at the edge and is the zone's own: a Worker, a rule. */
const OWN_AT_EDGE: ReadonlySet<string> = new Set(['worker-exception', 'worker-limits', 'waf-block']);

const ASKED: Readonly<Record<Addressee, string>> = {
  hosting: 'Please check the server, its services, its firewall and its network for these minutes.',
  cloudflare: 'Please look into these requests.',
  application: 'Please look into it.',
};

const ONLY_TOLD: Readonly<Record<Addressee, string>> = {
  hosting: 'For your information: the evidence does not point to the server or its network.',
  cloudflare: 'No ticket is needed as things stand: the evidence does not point to Cloudflare’s own network.',
  application: 'For your information: the evidence does not point to the application.',
};

function mustAct(who: Addressee, { place, hop, cause }: Verdict): boolean {
  if (OWN_AT_EDGE.has(cause)) return who === 'application';
  const acting = place === 'origin' && hop !== undefined ? AT_ORIGIN[hop] : undefined;
  return (acting ?? BY_PLACE[place]).includes(who);
}

/** Three short texts to send on: to the hosting provider, to Cloudflare's support, to the application's team. */
export function handoffOf(
  burst: FoundBurst,
  { verdict, evidence, fix }: Judgement,
  sentence: string,
): Burst['handoff'] {
  const statuses = [...new Set(burst.failures.map(({ status }) => status))].sort((a, b) => a - b).join(', ');
  const rays = firstOf(burst.failures, RAYS, ({ row }) =>
    row?.record.ray !== undefined && row.record.colo ? `${row.record.ray}-${row.record.colo}` : row?.record.ray,
  );
  const hosts = firstOf(burst.failures, HOSTS, ({ row, clue }) => (row ?? clue)?.record.host);
  const proof = unique(
    evidence.flatMap(({ direction, lines }) => (direction === 'for' ? lines.slice(0, 1).map(({ text }) => text) : [])),
  ).slice(0, LINES);
  const when = `${isoInstant(burst.startMs)} to ${isoInstant(burst.endMs)}`;
  const what = `${burst.failed === 0 ? 'requests' : `${burst.failed} requests`} failed with ${statuses || 'an error'}`;
  const where = hosts.length === 0 ? '' : ` on ${hosts.join(', ')}`;
  const facts = `${when}: ${what}${where}. ${sentence}\nFinding: ${verdict.title} (confidence: ${verdict.word}).`;
  const lines = listed('Log lines:', proof);
  const first = fix.steps.slice(0, STEPS).map(({ text }, i) => `${i + 1}. ${text}`);
  const ask = (who: Addressee): string => {
    if (!mustAct(who, verdict)) return `\n${ONLY_TOLD[who]}`;
    return `\n${ASKED[who]}${who === 'cloudflare' ? '' : listed('First steps:', first)}`;
  };
  const cloudflareActs = mustAct('cloudflare', verdict);
  return {
    hosting: {
      text: `${facts}${lines}${ask('hosting')}`,
      missing: mustAct('hosting', verdict) && proof.length === 0 ? ['log lines of the server'] : [],
    },
    cloudflare: {
      text: `${facts}${listed('Ray IDs:', rays.length === 0 ? [] : [rays.join(', ')])}${ask('cloudflare')}`,
      missing: cloudflareActs
        ? [
            ...(rays.length === 0 ? ['Ray IDs of failing requests'] : []),
            'output of /cdn-cgi/trace from an affected visitor',
            'a redacted HAR of a failing page',
          ]
        : [],
    },
    application: {
      text: `${facts}\n${verdict.summary}${lines}${ask('application')}`,
      missing: [],
    },
  };
}

/** The first values that differ, at most so many. */
function firstOf<T>(items: readonly T[], most: number, tell: (item: T) => string | undefined): string[] {
  const values = new Set<string>();
  for (const item of items) {
    const value = tell(item);
    if (value !== undefined) values.add(value);
    if (values.size === most) break;
  }
  return [...values];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** A heading with its lines; nothing where there are none. Begins with a line end. */
function listed(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${[heading, ...lines].join('\n')}`;
}
