import type { Burst, Judgement, Result } from '../result/schema.ts';
import { pad, width, wrap, wrapAtMost, wrapCommand } from './columns.ts';
import { counted, formatCount, formatSpan } from './figures.ts';
import { type Paint, paint } from './paint.ts';
import { visible, visibleLines } from './visible.ts';
import {
  backgroundWords,
  besideWords,
  causeIsNamed,
  failedOfTotal,
  fileAndLine,
  groupParts,
  headline,
  howSure,
  MAKER_TITLES,
  mainBurst,
  mainFirst,
  PLACE_TITLES,
  sentence,
  statusList,
  whenOf,
} from './words.ts';

export interface TerminalOptions {
  /** Width of the screen; at least 40 are used. */
  readonly columns: number;
  readonly color: boolean;
}

/** Bursts told in full; the others get one line each, and beyond that a count. */
const FULL_BURSTS = 2;
const SHORT_BURSTS = 5;
const LABEL_COLUMNS = 8;
const MOST_BACKGROUND = 2;
const ASIDE_LINES = 3;
const COMMAND_LINES = 6;

/** Lines of one screen, with the way they are wrapped. */
class Screen {
  readonly lines: string[] = [];
  readonly columns: number;

  constructor(columns: number) {
    this.columns = Math.max(40, columns);
  }

  /** A paragraph at an indent; `style` is applied per line, after wrapping, so that codes do not count as columns. */
  text(text: string, style: (line: string) => string = (line) => line, indent = 0, most = 12): void {
    for (const line of wrapAtMost(visible(text), this.columns - indent, most))
      this.lines.push(' '.repeat(indent) + style(line));
  }

  /** A paragraph with a label in front, the following lines hanging under the first. */
  labelled(label: string, text: string, style: (line: string) => string, most = 3): void {
    const indent = LABEL_COLUMNS + 2;
    wrapAtMost(visible(text), this.columns - indent, most).forEach((line, index) => {
      this.lines.push(`  ${style(pad(index === 0 ? label : '', LABEL_COLUMNS))}${line}`);
    });
  }

  /** A command that can be copied as it stands: whole, or not at all. */
  command(text: string): void {
    const commands = visibleLines(text).filter((line) => line !== '');
    const indent = LABEL_COLUMNS + 2;
    const lines = commands.flatMap((line) => wrapCommand(line, this.columns - indent));
    if (lines.length <= COMMAND_LINES && lines.every((line) => width(line) <= this.columns - indent))
      for (const line of lines) this.lines.push(' '.repeat(indent) + line);
    else this.labelled('', 'The command for it is in the report (-o report.html).', (line) => line);
  }

  gap(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
  }
}

/** So much of a line is seen in two lines of the screen; two that are alike in it but for their numbers show the same. */
const SEEN_CHARACTERS = 120;

