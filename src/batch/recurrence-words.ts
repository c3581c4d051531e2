import { formatCount } from '../report/figures.ts';
import type { Common, Recurrence } from './summary.ts';

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
  const [first] = occurrences;
  const times = occurrences.length;
  const nth = TIMES[times] ?? `${formatCount(times)} times`;
  const head = `${nth}${TIMES[times] === undefined ? '' : ' time'} since ${monthOf(first?.start ?? '')}`;
  const always = common.filter(({ incidents }) => incidents === times).map(named);
  const sometimes = common.filter(({ incidents }) => incidents < times);
  const shared = [
    ...(always.length > 0 ? [`same ${always.join(', same ')} each time`] : []),
    ...sometimes.map((value) => `${named(value)} ${value.incidents} times`),
  ];
  return `${[`${head}, ${apart(gapsDays)}`, ...shared].join('; ')}.`;
}

function named({ kind, value }: Common): string {
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
