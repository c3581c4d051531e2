import type { Burst, Judgement, Result } from '../../result/schema.ts';
import { counted, dayAndClock, formatCount, formatDuration, formatShare, formatSpan } from '../figures.ts';
import { cut, visible, visibleLines } from '../visible.ts';
import { formatWeight, weightColumn } from '../weights.ts';
import {
  backgroundWords,
  besideWords,
  causeIsNamed,
  changeOf,
  failedInAll,
  failedOfTotal,
  fileAndLine,
  firstByHopSentence,
  groupParts,
  headline,
  howSure,
  impactSentence,
  MAKER_TITLES,
  mainFirst,
  maskedTitle,
  noBurstWords,
  PLACE_TITLES,
  sentence,
  statusList,
  whenOf,
} from '../words.ts';
import { block, cell, code, prose } from './escape.ts';

/** GitHub takes 65,536 characters in a comment; the rest is left for what a person writes around it. */
const MOST_CHARACTERS = 60_000;
/** Kept free for the closing section and the sentence about what was left out. */
const RESERVED = 9_000;
const MOST = { evidence: 8, lines: 2, steps: 5, listed: 6, sources: 30 } as const;

/** Up to `most` lines made of items, and how many more there were. */
function listed<T>(items: readonly T[], most: number, line: (item: T) => string): string[] {
  const lines = items.slice(0, most).map(line);
  if (items.length > most) lines.push(`- and ${formatCount(items.length - most)} more`);
  return lines;
}

/** A part of 1 in per cent; its `>` or `<` must not begin a quotation or a tag. */
function share(part: number): string {
  return prose(formatShare(part));
}

/** What is known of a burst; the heading of the main one says when it was. */
function facts(burst: Burst, isMain: boolean): string[] {
  const first = firstByHopSentence(burst);
  const timer = burst.durations.find(({ fingerprint }) => fingerprint !== null)?.fingerprint ?? null;
  const bound = groupParts(burst).map(([name, value]) => `${name} ${code(value, 200)}`);
  return [
    ...(isMain ? [] : [`- When: ${prose(whenOf(burst))}`]),
    `- Failed: ${prose(failedOfTotal(burst))}${statusList(burst) === '' ? '' : `; ${prose(statusList(burst))}`}`,
    `- Status: ${[MAKER_TITLES[burst.group.madeBy], ...bound].join('; ')}`,
    ...(burst.sentence === '' ? [] : [`- Scope: ${prose(sentence(burst.sentence))}`]),
    ...(impactSentence(burst) === '' ? [] : [`- Impact: ${prose(impactSentence(burst))}`]),
    ...(first === null ? [] : [`- ${prose(first)}`]),
    ...(timer === null
      ? []
      : [`- Timer: the failures end at ${formatDuration(timer.atMs)}, ${prose(sentence(timer.timer))}`]),
    ...(burst.trigger === null
      ? []
      : [
          `- Just before: ${code(burst.trigger.text)} (${dayAndClock(burst.trigger.time)} UTC). This dates a change; it is no cause by itself.`,
        ]),
  ];
}

function fix(burst: Judgement): string[] {
  const steps = burst.fix.steps.slice(0, MOST.steps).flatMap((step, index) => [
    `${index + 1}. ${prose(step.text)}${step.risk === '' ? '' : ` Risk: ${prose(step.risk)}`}${
      step.computedFrom === undefined || step.computedFrom === '' ? '' : ` Computed from: ${prose(step.computedFrom)}`
    }`,
    ...[step.command, step.config].flatMap((text) =>
      text === undefined || text === ''
        ? []
        : [
            block(
              visibleLines(text)
                .slice(0, 20)
                .map((line) => cut(line, 300)),
              '   ',
            ),
          ],
    ),
  ]);
  if (burst.fix.steps.length > MOST.steps)
    steps.push('', `And ${counted(burst.fix.steps.length - MOST.steps, 'more step')} in the full report.`);
  return [
    ...(steps.length === 0 ? [] : ['', '**Fix**', '', ...steps]),
    ...(burst.fix.avoid.length === 0
      ? []
      : ['', '**Do not**', '', ...listed(burst.fix.avoid, MOST.listed, (text) => `- ${prose(text)}`)]),
  ];
}

