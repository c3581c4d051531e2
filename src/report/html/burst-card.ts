import type { Burst, Judgement, Result } from '../../result/schema.ts';
import { clockMsOf, formatCount, formatShare } from '../figures.ts';
import {
  besideWords,
  changeOf,
  failedOfTotal,
  fileAndLine,
  groupParts,
  HOP_TITLES,
  headline,
  howSure,
  MAKER_TITLES,
  sentence,
  statusList,
  whenOf,
} from '../words.ts';
import { evidenceTable, firstByHop, proofLines } from './evidence.ts';
import { type Content, html, type Markup } from './markup.ts';
import { originZone, spanThere } from './origin-zone.ts';
import { bullets, codeLines, placeMark } from './parts.ts';
import { laddersOf } from './requests.ts';
import { durationsSection, scopeSection } from './scope.ts';
import { zoomFigure } from './timeline.ts';

const DIFFICULTY = { easy: 'easy', moderate: 'moderate', hard: 'hard' } as const;

function fixSection(burst: Judgement): Content {
  const { steps, avoid, verify, prevent, difficulty } = burst.fix;
  const todo =
    steps.length === 0
      ? null
      : html`<section class="do"><h3>Fix first</h3><ol>${steps.map(
          (step) =>
            html`<li>${step.text}${codeLines(step.command)}${codeLines(step.config)}${step.computedFrom === undefined || step.computedFrom === '' ? null : html`<p class="soft">Computed from: ${step.computedFrom}</p>`}${step.risk === '' ? null : html`<p class="soft">Risk: ${step.risk}</p>`}</li>`,
        )}</ol><p class="soft">Difficulty: ${DIFFICULTY[difficulty]}</p></section>`;
  const leave =
    avoid.length === 0 ? null : html`<section class="not"><h3>What not to do</h3>${bullets(avoid)}</section>`;
  const after =
    verify.length + prevent.length === 0
      ? null
      : html`<details><summary>How to check it worked, and how to prevent it</summary>${verify.length === 0 ? null : html`<h4>Check</h4>${bullets(verify)}`}${prevent.length === 0 ? null : html`<h4>Prevent</h4>${bullets(prevent)}`}</details>`;
  if (todo === null || leave === null) return html`<div class="fix">${todo}${leave}${after}</div>`;
  return html`<div class="fix two">${todo}<div>${leave}${after}</div></div>`;
}

function chainSection(burst: Judgement): Content {
  if (burst.chain.length < 2) return null;
  return html`<h3>How one led to the other</h3><ol>${burst.chain.map(
    (link) =>
      html`<li>${placeMark(link.place)} ${link.title}${link.since === null ? null : html` <span class="soft">since ${clockMsOf(link.since)}</span>`}${link.evidence.map(
        (id) =>
          burst.evidence.some((item) => item.id === id) ? html` <a class="soft" href="#${id}">${id}</a>` : ` ${id}`,
      )}</li>`,
  )}</ol>`;
}

function besideSection(result: Result, burst: Judgement): Content {
  const words = besideWords(result, burst);
  return words.length === 0
    ? null
    : html`<h3>At the same time</h3><p class="soft">These lines are about failed requests as well, and the named cause does not explain them.</p>${bullets(words)}`;
}

/** What would raise the confidence, what was set aside, and which other causes were weighed. */
function doubts(burst: Judgement): Content {
  const { alternatives, missing, setAside } = burst;
  return html`${
    missing.length === 0
      ? null
      : html`<section class="box"><h3>What would raise the confidence</h3><ul>${missing.map(
          (item) =>
            html`<li>${item.what}${item.why === '' ? null : html`: ${item.why}`}${item.until === null ? null : html` <span class="soft">Kept until ${item.until}.</span>`}${codeLines(item.command)}</li>`,
        )}</ul></section>`
  }
${
  setAside.length === 0
    ? null
    : html`<h3>Set aside</h3><p class="soft">Seen in this time and not held against anybody.</p>${bullets(setAside.map(({ signal, count, why }) => html`${formatCount(count)} × <code>${signal}</code>: ${why}`))}`
}
${
  alternatives.length === 0
    ? null
    : html`<h3>Other causes weighed</h3><table class="stack"><thead><tr><th scope="col" class="n">Chance</th><th scope="col">Whose</th><th scope="col">Cause</th><th scope="col">Why not more</th></tr></thead><tbody>${alternatives.map(
        (other) =>
          html`<tr><td class="n" data-label="Chance">${formatShare(other.probability)}</td><td data-label="Whose">${placeMark(other.place)}</td><td data-label="Cause">${other.title}</td><td data-label="Why not more">${other.why}</td></tr>`,
      )}</tbody></table>`
}`;
}

