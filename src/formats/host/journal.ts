import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { clueOn } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { type Ban, banOf, crowdsecBanOf, csfBlockOf, fail2banStamp } from './bans.ts';
import { serviceJobOf } from './cron.ts';
import { JOURNAL_EXAMPLES } from './journal-examples.ts';
import { oomdKillOf, SystemdLines } from './systemd.ts';
import { hasOwnFormat, roleOfProgram } from './units.ts';

/*
 * What systemd and the system's own daemons say, under the head of a journal or a syslog file. Lines of programs that
 * have a format of their own (nginx, PHP-FPM, cloudflared, databases, the kernel) are refused, and so are those of
 * programs that nobody knows: they are the application's.
 */

/** What journalctl says itself; with `-x` explanations of the line before, behind two dashes or two shades. */
const BANNER =
  /^(?:-- ?$|-- (?:Journal begins|Logs begin|Boot|Reboot|No entries|Subject|Defined-By|Support|Documentation|Unit|The (?:result|unit|job|start-up|process)|An? |Automatic|Session)\b|░░|Hint: You are currently not seeing|lines \d+-\d+)/;
const CRON = /^(?:cron|crond|anacron)$/i;
/** systemd by its identifier, and by its unit as `journalctl -o with-unit` has it. */
const MANAGER: ReadonlySet<string> = new Set(['systemd', 'init.scope']);
/** The kernel's own lines, and those of its audit that journald dates: another format reads them. */
const KERNEL_LOG: ReadonlySet<string> = new Set(['kernel', 'audit']);
const REBOOT = /^(?:System is (?:rebooting|powering down)|Powering off|Rebooting)\b/;
const SHUTDOWN_WORDS = /^(?:The system (?:is going down|will (?:reboot|power off))|Shutting down\.)/;

class JournalParser implements LineParser {
  private readonly emit: Emit;
  private readonly systemd = new SystemdLines();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { text } = line;
    if (text === '' || BANNER.test(text)) return true;
    const program = line.wrapper?.program;
    if (program === undefined) return this.unwrapped(line);
    if (MANAGER.has(program)) return this.systemdLine(line);
    if (!isSystemDaemon(program)) return false;
    const decided = crowdsecBanOf(text);
    if (decided !== null) return this.ban(line, decided.stamp, decided.ban);
    const ban = program.startsWith('fail2ban') ? banOf(text) : program === 'lfd' ? csfBlockOf(text) : null;
    if (ban !== null) return this.ban(line, NO_STAMP, ban);
    const job = CRON.test(program) ? serviceJobOf(text) : null;
    if (job !== null) return this.say(line, NO_STAMP, 'host.cron-service', 'cron', { ...job });
    const killed = program === 'systemd-oomd' ? oomdKillOf(text) : null;
    if (killed !== null) return this.say(line, NO_STAMP, killed.signal, killed.unit, { role: killed.role });
    if (program === 'systemd-logind' && REBOOT.test(text)) return this.say(line, NO_STAMP, 'host.shutdown', program);
    return this.say(line, NO_STAMP, 'unit.chatter', program);
  }

  end(): void {}

  /** systemd's own lines; those of a user's manager (any pid but 1) are chatter. */
  private systemdLine(line: Line): boolean {
    const pid = line.wrapper?.pid;
    const event = pid === undefined || pid === '1' ? this.systemd.read(line.text) : null;
    if (event === null) {
      const signal = SHUTDOWN_WORDS.test(line.text) ? 'host.shutdown' : 'unit.chatter';
      return this.say(line, NO_STAMP, signal, 'systemd');
    }
    return this.say(line, NO_STAMP, event.signal, event.unit, { ...event.values, role: event.role });
  }

  private unwrapped(line: Line): boolean {
    const stamp = fail2banStamp(line.text);
    if (stamp !== null) {
      const ban = banOf(line.text);
      return ban === null ? this.say(line, stamp, 'unit.chatter', 'fail2ban') : this.ban(line, stamp, ban);
    }
    const decided = crowdsecBanOf(line.text);
    if (decided !== null) return this.ban(line, decided.stamp, decided.ban);
    // Pasted without head: `nginx.service: Main process exited, code=killed, status=9/KILL`.
    const event = /^[\w@.-]{1,255}\.service: /.test(line.text) ? this.systemd.read(line.text) : null;
    if (event === null) return false;
    return this.say(line, NO_STAMP, event.signal, event.unit, { ...event.values, role: event.role });
  }

  private ban(line: Line, stamp: Stamp, { signal, jail, client }: Ban): boolean {
    return this.say(line, stamp, signal, jail, {}, client);
  }

  private say(
    line: Line,
    stamp: Stamp,
    signal: SignalId,
    subject: string,
    values: Readonly<Record<string, string | number>> = {},
    client?: string,
  ): true {
    const pid = line.wrapper?.pid;
    const clue = clueOn(line, stamp, 'host', signal);
    clue.subject = subject;
    if (pid !== undefined && pid !== '1') clue.connection = pid;
    if (client !== undefined) clue.client = client;
    clue.values = signal.startsWith('unit.') ? { role: 'other', ...values } : values;
    this.emit(clue);
    return true;
  }
}

function isSystemDaemon(program: string): boolean {
  return !KERNEL_LOG.has(program) && !hasOwnFormat(program) && roleOfProgram(program) === 'other';
}

function score(line: Line): number {
  const program = line.wrapper?.program;
  if (program !== undefined) return MANAGER.has(program) || isSystemDaemon(program) ? 0.9 : 0;
  if (line.text === '') return 0;
  if (BANNER.test(line.text)) return 0.3;
  if (fail2banStamp(line.text) !== null) return 0.9;
  if (crowdsecBanOf(line.text) !== null) return 0.95;
  return /^[\w@.-]{1,255}\.service: /.test(line.text) && new SystemdLines().read(line.text) !== null ? 0.9 : 0;
}

/** Journal and syslog lines of systemd and the system's daemons; fail2ban's log. */
export const journal: LineFormat = {
  shape: 'lines',
  id: 'journal',
  title: 'systemd journal and system logs',
  hop: 'host',
  foundAt: [
    'journalctl',
    '/var/log/syslog',
    '/var/log/auth.log',
    '/var/log/fail2ban.log',
    '/var/log/crowdsec.log',
    '/var/log/lfd.log',
  ],
  limits: [
    'The classic form has neither year nor zone.',
    'A master killed by SIGKILL is seen only where systemd watches it.',
  ],
  examples: JOURNAL_EXAMPLES,
  leavesPrograms: true,
  score,
  open: (emit) => new JournalParser(emit),
};