function evidence(burst: Judgement): string[] {
  const { prior, items, rest, sum } = weightColumn(burst);
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST.evidence);
  const hidden = items.slice(MOST.evidence);
  const left = hidden.reduce((total, item) => total + item.weight, 0);
  return [
    '',
    '**Evidence** (10 points = odds ten times as good)',
    '',
    '| points | what was seen | times | first (UTC) |',
    '| ---: | --- | ---: | --- |',
    `| ${formatWeight(prior)} | before any evidence | | |`,
    ...shown.map(
      ({ evidence: item, weight }) =>
        `| ${formatWeight(weight)} | ${item.direction === 'against' ? 'Against: ' : ''}${cell(item.text)} | ${formatCount(item.count)} | ${item.first === null ? '' : dayAndClock(item.first)} |`,
    ),
    ...(hidden.length === 0 ? [] : [`| ${formatWeight(left)} | and ${formatCount(hidden.length)} more | | |`]),
    ...(rest === 0 ? [] : [`| ${formatWeight(rest)} | rounding and calibration | | |`]),
    `| ${formatWeight(sum)} | = ${share(burst.verdict.confidence)} ${causeIsNamed(burst.verdict) ? 'for this cause' : 'for the likeliest cause'} | | |`,
  ];
}

function proof(result: Result, burst: Judgement): string[] {
  const lines = burst.evidence
    .slice(0, MOST.evidence)
    .flatMap((item) => item.lines.slice(0, MOST.lines))
    .filter(
      ({ source, line }, i, all) => all.findIndex((other) => other.source === source && other.line === line) === i,
    )
    .flatMap(({ source, line, text }) => ['', code(fileAndLine(result, source, line)), '', block([visible(text)])]);
  return lines.length === 0 ? [] : ['', '**Proof**', ...lines];
}

function context({ context: changed }: Burst): string[] {
  if (changed.length === 0) return [];
  const lines = listed(changed, changed.length, (item) => `- ${code(item.template, 200)} ${prose(changeOf(item))}`);
  return ['', '**What changed in the logs with it**', '', ...lines];
}

function doubts(result: Result, burst: Judgement): string[] {
  const others = burst.alternatives.filter((other) => other.probability >= 0.01);
  const beside = besideWords(result, burst);
  return [
    ...(beside.length === 0 ? [] : ['', '**At the same time**', '', ...beside.map((text) => `- ${prose(text)}`)]),
    ...(burst.chain.length < 2 ? [] : ['', `**Chain**: ${burst.chain.map((link) => prose(link.title)).join(' → ')}`]),
    ...(others.length === 0
      ? []
      : [
          '',
          '**Also weighed**',
          '',
          ...listed(
            others,
            MOST.listed,
            (other) =>
              `- ${share(other.probability)} ${prose(other.title)} (${PLACE_TITLES[other.place]})${other.why === '' ? '' : `: ${prose(other.why)}`}`,
          ),
        ]),
    ...(burst.missing.length === 0
      ? []
      : [
          '',
          '**What would raise the confidence**',
          '',
          ...listed(
            burst.missing,
            MOST.listed,
            (item) =>
              `- ${prose(item.what)}: ${prose(item.why)}${item.command === null ? '' : ` ${code(item.command, 500)}`}${item.until === null ? '' : ` (kept until ${prose(item.until)})`}`,
          ),
        ]),
    ...(burst.setAside.length === 0
      ? []
      : [
          '',
          '**Set aside**',
          '',
          ...listed(
            burst.setAside,
            MOST.listed,
            (item) => `- ${formatCount(item.count)} × ${code(item.signal)}: ${prose(item.why)}`,
          ),
        ]),
  ];
}

/** What to do and why, in parts, the most wanted first. */
function judgementParts(result: Result, judgement: Judgement): readonly string[] {
  return [fix(judgement), evidence(judgement), proof(result, judgement), doubts(result, judgement)].map((lines) =>
    lines.join('\n'),
  );
}

/** A burst in parts, the most wanted first: where room is short the last ones are left out. */
function burstParts(result: Result, burst: Burst): readonly string[] {
  // Of the burst that the verdict speaks of all this stands above it.
  const verdict = [
    '',
    prose(howSure(burst.verdict)),
    ...(burst.verdict.summary === '' ? [] : ['', prose(sentence(burst.verdict.summary))]),
  ];
  const isMain = burst.id === result.verdict.burst;
  const top = [
    `### ${prose(burst.id, 40)}: ${isMain ? prose(whenOf(burst)) : prose(headline(burst.verdict), 400)}`,
    ...(isMain ? [] : verdict),
    '',
    ...facts(burst, isMain),
  ];
  return [top.join('\n'), ...judgementParts(result, burst), context(burst).join('\n')];
}

