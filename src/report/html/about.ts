import type { Result } from '../../result/schema.ts';
import { formatCount } from '../figures.ts';
import { maskedTitle } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { bullets } from './parts.ts';

/** Warnings and caps: what limits this report. */
export function limitsSection(result: Result): Content {
  const { warnings, caps } = result;
  if (warnings.length + caps.length === 0) return null;
  return html`<section aria-labelledby="limits"><h2 id="limits">What limits this report</h2>
${bullets([...warnings, ...caps.map(({ what, limit, seen }) => `${what}: ${formatCount(seen)} seen, ${formatCount(limit)} kept`)])}</section>`;
}

/** What was masked, and which program with which options made the page. */
export function aboutSection(result: Result): Markup {
  const { redaction, tool } = result;
  const masked = Object.entries(redaction.masked)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const options = Object.entries(result.options).sort(([a], [b]) => (a < b ? -1 : 1));
  return html`<footer>
<section aria-labelledby="masked"><h2 id="masked">What was masked</h2>
${
  !redaction.enabled
    ? html`<p><strong>Nothing: redaction was switched off.</strong> This page may hold addresses of visitors and secrets.</p>`
    : masked.length === 0
      ? html`<p>Nothing had to be.</p>`
      : bullets(
          masked.map(
            ([kind, count]) => `${maskedTitle(kind)}: in ${formatCount(count)} ${count === 1 ? 'place' : 'places'}`,
          ),
        )
}</section>
<section aria-labelledby="about"><h2 id="about">How this page was made</h2>
<p class="soft">${tool.name} ${tool.version}, rules ${tool.ruleset}. Made without network access; this page loads nothing and runs no script. All times are UTC on the edge’s clock.</p>
${options.length === 0 ? null : html`<details><summary>Options</summary><ul>${options.map(([name, value]) => html`<li><code>${name}</code>: <code>${JSON.stringify(value) ?? ''}</code></li>`)}</ul></details>`}
</section></footer>`;
}
