import type { Cause } from '../cause.ts';
import { appUnit, isPhpFpm, socketInCommand, whoChanged } from '../commands.ts';
import { appState } from '../runtimes.ts';
import { SOCKET_PATH, SOCKET_WORDS } from '../server-topics.ts';
import { backend, failedRequests, MISSING_APP_LOG, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, searchConfig, webServer } from '../web-servers.ts';

/** ENOENT on a unix socket: the service was stopped in good order, or the path is wrong. */
export const appSocketMissing: Cause = {
  id: 'app-socket-missing',
  title: 'The application’s unix socket does not exist',
  place: 'origin',
  hop: 'app',
  broader: ['app-down'],
  aliases: ['fpm-socket-missing', 'fpm-stopped'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.connect-unix-missing', weight: 'decisive', why: 'no file is at the path nginx dials' },
    { signal: 'apache.socket-missing', weight: 'decisive', why: 'no file is at the path Apache dials' },
    { signal: 'proxy.socket-missing', weight: 'decisive', why: 'no file is at the path that the reverse proxy dials' },
    { signal: 'derived.fpm-down', weight: 'medium', why: 'PHP-FPM removes its socket when it stops' },
    { signal: 'fpm.bye', weight: 'weak', why: 'PHP-FPM removes its socket when it stops' },
    { signal: 'fpm.terminating', weight: 'weak', why: 'PHP-FPM removes its socket when it stops' },
    { signal: 'unit.shown-down', weight: 'medium', why: 'a stopped application removes its socket' },
    { signal: 'unit.stopped', weight: 'weak', why: 'the service may be the application' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'a new PHP version has a new socket path' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
    { signal: 'derived.instant', weight: 'weak', why: 'a missing socket fails at once' },
    { signal: 'derived.fpm-restarted', weight: 'strong', against: true, why: 'it was away for seconds only' },
    { signal: 'derived.app-restarted', weight: 'strong', against: true, why: 'it was away for seconds only' },
    { signal: 'fpm.init-failed', weight: 'medium', against: true, why: 'PHP-FPM could not start; that is the reason' },
    {
      signal: 'derived.fpm-config-exit',
      weight: 'medium',
      against: true,
      why: 'PHP-FPM could not start; that is the reason',
    },
    {
      signal: 'fpm.bind',
      weight: 'medium',
      against: true,
      why: 'PHP-FPM could not make the socket; that is the reason',
    },
  ],
  summary: (facts) =>
    `${backend(facts).startsWith('unix:') ? `The socket ${backend(facts)}` : 'The application’s socket'} was not there, so ${webServer(facts)} answered an error at once (${failedRequests(facts)} failed). The service was stopped, or the web server has a path where no service listens.`,
  missing: [
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
    {
      what: 'the sockets that exist and the path in the web server’s configuration',
      why: 'a different path means a wrong setting, an equal one a stopped service',
      command: (facts) =>
        ["sudo ss -lxnp | grep -E 'php|sock'", searchConfig(facts, SOCKET_WORDS)]
          .filter((command) => command !== '')
          .join('; '),
      unless: { signals: ['fpm.bye', 'derived.fpm-down'] },
    },
  ],
  fix: [
    {
      text: 'See whether the service runs and which sockets exist.',
      command: (facts) => `${appState(facts)}; ls -l ${socketInCommand(facts)}; sudo ss -lxnp | grep -E 'php|sock'`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Not running: see who or what stopped it.',
      command: whoChanged,
      risk: 'None: it only reads.',
    },
    {
      text: 'Start it, and have it start at boot.',
      command: (facts) => `sudo systemctl enable --now ${appUnit(facts)}`,
      risk: 'What was stopped on purpose runs again: ask first.',
    },
    {
      text: (facts) =>
        isPhpFpm(facts)
          ? 'Running at another path (after an upgrade php8.1-fpm.sock became php8.2-fpm.sock): make the web server’s path equal to listen of the pool.'
          : 'Running at another path: make the path in the web server’s configuration equal to the one the application listens on.',
      command: (facts) =>
        ["grep -rn '^listen *=' /etc/php/*/fpm/pool.d/", searchConfig(facts, SOCKET_WORDS)]
          .filter((command) => command !== '')
          .join('; '),
      config: forServer(SOCKET_PATH),
      computedFrom: (facts) =>
        facts.top('upstream') === null
          ? ''
          : 'the path in the error lines, which has to change on one of the two sides',
      risk: 'Reload the web server after its test. In containers the folder of the socket must be shared by both.',
    },
  ],
  avoid: [
    'Creating the file by hand or with touch: a socket is made by the process that listens on it.',
    'Changing modes or owners: the message for that is "Permission denied", not "No such file".',
  ],
  verify: [
    (facts) => `ls -l ${socketInCommand(facts)} shows the socket, and a dynamic page answers 200.`,
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: [
    'Use the alternative /run/php/php-fpm.sock of Debian, which survives a change of the PHP version.',
    'Let RuntimeDirectory= of the unit make the socket’s folder: /run is empty after each boot.',
  ],
  difficulty: 'easy',
  sources: ['nginx error log: connect() to unix:… failed (2: No such file or directory)', 'PHP-FPM: listen'],
};
