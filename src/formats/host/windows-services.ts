import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { unitClue } from './unit-clue.ts';
import { roleOfService } from './windows-messages.ts';

/*
 * Whether services of Windows run, as `sc query` and PowerShell's `Get-Service` print it. Source: the values of SERVICE_STATUS and of
 * System.ServiceProcess.ServiceControllerStatus.
 */

const NAME = /^SERVICE_NAME: (\S.{0,119}?) {0,20}$/;
const STATE = /^ {4,16}STATE {4,24}: \d {1,4}([A-Z_]{4,20})\b/;
/** The other lines of a service, and those that go on with one. */
const BELONGS =
  /^(?:DISPLAY_NAME: |\[SC\] | {4,16}(?:TYPE|WIN32_EXIT_CODE|SERVICE_EXIT_CODE|CHECKPOINT|WAIT_HINT|PID|FLAGS) {1,24}: ?| {16,48}\()/;
const LIST_HEAD = /^Status {1,8}Name {1,60}DisplayName *$/;
const LIST_RULE = /^-{6} {1,8}-{4} {1,60}-{11} *$/;
const LISTED = /^(Running|Stopped|StartPending|StopPending|Paused) {1,12}(\S{1,80}) {1,60}(\S.{0,200})$/;

const STATES: Readonly<Record<string, SignalId>> = {
  stopped: 'unit.shown-down',
  paused: 'unit.shown-down',
  running: 'unit.shown-up',
  startpending: 'unit.starting',
  stoppending: 'unit.stopping',
};

const signalOf = (state: string): SignalId => STATES[state.toLowerCase().replace('_', '')] ?? 'unit.chatter';

class WindowsServices implements LineParser {
  private readonly emit: Emit;
  /** The service whose lines are read. */
  private service: string | null = null;
  private inList = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const { text } = line;
    const name = NAME.exec(text)?.[1];
    if (name !== undefined) this.service = name;
    const isListHead = LIST_HEAD.test(text);
    this.inList ||= isListHead;
    if (name !== undefined || isListHead || LIST_RULE.test(text)) return true;
    const state = this.service === null ? undefined : STATE.exec(text)?.[1];
    if (this.service !== null && state !== undefined) {
      this.tell(line, this.service, this.service, state);
      return true;
    }
    const [, listed, short = '', display = ''] = (this.inList && LISTED.exec(text)) || [];
    if (listed !== undefined) {
      this.tell(line, short, `${short} ${display}`, listed);
      return true;
    }
    if (this.service !== null && (text === '' || BELONGS.test(text))) return true;
    this.service = null;
    this.inList &&= text === '';
    return false;
  }

  end(): void {}

  private tell(line: Line, subject: string, names: string, state: string): void {
    const text = line.text.includes(subject) ? line.text : `${subject}: ${line.text.trim()}`;
    const role = roleOfService(names);
    this.emit(unitClue(line, { signal: signalOf(state), stamp: NO_STAMP, subject, role, text }));
  }
}

const EXAMPLES: readonly Example[] = [
  {
    input: [
      'SERVICE_NAME: cloudflared',
      '        TYPE               : 10  WIN32_OWN_PROCESS',
      '        STATE              : 1  STOPPED',
      '        WIN32_EXIT_CODE    : 1067  (0x42b)',
      '        SERVICE_EXIT_CODE  : 0  (0x0)',
      '        CHECKPOINT         : 0x0',
      '        WAIT_HINT          : 0x0',
      '',
      'SERVICE_NAME: W3SVC',
      '        TYPE               : 20  WIN32_SHARE_PROCESS',
      '        STATE              : 4  RUNNING',
      '                                (STOPPABLE, PAUSABLE, ACCEPTS_SHUTDOWN)',
      '        WIN32_EXIT_CODE    : 0  (0x0)',
    ].join('\n'),
    shows: 'sc query: the tunnel is stopped, the web server runs',
    records: [
      { signal: 'unit.shown-down', line: 3, subject: 'cloudflared', values: { role: 'tunnel' } },
      { signal: 'unit.shown-up', line: 11, subject: 'W3SVC', values: { role: 'proxy' } },
    ],
  },
  {
    input: [
      'Status   Name               DisplayName',
      '------   ----               -----------',
      'Stopped  W3SVC              World Wide Web Publishing Service',
      'Running  wuauserv           Windows Update',
    ].join('\n'),
    shows: 'Get-Service',
    records: [
      { signal: 'unit.shown-down', subject: 'W3SVC', values: { role: 'proxy' } },
      { signal: 'unit.shown-up', subject: 'wuauserv', values: { role: 'other' } },
    ],
  },
];

/** What `sc query` and `Get-Service` print. */
export const windowsServices: LineFormat = {
  shape: 'lines',
  id: 'windows-services',
  title: 'state of services of Windows (sc query, Get-Service)',
  hop: 'host',
  foundAt: ['sc query cloudflared', 'Get-Service W3SVC, WAS, cloudflared'],
  limits: ['No time: it tells what ran when it was printed.'],
  examples: () => EXAMPLES,
  score: ({ text, wrapper }) => (wrapper === null && (NAME.test(text) || LIST_HEAD.test(text)) ? 0.95 : 0),
  open: (emit) => new WindowsServices(emit),
};
