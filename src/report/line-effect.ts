import type { AskedLine, Evidence, Result, Verdict } from '../result/schema.ts';
import { isSignalId, SIGNALS } from '../vocabulary/signals.ts';

/** Stamps of most logs are whole seconds. */
const SLACK_MS = 1000;

/** How a line takes part in the judgement of a burst (or of an excerpt, which has no id). */
export interface LineEffect {
  readonly burst: string | null;
  readonly verdict: Verdict;
  /**
   * `counted`: it is one of the burst's failed requests; `evidence`: a row of the evidence stands on lines such as it;
   * `quoted`: a row that was concluded from several lines quotes it; `trigger`: it is what set the burst off; `set-aside`: it
   * is known to be harmless.
   */
  readonly role: 'counted' | 'evidence' | 'quoted' | 'trigger' | 'set-aside';
  /** The row of the evidence, where the role has one. */
  readonly evidence: Evidence | null;
}

/** What the asked line of a result did to its verdicts; empty where it moved none. */
export function lineEffects(result: Result): readonly LineEffect[] {
  const { line } = result;
  if (line === undefined) return [];
  return [
    ...result.bursts.flatMap((burst) => [
      ...(isCounted(line, burst) ? [effect(burst.id, burst.verdict, 'counted')] : []),
      ...(burst.trigger?.source === line.source && burst.trigger.line === line.entryLine
        ? [effect(burst.id, burst.verdict, 'trigger')]
        : []),
      ...judged(line, burst.id, burst, [burst.firstRequest, burst.end]),
    ]),
    ...(result.excerpt ? judged(line, null, result.excerpt, null) : []),
  ];
}

function effect(
  burst: string | null,
  verdict: Verdict,
  role: LineEffect['role'],
  evidence: Evidence | null = null,
): LineEffect {
  return { burst, verdict, role, evidence };
}

/** Rows that stand on the line, and whether its signal was set aside. */
function judged(
  line: AskedLine,
  burst: string | null,
  { verdict, evidence, setAside }: Pick<Result['bursts'][number], 'verdict' | 'evidence' | 'setAside'>,
  span: readonly [string, string] | null,
): LineEffect[] {
  const rows = evidence.flatMap((row) => {
    const own = line.records.some(({ signal, time }) => signal === row.signal && isWithin(time, [row.first, row.last]));
    const quoted = row.lines.some(({ source, line: at }) => source === line.source && at === line.entryLine);
    return own || quoted ? [effect(burst, verdict, own ? 'evidence' : 'quoted', row)] : [];
  });
  const aside = line.records.some(
    ({ signal, time }) => setAside.some((one) => one.signal === signal) && (span === null || isWithin(time, span)),
  );
  return aside ? [...rows, effect(burst, verdict, 'set-aside')] : rows;
}

function isCounted(line: AskedLine, burst: Result['bursts'][number]): boolean {
  if (!burst.countedAt.sources.includes(line.source)) return false;
  return line.records.some(
    ({ kind, time, fields, signal }) =>
      kind === 'request' &&
      (signal === null || !isSignalId(signal) || (SIGNALS[signal].madeBy ?? 'unknown') === burst.group.madeBy) &&
      isWithin(time, [burst.start, burst.end]) &&
      Object.hasOwn(burst.statuses, fields.find(({ name }) => name === 'status')?.value ?? ''),
  );
}

/** Whether a time lies in a span; where either is not known it may. */
function isWithin(time: string | null, [first, last]: readonly [string | null, string | null]): boolean {
  if (time === null || first === null || last === null) return true;
  const at = Date.parse(time);
  return at >= Date.parse(first) - SLACK_MS && at <= Date.parse(last) + SLACK_MS;
}
