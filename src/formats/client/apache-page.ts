import type { SignalId } from '../../vocabulary/signals.ts';
import { apacheSignal } from '../proxy/apache-messages.ts';

/** How a page of Apache's begins to say what happened, by status (modules/http/http_protocol.c, get_canned_error_string). */
const SENTENCES: readonly { readonly status: number; readonly pattern: RegExp }[] = [
  { status: 502, pattern: /^\s{0,8}(?:<?p>)?The proxy server received an invalid\b/ },
  { status: 503, pattern: /^\s{0,8}(?:<?p>)?The server is temporarily unable to service your\b/ },
  { status: 504, pattern: /^\s{0,8}(?:<?p>)?The gateway did not receive a timely response\b/ },
];
/** How the sentences go on, which the page breaks into lines, and what stands above and below them. */
const TALK =
  /^\s{0,8}(?:(?:request due to maintenance downtime or capacity|problems\. Please try again later|response from an upstream server|from the upstream server or application)\b|The proxy server could not handle the request\b|Additionally, a \d{3} [A-Za-z ]{3,40} error was encountered|(?:<address>)?Apache(?:\/\S{1,40})?(?: \([^)]{1,80}\))?.{0,200} Server at \S{1,253} Port \d{1,5}\b|(?:50[234] )?(?:Proxy Error|Service Unavailable|Service Temporarily Unavailable|Gateway Time-?out)$)/i;
const REASON =
  /\bReason: (?:<strong>)?((?:Error (?:reading from|during SSL Handshake with) remote server|DNS lookup failure for: )[^<\n]{0,300})/;

/** The status of a page of Apache's whose sentence a line begins; Magento has the same words on its page of a shop in maintenance. */
export const apacheStatusIn = (text: string): number | undefined =>
  SENTENCES.find(({ pattern }) => pattern.test(text))?.status;

/** Whether a line is another one of such a page. */
export const isApacheTalk = (text: string): boolean => TALK.test(text);

/** What mod_proxy tells the visitor of its backend (ap_proxyerror), as it tells its error log under the number AH00898. */
export function apacheReasonIn(text: string): SignalId | undefined {
  const reason = REASON.exec(text)?.[1];
  return reason === undefined ? undefined : apacheSignal(reason, 'AH00898', undefined);
}
