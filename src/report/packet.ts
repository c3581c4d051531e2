import type { Burst, Result } from '../result/schema.ts';
import type { Hop } from '../vocabulary/hops.ts';
import { dayAndClock, formatCount, formatDuration, formatSpan, msBetween } from './figures.ts';
import { code, prose } from './markdown/escape.ts';
import { cut, visible } from './visible.ts';
import {
  failedOfTotal,
  fileAndLine,
  HOP_TITLES,
  headline,
  MAKER_TITLES,
  mainBurst,
  sentence,
  statusList,
} from './words.ts';

/** Who gets a packet. */
type Addressee = keyof Burst['handoff'];

const TITLES: Readonly<Record<Addressee, string>> = {
  hosting: 'For the hosting provider',
  cloudflare: 'For Cloudflare Support',
  application: 'For the team of the application',
};

/** Hops whose lines and events are of use to each of them. */
const OWN_HOPS: Readonly<Record<Addressee, readonly Hop[]>> = {
  hosting: ['tunnel', 'proxy', 'host', 'app'],
  cloudflare: ['client', 'edge', 'tunnel'],
  application: ['app', 'dependency', 'proxy'],
};

const MOST_CHARACTERS = 60_000;
const MOST = { values: 5, events: 6, lines: 4, bursts: 5 } as const;
/** Events this long before a burst may have to do with it. */
const BEFORE_MS = 120_000;

/**
 * A text to send on, for one addressee: what happened when, what they need to find it in their own systems, what is asked of
 * them, and what is still missing. Reads as plain text and as Markdown; log text can become neither markup nor link. At most
 * 60,000 characters; ends with a line end.
 */
export function renderPacket(result: Result, addressee: Addressee): string {
  const burst = mainBurst(result);
  const lines = burst ? packet(result, burst, addressee) : withoutBurst(result, addressee);
  const text = lines.join('\n');
  return `${text.length < MOST_CHARACTERS ? text : cut(text, MOST_CHARACTERS - 1)}\n`;
}

/** Lines that were pasted, or logs in which nothing stands out: the finding, without times. */
function withoutBurst(result: Result, addressee: Addressee): string[] {
  const { verdict, excerpt } = result;
  const lines = (excerpt?.evidence ?? [])
    .filter(({ direction }) => direction === 'for')
    .flatMap((item) => item.lines.slice(0, 1))
    .slice(0, MOST.lines);
  return [
    TITLES[addressee],
    '',
    prose(headline(verdict)),
    ...(verdict.summary === '' ? [] : [prose(sentence(verdict.summary))]),
    '',
    'No burst of failed requests stands out in the logs at hand, so there are no times to look at.',
    ...section(
      'Log lines',
      lines.map(({ source, line, text }) => quoted(result, source, line, text)),
    ),
    ...section('Still missing', settling(excerpt?.missing ?? [])),
  ];
}

/** A line of a log as it is, with its file; indented, so that Markdown takes it for code. */
function quoted(result: Result, source: number, line: number, text: string): string {
  return `    ${cut(visible(`${fileAndLine(result, source, line)}: ${text}`), 400)}`;
}

/** What would settle the cause, with the command that gets it. */
function settling(missing: Burst['missing']): string[] {
  return missing
    .slice(0, MOST.lines)
    .map(({ what, command }) => `- ${prose(what)}${command === null ? '' : `\n    ${cut(visible(command), 500)}`}`);
}

function packet(result: Result, burst: Burst, addressee: Addressee): string[] {
  const others = result.bursts.filter((other) => other !== burst);
  return [
    TITLES[addressee],
    '',
    ...handoffLines(burst.handoff[addressee].text),
    '',
    `In figures: ${prose(failedOfTotal(burst))}; ${prose(statusList(burst))}; ${MAKER_TITLES[burst.group.madeBy]}; ${formatDuration(msBetween(burst.start, burst.end))} long`,
    ...DETAILS[addressee](result, burst),
    ...(addressee === 'cloudflare' ? [] : section('More lines', linesOf(result, burst, addressee))),
    ...section('Starts, stops and changes around it', eventsOf(result, burst, addressee)),
    ...section(
      'Clocks: the times above are UTC, those within log lines are of the machine',
      clocksOf(result, addressee),
    ),
    ...section(
      'Other failures in the same logs',
      others
        .slice(0, MOST.bursts)
        .map((other) => `- ${formatSpan(other.start, other.end)} UTC: ${prose(headline(other.verdict))}`),
    ),
    ...section('Still missing', missingOf(result, burst, addressee)),
    '',
    result.redaction.enabled
      ? 'Addresses of visitors, queries and secrets are masked; the originals are with the sender.'
      : 'Nothing is masked in this text.',
  ];
}

