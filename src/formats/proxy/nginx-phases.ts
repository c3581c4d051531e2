/** Steps of a request as nginx names them after " while ", grouped as its messages need them. */
export type NginxPhase =
  | 'connect'
  | 'tls'
  | 'send'
  | 'header'
  | 'body'
  | 'upgraded'
  | 'resolve'
  | 'client-tls'
  | 'client-headers'
  | 'client'
  | 'ocsp'
  | 'syslog'
  | 'none';

/** The texts, longer ones before those that they begin with (actions set in ngx_http_upstream.c, ngx_http_request.c). */
export const PHASE_TEXTS: readonly (readonly [text: string, phase: NginxPhase])[] = [
  ['connecting to upstream', 'connect'],
  ['SSL handshaking to upstream', 'tls'],
  ['sending request to upstream', 'send'],
  ['reading response header from upstream', 'header'],
  ['reading upstream', 'body'],
  ['reading from upstream', 'body'],
  ['proxying and reading from upstream', 'body'],
  ['proxying upgraded connection', 'upgraded'],
  ['proxying connection', 'upgraded'],
  ['resolving', 'resolve'],
  ['in resolving client address', 'client'],
  ['requesting certificate status', 'ocsp'],
  ['SSL handshaking', 'client-tls'],
  ['reading client request headers', 'client-headers'],
  ['reading client request line', 'client-headers'],
  ['reading client', 'client'],
  ['sending to client', 'client'],
  ['sending response to client', 'client'],
  ['waiting for request', 'client'],
  ['keepalive', 'client'],
  ['closing request', 'client'],
  ['processing HTTP/2 connection', 'client'],
  ['processing HTTP/3 connection', 'client'],
  ['reading PROXY protocol', 'client'],
  ['logging to syslog', 'syslog'],
];

/** Index of the texts by their first character: the look-up runs on every error line. */
const BY_FIRST = new Map<string, (readonly [string, NginxPhase])[]>();
for (const row of PHASE_TEXTS) {
  const first = row[0].charAt(0);
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), row]);
}

/** A phase found in a line: where " while " begins, where the phase's text ends. */
export interface FoundPhase {
  readonly phase: NginxPhase;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WHILE = ' while ';

/** The first known phase at or after `from`, or null. */
export function findPhase(line: string, from: number): FoundPhase | null {
  for (let at = line.indexOf(WHILE, from); at >= 0; at = line.indexOf(WHILE, at + 1)) {
    const begin = at + WHILE.length;
    for (const [text, phase] of BY_FIRST.get(line.charAt(begin)) ?? []) {
      if (line.startsWith(text, begin)) return { phase, text, start: at, end: begin + text.length };
    }
  }
  return null;
}
