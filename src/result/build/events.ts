import type { TimedClue, TimedStream } from '../../clock/timeline.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import type { Result } from '../schema.ts';
import { isoInstant } from './times.ts';

type Event = Result['events'][number];

/** Lines that date a change, by the kind of change. */
const KINDS: readonly (readonly [Event['kind'], readonly SignalId[]])[] = [
  [
    'start',
    [
      'host.boot',
      'unit.started',
      'nginx.start',
      'fpm.ready',
      'app.start',
      'gunicorn.start',
      'apache.start',
      'proxy.start',
      'db.start',
      'cache.start',
      'cloudflared.proc-start',
    ],
  ],
  [
    'stop',
    [
      'host.shutdown',
      'unit.stopping',
      'unit.stopped',
      'nginx.sig-stop',
      'fpm.terminating',
      'fpm.finishing',
      'app.stop',
      'gunicorn.stop',
      'apache.stop',
      'proxy.stop',
      'db.stop',
      'cloudflared.proc-sigterm',
    ],
  ],
  [
    'reload',
    [
      'unit.reloaded',
      'nginx.sig-reload',
      'fpm.reloading',
      'gunicorn.reload',
      'uwsgi.reload',
      'apache.reload',
      'proxy.reload',
    ],
  ],
  [
    'crash',
    [
      'unit.exited',
      'unit.killed',
      'unit.oom-killed',
      'kernel.oom-kill',
      'app.crash',
      'db.crash',
      'nginx.worker-signal',
      'nginx.worker-killed',
      'cloudflared.proc-gostack',
    ],
  ],
  ['deploy', ['host.package-upgrade']],
  [
    'config',
    [
      'cloudflared.proc-config',
      'host.ban',
      'host.certificate',
      'host.certificate-failed',
      'host.certificate-hook',
      'host.cron-service',
    ],
  ],
  ['connect', ['cloudflared.edge-reg', 'cloudflared.edge-reg-old']],
  [
    'disconnect',
    [
      'cloudflared.edge-unreg',
      'cloudflared.edge-terminated',
      'cloudflared.edge-h2-lost',
      'cloudflared.edge-lost-idle',
      'cloudflared.edge-lost-idle2',
    ],
  ],
];

/** Units whose run may change what is served: `Starting certbot.service`, `Started unattended-upgrades.service`. */
const CHANGING_UNITS: readonly (readonly [Event['kind'], RegExp])[] = [
  ['deploy', /(?:^|\/)(?:unattended-upgrade|apt-daily-upgrade|dnf-automatic|yum-cron|packagekit)/i],
  ['config', /(?:^|[/.])(?:certbot|acme|letsencrypt|dehydrated|lego)/i],
];

/** The kind of change that a line dates; null where it is of a service that has no part in answering requests. */
function kindOf(kind: Event['kind'], { record }: TimedClue): Event['kind'] | null {
  if (record.values?.role !== 'other') return kind;
  if (kind !== 'start') return null;
  return CHANGING_UNITS.find(([, names]) => names.test(record.subject ?? ''))?.[0] ?? null;
}

/** Events listed; those nearest to bursts come first when there are more. */
export const EVENT_CAP = 120;

/** Starts, stops, reloads, crashes and changes of all programs, in order of time. */
export function eventsOf(
  streams: readonly TimedStream[],
  bursts: readonly { startMs: number; endMs: number }[],
): { events: Event[]; seen: number } {
  const found: { kind: Event['kind']; clue: TimedClue }[] = [];
  // One line of apt names many packages.
  const seen = new Set<string>();
  for (const { clues } of streams) {
    for (const [kind, signals] of KINDS) {
      for (const signal of signals) {
        for (const clue of clues.get(signal)?.kept ?? []) {
          const told = kindOf(kind, clue);
          const place = `${told} ${clue.source} ${clue.record.line}`;
          if (Number.isNaN(clue.atMs) || told === null || seen.has(place)) continue;
          seen.add(place);
          found.push({ kind: told, clue });
        }
      }
    }
  }
  const distance = (ms: number): number =>
    Math.min(Number.MAX_SAFE_INTEGER, ...bursts.map(({ startMs, endMs }) => Math.max(startMs - ms, ms - endMs, 0)));
  const kept = found
    .map((item) => ({ ...item, distance: distance(item.clue.atMs) }))
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        a.clue.atMs - b.clue.atMs ||
        a.clue.source - b.clue.source ||
        a.clue.record.line - b.clue.record.line,
    )
    .slice(0, EVENT_CAP)
    .sort(
      (a, b) => a.clue.atMs - b.clue.atMs || a.clue.source - b.clue.source || a.clue.record.line - b.clue.record.line,
    );
  return {
    seen: found.length,
    events: kept.map(({ kind, clue }) => ({
      time: isoInstant(clue.atMs),
      hop: SIGNALS[clue.record.signal].hop,
      kind,
      text: clue.record.text,
      source: clue.source,
      line: clue.record.line,
    })),
  };
}