/** The text of the result: lines of logs stand indented, as they are. */
function handoffLines(text: string): string[] {
  let inLines = false;
  return text.split('\n').map((line) => {
    if (line === 'Log lines:') inLines = true;
    else if (/^(?:Please |For your information|No ticket |First steps:)/.test(line)) inLines = false;
    else if (inLines) return `    ${cut(visible(line), 400)}`;
    const [, step, rest = ''] = /^(\d\. )(.*)$/.exec(line) ?? [];
    return step === undefined ? prose(line) : step + prose(rest);
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

const DETAILS: Readonly<Record<Addressee, (result: Result, burst: Burst) => string[]>> = {
  hosting: (result, burst) => [
    ...listed('Servers', serversOf(result)),
    ...listed('Backends', values(burst.scope.upstreams)),
    ...listed('Sites', values(burst.scope.hosts)),
  ],
  cloudflare: (result, burst) => [
    ...listed('Zone or host', values(burst.scope.hosts)),
    ...section('URLs', urlsOf(burst)),
    ...listed('Data centres', values(burst.scope.colos, true)),
    ...section('Requests (time in UTC, Ray ID)', requestsOf(result, burst)),
  ],
  application: (_, burst) => [
    ...listed('Pages', values(burst.scope.paths)),
    ...listed('Methods', values(burst.scope.methods)),
    ...listed('Backends', values(burst.scope.upstreams)),
    ...(burst.fix.avoid[0] === undefined ? [] : [`Please do not: ${prose(burst.fix.avoid[0])}`]),
  ],
};

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}: ${items.join(', ')}`];
}

/** The values that were hit most; `spared`: also those that were not, where the contrast tells something. */
function values({ values: every, other }: Burst['scope']['hosts'], spared = false): string[] {
  const hit = every.filter(({ failed }) => spared || failed > 0);
  const all = hit.length === 0 ? every : hit;
  const shown = all
    .slice(0, MOST.values)
    .map(({ value, failed, total }) =>
      total === null
        ? prose(value, 200)
        : `${prose(value, 200)} (${formatCount(failed)} of ${formatCount(total)} failed)`,
    );
  return all.length > MOST.values || other.failed > 0 ? [...shown, 'and others'] : shown;
}

/** Whole addresses where the host is certain. */
function urlsOf(burst: Burst): string[] {
  const [host, second] = burst.scope.hosts.values;
  const name = burst.group.host ?? (second === undefined ? host?.value : undefined);
  const paths = burst.scope.paths.values.slice(0, MOST.values);
  return paths
    .filter(({ failed }) => failed > 0)
    .map(({ value, failed, total }) => {
      const count =
        total === null ? `${formatCount(failed)} failed` : `${formatCount(failed)} of ${formatCount(total)} failed`;
      return `    ${cut(visible(name === undefined ? value : `https://${name}${value}`), 300)}  (${count})`;
    });
}

function serversOf(result: Result): string[] {
  return [...new Set(result.sources.flatMap(({ server }) => (server === null ? [] : [server])))]
    .slice(0, MOST.values)
    .map((server) => prose(server, 100));
}

function requestsOf(result: Result, burst: Burst): string[] {
  return result.requests
    .filter((request) => request.burst === burst.id)
    .slice(0, MOST.values)
    .flatMap(({ ray, method, path, steps }) => {
      const [first] = steps;
      if (!first) return [];
      const status = steps.find(({ status: known }) => known !== undefined)?.status;
      const parts = [first.at, ray ?? 'no Ray ID', `${method} ${path}`, status === undefined ? '' : String(status)];
      return [`    ${cut(visible(parts.filter((part) => part !== '').join('  ')), 300)}`];
    });
}

/** Proof lines of the hops that the addressee looks after, where the text has none of them. */
function linesOf(result: Result, burst: Burst, addressee: Addressee): string[] {
  const told = burst.handoff[addressee].text;
  return burst.evidence
    .filter(({ direction }) => direction === 'for')
    .flatMap(({ lines }) => lines.slice(0, 1))
    .filter(({ source, text }) => {
      const hop = result.sources[source]?.hop;
      return hop !== undefined && OWN_HOPS[addressee].includes(hop) && !told.includes(text);
    })
    .slice(0, MOST.lines)
    .map(({ source, line, text }) => quoted(result, source, line, text));
}

function eventsOf(result: Result, burst: Burst, addressee: Addressee): string[] {
  const [from, start, to] = [
    Date.parse(burst.start) - BEFORE_MS,
    Date.parse(burst.firstRequest),
    Date.parse(burst.end),
  ];
  return result.events
    .filter(({ hop, time }) => OWN_HOPS[addressee].includes(hop) && Date.parse(time) >= from && Date.parse(time) <= to)
    .map((event) => ({ ...event, away: Math.abs(Date.parse(event.time) - start) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST.events)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map(({ time, hop, text }) => `- ${dayAndClock(time)} UTC, ${HOP_TITLES[hop]}: ${code(text, 160)}`);
}

/** How the clocks of the addressee's own logs differ from UTC, so that they find the lines. */
function clocksOf(result: Result, addressee: Addressee): string[] {
  if (addressee === 'cloudflare') return [];
  return result.sources
    .flatMap(({ hop, path, clock }) => {
      if (clock === null || !OWN_HOPS[addressee].includes(hop)) return [];
      const { zoneOffsetMinutes: minutes, skewSeconds } = clock;
      const parts = [
        minutes === 0 ? '' : `UTC${minutes < 0 ? '−' : '+'}${hoursAndMinutes(Math.abs(minutes))}`,
        skewSeconds === 0 ? '' : `${formatCount(Math.abs(skewSeconds))} s ${skewSeconds > 0 ? 'ahead' : 'behind'}`,
      ].filter((part) => part !== '');
      return parts.length === 0 ? [] : [`- ${prose(path, 200)}: ${parts.join(', ')}`];
    })
    .slice(0, MOST.values);
}

function hoursAndMinutes(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** What the addressee will ask for and the logs did not have. */
function missingOf(result: Result, burst: Burst, addressee: Addressee): string[] {
  const own = burst.handoff[addressee].missing.map((what) => `- ${prose(what)}${HOW[what] ?? ''}`);
  const absent = ABSENT[addressee].filter(({ isAbsent }) => isAbsent(result, burst)).map(({ what }) => `- ${what}`);
  return [...new Set([...own, ...absent, ...(addressee === 'cloudflare' ? [] : settling(burst.missing))])];
}

/** How what Cloudflare asks for is got. */
const HOW: Readonly<Record<string, string>> = {
  'output of /cdn-cgi/trace from an affected visitor':
    ': they open the path /cdn-cgi/trace of the site and copy the text',
  'a redacted HAR of a failing page':
    ': save it in the browser (network tab, “save all as HAR”), then make it safe with whose502 redact page.har --out safe',
};

interface Absent {
  readonly what: string;
  readonly isAbsent: (result: Result, burst: Burst) => boolean;
}

const ABSENT: Readonly<Record<Addressee, readonly Absent[]>> = {
  hosting: [
    { what: 'the name of the server', isAbsent: (result) => serversOf(result).length === 0 },
    { what: 'the web server’s error log of these minutes', isAbsent: (result) => !has(result, 'proxy') },
    { what: 'the log of the kernel or the journal of these minutes', isAbsent: (result) => !has(result, 'host') },
  ],
  cloudflare: [
    { what: 'the zone (name of the site)', isAbsent: (_, burst) => burst.scope.hosts.values.length === 0 },
    { what: 'URLs that failed', isAbsent: (_, burst) => burst.scope.paths.values.length === 0 },
    {
      what: 'the data centres of Cloudflare that were hit',
      isAbsent: (_, burst) => burst.scope.colos.values.length === 0,
    },
  ],
  application: [
    { what: 'the application’s own log of the same minutes', isAbsent: (result) => !has(result, 'app') },
    { what: 'pages that failed', isAbsent: (_, burst) => burst.scope.paths.values.length === 0 },
  ],
};

function has(result: Result, hop: Hop): boolean {
  return result.sources.some((source) => source.hop === hop && source.records > 0);
}
