import type { Cause } from '../cause.ts';
import { appUnit } from '../commands.ts';
import { MORE_FILES } from '../server-topics.ts';
import { AVOID_ONLY_RESTART, failedRequests, MISSING_APP_LOG, MISSING_NGINX_ERROR } from '../texts.ts';
import { forServer, serverProcess, whereServerHas } from '../web-servers.ts';

/** EMFILE or ENFILE at the web server or the application. */
export const fileDescriptorsExhausted: Cause = {
  id: 'file-descriptors-exhausted',
  title: 'Too many open files',
  place: 'origin',
  hop: 'host',
  broader: [],
  aliases: ['fd-exhausted', 'nginx-files-limit', 'nginx-too-many-open-files', 'php-files-limit'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.socket-emfile', weight: 'decisive', why: 'nginx could not open a connection to the backend' },
    { signal: 'nginx.accept-emfile', weight: 'decisive', why: 'new connections wait in the kernel' },
    { signal: 'nginx.open-emfile', weight: 'decisive', why: 'nginx could not open a file' },
    { signal: 'proxy.too-many-files', weight: 'decisive', why: 'the reverse proxy could not open a connection' },
    { signal: 'apache.too-many-files', weight: 'decisive', why: 'Apache could not open a connection or a file' },
    { signal: 'fpm.fdset', weight: 'decisive', why: 'PHP-FPM cannot watch more files' },
    { signal: 'app.too-many-files', weight: 'decisive', why: 'the application cannot open connections or files' },
    { signal: 'fpm.rlimit', weight: 'weak', why: 'the pool runs with a lower limit than asked for' },
    { signal: 'nginx.conn-exceed', weight: 'weak', why: 'nginx said at its start that this could happen' },
    { signal: 'access.own-500', weight: 'weak', why: 'without a free file nginx answers 500 itself' },
    { signal: 'edge.522-connect', weight: 'weak', why: 'connections that nobody accepts time out' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'each connection takes a file' },
    { signal: 'kernel.too-many-files', weight: 'decisive', why: 'the limit is the whole host’s' },
  ],
  summary: (facts) =>
    `A process on the origin reached its limit of open files (sockets count as files), and ${failedRequests(facts)} failed. Either the limit is at a low default, or connections are held open too long.`,
  missing: [MISSING_NGINX_ERROR, MISSING_APP_LOG],
  fix: [
    {
      text: (facts) =>
        `Compare the files in use with the limit, for the ${serverProcess(facts) === '' ? '' : 'web server and for the '}application (Max open files, soft limit).`,
      command: (facts) =>
        `for p in $(pgrep ${serverProcess(facts) || appUnit(facts)}); do echo "$p $(sudo ls /proc/$p/fd | wc -l) $(grep 'open files' /proc/$p/limits)"; done`,
      risk: 'None: it only reads.',
    },
    {
      text: whereServerHas(
        MORE_FILES,
        'For the web server: raise the limit, then reload it (restart it where the limit stands in its unit). A proxied request takes two files.',
      ),
      config: forServer(MORE_FILES),
      risk: 'None to speak of; the kernel’s fs.file-max is far higher on current systems.',
    },
    {
      text: 'For the application: raise it in its unit. ulimit in a shell does not reach services.',
      command: (facts) => `sudo systemctl edit ${appUnit(facts)} && sudo systemctl restart ${appUnit(facts)}`,
      config: '[Service]\nLimitNOFILE=65535',
      risk: 'Takes a restart of the unit, which cuts its running requests.',
    },
    {
      text: 'Count what the files are. Thousands of connections to one backend or of deleted files are a leak; the limit only delays it.',
      command:
        "sudo ss -tnp | awk '{print $5}' | sort | uniq -c | sort -rn | head; sudo lsof -nP 2>/dev/null | grep -c deleted",
      risk: 'None: it only reads. lsof can take a while on a busy host.',
    },
  ],
  avoid: [AVOID_ONLY_RESTART, 'Changing /etc/security/limits.conf: it holds for logins, not for services of systemd.'],
  verify: [
    (facts) =>
      `grep "open files" /proc/$(pgrep -o ${serverProcess(facts) || appUnit(facts)})/limits shows the new limit.`,
    'No new "(24: Too many open files)" in the logs.',
  ],
  prevent: [
    'Graph the open files of the web server and the application.',
    'Set upstream keepalive and client time-outs, so that idle connections end.',
  ],
  difficulty: 'easy',
  sources: ['nginx source: ngx_event_accept, ngx_event_connect_peer', 'systemd.exec: LimitNOFILE'],
};
