import { createHash } from 'node:crypto';
import { counted, dayAndClock, dayOf, formatCount, formatDuration, formatShare } from '../report/figures.ts';
import { pageHead } from '../report/html/head.ts';
import { type Content, html, type Markup, trusted } from '../report/html/markup.ts';
import { bullets, placeMark } from '../report/html/parts.ts';
import { STYLE } from '../report/html/style.ts';
import type { ReportFormat } from '../report/render.ts';
import { PLACES } from '../vocabulary/hops.ts';
import { RULESET, TOOL_NAME, TOOL_VERSION } from '../vocabulary/tool.ts';
import { causesByMonth, monthsChart } from './index-chart.ts';
import { INDEX_SCRIPT } from './index-script.ts';
import { clusterSentence, monthOf, recurrenceSentence, traceTitle } from './recurrence-words.ts';
import { fileOf } from './store.ts';
import {
  type IndexedIncident,
  isFailure,
  type Occurrence,
  type Recurrence,
  type SharedPart,
  type Summary,
} from './summary.ts';

/** What this page has and a report has not. */
const INDEX_STYLE = `${STYLE}
.wide table{width:auto;min-width:100%}
.wide th,.wide td{padding:.3rem .5rem .3rem 0}
.wide thead .n{white-space:normal;vertical-align:bottom}
.wide th[scope=row]{min-width:13rem;font-weight:400}
table.incidents td{font-size:.875rem}
dl.numbers.four{grid-template-columns:repeat(4,1fr)}
dl.numbers .word{font-size:1.05rem;line-height:1.3}
table.incidents th[scope=row]{font-weight:650}
.again li{margin:.75rem 0}
.again li li{margin:.35rem 0}
figure svg{overflow:visible}
@media (min-width:60rem),print{td.one{white-space:nowrap}}
@media (min-width:60rem){table.incidents th[scope=row]{min-width:12rem}}
@media print{nav,.filter{display:none}table.incidents td,table.incidents th{font-size:8pt}}
.filter input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:4px;padding:.25rem .5rem;width:16rem;max-width:100%}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
thead button:focus-visible,.filter input:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
thead button{white-space:nowrap}thead button:hover{text-decoration:underline}
thead th:not([aria-sort]) button::after{content:" ↕";font-weight:400}
@media print{thead th:not([aria-sort]) button::after{content:""}table.stack th[scope=row]{min-width:7rem}}
thead [aria-sort=ascending] button::after{content:" ↑"}
thead [aria-sort=descending] button::after{content:" ↓"}
table.incidents tr[hidden]{display:none}
@media (max-width:44rem){dl.numbers.four{grid-template-columns:1fr 1fr}}
`;

/** Nothing may load or run but this very style sheet, this very script and pictures within the page. */
const POLICY = `default-src 'none'; style-src '${hashOf(INDEX_STYLE)}'; script-src '${hashOf(INDEX_SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'`;

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Occurrences linked from a recurrence; the others are counted. */
const MOST_LINKS = 8;
/** What came again and is not folded away: the incidents below are to be found without scrolling far. */
const MOST_AGAIN = 6;
const MOST_HOSTS = 20;
const MOST_SHARED = 12;
const MOST_CAUSES = 5;

/** The index as one HTML file: no request, whole without script, light and dark, phone and paper. Ends with a line end. */
export function renderIndexPage(summary: Summary, formats: readonly ReportFormat[]): string {
  const page = html`<!doctype html>
<html lang="en">
${pageHead(POLICY, title(summary), INDEX_STYLE)}
<body>
<header class="top"><p class="meta">${TOOL_NAME} · index of incidents</p><h1>${title(summary)}</h1>${placesSentence(summary)}</header>
<main>
${numbersSection(summary)}
${sectionsOf(summary, formats)}
</main>
<footer><section aria-labelledby="about"><h2 id="about">How this page was made</h2>
<p class="soft">${TOOL_NAME} ${TOOL_VERSION}, rules ${RULESET}. Made without network access; this page loads nothing, and is whole without its script, which sorts and filters. All times are UTC on the edge’s clock. The same as data: <a href="index.csv">index.csv</a>, <a href="index.json">index.json</a>.</p></section></footer>
<script>${trusted(INDEX_SCRIPT)}</script>
</body>
</html>
`;
  return page.source;
}

