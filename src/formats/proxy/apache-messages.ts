import type { SignalId } from '../../vocabulary/signals.ts';

/** A message of Apache's error log. The first row whose number or text fits takes the line. */
export interface ApacheMessage {
  readonly signal: SignalId;
  /** Numbers of the message (`AH01079`); 2.2 and foreign modules have none. */
  readonly codes?: readonly string[];
  /** Text of the message, for lines without a number. */
  readonly pattern?: RegExp;
  /** Numbers of the system's or APR's error before the message: 70007 is APR's time-out. */
  readonly errnos?: readonly number[];
}

const TIMED_OUT = [70007, 110, 60, 10060] as const;
const NO_FILE = [2] as const;
/** EACCES and EPERM: on TCP no file's mode can be meant, only a policy (SELinux) or a rule for what goes out. */
const FORBIDDEN = [13, 1] as const;

/** Numbers and texts are those of httpd 2.2 and 2.4 (proxy, mpm, core, mod_fcgid, mod_fastcgi). */
export const APACHE_MESSAGES: readonly ApacheMessage[] = [
  // Connecting to the backend.
  { signal: 'apache.socket-missing', codes: ['AH02454'], errnos: NO_FILE },
  { signal: 'apache.socket-denied', codes: ['AH02454'], errnos: FORBIDDEN },
  { signal: 'apache.connect-denied', codes: ['AH00957'], errnos: FORBIDDEN },
  { signal: 'apache.socket-missing', errnos: NO_FILE, pattern: /^FastCGI: failed to connect/ },
  { signal: 'apache.socket-denied', errnos: FORBIDDEN, pattern: /^FastCGI: failed to connect/ },
  { signal: 'apache.connect-denied', errnos: FORBIDDEN, pattern: /^proxy: \w+: attempt to connect to / },
  {
    signal: 'apache.backend-timeout',
    codes: ['AH00957', 'AH01079', 'AH01114', 'AH02454', 'AH00896'],
    errnos: TIMED_OUT,
  },
  { signal: 'apache.backend-refused', codes: ['AH00957', 'AH01079', 'AH01114', 'AH02454', 'AH00896', 'AH01170'] },
  {
    signal: 'apache.backend-timeout',
    errnos: TIMED_OUT,
    pattern: /(?:proxy: \w+: )?attempt to connect to |FastCGI: failed to connect|failed to make connection to backend/,
  },
  {
    signal: 'apache.backend-refused',
    pattern: /(?:proxy: \w+: )?attempt to connect to |FastCGI: failed to connect|failed to make connection to backend/,
  },
  { signal: 'apache.backend-disabled', codes: ['AH00940', 'AH00959', 'AH01167', 'AH02477'] },
  {
    signal: 'apache.backend-disabled',
    pattern: /^proxy: (?:\w+: disabled connection|ap_proxy_connect_backend disabling worker)/,
  },
  { signal: 'apache.backend-dns', pattern: /DNS lookup failure for: / },

  // Waiting for its answer.
  {
    signal: 'apache.backend-timeout',
    codes: ['AH01075', 'AH01102', 'AH01067', 'AH01097', 'AH10154', 'AH01030', 'AH00992', 'AH01084'],
    errnos: TIMED_OUT,
  },
  {
    signal: 'apache.backend-timeout',
    pattern:
      /mod_fcgid: read data timeout|FastCGI: comm with server "[^"]{0,500}" aborted: idle timeout|Timeout waiting for output from CGI/,
  },
  {
    signal: 'apache.backend-timeout',
    errnos: TIMED_OUT,
    pattern: /^(?:proxy: )?error reading status line|^proxy: read response failed/,
  },
  {
    signal: 'apache.backend-closed',
    codes: [
      'AH01102',
      'AH01067',
      'AH01075',
      'AH01084',
      'AH01097',
      'AH01068',
      'AH01070',
      'AH10154',
      'AH10404',
      'AH01106',
      'AH00992',
      'AH01030',
    ],
  },
  {
    signal: 'apache.backend-closed',
    pattern:
      /^(?:proxy: )?error reading status line|^FastCGI: (?:comm with server|incomplete headers)|mod_fcgid: (?:error reading data|ap_pass_brigade failed)|Premature end of script headers|^End of script output before headers/,
  },
  { signal: 'apache.backend-cut', codes: ['AH01110'] },
  {
    signal: 'apache.backend-closed',
    codes: ['AH00898'],
    pattern: /Error (?:reading from|during SSL Handshake with) remote server/,
  },

  // Processes and limits.
  {
    signal: 'apache.max-workers',
    codes: ['AH00161', 'AH00484', 'AH00485', 'AH00286', 'AH00288', 'AH03490', 'AH10159'],
  },
  {
    signal: 'apache.max-workers',
    pattern: /^(?:server|scoreboard) (?:reached MaxClients|reached MaxRequestWorkers|is full)/,
  },
  { signal: 'apache.child-crash', codes: ['AH00051', 'AH00052'] },
  { signal: 'apache.child-crash', pattern: /^child pid \d{1,10} exit signal / },
  { signal: 'apache.start', codes: ['AH00163', 'AH00292', 'AH00489', 'AH00455'] },
  { signal: 'apache.start', pattern: /-- resuming normal operations$/ },
  { signal: 'apache.reload', codes: ['AH00171', 'AH00173', 'AH00297', 'AH00298', 'AH00493', 'AH00494'] },
  { signal: 'apache.reload', pattern: /^(?:Graceful restart requested|SIG(?:HUP|USR1) received)/ },
  { signal: 'apache.stop', codes: ['AH00169', 'AH00295', 'AH00296', 'AH00491', 'AH00492'] },
  { signal: 'apache.stop', pattern: /^caught SIG(?:TERM|WINCH)/ },
  { signal: 'apache.config-error', codes: ['AH00526', 'AH00014', 'AH00015', 'AH00016', 'AH00020'] },
  { signal: 'apache.bind-failed', codes: ['AH00072', 'AH00073'] },
  { signal: 'apache.bind-failed', pattern: /^(?:make_sock: could not bind to address|no listening sockets available)/ },

  // Refusals.
  { signal: 'apache.refused', codes: ['AH01630', 'AH01797', 'AH01276', 'AH00035', 'AH00037'] },
  { signal: 'apache.refused', pattern: /^client denied by server configuration|ModSecurity: Access denied/ },
];

/** What Apache says of a request after it has said what its backend did: the second line of one failure. */
export const SECOND_LINES: ReadonlySet<string> = new Set([
  'AH00898',
  'AH01075',
  'AH01079',
  'AH01106',
  'AH01114',
  'AH01170',
]);

/** Signal of a message: by its number first, else by its text; `apache.other` where neither is known. */
export function apacheSignal(message: string, code: string | undefined, errno: number | undefined): SignalId {
  const text = message.slice(0, 2048);
  for (const row of APACHE_MESSAGES) {
    if (row.errnos !== undefined && (errno === undefined || !row.errnos.includes(errno))) continue;
    if (row.codes !== undefined && (code === undefined || !row.codes.includes(code))) continue;
    if (row.pattern === undefined || row.pattern.test(text)) return row.signal;
  }
  return 'apache.other';
}
