import type { Burst, Judgement, Result, Verdict } from '../result/schema.ts';
import type { Hop, Maker, Place } from '../vocabulary/hops.ts';
import {
  clockMsOf,
  counted,
  formatCount,
  formatDuration,
  formatShare,
  formatSpan,
  msBetween,
  shareOf,
} from './figures.ts';

/** The words that all outputs share: names of hops and places, and the sentences made of a verdict. */

export const HOP_TITLES: Readonly<Record<Hop, string>> = {
  client: 'Visitor',
  edge: 'Cloudflare edge',
  tunnel: 'Tunnel',
  proxy: 'Web server',
  app: 'Application',
  dependency: 'Dependency',
  host: 'Host',
};

/** What stands at a hop, for people who do not know the word. */
export const HOP_EXPLAINED: Readonly<Record<Hop, string>> = {
  client: 'browser or API client',
  edge: 'Cloudflare’s data centres, rules and Workers',
  tunnel: 'cloudflared',
  proxy: 'nginx, Apache or another proxy at the origin',
  app: 'PHP-FPM, gunicorn, Node and the like',
  dependency: 'database, cache, other services',
  host: 'the machine under it: kernel, memory, disk',
};

export const PLACE_TITLES: Readonly<Record<Place, string>> = {
  origin: 'origin',
  tunnel: 'tunnel',
  edge: 'edge',
  network: 'network',
  none: 'nothing wrong',
  unknown: 'not known',
};

const AT_FAULT: Readonly<Record<Place, string>> = {
  origin: 'The origin is at fault',
  tunnel: 'The tunnel is at fault',
  edge: 'Cloudflare’s edge is at fault',
  network: 'The network between Cloudflare and the origin is at fault',
  none: 'Nobody is at fault',
  unknown: 'It cannot be said who is at fault',
};

const PLACE_NOUNS: Readonly<Record<Place, string>> = {
  origin: 'the origin',
  tunnel: 'the tunnel',
  edge: 'Cloudflare’s edge',
  network: 'the network',
  none: 'nothing being wrong',
  unknown: 'an unknown place',
};

export const MAKER_TITLES: Readonly<Record<Maker, string>> = {
  origin: 'answered by the origin',
  edge: 'made by Cloudflare’s edge',
  tunnel: 'made by the tunnel',
  worker: 'made by a Worker',
  unknown: 'maker not known',
};

/** Hops that a place stands for. `network` is a link and has none. */
export const HOPS_OF_PLACE: Readonly<Record<Place, readonly Hop[]>> = {
  origin: ['proxy', 'app', 'dependency', 'host'],
  tunnel: ['tunnel'],
  edge: ['edge'],
  network: [],
  none: [],
  unknown: [],
};

/** What the redaction calls its kinds, for people; an unknown kind is shown by its own name. */
const MASKED_TITLES: Readonly<Record<string, string>> = {
  visitor: 'visitor addresses',
  query: 'query strings',
  cookie: 'cookies',
  authorization: 'Authorization headers and tokens',
  jwt: 'JSON web tokens',
  key: 'keys and long random tokens',
  secret: 'passwords and named secrets',
  session: 'session ids',
  email: 'e-mail addresses',
  userinfo: 'user names and passwords in addresses',
  referrer: 'referrers',
  user: 'user names',
  arguments: 'arguments in stack traces',
  personal: 'telephone numbers, bank accounts and cards',
  hardware: 'hardware addresses',
  value: 'queries, secrets and other private values',
  host: 'host names',
  body: 'bodies of requests and answers',
  header: 'headers',
  encoded: 'encoded texts that cannot be read',
  repeated: 'values masked elsewhere, found again',
};

export function maskedTitle(kind: string): string {
  return Object.hasOwn(MASKED_TITLES, kind) ? (MASKED_TITLES[kind] ?? kind) : kind;
}

/** Words of the language that titles begin with; every other word is a name and keeps its capital. */
const NO_NAME =
  /^(?:The|An?|No|Some|All|One|Too|Every|Only|Broken|Cache|Connecting|Nothing|Packet|Partial|Planned|Visitors) /;

