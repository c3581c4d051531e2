import { errnoOf } from './nginx-classify.ts';
import type { NginxEntry } from './nginx-entry.ts';

/** Numbers and names in messages that a sentence or a fix needs; every pattern is tried only on a message that has its literal. */
const FINDINGS: readonly { readonly literal: string; readonly pattern: RegExp }[] = [
  {
    literal: ' by zone "',
    pattern: /^limiting \w+(?:, excess: (?<excess>[\d.]{1,20}))? by zone "(?<zone>[^"]{1,200})"/,
  },
  { literal: 'could not be resolved', pattern: /^(?<name>\S{1,255}) could not be resolved/ },
  { literal: 'no resolver defined', pattern: /^no resolver defined to resolve (?<name>\S{1,255})/ },
  { literal: 'DNS resolution failed: ', pattern: /Tried: \["\(short\)(?<name>[^:"]{1,255}):/ },
  { literal: ' dns/balancer resolve', pattern: /resolver? for ['‘]?(?<name>[\w.-]{1,255})/ },
  { literal: 'failed to parse domain: ', pattern: /domain: (?<name>[^\s,]{1,255})/ },
  { literal: 'does not match "', pattern: /does not match "(?<name>[^"]{1,255})"/ },
  { literal: 'verify error: (', pattern: /verify error: \((?<verifyError>\d{1,5}):(?<reason>[^)]{1,200})/ },
  {
    literal: '(SSL: ',
    pattern:
      /\(SSL: error:[\dA-F]{1,16}:[^:]{0,80}:[^:]{0,80}:(?<reason>[^:)]{1,200})(?::SSL alert number (?<alert>\d{1,3}))?/,
  },
  { literal: 'worker_connections', pattern: /^(?<limit>\d{1,10}) worker_connections/ },
  { literal: 'exited on signal', pattern: /process (?<process>\d{1,10}) exited on signal (?<signalNumber>\d{1,3})/ },
  { literal: 'too large', pattern: /too large (?:chunked )?body: (?<bytes>\d{1,18})/ },
  { literal: ' in upstream "', pattern: / in upstream "(?<name>[^"]{1,300})" in \S/ },
  { literal: ' in /', pattern: / in (?<file>\/\S{1,300}):(?<lineNumber>\d{1,7})$/ },
  { literal: 'buffered to a temporary file', pattern: /temporary file (?<file>\S{1,300})/ },
  { literal: '() "', pattern: /^\w{1,12}\(\) "(?<file>[^"]{1,500})"/ },
  { literal: 'bind() to ', pattern: /^bind\(\) to (?<address>\S{1,200}) failed/ },
  { literal: 'auth request', pattern: /^auth request unexpected status: (?<subrequestStatus>\d{3})/ },
  { literal: 'ModSecurity', pattern: /Access denied with code (?<code>\d{3})/ },
  { literal: '[id "', pattern: /\[id "(?<rule>\d{1,12})"\]/ },
  { literal: 'internal redirection cycle', pattern: /"(?<uri>[^"]{1,300})"$/ },
  { literal: 'unsupported FastCGI', pattern: /protocol version: (?<version>\d{1,5})/ },
];

/** Patterns see no more of a message than nginx can write. */
const LONGEST_MESSAGE = 2048;

/** Values of an entry: `errno`, `phase`, `scheme` (`fastcgi`, `http`, …), and what its message names. */
export function valuesOf(entry: NginxEntry): Record<string, string | number> {
  const values: Record<string, string | number> = {};
  const message = entry.stderr === undefined ? entry.message.slice(0, LONGEST_MESSAGE) : '';
  const errno = errnoOf(message);
  if (errno !== undefined) values.errno = errno;
  if (entry.phaseText !== undefined) values.phase = entry.phaseText;
  if (entry.context.scheme !== undefined) values.scheme = entry.context.scheme;
  if (entry.context.subrequest !== undefined) values.subrequest = entry.context.subrequest;
  for (const { literal, pattern } of FINDINGS) {
    if (!message.includes(literal)) continue;
    const groups = pattern.exec(message)?.groups;
    if (groups === undefined) continue;
    for (const [name, value] of Object.entries(groups)) {
      if (value === undefined) continue;
      values[name] = /^\d{1,15}(?:\.\d{1,6})?$/.test(value) && name !== 'rule' ? Number(value) : value;
    }
  }
  return values;
}
