import type { ClueRecord } from '../../vocabulary/records.ts';
import { winHttpSignal } from '../proxy/iis.ts';

/**
 * How a detailed page of IIS's begins: the status and which of its kinds. 500.3x and 502.5 are of its module for ASP.NET Core, of an
 * application that did not start (AspNetCore.Docs, “Troubleshoot ASP.NET Core on Azure App Service and IIS”).
 */
const HEAD = /(?:^[\s*#>]{0,8}|<(?:h[1-4]|title)>\s{0,8})HTTP Error (500(?=\.3\d)|50[234])\.(\d{1,2}) - [A-Z]/;
const NOT_STARTED = /^(?:500\.3\d|502\.5)$/;
/** The error of WinHTTP in the table of such a page. */
const CODE = /^[\s*|]{0,8}Error Code:?[\s*|]{1,12}0x(8007[\da-f]{4})[\s*|]{0,8}$/i;
/** The same behind the head, in a title: `HTTP Error 502.3 - Bad Gateway … ErrorCode: 0x80072efe`. */
const CODE_BEHIND = /\bError ?Code:? ?0x(8007[\da-f]{4})\b/i;
const CODE_IN_TABLE = /<th>Error Code<\/th>\s{0,40}<td>(?:&nbsp;|\s){0,12}0x(8007[\da-f]{4})</i;
const TALK =
  /^[\s*\-•#>]{0,8}(?:(?:Common causes of this issue|Most likely causes|Troubleshooting steps|Things you can try|Detailed Error Information):?\s{0,4}|The application process (?:failed to start|started but then stopped|started but failed to listen on the configured port)|The process got started but crashed\.|Check the system event log for error messages|Enable logging the application process['\u2019] stdout messages|Attach a debugger to the application process and inspect|There was a connection error while trying to route the request\.)$/;

type Clue = Pick<ClueRecord, 'hop' | 'signal'>;

/** The status of a page of IIS's that begins here. */
export function iisStatusIn(text: string): number | undefined {
  const status = HEAD.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Whether a line is another one of such a page. */
export const isIisTalk = (text: string): boolean => TALK.test(text);

/** What the page tells of the application behind it: that it did not start, or how asking it failed. */
export function iisReasonIn(text: string): Clue | undefined {
  const [, status, kind] = HEAD.exec(text) ?? [];
  if (NOT_STARTED.test(`${status}.${kind}`)) return { hop: 'app', signal: 'app.crash' };
  const behind = status === undefined ? null : CODE_BEHIND.exec(text);
  const digits = (behind ?? CODE.exec(text) ?? CODE_IN_TABLE.exec(text))?.[1];
  const signal = digits === undefined ? undefined : winHttpSignal(Number.parseInt(digits, 16));
  return signal === undefined ? undefined : { hop: 'proxy', signal };
}