/** The sections with links to them; the table of all incidents comes last, as it may be a hundred screens long. */
function sectionsOf(summary: Summary, formats: readonly ReportFormat[]): Content {
  const sections = [
    ['trend', 'By month', trendSection(summary)],
    ['again', 'What comes again', againSection(summary, formats)],
    ['slowest', 'Slowest recoveries', slowestSection(summary, formats)],
    ['hosts', 'Hosts', hostsSection(summary)],
    ['limits', 'What could not be read', limitsSection(summary, formats)],
    ['incidents', 'Incidents', incidentsSection(summary, formats)],
  ] as const;
  const there = sections.filter(([, , section]) => section !== null);
  return html`<nav aria-label="Sections"><p>${there.map(([id, name], i) => html`${i === 0 ? '' : ' · '}<a href="${`#${id}`}">${name}</a>`)}</p></nav>
${there.map(([, , section]) => section)}`;
}

/** Incidents that are counted: without those made of the same files as another. */
function countedIn({ incidents }: Summary): readonly IndexedIncident[] {
  return incidents.filter(({ sameAs }) => sameAs === null);
}

function title(summary: Summary): string {
  const incidents = countedIn(summary);
  const dated = incidents.flatMap(({ start }) => start ?? []);
  const [first, last] = [monthOf(dated[0] ?? ''), monthOf(dated.at(-1) ?? '')];
  // January to March 2025: the year once.
  const from = first.slice(-5) === last.slice(-5) ? first.slice(0, -5) : first;
  const when = first === '' ? '' : first === last ? ` in ${first}` : `, ${from} to ${last}`;
  return `${counted(incidents.length, 'incident')}${when}`;
}

