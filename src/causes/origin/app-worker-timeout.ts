import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import {
  failedRequestsFirst,
  MISSING_APP_LOG,
  onPath,
  seconds,
  timeoutLadder,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';

/** gunicorn --timeout, uWSGI harakiri, unicorn timeout, Puma worker_timeout. */
export const appWorkerTimeout: Cause = {
  id: 'app-worker-timeout',
  title: 'The application server killed its own worker for a time-out',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['gunicorn-worker-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'gunicorn.worker-timeout', weight: 'decisive', why: 'the killed worker left its request unanswered' },
    { signal: 'uwsgi.harakiri', weight: 'decisive', why: 'the killed worker left its request unanswered' },
    { signal: 'app.worker-timeout', weight: 'decisive', why: 'the killed worker left its request unanswered' },
    { signal: 'gunicorn.worker-sigkill', weight: 'weak', why: 'it follows a time-out that the worker did not heed' },
    { signal: 'nginx.premature-header', weight: 'weak', why: 'the killed worker closed its connection' },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'the killed worker closed its connection' },
    { signal: 'derived.timer', weight: 'medium', why: 'the failures come after the same time each' },
    { signal: 'derived.one-path', weight: 'weak', why: 'one slow operation is killed each time' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the backend gave no answer' },
    { signal: 'derived.instant', weight: 'strong', against: true, why: 'a time-out takes time' },
    { signal: 'kernel.oom-kill', weight: 'medium', against: true, why: 'the kernel killed for lack of memory' },
  ],
  summary: (facts) => {
    const waited = facts.failedMedianMs === null ? '' : ` after ${seconds(facts.failedMedianMs)} (median)`;
    return `Requests${onPath(facts)} took longer than the application server allows, and it killed its workers${waited}. ${failedRequestsFirst(facts)} got a 502, not a 504: the limit is the application’s own.`;
  },
  missing: [
    MISSING_APP_LOG,
    {
      what: 'the limit in force (gunicorn --timeout, 30 s by default; uWSGI harakiri; unicorn’s timeout and Puma’s worker_timeout, 60 s by default)',
      why: 'it should equal the time that failed requests took',
      command: 'ps -eo args | grep -E "gunicorn|uwsgi|unicorn|puma" | grep -v grep | head -3',
      unless: { signals: ['gunicorn.worker-timeout', 'uwsgi.harakiri', 'app.worker-timeout'] },
    },
  ],
  fix: [
    {
      text: 'Find what the worker was doing: the application server’s log has the time, the web server’s log the request.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: 'Make that operation short, give its database and API calls time-outs of a few seconds, or move it into a background job.',
      risk: 'Changes code; try it on one operation first.',
    },
    {
      text: 'If workers only wait (for a database, an API), use workers that can wait for many at once.',
      config: '# gunicorn\nworker_class = "gthread"\nthreads = 8\ntimeout = 60',
      risk: 'The code must be safe for threads. With gthread the limit no longer ends a single slow request.',
    },
    {
      text: (facts) => `Raise the limit only as far as the order of all limits allows. ${timeoutLadder(facts)}`,
      config: '# gunicorn: --timeout 55    uWSGI: harakiri = 55    unicorn: timeout 55    Puma: worker_timeout 55',
      risk: 'A slow request holds its worker longer: with few workers the queue grows and everything gets slow.',
    },
  ],
  avoid: [
    '--timeout 0: a worker that hangs is then never replaced.',
    'Raising the web server’s time-out (nginx: proxy_read_timeout): it did not give up, the application did.',
  ],
  verify: [
    'No new "WORKER TIMEOUT" (gunicorn), "HARAKIRI" (uWSGI), "killing" (unicorn) or "timed out worker" (Puma) in its log.',
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: [
    'Time-outs on every outgoing call, shorter than the worker’s.',
    'Long work in a queue, with a page that asks for its state.',
  ],
  difficulty: 'moderate',
  sources: [
    'gunicorn: arbiter murder_workers, --timeout',
    'uWSGI: harakiri',
    'unicorn 6.1 and Puma 5.6, each with a worker that hung',
  ],
};
