import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { groupValues } from '../app/group-values.ts';
import { clueOn, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { auditEvent, auditHead, auditStamp } from './audit.ts';
import { KERNEL_EXAMPLES } from './kernel-examples.ts';
import { KERNEL_MESSAGES, type KernelMessage } from './kernel-messages.ts';
import { loggedPacket } from './packets.ts';
import { roleOfProgram } from './units.ts';

/*
 * The kernel's log: kern.log, dmesg, journalctl -k, and audit.log. The unwrapper has taken off `[12345.678901] `.
 */

const SUMMARY = 'oom-kill:';

function messageOf(text: string): { row: KernelMessage; match: RegExpExecArray } | null {
  const line = text.length > LONGEST_MATCHED ? text.slice(0, LONGEST_MATCHED) : text;
  for (const row of KERNEL_MESSAGES) {
    if (row.word !== '' && !line.includes(row.word)) continue;
    const match = row.pattern.exec(line);
    if (match !== null) return { row, match };
  }
  return null;
}

class KernelParser implements LineParser {
  private readonly emit: Emit;
  /** Older kernels write one kill in two lines: `Kill process N` and `Killed process N`. */
  private lastKilled: string | null = null;
  /** A kill of which the summary was read; newer kernels write its own line right below. */
  private summary: ClueRecord | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    // journald passes the audit's lines on as a program's: `audit[812]: AVC avc:  denied …`.
    const isKernel = line.wrapper?.program === 'kernel' || line.wrapper?.program === 'audit';
    const audit = auditHead(line.text);
    if (!isKernel && line.wrapper?.program !== undefined && audit === null) return false;
    const packet = loggedPacket(line.text);
    if (packet !== null) {
      this.say(line, NO_STAMP, packet.signal, packet.label, packet.values, packet.client);
      return true;
    }
    const stamp = audit?.stamp ?? auditStamp(line.text);
    const event = audit === null ? null : auditEvent(audit, line.text);
    if (event !== null) {
      this.say(line, stamp, event.signal, event.subject, event.values, undefined, event.pid);
      return true;
    }
    const found = messageOf(line.text);
    if (found === null) {
      if (isKernel || audit !== null) this.say(line, stamp, 'unit.chatter', audit === null ? 'kernel' : 'audit');
      return isKernel || audit !== null;
    }
    const { process, command, scope, denied, ...groups } = { ...found.match.groups };
    const named = process ?? command;
    const values = groupValues(groups);
    if (denied !== undefined) values.operation = denied;
    if (scope?.startsWith('Memory cgroup') || scope === 'MEMCG') values.limitedBy = 'cgroup';
    const role = named === undefined ? null : roleOfProgram(named);
    if (role !== null) values.role = role;
    if (found.row.signal === 'kernel.oom-kill' && this.isSecondLine(line.text, groups.pid)) return true;
    if (line.text.startsWith(SUMMARY))
      this.hold(recordOf(line, stamp, found.row.signal, named, values, undefined, groups.pid));
    else this.say(line, stamp, found.row.signal, named, values, undefined, groups.pid);
    return true;
  }

  end(): void {
    this.hold(null);
  }

  private hold(summary: ClueRecord | null): void {
    if (this.summary !== null) this.emit(this.summary);
    this.summary = summary;
  }

  private isSecondLine(text: string, pid: string | undefined): boolean {
    const second = text.startsWith('Killed process') && pid !== undefined && pid === this.lastKilled;
    this.lastKilled = second ? null : (pid ?? null);
    return second;
  }

  private say(...told: Parameters<typeof recordOf>): void {
    const record = recordOf(...told);
    if (record.signal === 'kernel.oom-kill' && record.connection === this.summary?.connection) this.summary = null;
    this.hold(null);
    this.emit(record);
  }
}

function recordOf(
  line: Line,
  stamp: Stamp,
  signal: SignalId,
  subject: string | undefined,
  values: Readonly<Record<string, string | number>> = {},
  client?: string,
  pid?: string,
): ClueRecord {
  const clue = clueOn(line, stamp, 'host', signal);
  if (subject !== undefined) clue.subject = subject;
  if (pid !== undefined) clue.connection = pid;
  if (client !== undefined) clue.client = client;
  clue.values = signal.startsWith('unit.') ? { role: 'other', ...values } : values;
  return clue;
}

function score(line: Line): number {
  if (line.wrapper?.program === 'kernel' || line.wrapper?.program === 'audit') return 0.95;
  if (line.wrapper?.program !== undefined) return 0;
  if (auditHead(line.text) !== null) return 0.9;
  const text = line.text.slice(0, 2000);
  if (loggedPacket(text) !== null) return 0.85;
  const found = messageOf(text);
  // Disk and memory texts alone may be any program's.
  if (found === null || found.row.word === '' || found.row.signal === 'kernel.out-of-sockets') return 0;
  return 0.75;
}

/** The kernel's log. */
export const kernel: LineFormat = {
  shape: 'lines',
  id: 'kernel',
  title: 'Kernel log',
  hop: 'host',
  foundAt: ['/var/log/kern.log', '/var/log/ufw.log', 'dmesg -T', 'journalctl -k', '/var/log/audit/audit.log'],
  limits: [
    'dmesg without -T has no dates.',
    'Firewall drops are seen only where a rule logs them, usually with a rate limit.',
  ],
  examples: KERNEL_EXAMPLES,
  leavesPrograms: true,
  score,
  open: (emit) => new KernelParser(emit),
};
