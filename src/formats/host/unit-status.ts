import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, present } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso, parseOffset, zonedStamp } from '../stamps.ts';
import { SIGNAL_NUMBERS } from './signal-numbers.ts';
import { unitClue } from './unit-clue.ts';
import { type Role, roleOfProgram, roleOfUnit } from './units.ts';

/*
 * What `systemctl status` prints of a service (systemd src/systemctl/systemctl-show.c, print_status_info): since when it is
 * up, down or failed, and how its last process ended. The lines of the journal below are the journal's.
 */

/** A dot (a star where the terminal has no UTF-8), the unit, its description; pasted ones often lack the dot. */
const HEAD = /^ {0,2}(?:\S{1,3} ([\w@:.\\-]{1,247}\.service)(?: - .{0,500})?|([\w@:.\\-]{1,247}\.service) - .{1,500})$/;
const FIELD = /^ {1,12}([A-Z][\w-]{1,12}(?: [\w-]{2,8})?): ?(.{0,2000})/;
/** The same where a page took the blanks away: only names that it has. */
const BARE_FIELD =
  /^(Loaded|Active|Drop-In|Docs|Process|Main PID|Tasks|Memory|CPU|CGroup|Status|Duration|Invocation|Triggered ?By|Triggers): ?(.{0,2000})/;
const ACTIVE =
  /^(active|inactive|failed|activating|deactivating|reloading|maintenance)\b(?: \(([\w-]{1,30})\))?(?: \(Result: ([\w-]{1,30})\))?(?: since (.{10,40}?)(?:;|$))?/;
