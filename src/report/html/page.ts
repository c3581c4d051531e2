import { createHash } from 'node:crypto';
import type { Result } from '../../result/schema.ts';
import { counted } from '../figures.ts';
import { headline } from '../words.ts';
import { aboutSection, limitsSection } from './about.ts';
import { burstCard, excerptCard } from './burst-card.ts';
import { backgroundSection, burstsTable } from './bursts-table.ts';
import { clocksSection } from './clocks.ts';
import { coverageSection } from './coverage.ts';
import { pageHead } from './head.ts';
import { originTimesSection } from './heat.ts';
import { type Content, html, type Markup } from './markup.ts';
import { otherRequestsSection } from './requests.ts';
import { sourcesSection } from './sources.ts';
import { STYLE } from './style.ts';
import { timelineSection, wholeChart } from './timeline.ts';
import { numbersSection, pathSection, verdictSection } from './verdict.ts';

/** Nothing may load or run but this very style sheet and pictures within the page. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** Letters that the cards of all bursts may take together: a page stays well under 1 MB. */
const ROOM_FOR_CARDS = 600_000;

/**
 * The cards for which there is room, those of the bursts with most failed requests before others, in order of time. The burst
 * of the verdict has one in any case.
 */
export function cardsThatFit(result: Result, room = ROOM_FOR_CARDS): readonly { id: string; card: Markup }[] {
  const main = result.verdict.burst;
  const heaviest = [...result.bursts].sort(
    (a, b) => Number(b.id === main) - Number(a.id === main) || b.requests.failed - a.requests.failed,
  );
  const cards = new Map<string, Markup>();
  let taken = 0;
  for (const burst of heaviest) {
    const card = burstCard(result, burst);
    taken += card.source.length;
    if (taken > room && cards.size > 0) break;
    cards.set(burst.id, card);
  }
  return result.bursts.flatMap(({ id }) => {
    const card = cards.get(id);
    return card ? [{ id, card }] : [];
  });
}

function cardsSection(result: Result, cards: readonly { card: Markup }[]): Content {
  const more = result.bursts.length - cards.length;
  return html`${cards.map(({ card }) => card)}
${more > 0 ? html`<p>and ${counted(more, 'more burst')}, with fewer failed requests: they stand in the table of bursts, and the JSON result has all that is known of them.</p>` : null}`;
}

/**
 * The result as one HTML file: no script, no request, light and dark, phone and paper. Anchors: `#B1` a burst, `#B1-e3` a
 * piece of its evidence, `#R1` a request. Ends with a line end.
 */
export function renderHtml(result: Result): string {
  const chart = wholeChart(result);
  const cards = cardsThatFit(result);
  const page = html`<!doctype html>
<html lang="en">
${pageHead(POLICY, headline(result.verdict), STYLE)}
<body>
${verdictSection(result)}
<main>
${pathSection(result)}
${numbersSection(result)}
${burstsTable(result, new Set(cards.map(({ id }) => id)))}
${backgroundSection(result)}
${timelineSection(result)}
${cardsSection(result, cards)}
${result.excerpt === undefined ? null : excerptCard(result, result.excerpt)}
${otherRequestsSection(result)}
${originTimesSection(result, chart)}
${coverageSection(result, chart)}
${limitsSection(result)}
${clocksSection(result)}
${sourcesSection(result)}
</main>
${aboutSection(result)}
</body>
</html>
`;
  return page.source;
}
