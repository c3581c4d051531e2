import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Result } from '../../../src/result/schema.ts';
import { PLACES, type Place } from '../../../src/vocabulary/hops.ts';
import type { CauseNames } from '../accuracy/catalogue.ts';

/** What `labels.json` says of a log. */
export interface Label {
  readonly place?: string;
  readonly cause?: string;
  readonly also_acceptable?: readonly string[];
  readonly error_lines_expected?: boolean;
  readonly edge_records?: string | null;
}

/**
 * - `right`: place and cause as labelled, or those of a cause that is accepted as well;
 * - `vague`: the right place, and an umbrella of a right cause;
 * - `open`: the analysis leaves open which it is, or the log has no line about the fault;
 * - `wrong`: another place or cause.
 */
export type LabelMark = 'right' | 'vague' | 'open' | 'wrong';

/** The labels of the folder of a file or of one above it, by path from there. */
export function labelsFor(
  path: string,
): { readonly folder: string; readonly labels: Readonly<Record<string, Label>> } | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'labels.json');
    if (existsSync(file)) return { folder, labels: JSON.parse(readFileSync(file, 'utf8')) };
    if (dirname(folder) === folder) return null;
  }
}

/** The causes that a label allows, by the catalogue's names. */
export function allowedCauses({ cause, also_acceptable: others = [] }: Label, names: CauseNames): readonly string[] {
  return [...(cause === undefined ? [] : [cause]), ...others].flatMap(names.meanings);
}

/** What of a result is held against a label. */
export type Judged = Pick<Result, 'verdict' | 'bursts' | 'excerpt'>;

/** Marks what the analysis of a log by itself says against its label. */
export function markLabel(result: Judged, label: Label, names: CauseNames): LabelMark {
  const { verdict } = result;
  const causes = allowedCauses(label, names);
  const isCause = (id: string): boolean => causes.includes(id);
  const isUmbrella = (id: string): boolean => causes.some((cause) => names.isBroader(id, cause));
  const places = allowedPlaces(label, names);
  if (label.place === 'none' && verdict.place === 'none') return 'right';
  if (places.includes(verdict.place)) {
    if (isCause(verdict.cause)) return 'right';
    if (isUmbrella(verdict.cause)) return 'vague';
  }
  return whyOpen(result, label, names) === null ? 'wrong' : 'open';
}

/** Why an answer that is not the labelled one is no wrong one: what it leaves open, or what the log cannot tell; null where it is wrong. */
export function whyOpen({ verdict, bursts, excerpt }: Judged, label: Label, names: CauseNames): string | null {
  if (label.error_lines_expected === false) return 'the log has no line about the fault';
  const others = (bursts.find(({ id }) => id === verdict.burst) ?? excerpt)?.alternatives ?? [];
  const causes = allowedCauses(label, names);
  const places = allowedPlaces(label, names);
  const fits = ({ place, cause }: { readonly place: string; readonly cause: string }): boolean =>
    places.some((known) => known === place) && causes.some((known) => known === cause || names.isBroader(cause, known));
  if (verdict.cause === 'unknown')
    return `no cause is named; the labelled one ${others.some(fits) ? 'stands' : 'does not stand'} among the alternatives`;
  const isElsewhere = others.some((other) => other.cause === verdict.cause && fits(other));
  return isElsewhere ? 'the same cause in the labelled place is the alternative' : null;
}

/** The labelled place (the usual one of the cause where it is no place of ours), and those of causes accepted as well. */
function allowedPlaces(
  { place, cause = '', also_acceptable: others = [] }: Label,
  names: CauseNames,
): readonly Place[] {
  const own = PLACES.filter((known) => known === place);
  const usual = (of: string): readonly Place[] => PLACES.filter((known) => names.usualPlaces(of).includes(known));
  return [...(own.length > 0 ? own : usual(cause)), ...others.flatMap(usual)];
}
