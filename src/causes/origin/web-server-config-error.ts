import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { isApache, webServer } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequests, MISSING_NGINX_ERROR } from '../texts.ts';

const LOOPS = ['nginx.rewrite-cycle', 'nginx.named-location', 'nginx.no-port', 'nginx.invalid-url-prefix'] as const;
const BINDS = ['nginx.bind-failed', 'nginx.bind-gave-up', 'nginx.listen-failed', 'apache.bind-failed'] as const;
const testOf = (facts: Facts): string => (isApache(facts) ? 'sudo apachectl configtest' : 'sudo nginx -t');

/** The web server cannot start, cannot bind, or fails on a request by its own configuration. */
export const webServerConfigError: Cause = {
  id: 'web-server-config-error',
  title: 'The web server’s configuration is refused, cannot bind, or loops on a request',
  place: 'origin',
  hop: 'proxy',
  broader: ['web-server-down'],
  aliases: ['nginx-config-error', 'nginx-bind-failed', 'nginx-restart-bad-config', 'nginx-rewrite-loop'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.bind-gave-up', weight: 'decisive', why: 'it stays down after that' },
    { signal: 'nginx.bind-failed', weight: 'decisive', why: 'something else holds the address' },
    { signal: 'nginx.listen-failed', weight: 'decisive', why: 'it cannot open its port' },
    { signal: 'nginx.rewrite-cycle', weight: 'decisive', why: 'the request turns in a circle until it gets a 500' },
    { signal: 'nginx.named-location', weight: 'decisive', why: 'the configuration names a location it lacks' },
    { signal: 'nginx.no-port', weight: 'decisive', why: 'the address of the backend is not complete' },
    { signal: 'nginx.invalid-url-prefix', weight: 'decisive', why: 'a variable of proxy_pass came out wrong' },
    { signal: 'nginx.url-err', weight: 'decisive', why: 'the address of the backend is not valid' },
    { signal: 'nginx.conf-error', weight: 'decisive', why: 'a start with it fails, a reload keeps the old one' },
    { signal: 'nginx.conf-host', weight: 'decisive', why: 'nginx does not start with a name it cannot resolve' },
    { signal: 'nginx.cert-load', weight: 'decisive', why: 'nginx does not start without that certificate' },
    { signal: 'nginx.cert-key', weight: 'decisive', why: 'nginx does not start with a key that does not fit' },
    { signal: 'apache.config-error', weight: 'decisive', why: 'Apache does not start with it' },
    { signal: 'apache.bind-failed', weight: 'decisive', why: 'something else holds the address' },
    {
      signal: 'nginx.proxy-protocol',
      weight: 'strong',
      why: 'what stands before nginx does not speak what its port expects; a check from inside looks the same',
    },
    { signal: 'nginx.no-upstream-conf', weight: 'strong', why: 'the location has no backend' },
    { signal: 'nginx.bind-upstream', weight: 'strong', why: 'proxy_bind names an address this host lacks' },
    { signal: 'nginx.alias-rewrite', weight: 'weak', why: 'the location is written wrongly' },
    { signal: 'nginx.upgrade-subrequest', weight: 'weak', why: 'the location is written wrongly' },
    { signal: 'derived.proxy-down', weight: 'medium', why: 'it did not come up again' },
    { signal: 'edge.521', weight: 'weak', why: 'nothing listens when nginx cannot start' },
    { signal: 'access.own-500', weight: 'weak', why: 'nginx made the error without asking the application' },
    { signal: 'unit.start-failed', weight: 'medium', why: 'a refused configuration is the usual reason' },
    {
      signal: 'derived.origin-fine-meanwhile',
      weight: 'medium',
      against: true,
      why: 'it runs on with its old configuration',
    },
  ],
  summary: (facts) => {
    if (LOOPS.some((id) => facts.signals.has(id))) {
      return `nginx failed on ${failedRequests(facts)} by its own configuration: the error line names the request and the reason. No backend is at fault.`;
    }
    if (BINDS.some((id) => facts.signals.has(id))) {
      const address = wordOf(facts, BINDS, 'address');
      return `${webServer(facts)} could not open ${address === null ? 'its port' : address} and did not start. Another process holds it, or the address is not on this host.`;
    }
    return `${webServer(facts)} refuses its configuration. A start with it fails and leaves the server down; a reload keeps the old configuration in force.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'output of the test of the configuration',
      why: 'it names file and line of the fault as it stands now',
      command: testOf,
      unless: { signals: ['nginx.conf-error', 'nginx.conf-host', 'nginx.cert-load', 'nginx.cert-key'] },
    },
  ],
  fix: [
    {
      text: (facts) =>
        `Let ${webServer(facts)} name file and line, and mend that line. A host name it cannot resolve counts as a fault too.`,
      command: testOf,
      risk: 'None: it only checks.',
    },
    {
      text: 'For "Address already in use": see who holds the port and stop that one.',
      command: "sudo ss -ltnp '( sport = :80 or sport = :443 )'",
      risk: 'None: it only reads. Stopping the other process may take another site down.',
    },
    {
      text: 'For a redirection cycle: the last argument of try_files must be one that exists, and error_page must not point at itself.',
      config: 'location / {\n    try_files $uri $uri/ /index.php$is_args$args;\n}',
      risk: 'Changes which file answers; test one page of each kind.',
    },
    {
      text: 'Put it in force.',
      command: (facts) =>
        `${testOf(facts)} && sudo systemctl reload-or-restart ${isApache(facts) ? 'apache2' : 'nginx'}`,
      risk: 'Where nginx is down it starts; where it runs it reloads without a gap.',
    },
  ],
  avoid: [
    'Restarting nginx to try out a change: with a refused configuration a restart takes the site down, a reload does not.',
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: [
    'sudo nginx -t ends with "test is successful".',
    'systemctl status nginx says active, and its start time is new.',
  ],
  prevent: [
    'Run nginx -t in the deployment and stop there when it fails.',
    'Give backends by variable and resolver where their names come and go, so that nginx starts without them.',
  ],
  difficulty: 'moderate',
  sources: ['nginx source: ngx_open_listening_sockets, ngx_http_internal_redirect', 'nginx: command-line parameter -t'],
};
