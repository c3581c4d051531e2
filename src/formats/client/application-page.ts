import type { ClueRecord } from '../../vocabulary/records.ts';

type Clue = Pick<ClueRecord, 'hop' | 'signal'>;

/** A page of an application, of its framework or of a server before it, by words that nobody else writes. */
interface ApplicationPage {
  /** With which it is sent, unless the words have it (group 1). */
  readonly status: number;
  readonly words: string;
  /** What it tells beyond that something failed. */
  readonly reason?: Clue;
  readonly sample: string;
}

const FAULT: Clue = { hop: 'app', signal: 'app.error' };
const MAINTENANCE: Clue = { hop: 'app', signal: 'app.maintenance' };

/**
 * Sources: Jetty ErrorHandler, Tomcat ErrorReportValve; HAProxy http.c; Varnish builtin.vcl; WordPress WP_Fatal_Error_Handler and
 * wp_maintenance; Drupal, Joomla, Moodle, Nextcloud and Magento of themselves; Rails public/500.html; Django defaults.py;
 * ASP.NET; Heroku; GitLab 502.html; Phusion Passenger’s error pages. None of what Workers serve, too (Next.js).
 */
export const APPLICATION_PAGES: readonly ApplicationPage[] = [
  { status: 500, words: String.raw`HTTP ERROR:? (50[0-4])\b`, sample: 'HTTP ERROR 503 Service Unavailable' },
  { status: 500, words: 'HTTP Status (50[0-4]) [–—-] ', sample: 'HTTP Status 503 – Service Unavailable' },
  { status: 503, words: 'Error (50[0-4]) Backend fetch failed', sample: 'Error 503 Backend fetch failed' },
  {
    status: 503,
    words: 'No server is available to handle this request',
    reason: { hop: 'proxy', signal: 'proxy.no-backend' },
    sample: 'No server is available to handle this request.',
  },
  {
    status: 502,
    words: 'The server returned an invalid or incomplete response',
    sample: 'The server returned an invalid or incomplete response.',
  },
  {
    status: 504,
    words: "The server didn['’]t respond in time",
    reason: { hop: 'proxy', signal: 'proxy.backend-timeout' },
    sample: "The server didn't respond in time.",
  },
  {
    status: 503,
    words: 'The server is temporarily busy, try again later!',
    sample: 'The server is temporarily busy, try again later!',
  },
  {
    status: 500,
    words: 'There has been a critical error on (?:this|your) website',
    reason: { hop: 'app', signal: 'php.fatal' },
    sample: 'There has been a critical error on this website.',
  },
  {
    status: 503,
    words:
      'Briefly unavailable for scheduled maintenance|This site is (?:undergoing maintenance and is currently not available|down for maintenance)|System in maintenance mode|.{1,80} is currently under maintenance\\. We should be back shortly',
    reason: MAINTENANCE,
    sample: 'Briefly unavailable for scheduled maintenance. Check back in a minute.',
  },
  {
    status: 500,
    words:
      "The website encountered an unexpected error|The server was unable to complete your request\\.|There has been an error processing your request|We(?:['’]|&#39;)re sorry, but something went wrong|Server Error \\(500\\)|Server Error in ['‘][^'’\\n]{1,80}['’] Application",
    reason: FAULT,
    sample: 'The website encountered an unexpected error. Please try again later.',
  },
  {
    status: 502,
    words: 'Web application could not be started',
    reason: { hop: 'app', signal: 'app.crash' },
    sample: 'Web application could not be started by the Phusion Passenger application server',
  },
  {
    status: 503,
    words: 'An error occurred in the application and your page could not be served',
    sample: 'An error occurred in the application and your page could not be served.',
  },
  {
    status: 502,
    words: 'Whoops, GitLab is (?:taking too much time to respond|not responding)|Waiting for GitLab to boot',
    sample: 'Whoops, GitLab is taking too much time to respond.',
  },
];

/** At the beginning of a line or of an element. */
const BEGINNING = String.raw`(?:^[\s>*#]{0,8}|>\s{0,8})`;
const PATTERNS = APPLICATION_PAGES.map((page) => ({
  page,
  pattern: new RegExp(`${BEGINNING}(?:${page.words})`, 'm'),
}));

/** Any of them. */
export const APPLICATION_PAGE = new RegExp(
  `${BEGINNING}(?:${APPLICATION_PAGES.map(({ words }) => words).join('|')})`,
  'm',
);

function pageIn(text: string): { readonly page: ApplicationPage; readonly digits: string | undefined } | undefined {
  if (!APPLICATION_PAGE.test(text)) return undefined;
  for (const { page, pattern } of PATTERNS) {
    const found = pattern.exec(text);
    if (found !== null) return { page, digits: found[1] };
  }
  return undefined;
}

/** The status of such a page that begins here. */
export function applicationStatusIn(text: string): number | undefined {
  const found = pageIn(text);
  return found === undefined ? undefined : Number(found.digits ?? found.page.status);
}

/** What the page tells of what is behind it. */
export const applicationReasonIn = (text: string): Clue | undefined => pageIn(text)?.page.reason;

/** What stands below, in the same words always. */
const TALK =
  /^\s{0,8}(?:Learn more about troubleshooting WordPress\.|Backend fetch failed|Guru Meditation:|XID: \d{1,20}|Varnish cache server|Powered by Jetty:\/\/.{0,60}|Type (?:Status|Exception) Report|Apache Tomcat(?:\/[\d.]{1,20})?(?: .{0,40})?|Proudly powered by LiteSpeed Web Server|Exception printing is disabled by default for security reasons\.|This page will refresh itself when the (?:\S{1,40} )?instance is available again\.)$/;

/** Whether a line is another one of such a page. */
export const isApplicationTalk = (text: string): boolean => TALK.test(text);
