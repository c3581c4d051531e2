import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import {
  ASK_ORIGIN_STEP,
  AVOID_PURGE_CACHE,
  backendFirst,
  failedInBrackets,
  MISSING_APP_LOG,
  MISSING_NGINX_TIMES,
  VERIFY_EDGE_5XX,
} from '../texts.ts';

/** A response header came from the application: the error is its own answer. */
export const appErrorResponse: Cause = {
  id: 'app-error-response',
  title: 'The application itself answered 5xx',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['app-returned-error', 'app-exception'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'access.answered-5xx', weight: 'strong', why: 'the status is the application’s own answer' },
    { signal: 'gunicorn.exception', weight: 'strong', why: 'the request ended in an exception' },
    { signal: 'nginx.lua-error', weight: 'strong', why: 'the script that was to answer ended in an error' },
    { signal: 'apache.wsgi-exception', weight: 'strong', why: 'the request ended in an exception' },
    { signal: 'derived.errors-of-requests', weight: 'decisive', why: 'its log says why in each case' },
    { signal: 'app.error', weight: 'medium', why: 'it may be the failed request’s' },
    { signal: 'har.app-5xx', weight: 'medium', why: 'the page is an application’s own text' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the origin wrote the answer' },
    { signal: 'derived.one-path', weight: 'weak', why: 'one operation of the application fails' },
    { signal: 'derived.one-method', weight: 'weak', why: 'one operation of the application fails' },
    { signal: 'access.no-answer-502', weight: 'strong', against: true, why: 'the application gave no answer' },
    { signal: 'access.timeout-504', weight: 'strong', against: true, why: 'the application gave no answer' },
    { signal: 'access.own-503', weight: 'medium', against: true, why: 'the web server answered without asking it' },
    { signal: 'nginx.connect-refused', weight: 'strong', against: true, why: 'the application was not reached' },
    { signal: 'proxy.backend-refused', weight: 'medium', against: true, why: 'the application was not reached' },
    { signal: 'proxy.not-connected', weight: 'medium', against: true, why: 'the application was not reached' },
    { signal: 'proxy.backend-timeout', weight: 'medium', against: true, why: 'the application gave no answer' },
    { signal: 'proxy.backend-closed', weight: 'medium', against: true, why: 'the application gave no answer' },
    { signal: 'proxy.backend-reset', weight: 'medium', against: true, why: 'the application gave no answer' },
    {
      signal: 'derived.dependency-each',
      weight: 'medium',
      against: true,
      why: 'another service failed the application, which says so each time',
    },
    { signal: 'derived.uniform-503', weight: 'medium', against: true, why: 'one small 503 for all is a switch' },
  ],
  summary: (facts) =>
    facts.signals.has('apache.wsgi-exception')
      ? `The application’s Python code raised an exception in these requests, or could not be loaded, and Apache answered 500${failedInBrackets(facts)}. Apache’s error log has the traceback.`
      : `${backendFirst(facts)} answered these errors itself and the web server passed them on${failedInBrackets(facts)}. The web server writes no error line for that; the application’s log has the reason.`,
  missing: [{ ...MISSING_APP_LOG, unless: { hop: 'app', signals: ['apache.wsgi-exception'] } }, MISSING_NGINX_TIMES],
  fix: [
    {
      text: 'Read the application’s log at the second of a failed request: the exception and its stack name the line.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    ASK_ORIGIN_STEP,
    {
      text: 'A 502 or 504 from the application is often that of a second proxy behind it (Apache, Traefik, an API gateway): go on with that one’s log.',
      command: 'sudo ss -ltnp | head -30',
      risk: 'None: it only reads.',
    },
    {
      text: 'It began with a deployment: roll that back first, look for the fault afterwards.',
      risk: 'A rollback over a changed database schema can fail: check the migrations.',
    },
  ],
  avoid: ['Changing buffers or time-outs in the web server: it got its answer in time.', AVOID_PURGE_CACHE],
  verify: [VERIFY_EDGE_5XX, 'The application logs no new exception for that path.'],
  prevent: [
    'Log the Ray ID (header CF-Ray) with every exception: it joins a visitor’s report to a stack.',
    'An alert on the application’s own rate of 5xx.',
  ],
  difficulty: 'moderate',
  sources: ['nginx: $upstream_header_time, $upstream_status', 'developers.cloudflare.com: error 500, error 502'],
};
