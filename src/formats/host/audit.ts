import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { roleOfProgram, roleOfUnit } from './units.ts';

/*
 * auditd's log: `type=AVC msg=audit(1795163440.275:88): …`, dated in seconds since 1970. SELinux's and AppArmor's refusals
 * read like the kernel's own (kernel-messages.ts); here are services and crashes. Sources: kernel/auditsc.c audit_core_dumps;
 * systemd src/core/manager.c manager_send_unit_audit; the audit event list of linux-audit.
 */

const HEAD = /^(?:node=\S{1,255} )?type=(\w{1,30}) msg=audit\((\d{10})\.(\d{3}):\d{1,12}\): /;
const KERNEL_RECORD = /^audit: (?:type=\d{1,5} )?audit\((\d{10})\.(\d{3}):\d{1,12}\): /;
const SERVICE = /\bunit=([\w@.:\\-]{1,255}) .{0,500}?\bres=(success|failed)/;
const ABEND = /\bpid=(\d{1,10}) comm="([^"]{1,64})".{0,500}?\bsig=(\d{1,3})\b/;

/** SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: a process that broke, not one that was ended. */
const CRASHES: ReadonlySet<string> = new Set(['4', '5', '6', '7', '8', '11']);

const SERVICE_SIGNALS: Readonly<Record<string, SignalId>> = {
  'SERVICE_START success': 'unit.started',
  'SERVICE_START failed': 'unit.start-failed',
  'SERVICE_STOP success': 'unit.stopped',
  'SERVICE_STOP failed': 'unit.failed',
};

/** The head of a line of audit.log. */
export interface AuditHead {
  readonly type: string;
  readonly stamp: Stamp;
}

/** What such a line tells of a service or a crash. */
export interface AuditEvent {
  readonly signal: SignalId;
  readonly subject: string;
  readonly pid?: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** The head of a line of audit.log, or null. */
export function auditHead(text: string): AuditHead | null {
  const head = HEAD.exec(text);
  if (head?.[1] === undefined) return null;
  return { type: head[1], stamp: { kind: 'utc', ms: Number(head[2]) * 1000 + Number(head[3]) } };
}

/** When the kernel wrote an audit record into its own log (`audit: type=1400 audit(1795163974.275:91): …`): it dates it itself. */
export function auditStamp(text: string): Stamp {
  const dated = KERNEL_RECORD.exec(text);
  return dated === null ? NO_STAMP : { kind: 'utc', ms: Number(dated[1]) * 1000 + Number(dated[2]) };
}

/** What a line of audit.log tells of a service or a crash; null where it is about something else. */
export function auditEvent({ type }: AuditHead, text: string): AuditEvent | null {
  const line = text.slice(0, 2000);
  const service = SERVICE.exec(line);
  const signal = SERVICE_SIGNALS[`${type} ${service?.[2]}`];
  if (service?.[1] !== undefined && signal !== undefined) {
    const subject = /\.\w{1,10}$/.test(service[1]) ? service[1] : `${service[1]}.service`;
    return { signal, subject, values: { role: roleOfUnit(subject) } };
  }
  const abend = type === 'ANOM_ABEND' ? ABEND.exec(line) : null;
  if (abend?.[1] === undefined || abend[2] === undefined || !CRASHES.has(abend[3] ?? '')) return null;
  const role = roleOfProgram(abend[2]);
  return {
    signal: 'kernel.segfault',
    subject: abend[2],
    pid: abend[1],
    values: { pid: Number(abend[1]), signalNumber: Number(abend[3]), ...(role === null ? {} : { role }) },
  };
}
