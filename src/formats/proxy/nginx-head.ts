import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { wallMs } from '../stamps.ts';

/** What stands before the message of an error line. */
export interface NginxHead {
  readonly stamp: Stamp;
  readonly level?: string;
  /** `pid*N`: the connection, numbered per nginx start; absent on lines of processes. */
  readonly connection?: string;
  /** Where the message begins in the line. */
  readonly end: number;
  /** Other programs write such a head, too: what follows must be a message of nginx. */
  readonly shared?: true;
}

/** `W0907 17:35:19.222358       7 controller.go:916] `: what the ingress controller writes beside nginx's own lines. */
const KLOG =
  /^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.\d{1,9} {1,12}\d{1,10} (?:controller|endpointslices|endpoints)\.go:\d{1,6}\] /;
const KLOG_LEVELS: Readonly<Record<string, string>> = { I: 'info', W: 'warn', E: 'error', F: 'emerg' };

/** How far into a line a head may begin: a wrapper (`<187>Nov 20 08:10:14 web1 nginx: `) may stand before it. */
const HEAD_WITHIN = 240;

const LEVELS = 'emerg|alert|crit|error|warn|notice|info|debug';
const PROCESS = String.raw`(\d{1,10}) ?# ?\d{1,10} ?: ?(?:[*_] ?(?:(\d{1,20})|[Xx]{1,20}) )?`;

/** Blanks around `#` and `*` come from machine translation; `_12` for `*12` from markup that eats asterisks; `*XXX` from who hides it. */
const DATED = new RegExp(String.raw`(?<!\d)(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[(${LEVELS})\] ${PROCESS}`);
/**
 * The date is gone, or all of the line before some letter of the level: marking with a mouse rarely begins at the first one. A few
 * words of who pastes it may stand before (`Error in the proxy: "[error] 12#12: *3 …`).
 */
const UNDATED = new RegExp(
  String.raw`^\s{0,8}(?:(?:\S{1,60} {1,3}){0,8}\S?\[(${LEVELS})|(?:\S{1,60} ){0,3}[a-z]{0,6})\] ${PROCESS}`,
);
const CONSOLE = new RegExp(String.raw`^(?:\S{1,60} )?nginx: \[(${LEVELS})\] `);
/** `[emerg]: …` of nginx before 1.0 on a terminal, and entries that were retyped without process: only known messages follow. */
const LEVEL_ONLY = new RegExp(String.raw`^\s{0,8}(?:nginx: )?\[(${LEVELS})\]:? (?=\S)`);
/** Without the star only before the calls that messages begin with, or behind the process. */
const CONNECTION_ONLY =
  /^\s{0,8}(?:(?:\d{1,10}#\d{1,10}: )?\*(\d{1,20}) (?=\S)|(\d{1,20}) (?=(?:connect|recv|readv|SSL_do_handshake)\(\) )|\d{1,10}#\d{1,10}: (?=\S))/;

/**
 * Finds the head of an entry: with date, without (`[error] 12#12: *3 …`), the console's (`nginx: [emerg] …`), or only the
 * process (`12#12: …`), the connection (`*3 …`) or the level. Null where the line has none. The date is the machine's wall clock: no zone is written.
 */
export function findHead(line: string): NginxHead | null {
  const beginning = line.slice(0, HEAD_WITHIN);
  const dated = DATED.exec(beginning);
  if (dated) {
    const [whole, year, month, day, hour, minute, second, level = '', pid, number] = dated;
    const ms = wallMs(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return {
      stamp: { kind: 'local', ms },
      level,
      end: dated.index + whole.length,
      ...(number === undefined ? {} : { connection: `${pid}*${number}` }),
    };
  }
  const undated = beginning.includes('#') ? UNDATED.exec(beginning) : null;
  if (undated) {
    const [whole, level = '', pid, number] = undated;
    const connection = number === undefined ? {} : { connection: `${pid}*${number}` };
    return { stamp: NO_STAMP, ...(level === '' ? {} : { level }), end: whole.length, ...connection };
  }
  const onConsole = CONSOLE.exec(beginning);
  if (onConsole) return { stamp: NO_STAMP, level: onConsole[1] ?? '', end: onConsole[0].length };
  const connectionOnly = CONNECTION_ONLY.exec(beginning);
  if (connectionOnly) {
    const number = connectionOnly[1] ?? connectionOnly[2];
    const connection = number === undefined ? {} : { connection: `*${number}` };
    return { stamp: NO_STAMP, ...connection, end: connectionOnly[0].length, shared: true };
  }
  const klog = KLOG.exec(beginning);
  if (klog) {
    const [whole, letter = '', month, day, hour, minute, second] = klog;
    // Year 2000 stands for a year that is not written.
    const ms = wallMs(2000, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return { stamp: { kind: 'yearless', ms }, level: KLOG_LEVELS[letter] ?? '', end: whole.length, shared: true };
  }
  const levelOnly = LEVEL_ONLY.exec(beginning);
  if (levelOnly) return { stamp: NO_STAMP, level: levelOnly[1] ?? '', end: levelOnly[0].length, shared: true };
  return null;
}

/** Whether a dated head begins the line or follows a wrapper. */
export function hasDatedHead(line: string): boolean {
  return DATED.test(line.slice(0, HEAD_WITHIN));
}
