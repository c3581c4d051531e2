import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  backendFirst,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_JOURNAL,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
  onPath,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { ofWebServer, webServer } from '../web-servers.ts';

/** The umbrella of everything that ends a connection before the answer. */
export const appClosedEarly: Cause = {
  id: 'app-closed-early',
  title: 'The application closed the connection before it answered',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-closed-early'],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'nginx.premature-header', weight: 'strong', why: 'the backend took the request and hung up' },
    { signal: 'nginx.premature-generic', weight: 'strong', why: 'the backend hung up' },
    { signal: 'apache.backend-closed', weight: 'strong', why: 'the backend hung up' },
    { signal: 'apache.script-closed', weight: 'strong', why: 'the process that runs the script ended or hung up' },
    { signal: 'app.no-answer', weight: 'strong', why: 'the application’s process ended or hung up' },
    { signal: 'app.handler-panic', weight: 'strong', why: 'a request whose code panics has its connection closed' },
    { signal: 'proxy.backend-closed', weight: 'strong', why: 'the backend hung up' },
    { signal: 'proxy.backend-reset', weight: 'medium', why: 'the backend cut the connection' },
    { signal: 'nginx.recv-reset-header', weight: 'medium', why: 'the backend cut the connection' },
    { signal: 'nginx.kevent', weight: 'medium', why: 'the backend hung up' },
    { signal: 'nginx.tls-rw', weight: 'medium', why: 'the backend cut the connection' },
    ...WORKER_LOST_OUTSIDE,
    {
      signal: 'gunicorn.worker-timeout',
      weight: 'medium',
      against: true,
      why: 'gunicorn killed its worker: that is why',
    },
    { signal: 'uwsgi.harakiri', weight: 'medium', against: true, why: 'uWSGI killed its worker: that is why' },
    { signal: 'app.worker-timeout', weight: 'medium', against: true, why: 'its server killed the worker: that is why' },
    { signal: 'fpm.child-segv', weight: 'medium', against: true, why: 'the worker crashed: that is why' },
    { signal: 'kernel.oom-kill', weight: 'medium', against: true, why: 'memory ran out: that is why' },
    { signal: 'app.crash', weight: 'medium', against: true, why: 'the application crashed: that is why' },
    { signal: 'unit.exited', weight: 'medium', against: true, why: 'a service ended by itself: that may be why' },
    { signal: 'derived.errors-of-requests', weight: 'strong', against: true, why: 'its log says why in each case' },
    { signal: 'derived.proxied-to-tls-port', weight: 'medium', against: true, why: 'the port expects TLS' },
    { signal: 'derived.app-restarted', weight: 'medium', against: true, why: 'it was restarted: that is why' },
    { signal: 'derived.fpm-restarted', weight: 'medium', against: true, why: 'it was restarted: that is why' },
  ],
  summary: (facts) =>
    `${backendFirst(facts)} took the request and closed the connection without an answer; ${failedRequests(facts)}${onPath(facts)} failed. ${
      facts.signals.has('app.handler-panic')
        ? 'Its code panicked in the request; Go’s server ends that one connection and goes on. The trace below the line names the place.'
        : 'An orderly close means that a worker ended, was recycled, ran into a limit of its own, or closed an idle connection just then.'
    }`,
  missing: [MISSING_APP_LOG, MISSING_NGINX_ERROR, MISSING_NGINX_TIMES, MISSING_KERNEL_LOG, MISSING_JOURNAL],
  fix: [
    {
      text: 'Read the application’s log at the second of an error line. Look for a worker that exits, a time-out, a restart.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: 'Look at how long the failed requests took. The same round time (30 s, 60 s) is a limit in the application; no time at all on every request is a refusal; all kinds of times are crashes.',
      command: (facts) =>
        webServer(facts) === 'nginx'
          ? "sudo awk '$9==502 {print $NF}' /var/log/nginx/access.log | sort -n | uniq -c | tail -20"
          : ofWebServer('fetchAccess')(facts),
      risk: 'None: it only reads. Of nginx it takes the last field of the log for $request_time.',
    },
    {
      text: 'Sporadic, and mostly POST: let the web server drop idle connections before the application does.',
      config: ofWebServer('shortIdle'),
      risk: 'More new connections to the application.',
    },
    {
      text: 'A second instance takes what the first one drops, for requests that may be repeated.',
      config: ofWebServer('nextBackend'),
      risk: 'Do not add non_idempotent: an order could be placed twice.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    'Raising proxy buffers: they matter for "too big header", not for a closed connection.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Log every exit of a worker with its reason.',
    'Stop gracefully: on SIGTERM stop accepting, finish what runs, then exit.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx source: ngx_http_upstream_process_header',
    'nginx error log: upstream prematurely closed connection',
  ],
};
