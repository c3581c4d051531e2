import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { shownAnswer } from './shown-answer.ts';

/*
 * Uptime Kuma's log (src/util.ts `log`; server/model/monitor.js): each check that was not well leaves a line, each that was one at
 * level debug (info up to 1.11). It asks from outside, as a visitor does.
 */

const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) \[([A-Z][A-Z_-]{1,30})\] (?:DEBUG|INFO|WARN|ERROR): (.{0,2000})/;
const CHECK =
  /^Monitor #\d{1,9} '.{0,200}?': (?:(?:Failing|Pending): .{0,200}?status code (?<status>[1-5]\d\d)\b|Successful Response: (?<ms>\d{1,9}) ms) .{0,300}\bType: (?:http|keyword|json-query)\b/;

/** What a check was answered with, as Uptime Kuma logs it. */
export const uptimeKuma: LineFormat = {
  id: 'uptime-kuma',
  title: 'Uptime Kuma log',
  hop: 'client',
  shape: 'lines',
  foundAt: ['docker logs uptime-kuma', 'the Messages of a monitor'],
  limits: [
    'The host is not written, only the name of the monitor; neither headers nor page.',
    'Checks that were well are written at level debug only.',
    'A check that got no answer in time, or could not connect, makes no record: the fault may be the monitor’s own network.',
  ],
  examples: () => [
    {
      shows: 'two checks that failed, and one that was well',
      input: [
        "2026-11-20T15:56:25-06:00 [MONITOR] WARN: Monitor #6 'Shop': Pending: Request failed with status code 502 | Max retries: 3 | Retry: 1 | Retry Interval: 60 seconds | Type: http",
        "2026-11-20T15:57:25-06:00 [MONITOR] WARN: Monitor #6 'Shop': Failing: Request failed with status code 522 | Interval: 60 seconds | Type: http | Down Count: 1 | Resend Interval: 0",
        "2026-11-20T15:58:25-06:00 [MONITOR] DEBUG: Monitor #6 'Shop': Successful Response: 123 ms | Interval: 60 seconds | Type: http",
      ].join('\n'),
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 502,
          signal: 'har.5xx-no-body',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 21, 56, 25), offsetMinutes: -360 },
        },
        { status: 522, signal: 'edge.522-connect', line: 2 },
        { status: 200, durationMs: 123 },
      ],
    },
    {
      shows: 'no answer',
      input:
        "2026-11-20T15:56:25.123Z [MONITOR] WARN: Monitor #6 'Shop': Failing: timeout of 48000ms exceeded | Interval: 60 seconds | Type: http | Down Count: 0 | Resend Interval: 0",
      records: [],
    },
  ],
  score: ({ text, wrapper }) => {
    const [, , part, said = ''] = LINE.exec(text.slice(0, 2100)) ?? [];
    if (part === undefined || (wrapper?.program !== undefined && !/kuma/i.test(wrapper.program))) return 0;
    return part === 'MONITOR' || said.startsWith('Monitor #') ? 0.97 : 0.4;
  },
  open: (emit) => new KumaParser(emit),
};

class KumaParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const [, time = '', , said] = LINE.exec(line.text.slice(0, 2100)) ?? [];
    if (said === undefined) return false;
    const check = CHECK.exec(said)?.groups;
    if (check)
      this.emit(
        shownAnswer(line, {
          status: Number(check.status ?? 200),
          stamp: parseIso(time) ?? NO_STAMP,
          durationMs: check.ms === undefined ? undefined : Number(check.ms),
        }),
      );
    return true;
  }

  end(): void {}
}