function contextSection(result: Result, burst: Burst): Content {
  if (burst.context.length === 0) return null;
  return html`<details><summary>What changed in the logs with it (${burst.context.length})</summary><ul>${burst.context.map(
    (item) =>
      html`<li><code>${item.template}</code> ${changeOf(item)} <span class="file">${fileAndLine(result, item.source, item.line)}</span></li>`,
  )}</ul></details>`;
}

function handoffSection(burst: Burst): Content {
  const texts = [
    ['the hosting company', burst.handoff.hosting],
    ['Cloudflare support', burst.handoff.cloudflare],
    ['the developers', burst.handoff.application],
  ] as const;
  const filled = texts.filter(([, { text }]) => text !== '');
  if (filled.length === 0) return null;
  return html`<h3>Texts to hand on</h3>${filled.map(
    ([who, { text, missing }]) =>
      html`<details><summary>For ${who}</summary>${codeLines(text)}${missing.length === 0 ? null : html`<p class="soft">Still missing:</p>${bullets(missing)}`}</details>`,
  )}`;
}

/** All that is known of one burst, in the order in which it is asked for: what to do, why, who was hit, and the doubts. */
export function burstCard(result: Result, burst: Burst): Markup {
  const { verdict, trigger } = burst;
  const bound = groupParts(burst);
  const zone = originZone(result);
  return html`<article class="burst" id="${burst.id}" aria-label="Burst ${burst.id}">
<h2>${burst.id} · ${headline(verdict)}</h2>
<p class="meta">${placeMark(verdict.place)} · ${whenOf(burst)}${zone === null ? null : `, ${spanThere(burst.start, burst.end, zone)}`} · ${failedOfTotal(burst)}${statusList(burst) === '' ? null : `: ${statusList(burst)}`}</p>
<p class="meta">${howSure(verdict)} Status ${MAKER_TITLES[burst.group.madeBy]}${bound.map(([name, value]) => html`; ${name} <code>${value}</code>`)}; counted at the ${HOP_TITLES[burst.countedAt.hop]} log; peak ${formatCount(burst.peakPerMinute)} per minute.</p>
${verdict.summary === '' ? null : html`<p class="prose">${sentence(verdict.summary)}</p>`}
${trigger === null ? null : html`<p class="prose"><strong>Just before</strong> (${clockMsOf(trigger.time)}): ${sentence(trigger.text)} <span class="soft">This dates a change; it is no cause by itself.</span> <span class="file">${fileAndLine(result, trigger.source, trigger.line)}</span></p>`}
${fixSection(burst)}
${chainSection(burst)}
${besideSection(result, burst)}
${evidenceTable(result, burst)}
${proofLines(result, burst)}
${firstByHop(result, burst)}
${zoomFigure(result, burst)}
${scopeSection(burst)}
${durationsSection(burst)}
${laddersOf(result, burst)}
${doubts(burst)}
${contextSection(result, burst)}
${handoffSection(burst)}
</article>`;
}

/** What lines without a burst tell, as in a pasted excerpt: fix first, then evidence and doubts. */
export function excerptCard(result: Result, excerpt: Judgement): Markup {
  return html`<article class="burst" aria-label="What the lines tell">
<h2>What to do, and why</h2>
${fixSection(excerpt)}
${chainSection(excerpt)}
${besideSection(result, excerpt)}
${evidenceTable(result, excerpt)}
${proofLines(result, excerpt)}
${doubts(excerpt)}
</article>`;
}
