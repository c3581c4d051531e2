import type { SignalId } from '../../vocabulary/signals.ts';
import { groupValues } from '../app/group-values.ts';
import { JOB_WORDS, UNIT_MESSAGES } from './systemd-messages.ts';
import { type Role, roleOfDescription, roleOfUnit } from './units.ts';

/** What a line of systemd says: its signal, the unit it speaks of, and what that unit is. */
export interface UnitEvent {
  readonly signal: SignalId;
  readonly unit: string;
  readonly role: Role;
  readonly values: Readonly<Record<string, string | number>>;
}

const UNIT_NAME = /^[\w@:.\\-]{1,255}\.(?:service|socket|timer|mount|automount|scope|slice|target|path|device|swap)$/;
const ENDED = /^(?:Deactivated successfully|Succeeded)\./;
const UNIT_LIMIT = 5000;

/** `Killed /system.slice/php8.2-fpm.service due to memory pressure for /system.slice being …`. */
const OOMD_KILL = /^Killed (?:\/\S{0,500}\/)?([\w@:.\\-]{1,255}\.(?:service|scope)) due to memory (?:pressure|used) /;

/** What systemd-oomd says that it killed (systemd src/oom/oomd-manager.c); null where it killed no service. */
export function oomdKillOf(text: string): UnitEvent | null {
  const unit = OOMD_KILL.exec(text.slice(0, 2000))?.[1];
  return unit === undefined ? null : { signal: 'unit.oom-killed', unit, role: roleOfUnit(unit), values: {} };
}

/**
 * Reads systemd's lines and remembers what each unit does, so that a service which ends by itself is told from one that
 * was stopped and from a job that is done.
 */
export class SystemdLines {
  private readonly doing = new Map<string, 'starting' | 'running' | 'stopping'>();

  /** The event of a line, or null for chatter. */
  read(text: string): UnitEvent | null {
    const line = text.slice(0, 2000);
    return this.job(line) ?? this.unit(line);
  }

  private job(line: string): UnitEvent | null {
    for (const { word, ending, signal } of JOB_WORDS) {
      if (!line.startsWith(word)) continue;
      const named = line.endsWith(ending) ? line.slice(word.length, -ending.length) : line.slice(word.length);
      const dash = named.indexOf(' - ');
      const first = dash === -1 ? named : named.slice(0, dash);
      const isName = UNIT_NAME.test(first);
      const unit = isName ? first : named;
      const role = isName ? roleOfUnit(first) : roleOfDescription(named);
      this.note(unit, signal);
      return { signal, unit, role, values: {} };
    }
    return null;
  }

  private unit(line: string): UnitEvent | null {
    const colon = line.indexOf(': ');
    if (colon <= 0 || colon > 255) return null;
    const unit = line.slice(0, colon);
    if (!UNIT_NAME.test(unit)) return null;
    const text = line.slice(colon + 2);
    const role = roleOfUnit(unit);
    for (const message of UNIT_MESSAGES) {
      const match = message.pattern.exec(text);
      if (match === null) continue;
      return message.signal === 'unit.chatter'
        ? null
        : { signal: message.signal, unit, role, values: groupValues(match.groups) };
    }
    if (!ENDED.test(text)) return null;
    // After "Stopping" this is its echo; after "Starting" the end of a job that runs once.
    const before = this.doing.get(unit);
    this.doing.delete(unit);
    return before === 'stopping' || before === 'starting' ? null : { signal: 'unit.stopped', unit, role, values: {} };
  }

  private note(unit: string, signal: SignalId): void {
    if (this.doing.size > UNIT_LIMIT) this.doing.clear();
    if (signal === 'unit.starting') this.doing.set(unit, 'starting');
    else if (signal === 'unit.started') this.doing.set(unit, 'running');
    else if (signal === 'unit.stopping') this.doing.set(unit, 'stopping');
    else if (signal === 'unit.stopped') this.doing.delete(unit);
  }
}