/** A title as the second part of a sentence. */
function continued(title: string): string {
  return NO_NAME.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** How a kind of line changed with a burst: "new: 24 times". */
export function changeOf({ change, count, before }: Burst['context'][number]): string {
  if (change === 'new') return `new: ${counted(count, 'time')}`;
  const usual = before === 0 ? 'hardly ever before' : `usually ${formatCount(before)} in as long a time`;
  return change === 'jump' ? `more than before: ${counted(count, 'time')}, ${usual}` : `fell silent: ${usual}`;
}

/** Ends a sentence with exactly one full stop. */
export function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed === '' || /[.!?…]\)?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Whether the cause itself is named, not only the place. */
export function causeIsNamed(verdict: Verdict): boolean {
  return verdict.cause !== 'unknown' && verdict.cause !== '';
}

/** Below this confidence the place is but the likeliest. */
const SETTLED_PLACE = 0.6;

/** The verdict in one sentence: whose, and why, as far as that is settled. */
export function headline(verdict: Verdict): string {
  const whose = AT_FAULT[verdict.place];
  if (verdict.place === 'none' || verdict.place === 'unknown') {
    return verdict.title === '' ? sentence(whose) : sentence(verdict.title);
  }
  if (verdict.placeConfidence < SETTLED_PLACE) {
    const first = `It is not settled who is at fault; most likely ${PLACE_NOUNS[verdict.place]}`;
    return causeIsNamed(verdict) ? sentence(`${first}: ${continued(verdict.title)}`) : sentence(first);
  }
  if (!causeIsNamed(verdict)) return `${whose}; the cause is not settled.`;
  const how = verdict.word === 'undecided' ? `${whose}, most likely this way` : whose;
  return sentence(`${how}: ${continued(verdict.title)}`);
}

/** How sure, in one sentence. */
export function howSure(verdict: Verdict): string {
  if (verdict.place === 'unknown') return 'Undecided: the logs at hand do not show it.';
  const share = formatShare(verdict.placeConfidence);
  // Single requests may have failed, and are told.
  if (verdict.place === 'none') return `Confidence: ${share} that nothing lasting is wrong.`;
  const place = `${share} for ${PLACE_NOUNS[verdict.place]}`;
  if (!causeIsNamed(verdict)) return `Confidence: ${place}.`;
  return `Confidence: ${verdict.word}; ${place}, ${formatShare(verdict.confidence)} for this cause.`;
}

/** "1,502 of 2,100 requests failed (72 %)", with what limits the count. */
export function failedOfTotal(burst: Burst): string {
  const { failed, total, estimated, lowerBound } = burst.requests;
  const about = lowerBound ? 'at least ' : estimated ? 'about ' : '';
  if (total === null) return `${about}${counted(failed, 'request')} failed (how many in all is not known)`;
  return `${about}${formatCount(failed)} of ${counted(total, 'request')} failed (${shareOf(failed, total) ?? 'share not known'})`;
}

/** "Hit: 212 visitors on 1 host and 14 paths. None of these requests reached the origin's web server." */
export function impactSentence({ impact, requests }: Burst): string {
  if (impact === undefined) return '';
  const { visitors, hosts, paths, neverReachedOrigin: never } = impact;
  const places = [
    ...(hosts > 0 ? [counted(hosts, 'host')] : []),
    ...(paths > 0 ? [counted(paths, 'kind of path', 'kinds of paths')] : []),
  ].join(' and ');
  const about = requests.estimated || requests.lowerBound ? 'at least ' : '';
  const whom =
    visitors === null
      ? places === ''
        ? ''
        : `${capital(about)}${places} hit.`
      : `${capital(about)}${counted(visitors, 'visitor')} hit${places === '' ? '' : ` on ${places}`}.`;
  const how =
    never === null || requests.failed === 0
      ? ''
      : never === 0
        ? 'All failing requests reached the origin’s web server.'
        : never >= requests.failed
          ? 'None of these requests reached the origin’s web server.'
          : `${formatCount(never)} of these requests never reached the origin’s web server.`;
  const off =
    impact.uncertaintySeconds <= SURE_SECONDS
      ? ''
      : `The burst’s times may be off by up to ${formatDuration(impact.uncertaintySeconds * 1000)}.`;
  return [whom, how, off].filter((part) => part !== '').join(' ');
}

/** Whole seconds and clocks that agree are sure enough to need no word. */
const SURE_SECONDS = 2;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Errors in no burst: how many, and what rows and lines say of them: "640 × The application … First in error.log:1."
 * Beside bursts only those that many visitors meet.
 */
