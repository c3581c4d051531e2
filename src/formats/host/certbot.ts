import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { parseIso, wallMs } from '../stamps.ts';

/*
 * certbot's log: `2026-11-20 16:23:19,948:DEBUG:certbot._internal.main:certbot version: 2.1.0`, in the host's wall clock.
 * Entries go on over many lines: tracebacks, answers of the authority. None of them is the application's.
 */

const HEAD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3}:(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):([\w.]{1,100}):/;
/** How Nginx Proxy Manager reports of its certificates: date and time of day as Americans write them. What certbot said follows. */
const REPORTED =
  /^\[(\d{1,2})\/(\d{1,2})\/(\d{4})\] \[(\d{1,2}):(\d\d):(\d\d) ([AP]M)\] \[(?:SSL|Certbot) {0,8}\] › \S{1,3} {1,4}[a-z]{4,9} {1,12}/;
/** What follows such a report: certbot's words to the terminal, and the trace of who called it. */
const GOES_ON =
  /^(?:\s|$|- - |Failed to renew |Attempting to renew |All renewals |The following |Some challenges |An unexpected error |Certbot failed |Hint: |Saving debug log |Ask for help |\d{1,3} renew failure)/;
/** Modules of certbot itself; it also passes on what its libraries log. */
const OWN_MODULE = /^(?:certbot|letsencrypt|acme)\b/;

interface CertbotMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** Source: certbot compat/misc.py execute_command, _internal/storage.py, _internal/client.py, _internal/renewal.py (0.19 to 2.1). */
export const CERTBOT_MESSAGES: readonly CertbotMessage[] = [
  {
    signal: 'host.certificate-hook',
    pattern: /^Running (?<hook>[\w-]{1,20}) command: (?<command>.{1,300})/,
    sample: 'Running pre-hook command: systemctl stop nginx',
  },
  {
    signal: 'host.certificate',
    pattern: /^Writing full chain to (?:\/\S{1,200}\/(?:live|archive)\/(?<certificate>[\w.*-]{1,253})\/)?/,
    sample: 'Writing full chain to /etc/letsencrypt/archive/www.example.com/fullchain2.pem.',
  },
  {
    signal: 'host.certificate-failed',
    pattern:
      /^(?:Failed to renew (?:certificate|cert) |Attempting to renew cert \()(?<certificate>[\w.*-]{1,253})\)?(?: with error: | from \S{1,300} produced an unexpected error: )(?<reason>.{1,300})/,
    sample: 'Failed to renew certificate www.example.com with error: Some challenges have failed.',
  },
];

/** What a line of certbot says: null as signal for chatter. */
export interface CertbotLine {
  readonly stamp: Stamp;
  readonly signal: SignalId | null;
  readonly values: Readonly<Record<string, string>>;
}

/** Whether a line begins an entry that only certbot writes. */
export function isCertbot(text: string): boolean {
  return OWN_MODULE.test(HEAD.exec(text)?.[2] ?? '') || REPORTED.test(text);
}

/** Reads certbot's log; lines after the first entry that have no head belong to the entry before. */
export class CertbotLines {
  private inEntry = false;
  /** When the report at hand was written, where it is one. */
  private reportedAt: Stamp | null = null;

  /** Null where the line is not certbot's. */
  read(text: string): CertbotLine | null {
    const reported = REPORTED.exec(text);
    if (reported !== null) {
      this.inEntry = true;
      this.reportedAt = reportStamp(reported);
      return saidAt(this.reportedAt, text.slice(reported[0].length));
    }
    const head = HEAD.exec(text);
    if (head === null) {
      if (this.reportedAt !== null && !GOES_ON.test(text)) this.inEntry = false;
      if (!this.inEntry) return null;
      return this.reportedAt === null ? { stamp: NO_STAMP, signal: null, values: {} } : saidAt(this.reportedAt, text);
    }
    if (!this.inEntry && !OWN_MODULE.test(head[2] ?? '')) return null;
    this.inEntry = true;
    this.reportedAt = null;
    return saidAt(parseIso(head[1] ?? '') ?? NO_STAMP, text.slice(head[0].length));
  }
}

function saidAt(stamp: Stamp, text: string): CertbotLine {
  const message = text.slice(0, 1000);
  for (const row of CERTBOT_MESSAGES) {
    const match = row.pattern.exec(message);
    if (match !== null) return { stamp, signal: row.signal, values: { ...match.groups } };
  }
  return { stamp, signal: null, values: {} };
}

function reportStamp([, month, day, year, hour, minute, second, half]: RegExpExecArray): Stamp {
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return {
    kind: 'local',
    ms: wallMs(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second)),
  };
}
