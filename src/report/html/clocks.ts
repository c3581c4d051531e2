import { groups } from 'd3-array';
import type { Result, Source } from '../../result/schema.ts';
import { counted, formatCount } from '../figures.ts';
import { HOP_TITLES } from '../words.ts';
import { type Content, html } from './markup.ts';
import { offsetName } from './origin-zone.ts';

const METHODS: Readonly<Record<NonNullable<Source['clock']>['method'], string>> = {
  explicit: 'the zone is written in the log',
  inner: 'told by a second clock on the same lines',
  sibling: 'taken from another log of this host',
  'ray-id': 'fitted by shared Ray IDs',
  request: 'fitted by the same requests in other logs',
  process: 'fitted by processes that end in other logs, too',
  shape: 'fitted by the shape of the failures',
  assumed: 'assumed',
  option: 'given by an option',
};

const UNCERTAIN_SECONDS = 30;
/** Beyond this not the clock is in doubt but the zone. */
const MOST_SKEW_SECONDS = 900;
/** Logs that a row names; the others are counted. */
const MOST_NAMES = 2;

type Clock = NonNullable<Source['clock']>;

/** The zone in which a log is written, and which others would fit as well. */
function zoneText(clock: Clock): string {
  if (clock.zone === 'as written') return 'each line names its zone';
  if (clock.zone === 'UTC' || clock.zone === 'Z') return 'UTC';
  const others = [...new Set(clock.alternatives.map(({ zoneOffsetMinutes }) => zoneOffsetMinutes))].filter(
    (minutes) => minutes !== clock.zoneOffsetMinutes,
  );
  const also =
    clock.method === 'assumed' && others.length > 0 ? `, ${others.map(offsetName).join(' or ')} as well` : '';
  const offset = offsetName(clock.zoneOffsetMinutes);
  if (!/^[+-]\d/.test(clock.zone)) return `${clock.zone} (${offset})${also}`;
  // Summer time began or ended in the middle.
  const before = clock.zone.split('/').filter((name) => !offset.replace('−', '-').endsWith(name));
  return `${offset}${before.length > 0 ? `, partly ${before.join(', ')}` : ''}${also}`;
}

/** How far the clock goes wrong against the edge's, and how far it may, too. */
function skewText({ method, skewSeconds, uncertaintySeconds, alternatives, zoneOffsetMinutes }: Clock): string {
  if (method === 'assumed' && uncertaintySeconds > MOST_SKEW_SECONDS) return 'not known';
  const [other] = uncertaintySeconds > UNCERTAIN_SECONDS ? alternatives : [];
  if (other !== undefined) {
    const zone = other.zoneOffsetMinutes === zoneOffsetMinutes ? '' : ` with ${offsetName(other.zoneOffsetMinutes)}`;
    return `${apart(skewSeconds)}, or ${apart(other.skewSeconds)}${zone}`;
  }
  return `${apart(skewSeconds)}${uncertaintySeconds > 0 ? ` (±${formatCount(uncertaintySeconds)} s)` : ''}`;
}

function apart(seconds: number): string {
  return seconds === 0 ? 'right' : `${formatCount(Math.abs(seconds))} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}

/** How the zone of each log was found, and how far its clock was off. */
export function clocksSection(result: Result): Content {
  const timed = result.sources.filter(({ clock }) => clock !== null);
  if (timed.length === 0) return null;
  const rows = groups(timed, ({ hop, format, server, clock }) => JSON.stringify([hop, format, server, clock])).flatMap(
    ([, sources]) => {
      const [first] = sources;
      const clock = first?.clock;
      if (!first || !clock) return [];
      const names = sources.slice(0, MOST_NAMES).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
      const more = sources.length - names.length;
      const unsure = clock.uncertaintySeconds > UNCERTAIN_SECONDS || clock.method === 'assumed';
      const year = clock.year === null ? '' : `; year ${clock.year.value} (${clock.year.method})`;
      return [
        html`<tr><th scope="row">${HOP_TITLES[first.hop]}: ${first.format}${first.server === null ? null : html` <span class="soft">on ${first.server}</span>`} <span class="file">${names.join(', ')}${more > 0 ? ` and ${counted(more, 'more file')}` : null}</span></th><td class="t" data-label="Written in">${zoneText(clock)}</td><td class="t" data-label="Its clock">${skewText(clock)}</td><td data-label="Known by">${METHODS[clock.method]}${year}${unsure ? html` <strong>not certain</strong>` : null}</td></tr>`,
      ];
    },
  );
  return html`<section aria-labelledby="clocks"><h2 id="clocks">Clocks</h2>
<p class="soft">All times of this page are on the edge’s clock, in UTC. This is how each log was put on it.</p>
<table class="stack"><thead><tr><th scope="col">Log</th><th scope="col" class="t">Written in</th><th scope="col">Its clock</th><th scope="col">Known by</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}
