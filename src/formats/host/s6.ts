import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { groupValues } from '../app/group-values.ts';
import type { Example, LineFormat } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { SIGNAL_NUMBERS } from './signal-numbers.ts';
import { type UnitSaid, unitPerLine } from './unit-clue.ts';
import { type Role, roleOfProgram } from './units.ts';

/*
 * s6, which runs the programs of linuxserver.io's images, Nginx Proxy Manager and Home Assistant's add-ons (s6-overlay). Wordings are
 * those of s6-rc's source (src/s6-rc/s6-rc.c) and of s6-overlay 2 and 3 in public reports.
 */

interface Message {
  readonly signal: SignalId;
  /** `name`: the service; other groups are values. */
  readonly pattern: RegExp;
}

const NAME = String.raw`(?<name>[\w.@-]{1,100})`;

const MESSAGES: readonly Message[] = [
  { signal: 'unit.starting', pattern: new RegExp(`^s6-rc: info: service ${NAME}: starting$`) },
  {
    signal: 'unit.started',
    pattern: new RegExp(`^s6-rc: info: service ${NAME} (?:successfully started|started successfully)$`),
  },
  { signal: 'unit.stopping', pattern: new RegExp(`^s6-rc: info: service ${NAME}: stopping$`) },
  {
    signal: 'unit.stopped',
    pattern: new RegExp(`^s6-rc: info: service ${NAME} (?:successfully stopped|stopped successfully)$`),
  },
  {
    signal: 'unit.start-failed',
    pattern: new RegExp(
      `^s6-rc: warning: unable to start service ${NAME}: command (?:exited (?<exitCode>\\d{1,3})|crashed with signal (?<signalNumber>\\d{1,2}))$`,
    ),
  },
  // skalibs' words (`strerr_dieexec`) of whichever of its programs was to become another one.
  {
    signal: 'unit.start-failed',
    pattern: new RegExp(`^s6-[a-z-]{2,40}: fatal: unable to exec (?:/?[\\w.-]{1,60}/){0,8}${NAME}: `),
  },
  { signal: 'unit.start-failed', pattern: new RegExp(`^s6-supervise ${NAME}: warning: unable to spawn \\./run\\b`) },
];
/** What s6 and s6-overlay say besides, of no service or of what is only prepared. */
const CHATTER =
  /^(?:s6-[a-z0-9-]{2,40}(?: [\w.@-]{1,100})?(?: \(child\))?: (?:info|warning|fatal): |\/run\/s6\/basedir\/scripts\/rc\.init: (?:info|warning|fatal): |(?:cont-init|cont-finish|fix-attrs|services-up|services-down): (?:info|warning): |\[(?:s6-init|s6-finish|cont-init\.d|cont-finish\.d|fix-attrs\.d|services\.d)\] )/;
/** What runs once before the services do (of Home Assistant's image, too), and what carries their logs. */
const PREPARES =
  /^(?:init|legacy|fix-attrs|s6rc|user|ci|create|prepare|base-addon)(?:-|\d?$)|-(?:log|pipeline|prepare)$/;
/** linuxserver.io's services. */
const PREFIX = /^svc-/;

/** A service does not start where what prepares it fails: that is told by the program in its name (`init-nginx`). */
function roleOfService(name: string, signal: SignalId): Role {
  if (!PREPARES.test(name)) return roleOf(name.replace(PREFIX, ''));
  return (signal === 'unit.start-failed' ? roleOfProgram(name.replace(/^init-/, '')) : null) ?? 'other';
}

function read(text: string): UnitSaid | null {
  for (const { signal, pattern } of MESSAGES) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const { name, ...values } = groupValues(groups);
    const subject = String(name);
    const [signalName] = Object.entries(SIGNAL_NUMBERS).find(([, number]) => number === values.signalNumber) ?? [];
    return {
      signal,
      stamp: NO_STAMP,
      subject,
      role: roleOfService(subject, signal),
      values: { ...values, ...(signalName === undefined ? {} : { signalName }) },
    };
  }
  return CHATTER.test(text) ? { signal: 'unit.chatter', stamp: NO_STAMP, subject: 's6', role: 'other' } : null;
}

const EXAMPLES: readonly Example[] = [
  {
    input: [
      's6-rc: info: service s6rc-oneshot-runner successfully started',
      's6-rc: info: service init-nginx: starting',
      's6-rc: info: service svc-php-fpm: starting',
      's6-rc: info: service svc-php-fpm successfully started',
      's6-rc: warning: unable to start service svc-nginx: command exited 1',
      '/run/s6/basedir/scripts/rc.init: warning: s6-rc failed to properly bring all the services up! Check your logs (in /run/uncaught-logs/current if you have in-container logging) for more information.',
    ].join('\n'),
    shows: 'a container whose web server could not be started',
    records: [
      { signal: 'unit.started', subject: 's6rc-oneshot-runner', values: { role: 'other' } },
      { signal: 'unit.starting', subject: 'init-nginx', values: { role: 'other' } },
      { signal: 'unit.starting', subject: 'svc-php-fpm', values: { role: 'fpm' } },
      { signal: 'unit.started', subject: 'svc-php-fpm' },
      { signal: 'unit.start-failed', subject: 'svc-nginx', values: { role: 'proxy', exitCode: 1 }, stamp: NO_STAMP },
      { signal: 'unit.chatter', values: { role: 'other' } },
    ],
  },
  {
    input: [
      '2026-11-20T08:14:38.123456789Z s6-rc: info: service nginx: stopping',
      '2026-11-20T08:14:38.223456789Z s6-rc: info: service nginx successfully stopped',
      '2026-11-20T08:14:38.323456789Z s6-supervise web: warning: unable to spawn ./run - waiting 10 seconds',
      '2026-11-20T08:14:38.353456789Z s6-applyuidgid: fatal: unable to exec nginx: Exec format error',
      '2026-11-20T08:14:38.423456789Z [cont-init.d] executing container initialization scripts...',
    ].join('\n'),
    shows: 'one that was stopped, one that cannot be run; the time is Docker’s',
    records: [
      { signal: 'unit.stopping', subject: 'nginx', values: { role: 'proxy' } },
      { signal: 'unit.stopped', stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 223) } },
      { signal: 'unit.start-failed', subject: 'web', values: { role: 'app' } },
      { signal: 'unit.start-failed', subject: 'nginx', values: { role: 'proxy' } },
      { signal: 'unit.chatter' },
    ],
  },
  {
    input: [
      's6-rc: info: service base-addon-banner successfully started',
      's6-rc: warning: unable to start service init-cloudflared-config: command exited 1',
    ].join('\n'),
    shows: 'what prepares a service failed, so it does not start',
    records: [
      { signal: 'unit.started', subject: 'base-addon-banner', values: { role: 'other' } },
      { signal: 'unit.start-failed', subject: 'init-cloudflared-config', values: { role: 'tunnel', exitCode: 1 } },
    ],
  },
];

/** What s6 and s6-overlay say of the services of a container. */
export const s6: LineFormat = {
  shape: 'lines',
  id: 's6',
  title: 's6 (s6-overlay)',
  hop: 'host',
  foundAt: ['docker logs of an image of linuxserver.io, of Nginx Proxy Manager, of a Home Assistant add-on'],
  limits: [
    'Its lines have no time of their own; docker logs -t has one.',
    'A service that ends is started again without a word.',
  ],
  examples: () => EXAMPLES,
  ...unitPerLine(read),
};
