import type { SignalId } from '../../vocabulary/signals.ts';
import { type Role, roleOfDescription, roleOfProgram } from './units.ts';

/** What an event of Windows says. First match wins. */
export interface WindowsMessage {
  readonly signal: SignalId;
  /** `service`: the display name of a service; `program`: an executable's; other groups are values. Neither: the host itself. */
  readonly pattern: RegExp;
  readonly sample: string;
}

/** The first line of Application Error (1000) in any language: who, which version, built when. */
export const FAULTING_ANYWHERE =
  /^\p{L}[\p{L}'’ -]{5,60}:? ?(?<program>[\w.-]{1,60}\.exe), ?\p{L}{4,20} ?: [\d.]{3,40}, ?\p{L}[\p{L} ]{3,30} ?: 0x[\da-f]{8}\b/u;

/**
 * Source: the messages of the Service Control Manager (7000, 7009, 7022 to 7024, 7031, 7034, 7036), of Windows Error Reporting
 * (Application Error 1000), of USER32 (1074), EventLog (6005, 6006, 6008) and Kernel-Power (41), in English.
 */
export const WINDOWS_MESSAGES: readonly WindowsMessage[] = [
  {
    signal: 'unit.exited',
    pattern:
      /^The (?<service>.{1,120}?) service terminated (?:unexpectedly|with (?:the following|service-specific|the following service-specific) error)/,
    sample: 'The Cloudflared agent service terminated unexpectedly.  It has done this 1 time(s).',
  },
  {
    signal: 'unit.start-failed',
    pattern:
      /^(?:The (?<service>.{1,120}?) service (?:failed to start due to|hung on starting)|A timeout was reached \(\d{1,9} milliseconds\) while waiting for the (?<named>.{1,120}?) service to connect)/,
    sample: 'The World Wide Web Publishing Service service failed to start due to the following error:',
  },
  {
    signal: 'unit.started',
    pattern: /^The (?<service>.{1,120}?) service entered the running state\./,
    sample: 'The World Wide Web Publishing Service service entered the running state.',
  },
  {
    signal: 'unit.stopped',
    pattern: /^The (?<service>.{1,120}?) service entered the stopped state\./,
    sample: 'The Cloudflared agent service entered the stopped state.',
  },
  {
    // STATUS_ACCESS_VIOLATION.
    signal: 'kernel.segfault',
    pattern: /^Faulting application name: (?<program>[^\s,]{1,120}),[\s\S]{0,400}Exception code: 0xc0000005\b/,
    sample:
      'Faulting application name: w3wp.exe, version: 10.0.17763.1, time stamp: 0xcfdb13d8\nFaulting module name: ntdll.dll, version: 10.0.17763.1, time stamp: 0x1\nException code: 0xc0000005',
  },
  {
    // The same in the language of the machine: the order and the numbers stay.
    signal: 'kernel.segfault',
    pattern: new RegExp(`${FAULTING_ANYWHERE.source}[\\s\\S]{0,400} 0xc0000005\\b`, 'u'),
    sample:
      'Name der fehlerhaften Anwendung: w3wp.exe, Version: 10.0.17763.1, Zeitstempel: 0xcfdb13d8\nName des fehlerhaften Moduls: ntdll.dll, Version: 10.0.17763.1, Zeitstempel: 0x00000001\nAusnahmecode: 0xc0000005',
  },
  {
    signal: 'kernel.trap',
    pattern: /^Faulting application name: (?<program>[^\s,]{1,120}),/,
    sample: 'Faulting application name: w3wp.exe, version: 10.0.17763.1, time stamp: 0xcfdb13d8',
  },
  {
    signal: 'kernel.trap',
    pattern: FAULTING_ANYWHERE,
    sample: 'Nom de l’application défaillante w3wp.exe, version : 10.0.17763.1, horodatage : 0xcfdb13d8',
  },
  {
    signal: 'host.shutdown',
    pattern: /^The process .{1,400} has initiated the (?:restart|shutdown|power off) of computer /,
    sample:
      'The process C:\\Windows\\system32\\svchost.exe (WEB01) has initiated the restart of computer WEB01 on behalf of user NT AUTHORITY\\SYSTEM for the following reason: Operating System: Upgrade (Planned)',
  },
  {
    signal: 'host.shutdown',
    pattern: /^The Event log service was stopped\./,
    sample: 'The Event log service was stopped.',
  },
  {
    signal: 'host.boot',
    pattern: /^The (?:Event log service was started\.|system has rebooted without cleanly shutting down first\.)/,
    sample:
      'The system has rebooted without cleanly shutting down first. This error could be caused if the system stopped responding, crashed, or lost power unexpectedly.',
  },
];

/** Display names that do not say what the service is, lower case. */
const SERVICES: readonly (readonly [Role, RegExp])[] = [
  [
    'proxy',
    /^(?:world wide web publishing service|w3svc\b|was\b|windows process activation service|iis admin service)/,
  ],
  ['db', /^(?:sql server \(|mssql)/],
  ['tunnel', /^cloudflared?\b/],
];

/** What a service of Windows is, by its display name; most of them serve no web site. */
export function roleOfService(displayName: string): Role {
  const name = displayName.toLowerCase();
  return (
    SERVICES.find(([, pattern]) => pattern.test(name))?.[0] ??
    roleOfProgram(name.replaceAll(' ', '-')) ??
    roleOfDescription(displayName)
  );
}

/** Programs that answer requests, and are known by no name of a service: IIS's worker, and what it or a service runs. */
const WORKERS = /^(?:w3wp|iisexpress|dotnet|node|java|python\w{0,6}|ruby|php|php-cgi|tomcat\d{0,2})$/;

/** What an executable is. */
export function roleOfExecutable(file: string): Role {
  const name = file.toLowerCase().replace(/\.exe$/, '');
  return WORKERS.test(name) ? 'app' : (roleOfProgram(name) ?? 'other');
}