/** The strongest proof of a verdict: one line each of the evidence that weighs most, and none that looks like another. */
export function proofLines(burst: Judgement, most: number): readonly { source: number; line: number; text: string }[] {
  const strongest = [...burst.evidence]
    .filter((evidence) => evidence.direction === 'for')
    .sort((a, b) => b.weight - a.weight);
  const first = strongest.flatMap((evidence) => evidence.lines.slice(0, 1));
  const more = strongest.flatMap((evidence) => evidence.lines.slice(1));
  const seen = new Set<string>();
  return [...first, ...more]
    .filter(({ source, text }) => {
      const key = `${source} ${text.slice(0, SEEN_CHARACTERS).replace(/\d+/g, '0')}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .slice(0, most);
}

function burstHead(screen: Screen, burst: Burst, styles: Paint): void {
  const place = PLACE_TITLES[burst.verdict.place];
  const head = wrap(visible(`${burst.id}  ${place}  ${whenOf(burst)}`), screen.columns);
  head.forEach((line, index) => {
    if (index > 0) screen.lines.push(styles.bold(line));
    else {
      const at = line.indexOf(place);
      screen.lines.push(
        at < 0
          ? styles.bold(line)
          : styles.bold(line.slice(0, at)) +
              styles.place(burst.verdict.place, place) +
              styles.bold(line.slice(at + place.length)),
      );
    }
  });
}

function burstInFull(screen: Screen, result: Result, burst: Burst, styles: Paint, proofs: number): void {
  burstHead(screen, burst, styles);
  const statuses = statusList(burst);
  screen.labelled('failed', `${failedOfTotal(burst)}${statuses === '' ? '' : `; ${statuses}`}`, styles.dim);
  const bound = groupParts(burst)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  screen.labelled(
    'scope',
    sentence(burst.sentence === '' ? bound || MAKER_TITLES[burst.group.madeBy] : burst.sentence),
    styles.dim,
  );
  if (burst.id !== result.verdict.burst) {
    screen.labelled('verdict', headline(burst.verdict), styles.dim);
    screen.labelled('', howSure(burst.verdict), styles.dim);
  }
  judged(screen, result, burst, styles, proofs);
}

/** Proof, other causes where none is named, and what to do and not to do. */
function judged(screen: Screen, result: Result, burst: Judgement, styles: Paint, proofs: number): void {
  for (const { source, line, text } of proofLines(burst, proofs)) {
    screen.labelled('proof', fileAndLine(result, source, line), styles.dim, 2);
    screen.text(text, styles.dim, LABEL_COLUMNS + 2, 2);
  }
  if (!causeIsNamed(burst.verdict)) {
    for (const other of burst.alternatives.slice(0, 3)) {
      screen.labelled(
        'maybe',
        `${Math.round(other.probability * 100)} % ${other.title} (${PLACE_TITLES[other.place]})`,
        styles.dim,
        2,
      );
    }
  }
  besideWords(result, burst).forEach((text, index) => {
    screen.labelled(index === 0 ? 'beside' : '', text, styles.dim);
  });
  const [step] = burst.fix.steps;
  if (step) {
    screen.labelled('fix', step.text, styles.bold, 4);
    screen.command(step.command ?? '');
  }
  const [wrong] = burst.fix.avoid;
  if (wrong !== undefined) screen.labelled('avoid', wrong, styles.bold, 3);
}

function burstInShort(screen: Screen, burst: Burst): void {
  const { verdict } = burst;
  const short = `${burst.id}  ${PLACE_TITLES[verdict.place]}  ${formatSpan(burst.start, burst.end)}  ${formatCount(burst.requests.failed)} failed  ${verdict.title}`;
  screen.text(short, undefined, 0, 1);
}

/** What was left out, not understood or doubtful, in a few lines. */
function asides(screen: Screen, result: Result, styles: Paint): void {
  const list = (label: string, items: readonly string[]): void => {
    items.slice(0, ASIDE_LINES).forEach((item, index) => {
      screen.labelled(index === 0 ? label : '', item, styles.dim, 2);
    });
    const left = items.length - ASIDE_LINES;
    if (left > 0) screen.labelled('', `and ${formatCount(left)} more`, styles.dim);
  };
  list('warning', result.warnings);
  list(
    'unread',
    result.sources
      .filter(
        ({ path, notUnderstood }) => notUnderstood.count > 0 && !result.skipped.some((skip) => skip.path === path),
      )
      .map(
        (source) =>
          `${source.path}: ${counted(source.notUnderstood.count, 'line')} of ${formatCount(source.lines)} not understood`,
      ),
  );
  list(
    'skipped',
    result.skipped.map(({ path, reason }) => `${path}: ${reason}`),
  );
  list(
    'limit',
    result.caps.map(({ what, limit, seen }) => `${what}: ${formatCount(seen)} seen, ${formatCount(limit)} kept`),
  );
}

/** The next command worth typing. */
function nextCommand(result: Result): string {
  const judgement = mainBurst(result) ?? result.excerpt;
  const missing = judgement?.missing[0];
  if (judgement && missing && judgement.verdict.confidence < 0.8) {
    return missing.command === null
      ? `To settle it: ${sentence(missing.what)}`
      : `To settle it: ${sentence(missing.what)} Run: ${missing.command}`;
  }
  if (result.sources.length === 0) return 'Next: whose502 formats shows which logs it reads.';
  return 'Next: the same command with -o report.html gives the whole report in one file.';
}

/**
 * The result on one screen: verdict, bursts with proof and first fix, what was not read, and the next useful command.
 * No line is wider than `columns`; log text cannot move the cursor. Ends with a line end.
 */
export function renderTerminal(result: Result, options: TerminalOptions): string {
  const styles = paint(options.color);
  const screen = new Screen(options.columns);
  screen.text(headline(result.verdict), (line) => styles.place(result.verdict.place, line));
  screen.text(howSure(result.verdict));
  if (result.verdict.summary !== '') screen.text(sentence(result.verdict.summary), undefined, 0, 7);

  if (result.excerpt) {
    screen.gap();
    judged(screen, result, result.excerpt, styles, 3);
  }
  const ordered = mainFirst(result);
  for (const burst of ordered.slice(0, FULL_BURSTS)) {
    screen.gap();
    burstInFull(screen, result, burst, styles, ordered.length > 1 ? 2 : 3);
  }
  const rest = ordered.slice(FULL_BURSTS);
  if (rest.length > 0) screen.gap();
  for (const burst of rest.slice(0, SHORT_BURSTS)) burstInShort(screen, burst);
  if (rest.length > SHORT_BURSTS)
    screen.text(`and ${counted(rest.length - SHORT_BURSTS, 'more burst', 'more bursts')}`);

  screen.gap();
  for (const { sentence: says, kinds } of backgroundWords(result).slice(0, MOST_BACKGROUND)) {
    // Without a burst the summary has told how many they are.
    const told = result.bursts.length === 0 ? kinds : [`Beside the bursts: ${says}`, ...kinds];
    told.forEach((text, index) => {
      screen.labelled(index === 0 ? 'single' : '', text, styles.dim);
    });
  }
  asides(screen, result, styles);
  const lines = result.sources.reduce((sum, source) => sum + source.lines, 0);
  const { start, end } = result.window;
  screen.labelled(
    'read',
    `${counted(result.sources.length, 'file')}, ${counted(lines, 'line')}${start && end ? `, ${formatSpan(start, end)} UTC` : ''}`,
    styles.dim,
  );
  screen.gap();
  screen.text(nextCommand(result));
  return `${screen.lines.map((line) => (width(line) === 0 ? '' : line)).join('\n')}\n`;
}
