import { formatCount } from '../report/figures.ts';
import type { Cluster, Common, Recurrence } from './summary.ts';
import type { Trace } from './traces.ts';

const TIMES = ['', 'First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth', 'Ninth', 'Tenth'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const TRACE_TITLES: Readonly<Record<Common['kind'], string>> = {
  upstream: 'upstream',
  path: 'path',
  server: 'server',
  colo: 'data centre',
  host: 'host',
  pool: 'pool',
  plugin: 'plugin',
};

/** What a value is, for people. */
export function traceTitle(kind: Common['kind']): string {
  return TRACE_TITLES[kind];
}

/** "Fourth time since March 2025, the last two 13 days apart; same pool www each time." */
export function recurrenceSentence({ occurrences, gapsDays, common }: Recurrence): string {
  const always = common.filter(({ incidents }) => incidents === occurrences.length).map(named);
  const shared = always.length > 0 ? `; same ${always.join(', same ')} each time` : '';
  return `${howOften(occurrences, gapsDays)}${shared}.`;
}

/** "Third time since March 2025, every 13 days: same pool www." of some of them. */
export function clusterSentence({ shared, occurrences, gapsDays }: Cluster): string {
  return `${howOften(occurrences, gapsDays)}: same ${shared.map(named).join(', same ')}`;
}

function howOften(occurrences: Cluster['occurrences'], gapsDays: readonly number[]): string {
  const times = occurrences.length;
  const nth = TIMES[times];
  const head = nth === undefined ? `${formatCount(times)} times` : `${nth} time`;
  return `${head} since ${monthOf(occurrences[0]?.start ?? '')}, ${apart(gapsDays)}`;
}

function named({ kind, value }: Trace): string {
  return `${TRACE_TITLES[kind]} ${value}`;
}

/** How far apart the occurrences are. */
function apart(gaps: readonly number[]): string {
  const days = gaps.map((gap) => Math.round(gap));
  const [least, most, last] = [Math.min(...days), Math.max(...days), days.at(-1) ?? 0];
  if (days.length > 1 && most <= least * 1.2 && least > 0)
    return least === most ? `every ${daysOf(least)}` : `every ${least} to ${daysOf(most)}`;
  return `${days.length > 1 ? 'the last two ' : ''}${last === 0 ? 'within a day of each other' : `${daysOf(last)} apart`}`;
}

function daysOf(days: number): string {
  return days === 1 ? '1 day' : `${formatCount(days)} days`;
}

/** "March 2025" of an ISO time. */
export function monthOf(time: string): string {
  return `${MONTHS[Number(time.slice(5, 7)) - 1] ?? ''} ${time.slice(0, 4)}`.trim();
}