function placesSentence(summary: Summary): Content {
  const incidents = countedIn(summary);
  const places = PLACES.map((place) => ({
    place,
    count: incidents.filter(({ verdict }) => verdict?.place === place).length,
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  if (places.length === 0) return null;
  return html`<p>Whose they were: ${places.map(({ place, count }, i) => html`${i === 0 ? '' : ', '}${placeMark(place)} ${formatCount(count)}`)}.</p>`;
}

function number(name: string, big: string, small: string, className = 'big'): Markup {
  return html`<div><dt>${name}</dt><dd><span class="${className}">${big}</span><span class="soft">${small}</span></dd></div>`;
}

function numbersSection(summary: Summary): Content {
  const incidents = countedIn(summary);
  if (incidents.length === 0) return null;
  const failing = incidents.filter(isFailure);
  const failed = incidents.reduce((sum, entry) => sum + entry.failed, 0);
  const exact = incidents.every(({ counted: how }) => how === 'exactly');
  const [again] = summary.recurrences;
  const [slow] = summary.slowest;
  return html`<section aria-label="Numbers"><dl class="numbers four">
${number('Incidents', formatCount(incidents.length), `in ${formatCount(failing.length)} something was wrong`)}
${number(
  'Failed requests',
  `${exact ? '' : '≈ '}${formatCount(failed)}`,
  `in ${counted(
    incidents.reduce((sum, { bursts }) => sum + bursts.length, 0),
    'burst',
  )}`,
)}
${number('Came again', formatCount(summary.recurrences.length), again === undefined ? 'no cause came twice' : `${summary.recurrences.length === 1 ? 'cause' : 'causes'}; most often: ${again.title}`)}
${number('Longest burst', slow === undefined ? '–' : formatDuration(slow.durationMs), slow?.name ?? 'no burst was found')}
</dl></section>`;
}

function trendSection({ months, incidents }: Summary): Content {
  if (months.length === 0) return null;
  return html`<section aria-labelledby="trend"><h2 id="trend">By month</h2>
<figure>${monthsChart(months)}</figure>
${causesByMonth(months, incidents)}</section>`;
}

function againSection({ recurrences, sharedParts }: Summary, formats: readonly ReportFormat[]): Content {
  if (recurrences.length + sharedParts.length === 0) return null;
  return html`<section aria-labelledby="again"><h2 id="again">What comes again</h2>
${folded(
  recurrences.map((recurrence) => recurrenceItem(recurrence, formats)),
  'more causes',
)}
${recurrences.length === 0 ? html`<p class="soft">No cause came twice.</p>` : null}${
  sharedParts.length === 0
    ? null
    : html`<h3>Parts that several causes struck</h3>${folded(
        sharedParts.slice(0, MOST_SHARED).map((part) => sharedPartItem(part, formats)),
        'more parts',
      )}${more(sharedParts.length - MOST_SHARED, 'part')}`
}</section>`;
}

/** A list; what is beyond the first few can be opened. */
function folded(items: readonly Markup[], what: string): Content {
  const list = (some: readonly Markup[]): Markup => html`<ul class="again">${some}</ul>`;
  if (items.length <= MOST_AGAIN + 1) return items.length === 0 ? null : list(items);
  const hidden = items.slice(MOST_AGAIN);
  return html`${list(items.slice(0, MOST_AGAIN))}<details><summary>${what}: ${hidden.length}</summary>${list(hidden)}</details>`;
}

function recurrenceItem(recurrence: Recurrence, formats: readonly ReportFormat[]): Markup {
  const { place, title: cause, occurrences, clusters } = recurrence;
  const parts = clusters.map(
    (cluster) =>
      html`<li>${clusterSentence(cluster)}<br><span class="soft">${occurrenceLinks(cluster.occurrences, formats)}</span></li>`,
  );
  // What no cluster links is linked here.
  const linked = new Set(clusters.flatMap((cluster) => cluster.occurrences.map(({ folder }) => folder)));
  const others = occurrences.filter(({ folder }) => !linked.has(folder));
  const links = html`<span class="soft">${parts.length > 0 ? 'others: ' : ''}${occurrenceLinks(others, formats)}</span>`;
  return html`<li>${placeMark(place)} <strong>${cause}</strong>. ${recurrenceSentence(recurrence)}${parts.length === 0 ? html`<br>` : html`<ul>${parts}</ul>`}${others.length === 0 ? null : links}</li>`;
}

function sharedPartItem(part: SharedPart, formats: readonly ReportFormat[]): Markup {
  const shown = part.causes.slice(0, MOST_CAUSES).map(({ title: cause, incidents }) => `${cause} (${incidents})`);
  const hidden = part.causes.length - shown.length;
  const causes = [...shown, ...(hidden > 0 ? [`${counted(hidden, 'cause')} more`] : [])].join('; ');
  return html`<li><strong>${traceTitle(part.kind)} ${part.value}</strong>: ${counted(part.incidents, 'incident')}. ${causes}.<br><span class="soft">${occurrenceLinks(part.occurrences, formats)}</span></li>`;
}

function occurrenceLinks(occurrences: readonly Occurrence[], formats: readonly ReportFormat[]): Content {
  const shown = occurrences.slice(-MOST_LINKS);
  const links = shown.map(
    (occurrence, i) =>
      html`${i === 0 ? '' : ', '}${reportLink(occurrence.folder, `${dayOf(occurrence.start)} ${occurrence.name}`, formats, occurrence.burst)}`,
  );
  const hidden = occurrences.length - shown.length;
  return hidden > 0 ? [`${formatCount(hidden)} before; `, ...links] : links;
}

/** A link to an incident's report, or its plain text where the reports are no pages. `folder` has letters, digits, dots and dashes only. */
function reportLink(
  folder: string,
  text: string,
  formats: readonly ReportFormat[],
  burst: string | null = null,
): Content {
  const format = formats.includes('html') ? 'html' : (formats[0] ?? 'json');
  const anchor = burst !== null && format === 'html' ? `#${encodeURIComponent(burst)}` : '';
  return html`<a href="${`incidents/${encodeURIComponent(folder)}/${fileOf(format)}${anchor}`}">${text}</a>`;
}

function incidentsSection({ incidents }: Summary, formats: readonly ReportFormat[]): Markup {
  const rows = incidents.map((incident) => {
    const { name, folder, verdict, start, failed, durationMs, bursts, sameAs } = incident;
    const isBroken = verdict === null;
    return html`<tr><th scope="row">${isBroken ? name : reportLink(folder, name, formats)}</th>
<td class="one" data-label="Start (UTC)">${start === null ? '' : dayAndClock(start)}</td>
<td data-label="Whose">${verdict === null ? '' : placeMark(verdict.place)}</td>
<td data-label="Cause">${verdict === null ? 'could not be analysed' : causeOf(incident)}${sameAs === null ? null : html`<br><span class="soft">the same files as ${sameAs}, where it is counted</span>`}</td>
<td class="n" data-label="Confidence" data-value="${verdict?.confidence ?? -1}">${verdict === null ? '' : `${formatShare(verdict.cause === 'unknown' ? verdict.placeConfidence : verdict.confidence)} ${verdict.word}`}</td>
<td class="n" data-label="Failed" data-value="${failed}">${bursts.length === 0 ? '' : `${incident.counted === 'exactly' ? '' : incident.counted === 'about' ? '≈ ' : '≥ '}${formatCount(failed)}`}</td>
<td class="n" data-label="Duration" data-value="${durationMs ?? -1}">${durationMs === null ? '' : formatDuration(durationMs)}</td>
<td class="one" data-label="Files">${isBroken ? '' : fileLinks(folder, formats)}</td></tr>`;
  });
  return html`<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>
<table class="stack incidents"><thead><tr><th scope="col">Incident</th><th scope="col">Start (UTC)</th><th scope="col">Whose</th><th scope="col">Cause</th><th scope="col" class="n">Confidence</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Duration</th><th scope="col">Files</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}

/** The main verdict's cause, and how many other bursts there are. */
function causeOf({ verdict, bursts }: IndexedIncident): string {
  const named = verdict === null || verdict.title === '' ? 'not settled' : verdict.title;
  return bursts.length > 1 ? `${named}, and ${counted(bursts.length - 1, 'burst')} more` : named;
}

function fileLinks(folder: string, formats: readonly ReportFormat[]): Content {
  return formats.map((format, i) => html`${i === 0 ? '' : ' '}${reportLink(folder, format, [format])}`);
}

function slowestSection({ slowest }: Summary, formats: readonly ReportFormat[]): Content {
  if (slowest.length < 2) return null;
  const rows = slowest.map(
    ({ name, folder, burst, start, place, title: cause, durationMs, cutEnd }) =>
      html`<tr><th scope="row">${reportLink(folder, name, formats, burst)}</th>
<td class="n" data-label="Lasted">${cutEnd ? '≥ ' : ''}${formatDuration(durationMs)}</td>
<td class="one" data-label="Start (UTC)">${dayAndClock(start)}</td>
<td data-label="Whose">${placeMark(place)}</td><td data-label="Cause">${cause}</td></tr>`,
  );
  return html`<section aria-labelledby="slowest"><h2 id="slowest">Slowest recoveries</h2>
<table class="stack"><caption>The longest burst of each incident, from its first to its last failure; ≥ where the logs end before the failures do.</caption><thead><tr><th scope="col">Incident</th><th scope="col" class="n">Lasted</th><th scope="col">Start (UTC)</th><th scope="col">Whose</th><th scope="col">Cause</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}

function hostsSection({ hosts }: Summary): Content {
  if (hosts.length === 0) return null;
  const rows = hosts.slice(0, MOST_HOSTS).map(
    ({ host, incidents, failed, first, last }) =>
      html`<tr><th scope="row">${host}</th><td class="n" data-label="Incidents">${formatCount(incidents)}</td>
<td class="n" data-label="Failed">${formatCount(failed)}</td><td data-label="First">${dayOf(first)}</td><td data-label="Last">${dayOf(last)}</td></tr>`,
  );
  return html`<section aria-labelledby="hosts"><h2 id="hosts">Hosts</h2>
<table class="stack"><thead><tr><th scope="col">Host</th><th scope="col" class="n">Incidents</th><th scope="col" class="n">Failed requests</th><th scope="col">First</th><th scope="col">Last</th></tr></thead>
<tbody>${rows}</tbody></table>${more(hosts.length - MOST_HOSTS, 'host')}</section>`;
}

function limitsSection({ incidents }: Summary, formats: readonly ReportFormat[]): Content {
  const limited = incidents.filter(({ problems }) => problems.length > 0);
  if (limited.length === 0) return null;
  return html`<section aria-labelledby="limits"><h2 id="limits">What could not be read</h2>
${bullets(limited.map(({ name, folder, problems, verdict }) => html`${verdict === null ? name : reportLink(folder, name, formats)}: ${problems.join('; ')}`))}</section>`;
}

/** States what a cap left out. */
function more(hidden: number, what: string): Content {
  return hidden > 0 ? html`<p class="soft">and ${counted(hidden, what)} more in index.json</p>` : null;
}
