import type { Result } from '../result/schema.ts';
import { HOPS } from '../vocabulary/hops.ts';
import { pad, wrapAtMost } from './columns.ts';
import { clockMsOf, dayOf, formatDuration, msBetween } from './figures.ts';
import { paint } from './paint.ts';
import type { TerminalOptions } from './terminal.ts';
import { visible } from './visible.ts';
import { fileAndLine, HOP_TITLES, headline } from './words.ts';

export type JoinedRequest = Result['requests'][number];

const JOINED: Readonly<Record<JoinedRequest['joinedBy'], string>> = {
  ray: 'joined by Ray ID',
  request: 'joined by method, path and time',
  time: 'joined by time alone',
};

/** How the steps of a request were found to belong together. */
export function joinedHow(request: JoinedRequest): string {
  return JOINED[request.joinedBy];
}

/** The steps of a request from the visitor inwards; steps at one hop in order of time. */
export function stepsInwards(request: JoinedRequest): readonly JoinedRequest['steps'][number][] {
  return [...request.steps].sort(
    (a, b) => HOPS.indexOf(a.hop) - HOPS.indexOf(b.hop) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
  );
}

function ladderOf(result: Result, request: JoinedRequest, columns: number, color: boolean): string[] {
  const styles = paint(color);
  const lines: string[] = [];
  const add = (text: string, style = (line: string): string => line, lead = '', most = 4): void => {
    for (const line of wrapAtMost(visible(text), columns - lead.length, most)) lines.push(lead + style(line));
  };
  const [first] = request.steps;
  add(`${request.method} ${request.path}`, styles.bold, '', 2);
  add(
    [
      request.ray === undefined ? null : `Ray ID ${request.ray}`,
      joinedHow(request),
      first ? `${dayOf(first.at)}, times UTC` : null,
    ]
      .filter((part) => part !== null)
      .join(', '),
  );
  const steps = stepsInwards(request);
  const titleColumns = Math.max(...HOPS.map((hop) => HOP_TITLES[hop].length)) + 2;
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    if (before && HOPS.indexOf(step.hop) - HOPS.indexOf(before.hop) > 1) lines.push('  ┊');
    const took =
      step.startedAt === undefined ? '' : `  took ${formatDuration(Math.max(0, msBetween(step.startedAt, step.at)))}`;
    const status = step.status === undefined ? '   ' : step.status === 0 ? 'no answer' : String(step.status);
    const head = `${pad(HOP_TITLES[step.hop], titleColumns)}${clockMsOf(step.at)}  ${status}${took}`;
    add(head, styles.bold, '● ', 2);
    const rail = index === steps.length - 1 ? '    ' : '│   ';
    add(step.text, undefined, rail, 3);
    add(fileAndLine(result, step.source, step.line), styles.dim, rail, 2);
  });
  if (steps.length === 0) add('No log at hand shows a step of this request.');
  const burst = result.bursts.find(({ id }) => id === request.burst);
  if (burst) add(`Part of burst ${burst.id}. ${headline(burst.verdict)}`);
  else add('It belongs to no burst.');
  return lines;
}

/**
 * One or several requests of a result as ladders in text: each step at its hop, from the visitor inwards, with time,
 * status, duration and file:line. `which` are indexes into `result.requests`; others are passed over. Ends with a line end.
 */
export function renderLadder(result: Result, which: number | readonly number[], options: TerminalOptions): string {
  const columns = Math.max(40, options.columns);
  const indexes = typeof which === 'number' ? [which] : which;
  const ladders = indexes.flatMap((index) => {
    const request = result.requests[index];
    return request ? [ladderOf(result, request, columns, options.color).join('\n')] : [];
  });
  return ladders.length === 0 ? 'No request of the logs matches.\n' : `${ladders.join('\n\n')}\n`;
}

/** Indexes of the requests with a Ray ID, given with or without its colo (`8f…-FRA`), in any case. */
export function requestsWithRay(result: Result, ray: string): readonly number[] {
  const wanted = ray.trim().toLowerCase().split('-')[0];
  return result.requests.flatMap((request, index) => (request.ray?.toLowerCase() === wanted ? [index] : []));
}

/** Indexes of the requests with a step within `withinMs` of a moment, nearest first. */
export function requestsAt(result: Result, atMs: number, withinMs: number): readonly number[] {
  return result.requests
    .map((request, index) => ({
      index,
      away: Math.min(...request.steps.map((step) => Math.abs(Date.parse(step.at) - atMs)), Number.POSITIVE_INFINITY),
    }))
    .filter(({ away }) => away <= withinMs)
    .sort((a, b) => a.away - b.away || a.index - b.index)
    .map(({ index }) => index);
}
