import type { Cause } from '../cause.ts';
import { addressInCommand, isPhpFpm } from '../commands.ts';
import { poolFile } from '../php-texts.ts';
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
  onPath,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { failingPaths, webServer } from '../web-servers.ts';

/** RST with a request in flight: a killed process, unread data, or a refusal after accept. */
export const appReset: Cause = {
  id: 'app-reset',
  title: 'The application reset the connection',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['upstream-reset', 'php-client-denied'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'nginx.recv-reset-header',
      weight: 'strong',
      why: 'the backend cut the connection with a request in flight',
    },
    { signal: 'nginx.connect-reset', weight: 'medium', why: 'the backend cut the connection as it was made' },
    { signal: 'fpm.disallowed', weight: 'decisive', why: 'PHP-FPM refuses the web server’s address' },
    { signal: 'nginx.tls-rw', weight: 'weak', why: 'the backend cut the connection' },
    { signal: 'apache.backend-closed', weight: 'medium', why: 'the backend cut the connection' },
    { signal: 'apache.script-closed', weight: 'medium', why: 'the process that runs the script cut the connection' },
    { signal: 'proxy.backend-reset', weight: 'strong', why: 'the backend cut the connection with a request in flight' },
    { signal: 'proxy.backend-closed', weight: 'weak', why: 'HAProxy names a reset so, too' },
    ...WORKER_LOST_OUTSIDE,
    { signal: 'fpm.child-segv', weight: 'medium', against: true, why: 'the worker crashed: that is why' },
    { signal: 'fpm.child-kill', weight: 'medium', against: true, why: 'the worker was killed: that is why' },
    { signal: 'fpm.exec-timeout', weight: 'medium', against: true, why: 'PHP-FPM ended the request: that is why' },
    { signal: 'fpm.reloading', weight: 'medium', against: true, why: 'the reload cut running requests' },
    { signal: 'fpm.terminating', weight: 'medium', against: true, why: 'the stop cut running requests' },
    { signal: 'kernel.oom-kill', weight: 'medium', against: true, why: 'memory ran out: that is why' },
    { signal: 'kernel.segfault', weight: 'medium', against: true, why: 'a process crashed: that is why' },
    { signal: 'app.crash', weight: 'medium', against: true, why: 'the application crashed: that is why' },
    {
      signal: 'gunicorn.worker-timeout',
      weight: 'medium',
      against: true,
      why: 'gunicorn killed its worker: that is why',
    },
    { signal: 'app.worker-timeout', weight: 'medium', against: true, why: 'its server killed the worker: that is why' },
    {
      signal: 'derived.fastcgi-backend',
      weight: 'medium',
      against: true,
      why: 'a worker of PHP-FPM does not reset a connection: it died',
    },
    { signal: 'derived.app-restarted', weight: 'medium', against: true, why: 'it was restarted: that is why' },
  ],
  summary: (facts) =>
    facts.signals.has('fpm.disallowed')
      ? `PHP-FPM accepts connections only from the addresses in listen.allowed_clients and dropped those of the web server; ${failedRequests(facts)} failed.`
      : `${backendFirst(facts)} reset the connection before it answered; ${failedRequests(facts)}${onPath(facts)} failed. A reset means a process that was killed or died with the request in hand, or one that refused it unread.`,
  missing: [MISSING_APP_LOG, MISSING_KERNEL_LOG, MISSING_JOURNAL, MISSING_NGINX_ERROR],
  fix: [
    {
      text: 'Read the backend’s log and the kernel’s at the second of an error line: signal 11 is a crash, signal 9 is memory or a kill, signal 15 a time-out or a restart.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) => {
        if (facts.signals.has('derived.intermittent')) return '';
        return isPhpFpm(facts)
          ? 'Every request fails at once: listen.allowed_clients of the pool lacks the web server’s address.'
          : 'Every request fails at once: the backend refuses the web server’s address, or its port speaks TLS and the web server does not.';
      },
      command: (facts) =>
        isPhpFpm(facts)
          ? `grep -n 'allowed_clients' ${poolFile(facts)}`
          : `curl -sI http://${addressInCommand(facts)}/ | head -1; curl -skI https://${addressInCommand(facts)}/ | head -1`,
      config: (facts) =>
        isPhpFpm(facts)
          ? `; ${poolFile(facts)}: the web server’s address has to be among them\nlisten.allowed_clients = 127.0.0.1`
          : webServer(facts) === 'nginx'
            ? `proxy_pass https://${addressInCommand(facts)};   # only where the port speaks TLS`
            : '',
      risk: (facts) =>
        isPhpFpm(facts)
          ? 'Whoever may connect to PHP-FPM may run code: list single addresses only.'
          : 'The commands only read. A change of the scheme meets every request: try it on one location first.',
    },
    {
      text: (facts) =>
        facts.signals.has('derived.everything-fails')
          ? ''
          : 'Only some requests fail: see whether one path, one method or large uploads stand out, and repeat that request at the backend.',
      command: failingPaths(502),
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    'Blaming the network: between a web server and a backend on the same host no packet is lost.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: [
    (facts) =>
      isPhpFpm(facts) ? 'catch_workers_output = yes in the pool: PHP-FPM then logs why it drops a connection.' : '',
    'Log every exit of a worker with its signal.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx error log: recv() failed (104: Connection reset by peer)',
    'PHP-FPM: listen.allowed_clients',
    'PHP-FPM log: exited on signal',
  ],
};
