import type { Peeled } from './peeled.ts';
import { isoStamp } from './syslog.ts';

/*
 * What tools put in front of lines that they print: where a line stood (grep, cat -n, tail), or whose it is (stern, logcli,
 * aws logs tail, fly logs). Only before what begins as an entry does; elsewhere such words are the entry's own.
 */

const ENTRY =
  '(?=\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:|\\[\\d\\d-[A-Z][a-z]{2}-\\d{4} |\\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z]|\\[\\d{4}-\\d\\d-\\d\\d|[\\da-fA-F.:]{2,45} \\S{1,80} \\S{1,80} \\[\\d\\d\\/|\\{"|time="|[A-Z][a-z]{2} [ \\d]\\d \\d\\d:)';

/** `/var/log/nginx/error.log:`, `error.log.1:12:`. */
const GREP_FILE = new RegExp(`^[\\w./@+-]{1,200}\\.(?:log|txt|out|err|json|gz|\\d{1,3}):(?:\\d{1,9}[:-])?${ENTRY}`);
/** `12:`: grep -n. */
const GREP_LINE = new RegExp(`^\\d{1,9}[:-]${ENTRY}`);
const NUMBERED = new RegExp(`^ {0,8}\\d{1,9}\\t${ENTRY}`);
/** `web-7d9c5b6f4-x2x9q nginx `, `[web-7d9c5b6f4-x2x9q nginx] `, `0a1b2c3d4e5f `: stern, kubetail, podman pod logs. */
const POD = new RegExp(
  `^(?:\\[?[a-z\\d][a-z\\d.-]{0,100}-[a-z\\d]{4,10} [a-z\\d][a-z\\d.-]{0,62}\\]?|[\\da-f]{12}) ${ENTRY}`,
);
/** k9s: the container alone; a level in front of a stamp is the entry's own, and so is the protocol in rows of Amazon's load balancers. */
const CONTAINER = new RegExp(
  `^(?!(?:trace|debug|info|notice|warn|warning|error|err|fatal|panic|crit|critical|alert|emerg|log) |[a-z\\d]{2,5} \\S{19,27}Z app/)[a-z][a-z\\d-]{1,62} ${ENTRY}`,
);
/** logcli's labels, or the stream of `aws logs tail`, after a time. */
const DATED = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)(Z|[+-]\\d\\d:\\d\\d) (?:\\{[^{}]{0,2000}\\} |[\\w./\\[\\]$-]{1,512} ${ENTRY})`,
);
/** `fly logs`: who, on which machine, in which region, how grave; before what the application wrote, too. */
const FLY =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z)? [a-z]{3,16}\[[\da-f]{8,20}\] [a-z]{3} ?\[[a-z]{4,7}\] ?/;
const LONGEST = 2100;

/** What stands before a line that begins with a digit or a bracket. */
export function peelPlace(text: string): Peeled | null {
  const beginning = text.slice(0, LONGEST);
  if (text.charAt(4) === '-' && text.charAt(10) === 'T') {
    const dated = FLY.exec(beginning) ?? DATED.exec(beginning);
    const stamp = dated?.[1] === undefined ? undefined : isoStamp(dated[1], dated[2]);
    return dated === null || stamp === undefined ? null : { rest: text.slice(dated[0].length), stamp };
  }
  const head =
    GREP_LINE.exec(beginning) ?? NUMBERED.exec(beginning) ?? POD.exec(beginning) ?? GREP_FILE.exec(beginning);
  return head === null ? null : { rest: text.slice(head[0].length) };
}

/** Heads that no continuation of an entry has, by who writes them. */
const ENTRY_HEADS: readonly string[] = [
  // PHP
  String.raw`\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:`,
  'PHP (?:Fatal|Parse) error: ',
  // nginx
  String.raw`\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[`,
  // Apache
  String.raw`\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}\] \[`,
  // Envoy
  String.raw`\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] "`,
  // gunicorn
  String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d`,
  // supervisord, LiteSpeed
  String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3} [A-Z]{4} |\.\d{3,6} \[[A-Z]{4,6}\] )`,
  // Traefik 1 and 2
  'time="\\d{4}-',
  // Caddy
  String.raw`\{"level":"`,
  // Kubernetes
  String.raw`[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} `,
];
/** An indented block. */
const INDENTED = new RegExp(`^[ \\t]{1,16}(?=${ENTRY_HEADS.join('|')})`);

/** `     12\t`: cat -n, nl; blanks before a dated line. */
export function peelNumber(text: string): Peeled | null {
  const beginning = text.slice(0, 300);
  const head = NUMBERED.exec(beginning) ?? INDENTED.exec(beginning);
  return head === null ? null : { rest: text.slice(head[0].length) };
}

/** What stands before a line that begins with a letter or a path. */
export function peelOwner(text: string): Peeled | null {
  if (!mayHaveOwner(text)) return null;
  const beginning = text.slice(0, LONGEST);
  const head = GREP_FILE.exec(beginning) ?? POD.exec(beginning) ?? CONTAINER.exec(beginning);
  return head === null ? null : { rest: text.slice(head[0].length) };
}

const FILE = /^[^\s:]{1,200}\.\w{1,4}:/;

/** A look that spares an application's ordinary lines the rest: the second or third word begins as an entry does, or a file is named. */
function mayHaveOwner(text: string): boolean {
  const first = text.indexOf(' ') + 1;
  return (
    beginsEntry(text.charCodeAt(first)) || beginsEntry(text.charCodeAt(text.indexOf(' ', first) + 1)) || FILE.test(text)
  );
}

/** A digit, a bracket or a brace. */
function beginsEntry(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 91 || code === 123;
}

/** Lines that tools print between those of logs: tail's `==> error.log <==`, stern's `+ web-x2x9q › nginx`. */
export function isBetween(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== 61 && first !== 43 && first !== 45) return false;
  return /^==> .{1,300} <==$/.test(text.slice(0, 320)) || /^[+-] \S{1,120} › \S{1,63}$/.test(text.slice(0, 200));
}
