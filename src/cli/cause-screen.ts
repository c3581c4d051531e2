import type { CauseProfile, Neighbour, ProfileEvidence } from '../causes/profile.ts';
import { asSentence } from '../causes/texts.ts';
import { wrap } from '../report/columns.ts';
import { type Paint, paint } from '../report/paint.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { HOP_TITLES, PLACE_TITLES } from '../report/words.ts';
import { bullet, hanging, list, marked, page, paragraph, part } from './layout.ts';

/** An entry of the catalogue on a terminal: no line is wider than `columns`, except commands, which are to be copied. */
export function renderCause(profile: CauseProfile, { columns, color }: TerminalOptions): string {
  const styles = paint(color);
  const { id, title, place, advice } = profile;
  return page([
    [
      ...wrap(title, columns).map((line) => styles.place(place, line)),
      ...hanging('id', [id, ...profile.aliases.map((alias) => `also ${alias}`)].join(', '), columns, styles),
      ...hanging('place', placeOf(profile), columns, styles),
      ...hanging('hop', hopOf(profile), columns, styles),
      ...hanging('to mend', advice.difficulty, columns, styles),
    ],
    part('What happened', paragraph(profile.summary, columns, 2), styles),
    part('What speaks for it', evidence(profile.speaksFor, columns, styles), styles),
    part('What speaks against it', evidence(profile.speaksAgainst, columns, styles), styles),
    part('What it is told apart from', neighbours(profile, columns, styles), styles),
    part(
      'What would settle it',
      profile.settles.flatMap(({ what, why, command }) => [
        ...bullet(asSentence(`${what}: ${why}`), columns),
        ...copied(command, styles),
      ]),
      styles,
    ),
    part('What to do', steps(profile, columns, styles), styles),
    part('What not to do', list(advice.avoid, columns), styles),
    part('How to see that it is over', list(advice.verify, columns), styles),
    part('How to keep it away', list(advice.prevent, columns), styles),
    part('Sources', list(profile.sources, columns), styles),
  ]);
}

/** The hop that a cause speaks of, or the link where the edge sees what is not its own. */
export function hopOf({ place, hop }: CauseProfile): string {
  return hop === 'edge' && (place === 'origin' || place === 'network')
    ? 'between Cloudflare’s edge and the origin'
    : HOP_TITLES[hop];
}

function placeOf({ place, placeCanMove }: CauseProfile): string {
  return placeCanMove ? `${PLACE_TITLES[place]}, or another where the facts say so` : PLACE_TITLES[place];
}

/** Commands and configuration as they are: a line that was broken could not be copied. */
function copied(text: string | null | undefined, styles: Paint, mark = '$ '): string[] {
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `      ${styles.dim(mark)}${line}`);
}

function evidence(rules: readonly ProfileEvidence[], columns: number, styles: Paint): string[] {
  return rules.flatMap(({ weight, says, why, signal }) => {
    const [first = '', ...more] = marked(`  ${weight.padEnd(10)}`, `${says} ${asSentence(why)}`, columns);
    return [first, ...more, ...paragraph(signal, columns, 12).map(styles.dim)];
  });
}

const RELATIONS: Readonly<Record<Neighbour['relation'], string>> = {
  broader: 'wider name of the same',
  narrower: 'narrower',
  alike: 'looks alike',
};

function neighbours({ neighbours, furtherNeighbours }: CauseProfile, columns: number, styles: Paint): string[] {
  return [
    ...neighbours.flatMap(({ id, title, relation, thisOneShows, thatOneShows }) => [
      ...marked('  ', `${id} (${RELATIONS[relation]}): ${title}`, columns).map((line, i) =>
        i === 0 ? line.replace(id, styles.bold(id)) : line,
      ),
      ...sign('here', thisOneShows, columns),
      ...sign('there', thatOneShows, columns),
    ]),
    ...(furtherNeighbours.length === 0 ? [] : paragraph(`Also: ${furtherNeighbours.join(', ')}`, columns, 2)),
  ];
}

function sign(where: string, shown: ProfileEvidence | null, columns: number): string[] {
  return shown === null ? [] : marked(`    ${`${where}:`.padEnd(7)}`, shown.says, columns);
}

function steps({ advice }: CauseProfile, columns: number, styles: Paint): string[] {
  return advice.steps.flatMap(({ text, command, config, computedFrom, risk }, i) => [
    ...marked(`  ${i + 1}. `, text, columns),
    ...copied(command, styles),
    ...copied(config, styles, '| '),
    ...(computedFrom === undefined ? [] : marked('     From: ', asSentence(computedFrom), columns)),
    ...marked('     Risk: ', risk, columns),
  ]);
}
