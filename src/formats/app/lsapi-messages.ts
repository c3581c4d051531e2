import type { SignalId } from '../../vocabulary/signals.ts';

/** A row of the table of what PHP says as an application of LiteSpeed's, over LSAPI. The first row that fits takes the text. */
interface LsapiMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** What its groups hold, in order. */
  readonly values: readonly string[];
  readonly sample: string;
}

/**
 * Source: php-src sapi/litespeed/lsapilib.c; OpenLiteSpeed src/lscgid, which starts any program of a site's; public reports. execve(2)
 * says “temporarily unavailable” only where the user has more processes than its limit.
 */
export const LSAPI_MESSAGES: readonly LsapiMessage[] = [
  {
    signal: 'lsapi.max-children',
    pattern:
      /^Reached max children process limit: (\d{1,7}), extra: (\d{1,7}), current: (\d{1,7})(?:, busy: (-?\d{1,7}))?/,
    values: ['maxChildren', 'extra', 'current', 'busy'],
    sample: 'Reached max children process limit: 20, extra: 6, current: 26, busy: 26, please increase LSAPI_CHILDREN.',
  },
  {
    signal: 'lsapi.child-signal',
    pattern: /^(?:Cgid: )?Child process with pid: (\d{1,10}) was killed by signal: (\d{1,2})\b/,
    values: ['pid', 'signalNumber'],
    sample: 'Child process with pid: 18696 was killed by signal: 11, core dumped: no',
  },
  {
    signal: 'lsapi.runaway',
    pattern: /^(?:Force killing|Killing) runaway process PID: (\d{1,10}) with SIG/,
    values: ['pid'],
    sample: 'Killing runaway process PID: 18696 with SIGTERM',
  },
  {
    signal: 'lsapi.runaway-seen',
    pattern: /^Possible runaway process, PPID: \d{1,10}, PID: (\d{1,10}), reqCount: \d{1,10}, process time: (\d{1,10})/,
    values: ['pid', 'slowSeconds'],
    sample:
      'Possible runaway process, PPID: 812, PID: 18696, reqCount: 41, process time: 3601, checkpoint time: 3601, start time: 3700',
  },
  {
    signal: 'lsapi.fork',
    // Earlier without the number.
    pattern: /^fork\(\) failed, please increase process limit(?:, errno: (\d{1,3})|: [A-Z])/,
    values: ['errno'],
    sample: 'fork() failed, please increase process limit, errno: 11 (Resource temporarily unavailable)',
  },
  {
    signal: 'lsapi.exec-limit',
    pattern: /^lscgid: execve\(\):.{1,300}: Resource temporarily unavailable/,
    values: [],
    sample: 'lscgid: execve():/usr/local/lsws/lsphp83/bin/lsphp: Resource temporarily unavailable',
  },
  {
    signal: 'lsapi.exec-missing',
    pattern: /^lscgid: execve\(\):.{0,300}: (?:No such file or directory|Permission denied|Exec format error)/,
    values: [],
    sample: 'lscgid: execve():/usr/bin/node: No such file or directory',
  },
];

/** What a message of LSAPI's means, with its numbers; null where it is none. */
export function classifyLsapi(
  text: string,
): { readonly signal: SignalId; readonly values: Readonly<Record<string, number>> } | null {
  const part = text.slice(0, 400);
  for (const { signal, pattern, values } of LSAPI_MESSAGES) {
    const m = pattern.exec(part);
    if (m === null) continue;
    const written = values.flatMap((name, i) => (m[i + 1] === undefined ? [] : [[name, Number(m[i + 1])] as const]));
    return { signal, values: Object.fromEntries(written) };
  }
  return null;
}
