import { createHash } from 'node:crypto';
import type { Result } from '../../result/schema.ts';
import { headline } from '../words.ts';
import { aboutSection, limitsSection } from './about.ts';
import { burstCard, excerptCard } from './burst-card.ts';
import { burstsTable } from './bursts-table.ts';
import { eventsSection } from './events.ts';
import { html, trusted } from './markup.ts';
import { requestsSection } from './requests.ts';
import { sourcesSection } from './sources.ts';
import { STYLE } from './style.ts';
import { timelineSection } from './timeline.ts';
import { numbersSection, pathSection, verdictSection } from './verdict.ts';

/** Nothing may load or run but this very style sheet and pictures within the page. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;

/**
 * The result as one HTML file: no script, no request, light and dark, phone and paper. Anchors: `#B1` a burst, `#B1-e3` a
 * piece of its evidence, `#R1` a request. Ends with a line end.
 */
export function renderHtml(result: Result): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${headline(result.verdict)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${verdictSection(result)}
<main>
${pathSection(result)}
${numbersSection(result)}
${burstsTable(result)}
${timelineSection(result)}
${result.bursts.map((burst) => burstCard(result, burst))}
${result.excerpt === undefined ? null : excerptCard(result, result.excerpt)}
${requestsSection(result)}
${eventsSection(result)}
${limitsSection(result)}
${sourcesSection(result)}
</main>
${aboutSection(result)}
</body>
</html>
`;
  return page.source;
}
