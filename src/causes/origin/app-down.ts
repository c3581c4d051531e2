import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { addressInCommand, isPhpFpm, listenersOf } from '../commands.ts';
import { appLog, startApp } from '../runtimes.ts';
import {
  ASK_ORIGIN_STEP,
  AVOID_PURGE_CACHE,
  AVOID_RAISE_TIMEOUTS,
  AVOID_RESTART_CLOUDFLARED,
  backend,
  backendAddress,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  usualStatus,
  VERIFY_EDGE_5XX,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { ofWebServer } from '../web-servers.ts';

const OWN_END = [
  'app.crash',
  'app.out-of-memory',
  'gunicorn.boot-failed',
  'uwsgi.boot-failed',
  'app.port-in-use',
] as const;
const endedByItself = (facts: Facts): boolean => OWN_END.some((id) => facts.signals.has(id));

/** Where it was, as far as that is told. */
function whereabouts(facts: Facts): string {
  if (endedByItself(facts)) return 'Its own log shows the error with which it ended or could not start.';
  const listens = facts.signals.get('derived.listens-elsewhere')?.values.listens;
  if (listens !== undefined) return `A program listened on that port, but at ${listens} only.`;
  if (facts.signals.has('derived.nothing-listens'))
    return 'Nobody listened on that port when the host’s listeners were printed: the application was down, or listens on another port.';
  return 'The application was down, still starting, or listens on another address or port.';
}

/** LiteSpeed starts the application itself. */
const cannotBeRun = (facts: Facts): boolean => facts.signals.has('lsapi.exec-missing');

/** The umbrella of every backend that nothing answers at: connection refused. */
export const appDown: Cause = {
  id: 'app-down',
  title: 'The application behind the web server is down or on another port',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: [
    'upstream-refused',
    'origin-refused',
    'app-refused',
    'fpm-tcp-refused',
    'fpm-down-refused',
    'app-socket-stale',
    'php-down',
    'gunicorn-down',
  ],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'nginx.connect-refused', weight: 'decisive', why: 'the host answered that nothing listens there' },
    { signal: 'nginx.connect-refused-sync', weight: 'decisive', why: 'the host answered that nothing listens there' },
    { signal: 'nginx.connect-unix-refused', weight: 'decisive', why: 'the socket is there and nobody serves it' },
    { signal: 'apache.backend-refused', weight: 'decisive', why: 'nothing listens at the backend’s address' },
    { signal: 'proxy.backend-refused', weight: 'decisive', why: 'nothing listens at the backend’s address' },
    { signal: 'proxy.not-connected', weight: 'strong', why: 'mostly nothing listens at the backend’s address' },
    { signal: 'proxy.no-backend', weight: 'medium', why: 'it follows when connections or checks fail' },
    { signal: 'proxy.all-down', weight: 'medium', why: 'every check of the backends fails' },
    { signal: 'proxy.backend-down', weight: 'medium', why: 'the check of the backend fails' },
    { signal: 'proxy.backend-ignored', weight: 'medium', why: 'a container that does not run has no address' },
    { signal: 'proxy.check-refused', weight: 'strong', why: 'nothing listens where its check asks' },
    { signal: 'proxy.check-failed', weight: 'weak', why: 'the check of the backend fails' },
    {
      signal: 'proxy.check-tls',
      weight: 'decisive',
      against: true,
      why: 'something answers there: to HAProxy a failed handshake is a connection that was not made',
    },
    {
      signal: 'proxy.check-cert',
      weight: 'decisive',
      against: true,
      why: 'something answers there: to HAProxy a refused certificate is a connection that was not made',
    },
    {
      signal: 'derived.own-connection',
      weight: 'decisive',
      against: true,
      why: 'it is another server that a script inside nginx asks',
    },
    { signal: 'proxy.check-dns', weight: 'decisive', against: true, why: 'its name is what fails' },
    { signal: 'proxy.too-many-files', weight: 'strong', against: true, why: 'nothing was left to connect with' },
    { signal: 'nginx.no-endpoint', weight: 'strong', why: 'no instance of it is ready to take requests' },
    { signal: 'nginx.connect-unix-missing', weight: 'medium', why: 'a stopped application removes its socket' },
    { signal: 'nginx.connect-other', weight: 'medium', why: 'no connection could be made' },
    {
      signal: 'derived.dies-without-server',
      weight: 'strong',
      against: true,
      why: 'it would be up, but for the server that it needs',
    },
    { signal: 'nginx.no-live', weight: 'medium', why: 'it follows when connections fail' },
    { signal: 'derived.app-down', weight: 'strong', why: 'the failures lie between its stop and its start' },
    { signal: 'derived.fpm-down', weight: 'strong', why: 'the failures lie between its stop and its start' },
    { signal: 'derived.nothing-listens', weight: 'strong', why: 'nothing was there to take the connections' },
    { signal: 'derived.listens-elsewhere', weight: 'medium', why: 'there the web server does not ask' },
    { signal: 'app.port-in-use', weight: 'medium', why: 'it could not listen' },
    { signal: 'gunicorn.port-in-use', weight: 'medium', why: 'it could not listen' },
    { signal: 'app.not-listening', weight: 'strong', why: 'it is not up, or listens on another port or on 127.0.0.1' },
    { signal: 'gunicorn.boot-failed', weight: 'medium', why: 'it cannot serve anything' },
    { signal: 'lsapi.exec-missing', weight: 'strong', why: 'it cannot be started' },
    { signal: 'app.crash', weight: 'weak', why: 'that is why nothing listens any more' },
    { signal: 'app.stop', weight: 'weak', why: 'that is why nothing listens any more' },
    { signal: 'unit.shown-down', weight: 'strong', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'unit.exited', weight: 'weak', why: 'the service may be the application' },
    { signal: 'unit.probe-failed', weight: 'weak', role: 'app', why: 'it does not answer its own check' },
    { signal: 'unit.failed', weight: 'weak', why: 'the service may be the application' },
    { signal: 'unit.start-failed', role: 'app', weight: 'medium', why: 'it could not be started' },
    { signal: 'unit.start-limit', weight: 'weak', why: 'systemd leaves the service down after that' },
    { signal: 'access.no-answer-502', weight: 'medium', why: 'the backend gave no answer' },
    { signal: 'derived.instant', weight: 'weak', why: 'a refused connection takes no time' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a dead application fails every request' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the web server lives and its backend may not' },
    { signal: 'har.origin-page', weight: 'weak', why: 'the web server lives and its backend may not' },
    { signal: 'har.branded-origin', weight: 'weak', why: 'the origin’s 502 has many reasons, this is the usual one' },
    { signal: 'derived.app-restarted', weight: 'medium', against: true, why: 'it was away for seconds only' },
    { signal: 'derived.fpm-restarted', weight: 'medium', against: true, why: 'it was away for seconds only' },
    { signal: 'derived.ipv6-localhost', weight: 'decisive', against: true, why: 'it listens on 127.0.0.1, not on ::1' },
    { signal: 'derived.address-changed', weight: 'strong', against: true, why: 'it is up at another address' },
    {
      signal: 'derived.killed-for-memory',
      weight: 'decisive',
      against: true,
      why: 'the reason is the kernel, which killed it',
    },
    {
      signal: 'kernel.oom-kill',
      role: ['app', 'fpm'],
      weight: 'medium',
      against: true,
      why: 'the reason may be the kernel, which killed a process of its kind',
    },
    {
      signal: 'unit.oom-killed',
      role: ['app', 'fpm'],
      weight: 'medium',
      against: true,
      why: 'the reason may be the kernel, which killed it',
    },
    { signal: 'host.shown-disk-full', weight: 'medium', against: true, why: 'the reason may be the full disk' },
    { signal: 'fpm.init-failed', weight: 'medium', against: true, why: 'the reason is its configuration' },
    { signal: 'derived.fpm-config-exit', weight: 'medium', against: true, why: 'the reason is its configuration' },
  ],
  summary: (facts) =>
    cannotBeRun(facts)
      ? `LiteSpeed could not start the site’s program, so it answered 503 at once (${failedRequests(facts)} failed). The line names the program: it is not installed there, or may not be run.`
      : `Nothing accepted connections at ${backendAddress(facts)}, so the web server answered ${usualStatus(facts)} at once (${failedRequests(facts)} failed). ${whereabouts(facts)}`,
  missing: [MISSING_NGINX_ERROR, MISSING_APP_LOG],
  fix: [
    {
      text: (facts) =>
        cannotBeRun(facts)
          ? 'See whether the program that the line names is there. In a hosting panel, choose an installed version of PHP, Node.js or Python for the site; the panel writes the path.'
          : '',
      command: 'ls -l /usr/bin/node /usr/local/lsws/lsphp*/bin/lsphp; ls /opt/alt',
      risk: 'None: it only reads.',
    },
    {
      text: 'Read why it ended. Its last lines before the first failure count.',
      command: appLog,
      risk: 'None: it only reads. In containers: docker ps -a, then docker logs.',
    },
    {
      text: 'Compare the address that the web server dials with the one that is listened on. 127.0.0.1 in a container is the container itself.',
      command: (facts) => `${listenersOf(facts)}; ${ofWebServer('backends')(facts)}`,
      computedFrom: (facts) =>
        facts.top('upstream') === null ? '' : `the backend in the error lines, ${backend(facts)}`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Start it, and see that it answers.',
      command: (facts) =>
        `${startApp(facts)} && sleep 3 && ${isPhpFpm(facts) || backend(facts).startsWith('unix:') ? listenersOf(facts) : `curl -s -o /dev/null -w '%{http_code}\\n' http://${addressInCommand(facts)}/`}`,
      risk: 'If it ends again at once, its log has the reason: a missing setting, a port in use, a dependency that is away.',
    },
    ASK_ORIGIN_STEP,
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    AVOID_RESTART_CLOUDFLARED,
    AVOID_PURGE_CACHE,
    'Restarting the web server: it works, and says which backend does not.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET, VERIFY_EDGE_5XX],
  prevent: [
    'Restart=always and RestartSec=2 in the application’s unit, and systemctl enable, so that it is there after a reboot.',
    'Two instances behind an upstream group: one can be away without a visitor noticing.',
    'A check on the origin that asks the application’s port itself.',
  ],
  difficulty: 'easy',
  sources: [
    'nginx source: ngx_http_upstream_connect, ngx_http_upstream_next',
    'nginx error log: connect() failed (111)',
  ],
};
