import type { Facts } from '../correlate/facts.ts';
import type { FailureKind, Hop, Place } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { CauseId } from './ids.ts';

/**
 * How much a signal says about a cause, in words; in decibans (10 = the odds times ten): decisive 28, strong 16, medium 9,
 * weak 4. `decisive` names the cause alone; `strong` needs no contradiction; `weak` supports.
 */
export type Weight = 'decisive' | 'strong' | 'medium' | 'weak';

/** What a program is on a request's way (roles of formats/host/units.ts). */
type ServiceRole = 'proxy' | 'fpm' | 'app' | 'db' | 'cache' | 'tunnel';

/** One fact that speaks for or against a cause. */
export interface EvidenceRule {
  readonly signal: SignalId;
  readonly weight: Weight;
  /** True where the signal speaks against the cause. */
  readonly against?: true;
  /** Counts only where the line speaks of such a service; for lines of systemd and the kernel. */
  readonly role?: ServiceRole | readonly ServiceRole[];
  /** Why, in one clause that a report prints after the signal's own sentence. */
  readonly why: string;
}

/** A text, or one that quotes this incident's own numbers; where it is empty it does not apply and is left out. */
export type Text = string | ((facts: Facts) => string);

export interface FixStep {
  readonly text: Text;
  readonly command?: Text;
  readonly config?: Text;
  /** Which numbers of this incident the step was computed from; empty text = none were there. */
  readonly computedFrom?: Text;
  /** What can go wrong with this step. */
  readonly risk: Text;
}

/** What would settle the cause where it is not settled. */
export interface MissingEvidence {
  readonly what: string;
  readonly why: string;
  /** Command that fetches it, or null. */
  readonly command: Text | null;
  /** Not missing where one of these signals is there or a log of this hop covers the burst. */
  readonly unless: { readonly signals?: readonly SignalId[]; readonly hop?: Hop };
}

/** An entry of the catalogue: texts, and how facts speak for or against it. Pure data and pure functions of the facts. */
export interface Cause {
  readonly id: CauseId;
  readonly title: string;
  /** Usual place. */
  readonly place: Place;
  /** Place in this incident, where the facts move it; two where they leave open which it is. */
  readonly placeWhen?: (facts: Facts) => Place | readonly [likelier: Place, other: Place];
  readonly hop: Hop;
  /** Umbrella causes that give way to this one when its own line is there. */
  readonly broader: readonly CauseId[];
  /** Other names of the same cause. */
  readonly aliases: readonly string[];
  /** Kinds of burst that it can explain; its own lines about most of the failures make it explain 500s, too (diagnose.ts). */
  readonly explains: readonly FailureKind[];
  /** The statuses that it answers with, where no others can come of it. */
  readonly statuses?: readonly number[];
  /** How often it is met before any evidence. */
  readonly frequency: 'common' | 'usual' | 'rare';
  readonly evidence: readonly EvidenceRule[];
  /** What happened: one to three sentences in plain words, with this incident's numbers where there are any. */
  readonly summary: Text;
  readonly missing: readonly MissingEvidence[];
  /** Steps in the order in which a senior engineer would take them. */
  readonly fix: readonly FixStep[];
  /** The wrong fix for this cause, and why it is wrong. */
  readonly avoid: readonly Text[];
  /** How to see that it is over. */
  readonly verify: readonly Text[];
  readonly prevent: readonly Text[];
  readonly difficulty: 'easy' | 'moderate' | 'hard';
  /** Where the rules and texts come from. */
  readonly sources: readonly string[];
}

/** A text with this incident's numbers filled in. */
export function textOf(text: Text, facts: Facts): string {
  return typeof text === 'string' ? text : text(facts);
}

/** A step of the fix as it is shown: what does not apply is left out. */
export interface Step {
  readonly text: string;
  readonly command?: string;
  readonly config?: string;
  readonly computedFrom?: string;
  readonly risk: string;
}

/** What to do about a cause, as it is shown. */
export interface Advice {
  readonly steps: readonly Step[];
  readonly avoid: readonly string[];
  readonly verify: readonly string[];
  readonly prevent: readonly string[];
  readonly difficulty: Cause['difficulty'];
}

/** What to do about a cause, with this incident's names and numbers filled in. */
export function adviceFor(cause: Cause, facts: Facts): Advice {
  const filled = (texts: readonly Text[]): string[] =>
    texts.map((text) => textOf(text, facts)).filter((text) => text !== '');
  return {
    steps: cause.fix.map((step) => stepOf(step, facts)).filter(({ text }) => text !== ''),
    avoid: filled(cause.avoid),
    verify: filled(cause.verify),
    prevent: filled(cause.prevent),
    difficulty: cause.difficulty,
  };
}

function stepOf(step: FixStep, facts: Facts): Step {
  const part = (text: Text | undefined): string => (text === undefined ? '' : textOf(text, facts));
  const command = part(step.command);
  const config = part(step.config);
  const computedFrom = part(step.computedFrom);
  return {
    text: part(step.text),
    ...(command === '' ? {} : { command }),
    ...(config === '' ? {} : { config }),
    ...(computedFrom === '' ? {} : { computedFrom }),
    risk: part(step.risk),
  };
}