/** The parts that fit into `room` characters, or null where not even the first does. */
function fitted(parts: readonly string[], room: number): string | null {
  const note = '\n\nThe rest of this burst is left out for length: see the full report.';
  const kept: string[] = [];
  let used = note.length;
  for (const part of parts) {
    if (used + part.length + 1 > room) return kept.length === 0 ? null : kept.join('\n') + note;
    if (part === '') continue;
    kept.push(part);
    used += part.length + 1;
  }
  return kept.join('\n');
}

function head(result: Result): string {
  const { verdict, window } = result;
  const { failed, total } = failedInAll(result);
  return [
    `## ${prose(headline(verdict))}`,
    '',
    prose(howSure(verdict)),
    ...(verdict.summary === '' ? [] : ['', prose(sentence(verdict.summary))]),
    '',
    ...(window.start === null || window.end === null
      ? []
      : [`- Logs from ${formatSpan(window.start, window.end)} UTC`]),
    result.bursts.length === 0
      ? `- ${noBurstWords(result)}`
      : `- ${counted(result.bursts.length, 'burst')}, ${formatCount(failed)}${total === null ? '' : ` of ${formatCount(total)}`} requests failed`,
    ...listed(
      verdict.alsoSeen,
      MOST.listed,
      (other) => `- Also seen, ${prose(other.burst)}: ${prose(other.title)} (${PLACE_TITLES[other.place]})`,
    ),
  ].join('\n');
}

/** Errors in no burst, and what rows and lines say of them. */
function background(result: Result): string {
  const found = backgroundWords(result).flatMap(({ sentence: says, kinds }) => [
    '',
    prose(says),
    '',
    ...kinds.map((kind) => `- ${prose(kind, 500)}`),
  ]);
  return found.length === 0 ? '' : ['### Errors in no burst', ...found].join('\n');
}

function foot(result: Result): string {
  const masked = Object.entries(result.redaction.masked).filter(([, count]) => count > 0);
  return [
    '### What was read',
    '',
    '| file | format | lines | not understood | covers (UTC) |',
    '| --- | --- | ---: | ---: | --- |',
    ...result.sources
      .slice(0, MOST.sources)
      .map(
        (source) =>
          `| ${code(source.path, 120, true)} | ${cell(source.format)} | ${formatCount(source.lines)} | ${formatCount(source.notUnderstood.count)} | ${source.first === null || source.last === null ? '' : formatSpan(source.first, source.last)} |`,
      ),
    ...(result.sources.length > MOST.sources
      ? ['', `And ${formatCount(result.sources.length - MOST.sources)} more files.`]
      : []),
    ...(result.skipped.length === 0
      ? []
      : [
          '',
          'Skipped:',
          '',
          ...listed(result.skipped, MOST.listed, (item) => `- ${code(item.path, 120)}: ${prose(item.reason, 200)}`),
        ]),
    ...(result.warnings.length === 0
      ? []
      : ['', 'Warnings:', '', ...listed(result.warnings, MOST.listed, (text) => `- ${prose(text, 300)}`)]),
    '',
    result.redaction.enabled
      ? `Masked: ${masked.length === 0 ? 'nothing had to be' : masked.map(([kind, count]) => `${prose(maskedTitle(kind), 60)} (${formatCount(count)})`).join(', ')}.`
      : 'Nothing was masked: redaction was switched off.',
    '',
    `Made by ${prose(result.tool.name, 60)} ${prose(result.tool.version, 60)} without network access.`,
  ].join('\n');
}

/**
 * The result as Markdown for a ticket (GitHub, GitLab): verdict first, at most 60,000 characters; bursts that find no room
 * are counted. Log text cannot become a link, a mention, a reference or HTML. Ends with a line end.
 */
export function renderMarkdown(result: Result): string {
  const sections = [head(result), background(result)].filter((section) => section !== '');
  let room = MOST_CHARACTERS - RESERVED - sections.join('').length;
  let told = 0;
  if (result.excerpt !== undefined) {
    const section = fitted(judgementParts(result, result.excerpt), room - 2);
    if (section !== null) sections.push(section.trim());
  }
  for (const burst of mainFirst(result)) {
    const section = fitted(burstParts(result, burst), room - 2);
    if (section === null) break;
    sections.push(section);
    room -= section.length + 2;
    told += 1;
  }
  const left = result.bursts.length - told;
  if (left > 0) {
    sections.push(`And ${counted(left, 'more burst', 'more bursts')}, left out for length: see the full report.`);
  }
  return `${[...sections, wholeLines(foot(result), RESERVED - 500)].join('\n\n')}\n`;
}

/** Whole lines of a text up to a number of characters. */
function wholeLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.lastIndexOf('\n', limit - 60);
  return `${text.slice(0, Math.max(0, end))}\n\nAnd more, left out for length: see the full report.`;
}
