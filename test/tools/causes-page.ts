/**
 * Writes docs/causes.md from the catalogue: every cause with its evidence, neighbours, fix and sources. Run as `npm run docs` in
 * the folder of package.json; test/causes/page.test.ts fails where the page is not what this would write.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type CauseProfile, type Neighbour, type ProfileEvidence, profileOf } from '../../src/causes/profile.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { asSentence } from '../../src/causes/texts.ts';
import { hopOf } from '../../src/cli/cause-screen.ts';
import { block, code, prose } from '../../src/report/markdown/escape.ts';
import { PLACE_TITLES } from '../../src/report/words.ts';
import { PLACES } from '../../src/vocabulary/hops.ts';

export const CAUSES_PAGE = 'docs/causes.md';
/** Longer than any text of the catalogue. */
const WHOLE = 5000;
/** Neighbours of which the page says what parts them; the others are named. */
const TOLD_APART = 4;

const text = (plain: string): string => prose(plain, WHOLE);

/** The whole page. */
export function causesPage(): string {
  const profiles = CAUSES.map((cause) => profileOf(cause, CAUSES));
  const groups = PLACES.map((place) => ({
    title: PLACE_TITLES[place],
    members: profiles.filter((profile) => profile.place === place),
  })).filter(({ members }) => members.length > 0);
  return `${[
    '# The causes',
    'Made from the catalogue in `src/causes/` by `npm run docs`; do not edit it here. `whose502 explain <cause>` prints one of these on a terminal.',
    'Texts stand here as they read without an incident: `www.example.com`, `127.0.0.1:3000`, `php8.2-fpm` or `your-app` are stand-ins. In a report, the names and numbers of the logs stand in their places as far as the logs tell them.',
    'Each fact that speaks for or against a cause has a weight: *decisive* names or refutes it alone, *strong* needs no more than that nothing contradicts, *medium* and *weak* support. `whose502 explain` says the sentence and the reason of the weak ones, too.',
    ...groups.flatMap(({ title, members }) => [
      `**${title}**`,
      members.map(({ id, title: of }) => `- [${text(of)}](#${id})`).join('\n'),
    ]),
    ...groups.flatMap(({ title, members }) => [`## ${title}`, ...members.flatMap(section)]),
  ].join('\n\n')}\n`;
}

function section(profile: CauseProfile): string[] {
  const { id, title, place, placeCanMove, advice } = profile;
  const further = [...profile.neighbours.slice(TOLD_APART).map((other) => other.id), ...profile.furtherNeighbours];
  const place_ = placeCanMove ? `${PLACE_TITLES[place]} (or another where the facts say so)` : PLACE_TITLES[place];
  return [
    `### ${id}`,
    `**${text(title)}.** Place: ${place_}; hop: ${hopOf(profile)}; to mend: ${advice.difficulty}.${
      profile.aliases.length === 0 ? '' : ` Also called: ${profile.aliases.map((alias) => code(alias)).join(', ')}.`
    }`,
    text(profile.summary),
    ...part('Speaks for it', evidence(profile.speaksFor)),
    ...part('Speaks against it', evidence(profile.speaksAgainst)),
    ...part('Told apart from', [
      ...profile.neighbours.slice(0, TOLD_APART).map(neighbour),
      ...(further.length === 0 ? [] : [`also: ${further.map((other) => `[${other}](#${other})`).join(', ')}`]),
    ]),
    ...part(
      'Would settle it',
      profile.settles.map(({ what, why, command }) => joined([text(asSentence(`${what}: ${why}`)), copied(command)])),
    ),
    ...part(
      'What to do',
      advice.steps.map(({ text: what, command, config, computedFrom, risk }) =>
        joined([
          text(what),
          copied(command),
          copied(config),
          computedFrom === undefined ? '' : `From: ${text(asSentence(computedFrom))}`,
          `*Risk:* ${text(risk)}`,
        ]),
      ),
      (i) => `${i + 1}. `,
    ),
    ...part('What not to do', advice.avoid.map(text)),
    ...part('How to see that it is over', advice.verify.map(text)),
    ...part('How to keep it away', advice.prevent.map(text)),
    ...part('Sources', profile.sources.map(text)),
  ];
}

/** A heading with its points; nothing where there are none. Points of several paragraphs hang under their mark. */
function part(title: string, points: readonly string[], mark: (index: number) => string = () => '- '): string[] {
  if (points.length === 0) return [];
  const items = points.map((point, i) => {
    const [first = '', ...more] = point.split('\n');
    const indent = ' '.repeat(mark(i).length);
    return [mark(i) + first, ...more.map((line) => (line === '' ? '' : indent + line))].join('\n');
  });
  return [`**${title}**`, items.join('\n')];
}

const joined = (parts: readonly string[]): string => parts.filter((one) => one !== '').join('\n\n');

function copied(lines: string | null | undefined): string {
  return lines ? block(lines.split('\n')) : '';
}

/** One point for each fact; the weak ones, which part nothing, only by name. */
function evidence(rules: readonly ProfileEvidence[]): string[] {
  const weak = rules.filter(({ weight }) => weight === 'weak').map(({ signal }) => code(signal));
  return [
    ...rules
      .filter(({ weight }) => weight !== 'weak')
      .map(({ weight, says, why, signal }) => `*${weight}*: ${text(says)} ${text(asSentence(why))} (${code(signal)})`),
    ...(weak.length === 0 ? [] : [`*weak*: ${weak.join(', ')}`]),
  ];
}

const RELATIONS: Readonly<Record<Neighbour['relation'], string>> = {
  broader: ' (the wider name)',
  narrower: ' (narrower)',
  alike: '',
};

function neighbour({ id, title, relation, thisOneShows, thatOneShows }: Neighbour): string {
  return [
    `[${id}](#${id})${RELATIONS[relation]}: ${text(asSentence(title))}`,
    ...(thisOneShows === null ? [] : [`*Here:* ${text(thisOneShows.says)}`]),
    ...(thatOneShows === null ? [] : [`*There:* ${text(thatOneShows.says)}`]),
  ].join(' ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(CAUSES_PAGE, causesPage());