export function backgroundWords(result: Result): readonly { readonly sentence: string; readonly kinds: string[] }[] {
  const told = result.background?.filter(({ lasting }) => lasting || result.bursts.length === 0);
  return (told ?? []).map((found) => ({
    sentence: capital(found.sentence),
    kinds: found.signals.map(({ text, count, lines: [first] }) => {
      const where = first === undefined ? '' : ` First in ${fileAndLine(result, first.source, first.line)}.`;
      return `${formatCount(count)} × ${sentence(text)}${where}`;
    }),
  }));
}

/** The faults beside the named one, each in a sentence. */
export function besideWords(result: Result, { beside = [] }: Judgement): string[] {
  return beside.map(({ title, count, lines: [first] }) => {
    const where = first === undefined ? '' : `, the first in ${fileAndLine(result, first.source, first.line)}`;
    return `${title}. ${counted(count, 'line')} about failed requests ${count === 1 ? 'says' : 'say'} so${where}.`;
  });
}

/** Why no burst is listed. */
export function noBurstWords(result: Result): string {
  if (result.background?.some(({ lasting }) => lasting))
    return 'No burst of failures stands out: single requests fail all along.';
  return result.excerpt
    ? 'These lines are too few to count failures by: what they say is told below.'
    : 'No burst of failures was found in these logs.';
}

/** "502 ×1,400, 504 ×102", most frequent first. */
export function statusList(burst: Burst): string {
  return statusesOf(burst)
    .map(([status, count]) => `${status} ×${formatCount(count)}`)
    .join(', ');
}

/** Statuses of a burst, most frequent first. */
export function statusesOf(burst: Burst): readonly (readonly [string, number])[] {
  return Object.entries(burst.statuses).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** "2026-03-04 13:52:04 – 14:06:47 UTC (14 min 43 s)", and whether the logs end within it. */
export function whenOf(burst: Burst): string {
  const ends =
    burst.cutStart && burst.cutEnd
      ? '; it was under way when the logs begin and when they end'
      : burst.cutStart
        ? '; it was under way when the logs begin'
        : burst.cutEnd
          ? '; it was under way when the logs end'
          : '';
  return `${formatSpan(burst.start, burst.end)} UTC (${formatDuration(msBetween(burst.start, burst.end))}${ends})`;
}

/** What the group of a burst is: who made the status, and the host, colo, server, upstream or path that it is bound to. */
export function groupParts(burst: Burst): readonly (readonly [string, string])[] {
  const { host, colo, server, upstream, path } = burst.group;
  const bound: readonly (readonly [string, string | undefined])[] = [
    ['host', host],
    ['colo', colo],
    ['server', server],
    ['upstream', upstream],
    ['path', path],
  ];
  return bound.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** `logs/error.log:118`; a source that the result does not list is named by its number. */
export function fileAndLine(result: Result, source: number, line: number): string {
  return `${result.sources[source]?.path ?? `source ${source}`}:${line}`;
}

/** Requests that failed in all bursts of gateway errors, and of how many where every burst knows it. */
export function failedInAll(result: Result): { readonly failed: number; readonly total: number | null } {
  let failed = 0;
  let total: number | null = 0;
  for (const { requests } of result.bursts) {
    failed += requests.failed;
    total = total === null || requests.total === null ? null : total + requests.total;
  }
  return { failed, total };
}

/** The burst of the top verdict, else the first. */
export function mainBurst(result: Result): Burst | undefined {
  return result.bursts.find((burst) => burst.id === result.verdict.burst) ?? result.bursts[0];
}

/** The bursts, first the one that the verdict speaks of. */
export function mainFirst(result: Result): readonly Burst[] {
  const main = mainBurst(result);
  return main ? [main, ...result.bursts.filter((burst) => burst !== main)] : [];
}

/** Which hop saw what first, as the result reads it out; else the hops with their times. */
export function firstByHopSentence(burst: Burst): string | null {
  const seen = [...burst.firstByHop].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  if (burst.firstSentence) return burst.firstSentence;
  if (seen.length === 0) return null;
  return `Seen first by: ${seen.map(({ hop, time }) => `${HOP_TITLES[hop]} ${clockMsOf(time)}`).join(', ')}.`;
}
