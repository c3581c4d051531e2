import { expect, it } from 'vitest';
import { eventsOf } from '../../src/result/build/events.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, T0, timedOf } from '../correlate/logs-of.ts';

function kindsOf(signal: SignalId, role: string, subject: string): string[] {
  const records = [clue(signal, T0, { subject, values: { role } })];
  return eventsOf(timedOf([{ hop: 'host', records }]), []).events.map(({ kind }) => kind);
}

it.each([
  ['a service’s start', 'unit.started', 'proxy', 'nginx.service', ['start']],
  ['a run of certbot', 'unit.started', 'other', 'certbot.service', ['config']],
  ['an upgrade by a timer', 'unit.started', 'other', 'apt-daily-upgrade.service', ['deploy']],
  ['nothing of what only runs beside', 'unit.started', 'other', 'phpsessionclean.service', []],
  ['nothing of how such a run ends', 'unit.stopped', 'other', 'certbot.service', []],
] as const)('%s', (_, signal, role, subject, kinds) => {
  expect(kindsOf(signal, role, subject)).toEqual(kinds);
});
