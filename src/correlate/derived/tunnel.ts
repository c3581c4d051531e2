import { wouldWrite } from '../../clock/level.ts';
import type { TimedClue } from '../../clock/timeline.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { openEnd } from '../open-end.ts';
import {
  aroundBurst,
  cluesDuring,
  cluesOf,
  covering,
  during,
  inTime,
  pattern,
  quoted,
  type Scene,
  SLACK_MS,
} from '../scene.ts';
import { awayTimes } from './states.ts';
import { hungUpByTlsPort } from './tls-port.ts';
import { BACK_WITHIN_MS, CONNECTED_WITHIN_MS, REGISTERED, STOPS } from './tunnel-lines.ts';
import { deriveTunnelService } from './tunnel-service.ts';

/** Lines after which a connection of the tunnel is gone. */
const LOSSES: readonly SignalId[] = [
  'cloudflared.edge-lost-idle',
  'cloudflared.edge-lost-idle2',
  'cloudflared.edge-lost-dgram',
  'cloudflared.edge-h2-lost',
  'cloudflared.edge-h2-closed',
  'cloudflared.edge-unreg',
  'cloudflared.edge-terminated',
  'cloudflared.edge-serve',
  'cloudflared.edge-app0',
  'cloudflared.edge-lost-wrap',
];
/** A lost QUIC path shows in the log only after the idle time-out of 5 s. */
const IDLE_LOSSES: readonly SignalId[] = LOSSES.filter((signal) => signal.startsWith('cloudflared.edge-lost'));
const IDLE_TIMEOUT_MS = 6000;
/** cloudflared ends: what it writes at level error, too, where its orderly stop is a line of level info. */
const ENDINGS: readonly SignalId[] = ['cloudflared.noise-icmp', 'cloudflared.noise-shutdown-nomore'];

/** The state of the tunnel and of the service behind it while the requests failed. */
export function deriveTunnel(scene: Scene): SignalFact[] {
  if (!scene.streams.some(({ stream }) => stream.hop === 'tunnel')) return [];
  if (scene.isExcerpt)
    return [...httpOnTlsPort(scene), ...startedTwice(scene), ...keptUp(scene), ...shownDisconnected(scene)];
  const ended = scene.isLasting ? [] : process(scene);
  // A killed cloudflared says nothing of its connections: that no loss was logged proves no connection then.
  const states = connections(scene).filter(({ signal }) => ended.length === 0 || signal !== 'derived.tunnel-up');
  return [
    ...httpOnTlsPort(scene),
    ...states,
    ...ended,
    ...deriveTunnelService(scene),
    ...carried(scene),
    ...withoutRules(scene),
    ...shownDisconnected(scene),
  ];
}

/** What cloudflared answers while it has no rule (cloudflared section 6, proc-noingress). */
const NO_RULE_STATUS = 503;

/** cloudflared said that it has no rules, none came until the failures, and these are what it then answers. */
function withoutRules(scene: Scene): SignalFact[] {
  const told = cluesOf(scene, ['cloudflared.proc-noingress'], (ms) => ms <= scene.firstRequestMs + SLACK_MS).at(-1);
  if (told === undefined || scene.failures.some(({ status }) => status !== NO_RULE_STATUS)) return [];
  const rules = cluesOf(scene, ['cloudflared.proc-config'], (ms) => ms >= told.atMs && ms <= scene.endMs - SLACK_MS);
  return rules.length === 0 ? [pattern('derived.tunnel-without-rules', { lines: quoted([told]) })] : [];
}

/** A connection that Cloudflare closes for its own work comes back within seconds (cloudflared section 5). */
const RENEWED_WITHIN_MS = 60_000;

/** Connections were lost and came back, and there was always another one. */
function keptUp(scene: Scene): SignalFact[] {
  const lost = cluesOf(scene, LOSSES, () => true).filter(({ record }) => record.connection !== undefined);
  const back = cluesOf(scene, REGISTERED, () => true);
  const areRenewed = lost.every(({ record, atMs }) =>
    back.some(
      (one) => one.record.connection === record.connection && one.atMs >= atMs && one.atMs <= atMs + RENEWED_WITHIN_MS,
    ),
  );
  return lost.length > 0 && areRenewed && tunnelDowns(scene).length === 0
    ? [pattern('derived.tunnel-kept-up', { lines: quoted(lost) })]
    : [];
}

/** Visitors of a tunnel that no cloudflared is connected to get 530. */
const NOT_CONNECTED_STATUS = 530;

