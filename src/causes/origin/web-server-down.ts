import { type Cause, textOf } from '../cause.ts';
import { journalOf } from '../commands.ts';
import {
  AVOID_PAUSE_CLOUDFLARE,
  AVOID_PURGE_CACHE,
  failedRequests,
  MISSING_EDGE_LOG,
  MISSING_JOURNAL,
  VERIFY_PAST_CLOUDFLARE,
} from '../texts.ts';
import { ofWebServer } from '../web-servers.ts';

/** Nothing listens where Cloudflare (or cloudflared) connects: the web server itself is away. */
export const webServerDown: Cause = {
  id: 'web-server-down',
  title: 'The web server is down or does not listen',
  place: 'origin',
  hop: 'proxy',
  broader: [],
  aliases: ['nginx-stopped', 'nginx-down', 'origin-521', 'origin-service-stopped'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.proxy-down', weight: 'decisive', why: 'the failures lie between its stop and its start' },
    { signal: 'edge.521', weight: 'strong', why: 'a host that is up refuses where nothing listens' },
    { signal: 'derived.access-log-stops', weight: 'medium', why: 'a running web server would have logged requests' },
    { signal: 'nginx.sig-stop', weight: 'medium', why: 'connections are refused until the next start' },
    { signal: 'apache.stop', weight: 'medium', why: 'connections are refused until the next start' },
    { signal: 'nginx.not-running', weight: 'medium', why: 'a command for nginx found none that ran' },
    { signal: 'apache.stale-pid', weight: 'decisive', why: 'Apache ended without having started' },
    { signal: 'apache.no-semaphores', weight: 'decisive', why: 'Apache does not start without its locks' },
    { signal: 'proxy.stop', weight: 'medium', why: 'connections are refused until the next start' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a stopped web server fails every request' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the requests never reached a web server' },
    { signal: 'unit.shown-down', weight: 'strong', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'derived.no-web-listener', weight: 'medium', why: 'nobody was there to take Cloudflare’s connections' },
    { signal: 'host.shown-refused', weight: 'weak', why: 'somebody tried its port: nobody took the connection' },
    { signal: 'unit.stopped', weight: 'weak', why: 'the service may be the web server' },
    { signal: 'unit.exited', weight: 'medium', why: 'the web server’s process ended with an error' },
    { signal: 'unit.failed', weight: 'weak', why: 'the service may be the web server' },
    { signal: 'unit.start-limit', weight: 'strong', why: 'it stays down after that' },
    { signal: 'cloudflared.inner-refused', weight: 'weak', why: 'the refused service may be the web server' },
    { signal: 'host.shutdown', weight: 'medium', why: 'the host went down, and all services with it' },
    { signal: 'host.boot', weight: 'medium', why: 'the host came up: it was away before' },
    { signal: 'edge.530', weight: 'decisive', against: true, why: 'there Cloudflare had no way to ask a web server' },
    { signal: 'edge.522-connect', weight: 'medium', against: true, why: 'a live host refuses at once (521)' },
    { signal: 'edge.523', weight: 'strong', against: true, why: 'there the way to the host was missing' },
    { signal: 'edge.525', weight: 'strong', against: true, why: 'something answered the connection' },
    { signal: 'edge.526', weight: 'strong', against: true, why: 'something showed a certificate' },
    {
      signal: 'derived.killed-for-memory',
      weight: 'decisive',
      against: true,
      why: 'the reason is the kernel, which killed it',
    },
    { signal: 'derived.proxy-restarted', weight: 'strong', against: true, why: 'it was away for seconds only' },
    { signal: 'derived.reached-origin', weight: 'strong', against: true, why: 'it took the failing requests' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'strong', against: true, why: 'it was up and answering' },
    { signal: 'derived.some-edge-servers', weight: 'strong', against: true, why: 'a stopped server refuses everybody' },
    { signal: 'derived.one-colo', weight: 'strong', against: true, why: 'a stopped server refuses all data centres' },
    { signal: 'kernel.packet-dropped', weight: 'medium', against: true, why: 'the firewall refused them' },
    { signal: 'host.ban', weight: 'medium', against: true, why: 'the ban refused them' },
    { signal: 'derived.ban-in-force', weight: 'medium', against: true, why: 'the ban refused them' },
    { signal: 'nginx.bind-gave-up', weight: 'medium', against: true, why: 'the reason is the failed bind' },
    { signal: 'nginx.conf-error', weight: 'medium', against: true, why: 'the reason is the refused configuration' },
  ],
  summary: (facts) =>
    facts.signals.has('unit.shown-down') && facts.failed === 0
      ? 'The web server was not running when its state was printed. Who asks meanwhile is refused: visitors get 521, or 502 where a tunnel or another proxy asks. Its journal tells when it went and why.'
      : `The web server was not running or not listening while ${failedRequests(facts)} failed. The host itself answered: it refused the connections.`,
  missing: [
    MISSING_JOURNAL,
    {
      what: 'what listens on ports 80 and 443 of the origin',
      why: 'it tells a stopped web server from a firewall that refuses Cloudflare',
      command: "sudo ss -ltnp '( sport = :80 or sport = :443 )'",
      unless: { signals: ['derived.proxy-down'] },
    },
    MISSING_EDGE_LOG,
  ],
  fix: [
    {
      text: 'Look why it stopped, before you start it. (The unit’s name may differ, such as httpd for apache2.)',
      command: (facts) => textOf(journalOf(ofWebServer('unit')(facts)), facts),
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        facts.signals.has('apache.no-semaphores')
          ? 'No disk is full: the semaphores of Apache processes that died are left over. Remove those of its user (here www-data, elsewhere apache or nobody), then start it.'
          : '',
      command: 'ipcs -s; ipcs -s | awk \'$3 == "www-data" {print $2}\' | xargs -rn1 sudo ipcrm -s',
      risk: 'Only while Apache is stopped: a running one loses its locks.',
    },
    {
      text: (facts) =>
        facts.signals.has('apache.stale-pid')
          ? 'Have the container remove the pid file before it starts Apache: it stayed behind when the container was stopped hard (here Debian’s path; of the official image it is /usr/local/apache2/logs/httpd.pid).'
          : '',
      command: 'rm -f /var/run/apache2/apache2.pid && exec apachectl -D FOREGROUND',
      risk: 'None: nothing runs in a container that starts.',
    },
    {
      text: 'Check the configuration, then start it. A refused configuration is the usual reason why it does not start.',
      command: (facts) => `${ofWebServer('test')(facts)} && sudo systemctl start ${ofWebServer('unit')(facts)}`,
      risk: 'None where the check passes.',
    },
    {
      text: 'Have it start at boot.',
      command: (facts) => `sudo systemctl enable ${ofWebServer('unit')(facts)}`,
      risk: 'None: it takes effect with the next boot.',
    },
  ],
  avoid: [AVOID_PAUSE_CLOUDFLARE, AVOID_PURGE_CACHE],
  verify: [
    "sudo ss -ltnp | grep -E 'nginx|apache2|httpd|caddy|traefik|haproxy|envoy|varnishd|lshttpd' shows its listeners.",
    VERIFY_PAST_CLOUDFLARE,
  ],
  prevent: [
    (facts) =>
      `Restart on failure: systemctl edit ${ofWebServer('unit')(facts)}, then [Service] Restart=on-failure and RestartSec=2.`,
    'Watch the origin itself, not only the site through Cloudflare: the cache can hide a dead server for hours.',
  ],
  difficulty: 'easy',
  sources: ['developers.cloudflare.com: error 521', 'nginx error log: signal 15 (SIGTERM) received, exiting'],
};