const SURELY =
  /^ {0,12}(?:Loaded: (?:loaded|not-found|masked|error|bad-setting) \(|Active: (?:active|inactive|failed|activating|deactivating) ?\()/;
/** `Tue 2019-03-12 14:01:06 IST`: which zone such letters mean is not sure; some zones are called `-03`. */
const SINCE = /^(?:[A-Z][a-z]{2} )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([A-Z]{2,5}|[+-]\d\d(?:\d\d)?)$/;
const ENDED = /\(code=(exited|killed|dumped), (?:status=(\d{1,3})(?:\/([\w/-]{1,30}))?|signal=([A-Z0-9]{2,10}))/;
/** Processes of the unit, further addresses of its documentation, and the pager's own words. */
const BELONGS =
  /^(?: {4,}(?:[├└│]|\|-|`-|(?:man|info|https?|file):\S)| {4,}\d+ |Warning: |Hint: |lines \d|\.\.\.skipping|~$)/;

const STATES: Readonly<Record<string, SignalId>> = {
  'active running': 'unit.started',
  inactive: 'unit.stopped',
  deactivating: 'unit.stopping',
  'activating start': 'unit.starting',
  'activating start-pre': 'unit.starting',
  'activating start-post': 'unit.starting',
};

/** Whether the unit runs; between two attempts of one that keeps failing it does not. */
const SHOWN: readonly (readonly [RegExp, SignalId])[] = [
  [/^(?:inactive|failed|activating \(auto-restart)/, 'unit.shown-down'],
  [/^active \(running\)/, 'unit.shown-up'],
];

/** Results of a unit that did not end well (systemd src/core/service.c, service_result); any other one is a failure. */
const RESULTS: Readonly<Record<string, SignalId>> = {
  'exit-code': 'unit.exited',
  signal: 'unit.killed',
  'core-dump': 'unit.killed',
  watchdog: 'unit.killed',
  'oom-kill': 'unit.oom-killed',
  'start-limit-hit': 'unit.start-limit',
  'start-limit': 'unit.start-limit',
};

/** Checks of a configuration that units run before a start: they end with 1 where it is refused, and for nothing else (run: nginx 1.22, HAProxy 2.6). */
const CHECKS: readonly (readonly [RegExp, SignalId])[] = [
  [
    /^\d{1,10} ExecStartPre=\S{0,200}\b(?:nginx|openresty|tengine|angie)[\w-]{0,8} (?:.{0,300} )?-t\b.*\(code=exited, status=1\//,
    'nginx.conf-error',
  ],
  [/^\d{1,10} ExecStartPre=\S{0,200}\bhaproxy (?:.{0,300} )?-c\b.*\(code=exited, status=1\//, 'proxy.config-error'],
];

/**
 * What systemctl (systemctl-start-unit.c, bus-wait-for-jobs.c) and scripts of System V (lsb-base, init-functions) answer in one line.
 * That a unit is not found tells of the name only.
 */
const ANSWERS: readonly (readonly [RegExp, SignalId])[] = [
  // Also as `cloudflared service install` passes it on (service_template.go).
  [
    /^(?:systemctl \[[^\]\n]{1,100}\] returned with error code .{1,40} due to: )?Job for ([\w@:.\\-]{1,247}\.service) failed\b/,
    'unit.start-failed',
  ],
  [/^Failed to (?:re)?start ([\w@:.\\-]{1,247}\.service): Unit \S{1,250} is masked\.$/, 'unit.shown-down'],
  [
    /^Failed to \w{4,12} ([\w@:.\\-]{1,247}\.service): (?:Unit \S{1,250} )?(?:Unit )?not (?:found|loaded)\b/,
    'unit.chatter',
  ],
  [/^See "systemctl status ([\w@:.\\-]{1,247}\.service)" and "journalctl /, 'unit.chatter'],
  [/^(?:\[FAIL\] | \* |\* )?([\w.-]{3,60}) is not running(?: \.\.\. failed!|\.)?$/, 'unit.shown-down'],
  [/^(?:\[ ok \] | \* |\* )?([\w.-]{3,60}) is running\.?$/, 'unit.shown-up'],
];

/** The unit that an answer is about; of a bare name only where the name is a service's that is known. */
function answerOf(text: string): { readonly unit: string; readonly role: Role; readonly signal: SignalId } | null {
  for (const [pattern, signal] of ANSWERS) {
    const unit = pattern.exec(text.slice(0, 600))?.[1];
    if (unit === undefined) continue;
    const role = unit.endsWith('.service') ? roleOfUnit(unit) : roleOfProgram(unit);
    if (role !== null) return { unit, role, signal };
  }
  return null;
}

/** A unit as far as its lines were read. */
interface Status {
  readonly unit: string;
  readonly role: Role;
  /** Its line with the state, and what that says. */
  line?: Line;
  signal?: SignalId;
  shown?: SignalId | undefined;
  result?: string | undefined;
  stamp: Stamp;
  /** The line of a check that refused its configuration. */
  refusal?: { readonly line: Line; readonly signal: SignalId };
  /** How the last of its processes ended that did not end well. */
  ended?: Readonly<Record<string, string | number>> | undefined;
}

class UnitStatusParser implements LineParser {
  private readonly emit: Emit;
  private status: Status | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const { text } = line;
    const unit = line.wrapper === null ? unitOf(text) : undefined;
    if (unit !== undefined) {
      this.end();
      this.status = { unit, role: roleOfUnit(unit), stamp: NO_STAMP };
      return true;
    }
    const answer = line.wrapper === null ? answerOf(text) : null;
    if (answer !== null) {
      this.end();
      const { unit: subject, role, signal } = answer;
      this.emit(unitClue(line, { signal, stamp: NO_STAMP, subject, role, text }));
      return true;
    }
    const { status } = this;
    if (status === null || line.wrapper !== null) return this.leave();
    if (text === '' || BELONGS.test(text)) return true;
    const field = FIELD.exec(text) ?? BARE_FIELD.exec(text);
    if (field === null) return this.leave();
    this.take(status, field[1] ?? '', field[2] ?? '', line);
    return true;
  }

  end(): void {
    const { status } = this;
    this.status = null;
    if (status?.line === undefined || status.signal === undefined) return;
    const { unit, role, line, signal, shown, result, stamp, ended, refusal } = status;
    const values = result === undefined ? {} : { result, ...ended };
    const text = `${unit} ${line.text.trim()}`;
    this.emit(unitClue(line, { signal, stamp, subject: unit, role, values, text }));
    // When it changed is one thing; that it has been so since is another.
    if (shown !== undefined) this.emit(unitClue(line, { signal: shown, stamp, subject: unit, role, text }));
    if (refusal === undefined) return;
    const { text: check } = refusal.line;
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: refusal.signal,
      ...entryFields(refusal.line, stamp, check.trim()),
    });
  }

  /** The unit is over: the line is another format's. */
  private leave(): Taken {
    this.end();
    return false;
  }

  private take(status: Status, name: string, value: string, line: Line): void {
    if (name === 'Active') {
      const [, state = '', detail = '', result, since = ''] = ACTIVE.exec(value) ?? [];
      const failed = result !== undefined && result !== 'success' && state !== 'active';
      status.line = line;
      status.shown = SHOWN.find(([state]) => state.test(value))?.[1];
      status.result = failed ? result : undefined;
      status.signal = failed
        ? (RESULTS[result] ?? 'unit.failed')
        : (STATES[`${state} ${detail}`] ?? STATES[state] ?? (state === 'failed' ? 'unit.failed' : 'unit.chatter'));
      status.stamp = sinceStamp(since);
    } else if (name === 'Process' || name === 'Main PID') {
      status.ended = endOf(value) ?? status.ended;
      const refused = CHECKS.find(([check]) => check.test(value));
      if (refused !== undefined) status.refusal = { line, signal: refused[1] };
    }
  }
}

function unitOf(text: string): string | undefined {
  const head = HEAD.exec(text);
  return head?.[1] ?? head?.[2];
}

function sinceStamp(text: string): Stamp {
  const [, wall = '', zone = ''] = SINCE.exec(text) ?? [];
  const stamp = parseIso(wall);
  if (stamp?.kind !== 'local') return NO_STAMP;
  const offset = zone === 'UTC' || zone === 'GMT' ? 0 : parseOffset(zone);
  return offset === undefined ? stamp : zonedStamp(stamp.ms, offset);
}

/** How a process ended that did not end well. */
function endOf(text: string): Readonly<Record<string, string | number>> | undefined {
  const [, code, status, exitName, signalName] = ENDED.exec(text) ?? [];
  if (code === 'exited') return status === '0' ? undefined : present({ exitCode: Number(status), exitName });
  if (signalName === undefined) return undefined;
  return present({ signalNumber: SIGNAL_NUMBERS[signalName], signalName });
}

function score({ text, wrapper }: Line): number {
  if (wrapper !== null) return 0;
  if (SURELY.test(text) || answerOf(text) !== null) return 0.95;
  return HEAD.test(text) ? 0.8 : 0;
}

const EXAMPLES: readonly Example[] = [
  {
    input:
      'lighttpd.service - Lighttpd Daemon\nLoaded: loaded (/lib/systemd/system/lighttpd.service; enabled)\nActive: failed (Result: exit-code) since Seg 2016-08-08 17:04:05 UTC; 2min 51s ago\nProcess: 4004 ExecStart=/usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf (code=exited, status=255)\n',
    shows: 'a copy without its blanks, with the day of the week in Portuguese',
    records: [
      {
        signal: 'unit.exited',
        line: 3,
        stamp: { kind: 'utc', ms: Date.UTC(2016, 7, 8, 17, 4, 5), offsetMinutes: 0 },
        subject: 'lighttpd.service',
        values: { role: 'proxy', result: 'exit-code', exitCode: 255 },
      },
      { signal: 'unit.shown-down', line: 3 },
    ],
  },
  {
    input:
      'Job for nginx.service failed because the control process exited with error code.\nSee "systemctl status nginx.service" and "journalctl -xe" for details.\nFailed to restart php7.4-fpm.service: Unit php7.4-fpm.service not found.\n * php-fpm is not running\n',
    shows: 'what systemctl and a script of System V answer',
    records: [
      { signal: 'unit.start-failed', line: 1, subject: 'nginx.service', values: { role: 'proxy' } },
      { signal: 'unit.chatter', line: 2 },
      { signal: 'unit.chatter', line: 3 },
      { signal: 'unit.shown-down', line: 4, subject: 'php-fpm', values: { role: 'fpm' } },
    ],
  },
  {
    input:
      '● php8.2-fpm.service - The PHP 8.2 FastCGI Process Manager\n     Loaded: loaded (/lib/systemd/system/php8.2-fpm.service; enabled; preset: enabled)\n     Active: failed (Result: exit-code) since Wed 2025-01-15 14:05:40 UTC; 3min ago\n    Process: 2715 ExecStart=/usr/sbin/php-fpm8.2 --nodaemonize (code=exited, status=78)\n   Main PID: 2715 (code=exited, status=78)\n        CPU: 31ms\n',
    shows: 'a service that failed, when, and with which code',
    records: [
      {
        signal: 'unit.exited',
        line: 3,
        stamp: { kind: 'utc', ms: Date.UTC(2025, 0, 15, 14, 5, 40), offsetMinutes: 0 },
        subject: 'php8.2-fpm.service',
        values: { role: 'fpm', result: 'exit-code', exitCode: 78 },
      },
      { signal: 'unit.shown-down', line: 3, subject: 'php8.2-fpm.service', values: { role: 'fpm' } },
    ],
  },
  {
    input:
      '× api.service - Orders API\n     Loaded: loaded (/etc/systemd/system/api.service; enabled; preset: enabled)\n    Drop-In: /etc/systemd/system/api.service.d\n             └─memory.conf\n     Active: failed (Result: oom-kill) since Wed 2025-01-15 09:05:40 EST; 3min ago\n   Duration: 2h 3min 1.5s\n    Process: 941 ExecStart=/usr/bin/node server.js (code=killed, signal=KILL)\n   Main PID: 941 (code=killed, signal=KILL)\n',
    shows: 'a service that was killed for lack of memory; letters for a zone do not tell which one',
    records: [
      {
        signal: 'unit.oom-killed',
        stamp: { kind: 'local', ms: Date.UTC(2025, 0, 15, 9, 5, 40) },
        subject: 'api.service',
        values: { role: 'app', result: 'oom-kill', signalNumber: 9, signalName: 'KILL' },
      },
      { signal: 'unit.shown-down', subject: 'api.service' },
    ],
  },
  {
    input:
      '* nginx.service - A high performance web server and a reverse proxy server\n   Loaded: loaded (/lib/systemd/system/nginx.service; enabled; vendor preset: enabled)\n   Active: active (running) since Wed 2025-01-15 11:06:08 -03; 1 day 2h ago\n     Docs: man:nginx(8)\n Main PID: 1236 (nginx)\n    Tasks: 2 (limit: 4915)\n   CGroup: /system.slice/nginx.service\n           |-1236 nginx: master process /usr/sbin/nginx\n           `-1237 nginx: worker process\n\n○ cloudflared.service - cloudflared\n     Loaded: loaded (/etc/systemd/system/cloudflared.service; enabled; preset: enabled)\n     Active: inactive (dead) since Wed 2025-01-15 14:05:40 UTC; 3min ago\n',
    shows: 'one service that is up and one that was stopped, since when',
    records: [
      {
        signal: 'unit.started',
        stamp: { kind: 'utc', ms: Date.UTC(2025, 0, 15, 14, 6, 8), offsetMinutes: -180 },
        subject: 'nginx.service',
        values: { role: 'proxy' },
      },
      { signal: 'unit.shown-up', line: 3, subject: 'nginx.service', values: { role: 'proxy' } },
      { signal: 'unit.stopped', subject: 'cloudflared.service', values: { role: 'tunnel' } },
      { signal: 'unit.shown-down', subject: 'cloudflared.service', values: { role: 'tunnel' } },
    ],
  },
  {
    input:
      '● nginx.service - A high performance web server and a reverse proxy server\n     Loaded: loaded (/lib/systemd/system/nginx.service; enabled; preset: enabled)\n     Active: failed (Result: exit-code) since Wed 2025-01-15 14:05:40 UTC; 3min ago\n    Process: 911 ExecStartPre=/usr/sbin/nginx -t -q -g daemon on; master_process on; (code=exited, status=1/FAILURE)\n        CPU: 12ms\n',
    shows: 'a web server whose configuration was refused before its start',
    records: [
      {
        signal: 'unit.exited',
        subject: 'nginx.service',
        values: { role: 'proxy', result: 'exit-code', exitCode: 1, exitName: 'FAILURE' },
      },
      { signal: 'unit.shown-down', subject: 'nginx.service' },
      {
        signal: 'nginx.conf-error',
        line: 4,
        stamp: { kind: 'utc', ms: Date.UTC(2025, 0, 15, 14, 5, 40), offsetMinutes: 0 },
      },
    ],
  },
];

/** What `systemctl status` prints. */
export const unitStatus: LineFormat = {
  shape: 'lines',
  id: 'unit-status',
  title: 'output of systemctl status',
  hop: 'host',
  foundAt: ['systemctl status --no-pager --full nginx php8.2-fpm cloudflared'],
  limits: [
    'It tells the last change of a service alone: what was before is in the journal.',
    'Its times have the letters of a zone, which do not always tell the zone; TZ=UTC before the command does.',
  ],
  examples: () => EXAMPLES,
  score,
  open: (emit) => new UnitStatusParser(emit),
};