/** The list of a tunnel's connections is empty; it is undated, so the failures must be such as follow from that. */
function shownDisconnected(scene: Scene): SignalFact[] {
  const shown = cluesOf(scene, ['cloudflared.shown-disconnected', 'cloudflared.shown-connected'], () => true);
  const isEmpty = shown.length > 0 && shown.every(({ record }) => record.signal === 'cloudflared.shown-disconnected');
  const fits =
    scene.failures.filter(({ status }) => status === NOT_CONNECTED_STATUS).length > scene.failures.length / 2;
  return isEmpty && fits ? [pattern('derived.tunnel-shown-disconnected', { lines: quoted(shown) })] : [];
}

/** cloudflared starts anew without having said that it stops: it crashed or was killed (cloudflared section 5). */
function startedTwice(scene: Scene): SignalFact[] {
  const marks = cluesOf(scene, ['cloudflared.proc-start', ...STOPS], () => true).sort(inTime);
  const vanished = marks.filter(({ record }, i) => {
    const previous = marks[i - 1]?.record.signal;
    return record.signal === 'cloudflared.proc-start' && previous === 'cloudflared.proc-start';
  });
  return vanished.length > 0
    ? [pattern('derived.tunnel-vanished', { firstMs: vanished[0]?.atMs ?? null, lines: quoted(vanished) })]
    : [];
}

/** cloudflared speaks plain HTTP to a port for TLS. */
function httpOnTlsPort(scene: Scene): SignalFact[] {
  return hungUpByTlsPort(scene, ['cloudflared.inner-eof', 'cloudflared.inner-reset'], 'derived.http-on-tls-port');
}

/** A request that cloudflared reports on came through a connected tunnel. */
function carried(scene: Scene): SignalFact[] {
  const lines = cluesOf(
    scene,
    tunnelErrors(scene).filter((signal) => SIGNALS[signal].role === 'request'),
    (ms) => during(scene, ms),
  );
  const share = Math.min(1, lines.length / Math.max(1, scene.failed));
  return share >= 0.2
    ? [pattern('derived.tunnel-carried', { count: lines.length, strength: share, lines: quoted(lines) })]
    : [];
}

/** A time in which no connection of the tunnel was up. */
export interface TunnelDown {
  readonly fromMs: number;
  /** Infinite where no connection came back as far as the log goes, and it goes to the burst. */
  readonly toMs: number;
  /** How long before `fromMs` the path may have been gone without a line. */
  readonly knownLateMs: number;
  /** False where cloudflared had only just been started. */
  readonly wasUp: boolean;
}

/** The connections that cloudflared keeps unless told otherwise. */
const CONNECTIONS = ['0', '1', '2', '3'] as const;

/**
 * Counts connections: up at Registered, down at the first loss of a connection (cloudflared section 5). A log that does not
 * show cloudflared's start begins with all four up: those of which it says nothing were registered before.
 */
export function tunnelDowns(scene: Scene): TunnelDown[] {
  const marks = cluesOf(scene, [...LOSSES, ...REGISTERED, ...STOPS, 'cloudflared.proc-start'], () => true)
    .filter(({ atMs }) => !Number.isNaN(atMs))
    .sort(inTime);
  const endings = cluesOf(scene, ENDINGS, () => true);
  /** A connection that ends with cloudflared was no path lost long before. */
  const isEnding = (ms: number): boolean => endings.some(({ atMs }) => Math.abs(atMs - ms) <= SLACK_MS);
  const up = new Set<string>(CONNECTIONS);
  let open: Omit<TunnelDown, 'toMs'> | null = null;
  let known = false;
  let wasUp = false;
  const downs: TunnelDown[] = [];
  /** Lines since the last connection went. */
  const closing: TimedClue[] = [];
  for (const mark of marks) {
    const { record, atMs } = mark;
    const connection = record.connection ?? '';
    if (REGISTERED.includes(record.signal)) {
      up.add(connection);
      known = true;
      wasUp = true;
    } else if (record.signal === 'cloudflared.proc-start' || STOPS.includes(record.signal)) {
      up.clear();
      known = true;
    } else {
      if (connection === '') continue;
      known ||= up.has(connection);
      wasUp ||= up.has(connection);
      up.delete(connection);
    }
    if (!known) continue;
    if (up.size === 0) {
      closing.push(mark);
      const isLate = IDLE_LOSSES.includes(record.signal) && !isEnding(atMs);
      open ??= { fromMs: atMs, knownLateMs: isLate ? IDLE_TIMEOUT_MS : 0, wasUp };
    } else if (open !== null) {
      downs.push({ ...open, toMs: atMs });
      open = null;
      closing.length = 0;
    }
  }
  if (open !== null) downs.push({ ...open, toMs: openEnd(scene, closing) });
  return downs;
}

