import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import {
  AVOID_ONLY_RESTART,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_JOURNAL,
  MISSING_KERNEL_LOG,
  onPath,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { failingPaths } from '../web-servers.ts';

/** The application's process died with requests in flight (not PHP-FPM: that is php-fpm-crash). */
export const appCrash: Cause = {
  id: 'app-crash',
  title: 'The application crashed',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['origin-crash', 'app-crashed'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'app.crash', weight: 'strong', why: 'its requests in flight ended without an answer' },
    { signal: 'app.out-of-memory', weight: 'strong', why: 'its heap was full and the process ended' },
    { signal: 'app.not-started', weight: 'strong', why: 'every new process ends as it starts' },
    { signal: 'gunicorn.boot-failed', weight: 'strong', why: 'every new worker dies again' },
    { signal: 'uwsgi.boot-failed', weight: 'strong', why: 'every new worker dies again' },
    { signal: 'uwsgi.respawns', weight: 'strong', why: 'their requests ended without an answer' },
    { signal: 'uwsgi.worker-crash', weight: 'strong', why: 'its request in flight ended without an answer' },
    { signal: 'unit.killed', role: 'app', weight: 'strong', why: 'the service may be the application' },
    { signal: 'unit.exited', weight: 'medium', why: 'the service may be the application' },
    { signal: 'unit.restart-scheduled', weight: 'weak', why: 'systemd saw the service end by itself' },
    { signal: 'kernel.segfault', role: 'app', weight: 'strong', why: 'the process is the application’s' },
    { signal: 'kernel.trap', role: 'app', weight: 'medium', why: 'the process is the application’s' },
    { signal: 'derived.workers-renewed', weight: 'strong', why: 'workers end in the middle of what they do' },
    { signal: 'derived.app-keeps-ending', weight: 'strong', why: 'processes end in the middle of what they do' },
    { signal: 'app.worker-exit', weight: 'medium', why: 'the worker took its requests with it' },
    { signal: 'nginx.premature-header', weight: 'medium', why: 'a dying process leaves its requests unanswered' },
    { signal: 'nginx.recv-reset-header', weight: 'medium', why: 'a dying process leaves its requests unanswered' },
    { signal: 'apache.script-closed', weight: 'medium', why: 'a dying process leaves its requests unanswered' },
    { signal: 'app.no-answer', weight: 'medium', why: 'a dying process leaves its requests unanswered' },
    { signal: 'apache.child-crash', weight: 'medium', why: 'mod_wsgi’s processes are children of Apache, too' },
    { signal: 'nginx.connect-reset', weight: 'weak', why: 'it died as the connection was made' },
    ...WORKER_LOST_OUTSIDE,
    { signal: 'edge.520', weight: 'weak', why: 'an application without a web server in front fails like this' },
    { signal: 'gunicorn.worker-crash', weight: 'strong', why: 'its request in flight ended without an answer' },
    {
      signal: 'nginx.connect-refused',
      weight: 'strong',
      against: true,
      why: 'it was away, not dying, when they failed',
    },
    { signal: 'derived.app-down', weight: 'strong', against: true, why: 'most failed while it was away' },
    { signal: 'fpm.child-segv', weight: 'medium', against: true, why: 'it was a worker of PHP-FPM' },
    { signal: 'nginx.worker-signal', weight: 'medium', against: true, why: 'it was a worker of nginx' },
    { signal: 'kernel.oom-kill', weight: 'strong', against: true, why: 'the kernel killed it for lack of memory' },
    { signal: 'gunicorn.worker-timeout', weight: 'strong', against: true, why: 'gunicorn killed its worker itself' },
    { signal: 'app.worker-timeout', weight: 'strong', against: true, why: 'its server killed the worker itself' },
    { signal: 'derived.app-restarted', weight: 'weak', against: true, why: 'a restart ends processes in good order' },
  ],
  summary: (facts) =>
    facts.signals.has('app.out-of-memory')
      ? `The application used up its own memory limit and ended; the requests it held were lost (${failedRequests(facts)}${onPath(facts)} failed).`
      : `The application’s process died with requests in hand; ${failedRequests(facts)}${onPath(facts)} failed. Its own log has the error that ended it.`,
  missing: [MISSING_APP_LOG, MISSING_JOURNAL, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'Read the error and the stack before the end of the process.',
      command: appLog,
      risk: 'None: it only reads. In containers: docker logs --since and --until.',
    },
    {
      text: 'It began with a deployment: roll that back first, look for the fault afterwards.',
      risk: 'A rollback over a changed database schema can fail: check the migrations.',
    },
    {
      text: 'One request kills it each time: find that request in the access log at the second of the crash, and keep it away until the fault is mended.',
      command: failingPaths(502),
      config: 'location = /path-that-kills {\n    return 503;\n}',
      risk: 'That page is away for everybody.',
    },
    {
      text: 'Heap used up: find the leak with a heap snapshot; a higher limit buys time if the host has the memory.',
      config: '# Node: NODE_OPTIONS=--max-old-space-size=2048\n# Java: -XX:MaxRAMPercentage=70',
      risk: 'More than the host has ends in the kernel’s OOM killer.',
    },
  ],
  avoid: [
    AVOID_ONLY_RESTART,
    'Catching every exception and going on (process.on("uncaughtException")): the process is in an unknown state from then on.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET, 'systemctl show -p NRestarts of the unit does not grow.'],
  prevent: [
    'Restart=always in the unit, and more than one instance.',
    'An alert on NRestarts and on the error that ended it.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx error log: upstream prematurely closed connection, recv() failed (104)',
    'systemd: Restart=, NRestarts',
  ],
};
