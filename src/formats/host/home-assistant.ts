import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { unitClue } from './unit-clue.ts';

/** The add-on's name in the head of its log; what follows it is set in by a blank, too. */
const NAME = /^ (?:Add-on|App): (\S.{0,100})$/;
const HEAD =
  /^(?:-{40,80}$| (?:Add-on version|App version|System|Home Assistant (?:Core|Supervisor)): | You are running the latest version of this | Please, share the above information when looking for help$| or support in, e\.g\., GitHub, forums or the Discord chat\.$)/;
/** bashio's own lines: a clock without a day, and a level. Other programs write such lines, too. */
const BASHIO = /^\[\d\d:\d\d:\d\d\] (?:TRACE|DEBUG|INFO|NOTICE|WARNING|ERROR|FATAL): /;
/** The start is given up; that the container stops for it follows. */
const GIVEN_UP = /^\[\d\d:\d\d:\d\d\] FATAL: /;
const LONGEST = 1000;

/** The log of an add-on of Home Assistant but for the lines of the program in it, and those of s6, which starts it. */
export const homeAssistant: LineFormat = {
  id: 'home-assistant',
  title: 'Log of an add-on of Home Assistant (bashio)',
  hop: 'host',
  shape: 'lines',
  foundAt: ['Home Assistant: Settings, Add-ons, Log', 'ha addons logs SLUG'],
  limits: ['Only a clock without a day, in the zone of the machine: its lines are not dated.'],
  examples: () => [
    {
      input: [
        '-----------------------------------------------------------',
        ' Add-on: Cloudflared',
        ' Add-on version: 4.1.3',
        '-----------------------------------------------------------',
        '[01:47:43] INFO: Checking add-on config...',
        '[01:47:44] FATAL: Existing Cloudflare Tunnel name does not match add-on config.',
      ].join('\n'),
      shows: 'an add-on that gives up at its start',
      records: [
        {
          kind: 'clue',
          hop: 'host',
          signal: 'unit.start-failed',
          subject: 'Cloudflared',
          values: { role: 'tunnel' },
          stamp: NO_STAMP,
          line: 6,
        },
      ],
    },
  ],
  score: ({ text, wrapper }) => {
    const part = text.slice(0, LONGEST);
    if (wrapper !== null) return 0;
    if (NAME.test(part)) return 0.9;
    return BASHIO.test(part) || HEAD.test(part) ? 0.2 : 0;
  },
  open: (emit) => new AddOnParser(emit),
};

class AddOnParser implements LineParser {
  private readonly emit: Emit;
  private name = '';

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.slice(0, LONGEST).trimEnd();
    const name = NAME.exec(text)?.[1];
    if (name !== undefined) this.name = name;
    if (GIVEN_UP.test(text)) this.say(line);
    return name !== undefined || HEAD.test(text) || BASHIO.test(text);
  }

  end(): void {}

  private say(line: Line): void {
    const subject = this.name || 'add-on';
    this.emit(
      unitClue(line, { signal: 'unit.start-failed', stamp: NO_STAMP, subject, role: roleOf(subject.toLowerCase()) }),
    );
  }
}
