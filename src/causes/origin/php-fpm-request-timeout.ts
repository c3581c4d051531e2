import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { phpServer } from '../php-server.ts';
import { MISSING_FPM_LOG, MISSING_SLOW_LOG, numberOf, poolFile, wordOf } from '../php-texts.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, onPath, seconds, timeoutLadder, usualStatus, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { readTimeout } from '../web-servers.ts';

/** The slow log has to come before the end: 5 s, or half of a shorter limit. */
function slowLogSeconds(facts: Facts): number {
  const after = numberOf(facts, ['fpm.exec-timeout'], 'slowSeconds');
  return after === null ? 5 : Math.max(1, Math.min(5, Math.floor(after / 2)));
}

export const phpFpmRequestTimeout: Cause = {
  id: 'php-fpm-request-timeout',
  title: 'PHP-FPM terminated requests that ran too long',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['fpm-request-terminated', 'fpm-request-terminate-timeout', 'php-request-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'fpm.exec-timeout', weight: 'decisive', why: 'PHP-FPM says that it ended the request for its length' },
    { signal: 'lsapi.runaway', weight: 'decisive', why: 'PHP says that it ended the request for its length' },
    { signal: 'fpm.child-term', weight: 'medium', why: 'the worker was ended by a signal, as such a termination does' },
    { signal: 'fpm.too-slow', weight: 'weak', why: 'the same requests were already noted as slow' },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'a terminated worker resets its request' },
    { signal: 'nginx.premature-header', weight: 'weak', why: 'a terminated worker closes its request' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'where nginx’s timer is shorter it fires first' },
    { signal: 'derived.timer', weight: 'medium', why: 'all failures take the same time, as with a fixed limit' },
    { signal: 'derived.instant', weight: 'medium', against: true, why: 'nothing ran long enough to be terminated' },
    { signal: 'derived.other-backend', weight: 'medium', against: true, why: 'another program answers the requests' },
    ...WORKER_LOST_OUTSIDE,
  ],
  summary: (facts) => {
    const after = numberOf(facts, ['fpm.exec-timeout'], 'slowSeconds');
    const median = facts.failedMedianMs;
    const long =
      after !== null ? ` after ${Math.round(after)} s` : median !== null ? ` after about ${seconds(median)}` : '';
    const script = wordOf(facts, ['fpm.exec-timeout', 'fpm.too-slow'], 'script');
    return `PHP ended requests${onPath(facts)}${long} because of its limit (request_terminate_timeout; of LiteSpeed LSAPI_MAX_PROCESS_TIME), and the web server answered ${usualStatus(facts)} for them${facts.failed === 0 ? '' : ` (${failedRequests(facts)})`}. ${script === null ? 'The script' : `The script ${script}`} is slow; the limit only shows it.`;
  },
  missing: [MISSING_FPM_LOG, MISSING_SLOW_LOG],
  fix: [
    {
      text: 'See which scripts and requests are terminated.',
      command: (facts) => phpServer(facts).tooLong(facts),
      risk: 'None: it only reads. Query strings in it may hold secrets.',
    },
    {
      text: (facts) =>
        phpServer(facts).hasSlowLog
          ? 'Make a stack appear before the end: set the slow log well below the limit, then speed up what it names.'
          : '',
      config: (facts) =>
        `; ${poolFile(facts)}\nslowlog = /var/log/php-fpm.slow.log\nrequest_slowlog_timeout = ${slowLogSeconds(facts)}s`,
      risk: 'Small. Containers need the SYS_PTRACE capability.',
    },
    {
      text: 'Move imports, exports, mails and reports out of the request: a queue, or wp-cron run from the system’s cron.',
      risk: 'Needs work on the code.',
    },
    {
      text: 'Only if the work must stay in the request: raise the limit for that pool, and the web server’s limit above it.',
      config: (facts) =>
        `${phpServer(facts).longest(facts, 85)}\n# and in the web server, for that script\n${readTimeout(facts, 90)}`,
      computedFrom: (facts) => {
        const after = numberOf(facts, ['fpm.exec-timeout'], 'slowSeconds');
        return after === null
          ? ''
          : `the present limit, about ${Math.round(after)} s; Cloudflare’s own is 100 or 120 s`;
      },
      risk: 'Each long request holds a worker: the pool may run full instead.',
    },
    {
      text: 'Apply it.',
      command: (facts) => phpServer(facts).reload(facts),
      risk: (facts) => phpServer(facts).reloadRisk,
    },
  ],
  avoid: [
    'Removing request_terminate_timeout: stuck requests then hold their workers for ever and the whole pool stops.',
    'Raising max_execution_time: it counts the processor time of the script, not waiting, and did not fire here.',
    'Raising the limit above 100 s behind Cloudflare: the visitor gets a 524 instead.',
  ],
  verify: ['“execution timed out” no longer appears in PHP-FPM’s log for that script.', VERIFY_ERROR_LOG_QUIET],
  prevent: [timeoutLadder, 'Set time-outs on database and API calls below the request’s own.'],
  difficulty: 'moderate',
  sources: ['php-src fpm_request.c', 'PHP manual: FPM configuration (request_terminate_timeout)'],
};