/** Whether the tunnel was down or up as the requests failed. */
function connections(scene: Scene): SignalFact[] {
  const downs = tunnelDowns(scene);
  const hit = downs.find(
    ({ fromMs, toMs, knownLateMs: late }) =>
      Math.min(toMs, scene.endMs) - Math.max(fromMs - late, scene.startMs) > 0.4 * (scene.endMs - scene.startMs),
  );
  const errors = cluesDuring(scene, tunnelErrors(scene));
  if (hit) {
    const lines = cluesOf(
      scene,
      [...LOSSES, ...REGISTERED, ...STOPS],
      (ms) => ms >= hit.fromMs - 1000 && ms <= Math.min(hit.toMs, scene.endMs + 60_000) + 1000,
    );
    return [
      pattern('derived.tunnel-down', {
        firstMs: hit.fromMs,
        lastMs: Number.isFinite(hit.toMs) ? hit.toMs : null,
        lines: quoted(lines),
      }),
    ];
  }
  const covered = covering(scene, 'tunnel').some(({ stream }) => wouldWrite(stream, 'error'));
  return covered && errors.length === 0 ? [pattern('derived.tunnel-up')] : [];
}

/** Lines that say that cloudflared itself failed, or failed a request. */
function tunnelErrors(scene: Scene): SignalId[] {
  const signals = new Set<SignalId>();
  for (const { clues } of scene.streams) {
    for (const signal of clues.keys()) {
      const { hop, role, madeBy } = SIGNALS[signal];
      if (hop === 'tunnel' && madeBy !== 'origin' && (role === 'request' || role === 'process')) signals.add(signal);
    }
  }
  return [...signals];
}

function process(scene: Scene): SignalFact[] {
  const stops = cluesOf(scene, STOPS, (ms) => aroundBurst(scene, ms));
  const unit = awayTimes(scene, 'tunnel', [], ['cloudflared.proc-start']).filter(
    ({ fromMs, toMs }) => fromMs <= scene.endMs + SLACK_MS && toMs >= scene.firstRequestMs - SLACK_MS,
  );
  const stopped = [
    ...stops,
    ...unit.flatMap(({ clues }) =>
      clues.filter(({ record }) => record.signal === 'unit.stopping' || record.signal === 'unit.stopped'),
    ),
  ];
  const firstStop = stopped[0];
  if (firstStop) {
    const strength = stoppedShare(scene, firstStop.atMs);
    return [pattern('derived.tunnel-stopped', { strength, firstMs: firstStop.atMs, lines: quoted(stopped) })];
  }
  const starts = cluesOf(
    scene,
    ['cloudflared.proc-start'],
    (ms) => ms >= scene.startMs - SLACK_MS && ms <= scene.endMs + BACK_WITHIN_MS,
  );
  const before =
    covering(scene, 'tunnel').some(({ stream }) => wouldWrite(stream, 'info')) &&
    scene.streams.some(({ stream, firstMs }) => stream.hop === 'tunnel' && firstMs < scene.startMs - 10_000);
  return starts.length > 0 && before
    ? [pattern('derived.tunnel-vanished', { firstMs: starts[0]?.atMs ?? null, lines: quoted(starts) })]
    : [];
}

/** The next cloudflared ran, or tried to. */
const STARTED_ANEW: readonly SignalId[] = [
  'cloudflared.proc-start',
  'cloudflared.proc-couldnt',
  'cloudflared.proc-last-rule',
  'cloudflared.proc-metrics-fail',
];

/** Part of the burst for which the stop accounts: from it until cloudflared was started anew and had time to connect. */
function stoppedShare(scene: Scene, stopMs: number): number {
  const start = [
    ...cluesOf(scene, STARTED_ANEW, (ms) => ms >= stopMs),
    ...cluesOf(scene, ['unit.started'], (ms) => ms >= stopMs).filter(({ record }) => record.values?.role === 'tunnel'),
  ].sort(inTime)[0]?.atMs;
  const fromMs = Math.max(scene.startMs, stopMs - SLACK_MS);
  const toMs = start === undefined ? scene.endMs : Math.min(scene.endMs, start + CONNECTED_WITHIN_MS);
  // A burst of one moment, just after the stop, is all its doing.
  return Math.max(0, Math.min(1, (toMs - fromMs + 1) / (scene.endMs - scene.startMs + 1)));
}
