import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { isPhpFpm, socketInCommand } from '../commands.ts';
import { poolFile } from '../php-texts.ts';
import { restartApp } from '../runtimes.ts';
import { backend, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { serverProcess, webServer } from '../web-servers.ts';

/** Shows the rights on the socket's path, and as whom the web server runs; as whom anything runs where it is not told. */
const rightsOf = (facts: Facts): string => {
  const program = serverProcess(facts);
  return `namei -l ${socketInCommand(facts)}; ps -o user=,comm= ${program === '' ? '-e' : `-C ${program}`} | sort -u`;
};

/** The socket as the lines name it, or a wording for it. */
function socket(facts: Facts): string {
  const named = backend(facts);
  return named.startsWith('unix:') ? named : 'the application’s socket';
}

/** EACCES on a unix socket. */
export const appSocketDenied: Cause = {
  id: 'app-socket-denied',
  title: 'The web server may not open the application’s socket',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['fpm-socket-permission'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.connect-unix-denied', weight: 'decisive', why: 'the kernel refused nginx’s user the socket' },
    { signal: 'apache.socket-denied', weight: 'decisive', why: 'the kernel refused Apache’s user the socket' },
    {
      signal: 'proxy.socket-denied',
      weight: 'decisive',
      why: 'the kernel refused the reverse proxy’s user the socket',
    },
    { signal: 'fpm.chown', weight: 'strong', why: 'the socket did not get the owner it should have' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
    { signal: 'derived.instant', weight: 'weak', why: 'the kernel refuses at once' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'upgrades reset owners and modes' },
    {
      signal: 'host.access-denied',
      role: 'proxy',
      weight: 'strong',
      against: true,
      why: 'SELinux or AppArmor refused, not the mode',
    },
  ],
  summary: (facts) =>
    `${webServer(facts)}’s user may not open ${socket(facts)}; ${failedRequests(facts)} failed. The application runs: owner, group or mode of its socket, or of a folder above it, is wrong.`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'owner and mode of the socket and of every folder above it',
      why: 'the first one that lacks rights is the fault',
      command: rightsOf,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'See the rights on the whole path and the user that the web server runs as. Every folder needs x, the socket needs r and w.',
      command: rightsOf,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        isPhpFpm(facts)
          ? 'Set them in the pool’s file. listen.owner or listen.group must be the web server’s user or group.'
          : 'Set them where the application opens its socket.',
      config: (facts) =>
        isPhpFpm(facts)
          ? `; ${poolFile(facts)}\nlisten.owner = www-data\nlisten.group = www-data\nlisten.mode = 0660`
          : '# gunicorn: --umask 007 and Group=www-data in its unit\n# uwsgi: chmod-socket = 660 and chown-socket = app:www-data',
      risk: 'The user is www-data with nginx and Apache of Debian, nginx or apache on the Red Hat family, and the program’s own name with others.',
    },
    {
      text: 'Put it in force.',
      command: restartApp,
      risk: 'The restart cuts running requests.',
    },
    {
      text: 'Modes are right and it still fails: SELinux or AppArmor.',
      command: 'sudo ausearch -m AVC -ts recent | tail; sudo aa-status | head',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'chmod 777 on the socket: every process of the host can then run code as the application, and the next restart undoes it.',
    'Running the web server as root.',
  ],
  verify: [
    (facts) =>
      `sudo -u www-data test -w ${socketInCommand(facts)} && echo ok   prints ok (the web server’s user: often www-data).`,
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: [
    'Keep owner and mode in the pool’s file, not in a chmod after the start.',
    'Keep sockets in /run, not under a home folder.',
  ],
  difficulty: 'easy',
  sources: [
    'nginx error log: connect() to unix:… failed (13: Permission denied)',
    'PHP-FPM: listen.owner, listen.group, listen.mode',
  ],
};
