import type { Burst, Result } from '../../../src/result/schema.ts';
import { type Calibration, calibrate } from './calibration.ts';
import type { CauseNames } from './catalogue.ts';
import { type Answer, type CauseMark, markAnswer } from './marks.ts';
import { spanOf } from './score.ts';
import type { AnswerKey, Incident, Labelled } from './truth.ts';
import type { Variant, VariantKind } from './variants.ts';

/**
 * One verdict held against what happened. What counts as right, for the folder as it is: the labels. Of a folder from which
 * something was taken away:
 * - place: the labels. `unknown` claims nothing and is counted apart; so is `none` for pasted lines whose fault was taken away,
 *   for it is what harmless lines alone have to give.
 * - cause: the labels, and every umbrella of a labelled cause, for what tells the narrow one may be what was taken. `unknown` is
 *   counted apart.
 * A decoy takes nothing away: the labels hold as they are. A burst of a host that a decoy brought is not judged.
 */
export interface Judgement {
  readonly folder: string;
  readonly kind: VariantKind;
  readonly what: string;
  readonly truth: AnswerKey | null;
  readonly said: Answer;
  /** Null: the verdict claims no place. */
  readonly placeRight: boolean | null;
  /** Null: the verdict names no cause. */
  readonly causeRight: boolean | null;
  readonly mark: CauseMark;
}

/** Judgements of one analysis, and how many true bursts no verdict speaks of. */
export interface Judged {
  readonly judgements: readonly Judgement[];
  readonly missed: number;
}

const NOTHING: AnswerKey = { place: 'none', cause: 'noise', places: ['none'], causes: ['noise'], causeKnowable: true };
const TAKEN: ReadonlySet<VariantKind> = new Set(['without a source', 'a source alone', 'without lines']);
/** Bursts whose ends are this far apart are of one event. */
const SLACK_MS = 3000;

/** Holds all verdicts of a result against a folder's labels. */
export function judge(labelled: Labelled, variant: Variant, result: Result, names: CauseNames): Judged {
  const about = { folder: labelled.id, kind: variant.kind, what: variant.what };
  const judged = (said: Answer, truth: AnswerKey | null): Judgement => ({
    ...about,
    truth,
    said,
    ...marks(said, truth ?? NOTHING, truth !== null && labelled.kind === 'case', variant.kind, names),
  });
  if (labelled.kind === 'case') return { judgements: [judged(result.verdict, labelled.key)], missed: 0 };
  const bursts = result.bursts.filter((burst) => !isOf(burst, variant.strangeHost));
  const judgements: Judgement[] = [];
  const spokenOf = new Set<number>();
  for (const burst of bursts) {
    const index = truthOf(labelled, variant.kind, burst);
    if (index !== null) spokenOf.add(index);
    judgements.push(judged(burst.verdict, index === null ? null : (labelled.bursts[index]?.key ?? null)));
  }
  if (result.bursts.length > 0)
    return { judgements, missed: labelled.bursts.filter((_, index) => !spokenOf.has(index)).length };
  // One verdict on everything: of several faults it may name any.
  const keys = labelled.bursts.map(({ key }) => key);
  const key = keys.find(({ places }) => places.includes(result.verdict.place)) ?? keys[0] ?? null;
  return { judgements: [judged(result.verdict, key)], missed: 0 };
}

function marks(
  said: Answer,
  truth: AnswerKey,
  isPasted: boolean,
  kind: VariantKind,
  names: CauseNames,
): Pick<Judgement, 'placeRight' | 'causeRight' | 'mark'> {
  const { placeRight, cause: mark, bothNamed } = markAnswer(said, truth, names);
  const nothingLeft = isPasted && kind === 'without lines' && said.place === 'none';
  if (said.place === 'unknown' || (nothingLeft && !placeRight))
    return { placeRight: null, causeRight: null, mark: 'undecided' };
  if (said.cause === 'unknown') return { placeRight, causeRight: null, mark };
  const broad = TAKEN.has(kind) && mark === 'vague';
  return { placeRight, causeRight: placeRight && (bothNamed || broad), mark };
}

