import type { SignalProfile, SignalUse } from '../causes/signal-profile.ts';
import { asSentence } from '../causes/texts.ts';
import { wrap } from '../report/columns.ts';
import { paint } from '../report/paint.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { HOP_TITLES } from '../report/words.ts';
import type { SignalRole } from '../vocabulary/signals.ts';
import { hanging, marked, page, part } from './layout.ts';

const ROLES: Readonly<Record<SignalRole, string>> = {
  request: 'one failed request',
  process: 'something that happened to a process or a host',
  context: 'a change that is dated by it; never a cause by itself',
  noise: 'looks bad and is harmless',
  state: 'concluded from several records: what a service or connection did',
  pattern: 'concluded from several records: supports causes, convicts none',
};

/** A signal on a terminal: what it means, and which causes it speaks for and against. */
export function renderSignal(profile: SignalProfile, { columns, color }: TerminalOptions): string {
  const styles = paint(color);
  const { id, says, hop, role, status } = profile;
  return page([
    [
      ...wrap(says, columns).map(styles.bold),
      ...hanging('signal', id, columns, styles),
      ...hanging('hop', HOP_TITLES[hop], columns, styles),
      ...hanging('stands for', ROLES[role], columns, styles),
      ...(status === undefined ? [] : hanging('status', String(status), columns, styles)),
    ],
    part('What it speaks for', uses(profile.speaksFor, columns), styles),
    part('What it speaks against', uses(profile.speaksAgainst, columns), styles),
  ]);
}

function uses(causes: readonly SignalUse[], columns: number): string[] {
  return causes.flatMap(({ cause, weight, why }) =>
    marked(`  ${weight.padEnd(10)}`, `${cause}: ${asSentence(why)}`, columns),
  );
}