function isOf(burst: Burst, host: string | undefined): boolean {
  if (host === undefined) return false;
  const { hosts, servers } = burst.scope;
  return [burst.group.host, burst.group.server, hosts.values[0]?.value, servers.values[0]?.value].includes(host);
}

/**
 * The true burst that a burst speaks of: the one that shares most time with it; null where none shares any. Of two faults at
 * once an inner log sees only its own: a burst speaks of the one in whose place it is put, where that shares half of its time.
 * A log that is left alone cannot tell its zone, nor how wrong its clock is: of changed folders the origin's own clock counts, too.
 */
function truthOf({ bursts, originClock }: Incident, kind: VariantKind, burst: Burst): number | null {
  const { startMs, endMs } = spanOf(burst);
  for (const shiftMs of TAKEN.has(kind) ? shiftsOf(originClock) : [0]) {
    const shared = bursts.map(
      (truth) => Math.min(truth.endMs, endMs - shiftMs) - Math.max(truth.startMs, startMs - shiftMs) + SLACK_MS,
    );
    const most = Math.max(...shared);
    if (!(most > 0)) continue;
    const own = bursts.findIndex(
      ({ key }, index) => key.places.includes(burst.verdict.place) && (shared[index] ?? 0) >= most / 2,
    );
    return own >= 0 ? own : shared.indexOf(most);
  }
  return null;
}

const HOUR_MS = 3_600_000;

/** What the origin's clock may show beside the edge's: its zone on either side of a change of summer time, and its error. */
function shiftsOf({ offsetMs, skewMs }: Incident['originClock']): readonly number[] {
  return [0, offsetMs, offsetMs + HOUR_MS, offsetMs - HOUR_MS].flatMap((zoneMs) => [zoneMs, zoneMs + skewMs]);
}

/** Verdicts on folders under other names that are not those on the folder as it is: what they rest on is a name. */
export function moved(judgements: readonly Judgement[]): readonly Judgement[] {
  const told = ({ said }: Judgement): string => `${said.place} ${said.cause}`;
  const plain = new Map<string, Set<string>>();
  for (const one of judgements)
    if (one.kind === 'as it is') plain.set(one.folder, (plain.get(one.folder) ?? new Set()).add(told(one)));
  return judgements.filter((one) => one.kind === 'varied' && !plain.get(one.folder)?.has(told(one)));
}

/** How far stated confidences can be trusted. */
export interface Trust {
  readonly calibration: Calibration;
  readonly right: number;
  readonly wrong: number;
  /** Verdicts that claim nothing. */
  readonly apart: number;
  readonly meanRight: number | null;
  readonly meanWrong: number | null;
}

export function placeTrust(judgements: readonly Judgement[]): Trust {
  return trustOf(judgements.map(({ said, placeRight }) => [said.placeConfidence, placeRight] as const));
}

export function causeTrust(judgements: readonly Judgement[]): Trust {
  return trustOf(judgements.map(({ said, causeRight }) => [said.confidence, causeRight] as const));
}

function trustOf(stated: readonly (readonly [number, boolean | null])[]): Trust {
  const forecasts = stated.flatMap(([probability, right]) => (right === null ? [] : [{ probability, right }]));
  const meanOf = (wanted: boolean): number | null => {
    const values = forecasts.filter(({ right }) => right === wanted).map(({ probability }) => probability);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const right = forecasts.filter((forecast) => forecast.right).length;
  return {
    calibration: calibrate(forecasts),
    right,
    wrong: forecasts.length - right,
    apart: stated.length - forecasts.length,
    meanRight: meanOf(true),
    meanWrong: meanOf(false),
  };
}

/** Above this confidence a wrong place sends people to the wrong door. */
export const MISLEADING = 0.6;

/** Verdicts that name another place with more confidence than they may. */
export function misleading(judgements: readonly Judgement[]): readonly Judgement[] {
  return judgements.filter(({ placeRight, said }) => placeRight === false && said.placeConfidence > MISLEADING);
}
