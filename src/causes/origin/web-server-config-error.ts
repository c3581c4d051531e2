import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';

import { numberOf, wordOf } from '../php-texts.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequests, MISSING_NGINX_ERROR } from '../texts.ts';
import { WEB_SERVERS, webServer } from '../web-servers.ts';

const LOOPS = [
  'nginx.rewrite-cycle',
  'nginx.named-location',
  'nginx.no-port',
  'nginx.invalid-url-prefix',
  'apache.redirect-loop',
  'apache.no-protocol',
  'apache.no-proxy-tls',
  'proxy.backend-url',
] as const;
const BINDS = [
  'nginx.bind-failed',
  'nginx.bind-gave-up',
  'nginx.listen-failed',
  'apache.bind-failed',
  'proxy.bind-failed',
] as const;
/** By the system's number. */
const WHY_NOT_BOUND: Readonly<Record<number, string>> = {
  13: 'It may not: ports below 1024 are for root and for programs with the capability CAP_NET_BIND_SERVICE, and SELinux has a list of its own.',
  98: 'Another process holds it.',
  99: 'The address is not on this host.',
};
const byHtaccess = (facts: Facts): boolean => facts.signals.has('apache.htaccess');
const byProxyProtocol = (facts: Facts): boolean => facts.signals.has('nginx.proxy-protocol');
const byProtocol = (facts: Facts): boolean => facts.signals.has('apache.no-protocol');
const byProxyTls = (facts: Facts): boolean => facts.signals.has('apache.no-proxy-tls');
const byBackendUrl = (facts: Facts): boolean => facts.signals.has('proxy.backend-url');
/** Not for what no test of the configuration finds. */
const whereTestable =
  (text: string | ((facts: Facts) => string)) =>
  (facts: Facts): string =>
    byHtaccess(facts) || byProxyProtocol(facts) || byBackendUrl(facts) || byProtocol(facts) || byProxyTls(facts)
      ? ''
      : typeof text === 'string'
        ? text
        : text(facts);
const unitOf = (facts: Facts): string => WEB_SERVERS[webServer(facts)].unit;
const testOf = (facts: Facts): string => WEB_SERVERS[webServer(facts)].test;
const isNginx = (facts: Facts): boolean => webServer(facts) === 'nginx';

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
    { signal: 'apache.no-protocol', weight: 'decisive', why: 'every request to that backend gets a 500' },
    { signal: 'apache.no-proxy-tls', weight: 'decisive', why: 'every request to that backend gets a 500' },
    { signal: 'apache.bind-failed', weight: 'decisive', why: 'something else holds the address' },
    { signal: 'proxy.config-error', weight: 'decisive', why: 'the reverse proxy does not start with it' },
    { signal: 'proxy.bind-failed', weight: 'decisive', why: 'something else holds the address' },
    { signal: 'proxy.backend-url', weight: 'decisive', why: 'the address of the backend is not complete' },
    { signal: 'apache.htaccess', weight: 'decisive', why: 'the file is read with every request' },
    { signal: 'apache.redirect-loop', weight: 'decisive', why: 'the request turns in a circle until it gets a 500' },
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
    { signal: 'unit.exited', weight: 'weak', why: 'a refused configuration is a usual reason' },
    {
      signal: 'derived.origin-fine-meanwhile',
      weight: 'medium',
      against: true,
      why: 'it runs on with its old configuration',
    },
  ],
  summary: (facts) => {
    if (byHtaccess(facts)) {
      return `Apache does not understand a line of an .htaccess file, and answers 500 for all below its folder: ${failedRequests(facts)}. The error line names the file and the word. A tool or a plugin wrote it, or a module that it needs was switched off.`;
    }
    if (byProxyProtocol(facts)) {
      return 'nginx expects the PROXY protocol on this port, and who connects does not speak it: nginx hangs up without an answer (behind Cloudflare a 520). Either “proxy_protocol” in the listen directive is wrong, or the load balancer before nginx no longer sends it.';
    }
    if (LOOPS.some((id) => facts.signals.has(id))) {
      return `${webServer(facts)} failed on ${failedRequests(facts)} by its own configuration: the error line names the ${byBackendUrl(facts) ? 'reason: the address of a backend lacks http:// or https://, or has another scheme' : 'request and the reason'}. No backend is at fault.`;
    }
    if (BINDS.some((id) => facts.signals.has(id))) {
      const address = wordOf(facts, BINDS, 'address');
      return `${webServer(facts)} could not open ${address === null ? 'its port' : address} and did not start. ${WHY_NOT_BOUND[numberOf(facts, BINDS, 'errno') ?? 0] ?? 'Another process holds it, or the address is not on this host.'}`;
    }
    return `${webServer(facts)} refuses its configuration. A start with it fails and leaves the server down; a reload keeps the old configuration in force.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'output of the test of the configuration',
      why: 'it names file and line of the fault as it stands now',
      command: testOf,
      unless: {
        signals: [
          'nginx.conf-error',
          'nginx.conf-host',
          'nginx.cert-load',
          'nginx.cert-key',
          'nginx.proxy-protocol',
          'apache.htaccess',
        ],
      },
    },
  ],
  fix: [
    {
      text: (facts) =>
        byHtaccess(facts) ? 'Find the file and the word that Apache refuses, and who changed the file last.' : '',
      command:
        "sudo grep -h 'htaccess' /var/log/apache2/error.log | tail -n 3; sudo find /var/www -name .htaccess -mtime -2 -ls",
      risk: 'None: it only reads. On Red Hat the log is /var/log/httpd/error_log.',
    },
    {
      text: (facts) =>
        byHtaccess(facts)
          ? 'Take that line out, or switch on the module that knows it (a2enmod). It counts from the next request on; nothing has to be restarted for the file.'
          : '',
      risk: 'Keep a copy: without its rewrite rules, pages other than the front page answer 404.',
    },
    {
      text: (facts) =>
        byProxyProtocol(facts)
          ? 'Decide on one: with no load balancer that sends it, take proxy_protocol out of the listen directive; with one, switch it on there.'
          : '',
      command: "sudo nginx -T 2>/dev/null | grep -nE 'proxy_protocol|set_real_ip_from|real_ip_header'",
      risk: 'Both sides have to change together: between the two no request is answered. Cloudflare itself sends the PROXY protocol only by Spectrum.',
    },
    {
      text: (facts) =>
        byProtocol(facts)
          ? 'Load the module that speaks to the backend: proxy_fcgi for fcgi:// and PHP-FPM, proxy_http for http://, proxy_wstunnel for ws://.'
          : '',
      command: 'sudo apache2ctl -M | grep proxy; sudo a2enmod proxy proxy_fcgi && sudo systemctl restart apache2',
      risk: 'The restart ends the requests under way. On Red Hat the modules are listed in /etc/httpd/conf.modules.d/00-proxy.conf.',
    },
    {
      text: (facts) =>
        byProxyTls(facts)
          ? 'Switch TLS to backends on in the virtual host that has the ProxyPass; or, where the backend speaks plain HTTP, write http:// there.'
          : '',
      config: 'SSLProxyEngine on',
      risk: 'The backend’s certificate is checked from then on where SSLProxyVerify or SSLProxyCheckPeerName asks for it.',
    },
    {
      text: (facts) =>
        byBackendUrl(facts)
          ? `Write the backend’s address in ${webServer(facts)}’s configuration with its scheme (http://192.0.2.7:8080), also where a variable or a label makes it.`
          : '',
      risk: 'None beyond the change itself: requests to that backend fail already.',
    },
    {
      text: whereTestable(
        (facts) =>
          `Let ${webServer(facts)} name file and line, and mend that line. A host name it cannot resolve counts as a fault too.`,
      ),
      command: testOf,
      risk: 'None: it only checks.',
    },
    {
      text: whereTestable('For "Address already in use": see who holds the port and stop that one.'),
      command: "sudo ss -ltnp '( sport = :80 or sport = :443 )'",
      risk: 'None: it only reads. Stopping the other process may take another site down.',
    },
    {
      text: (facts) =>
        numberOf(facts, BINDS, 'errno') === 13
          ? 'Let it start as root (it changes to its own user by itself), give the program the capability, or let it listen on a port above 1024.'
          : '',
      command: (facts) => `ps -o user,args -C ${unitOf(facts)}; sysctl net.ipv4.ip_unprivileged_port_start`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        !isNginx(facts) || byProxyProtocol(facts)
          ? ''
          : 'For a redirection cycle: the last argument of try_files must be one that exists, and error_page must not point at itself.',
      config: 'location / {\n    try_files $uri $uri/ /index.php$is_args$args;\n}',
      risk: 'Changes which file answers; test one page of each kind.',
    },
    {
      text: (facts) =>
        facts.signals.has('apache.redirect-loop')
          ? 'For a redirection cycle: a RewriteRule, often of an .htaccess file, takes its own result again. Let it leave alone what exists, and end it where it is done.'
          : '',
      config:
        'RewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule . /index.php [L]',
      risk: 'Changes which file answers; test one page of each kind.',
    },
    {
      text: (facts) => (byHtaccess(facts) || byBackendUrl(facts) ? '' : 'Put it in force.'),
      command: (facts) => `${testOf(facts)} && sudo systemctl reload-or-restart ${unitOf(facts)}`,
      risk: (facts) => `Where ${webServer(facts)} is down it starts; where it runs it reloads without a gap.`,
    },
  ],
  avoid: [
    whereTestable(
      (facts) =>
        `Restarting ${webServer(facts)} to try out a change: with a refused configuration a restart takes the site down, a reload does not.`,
    ),
    (facts) =>
      byHtaccess(facts) ? 'Restarting Apache or PHP: the file is read with every request and is refused again.' : '',
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: [
    (facts) => (byHtaccess(facts) ? 'The front page and one page below it answer 200.' : ''),
    (facts) => (byProxyProtocol(facts) ? 'The error log has no new line with “while reading PROXY protocol”.' : ''),
    whereTestable((facts) =>
      isNginx(facts) ? 'sudo nginx -t ends with "test is successful".' : `${testOf(facts)} finds no fault.`,
    ),
    whereTestable((facts) => `systemctl status ${unitOf(facts)} says active, and its start time is new.`),
  ],
  prevent: [
    (facts) =>
      byHtaccess(facts)
        ? 'Move the rules into the virtual host and set AllowOverride None: then apachectl configtest finds such a line before it is in force.'
        : '',
    whereTestable((facts) => `Run the test (${testOf(facts)}) in the deployment and stop there when it fails.`),
    (facts) =>
      !isNginx(facts) || byProxyProtocol(facts)
        ? ''
        : 'Give backends by variable and resolver where their names come and go, so that nginx starts without them.',
  ],
  difficulty: 'moderate',
  sources: ['nginx source: ngx_open_listening_sockets, ngx_http_internal_redirect', 'nginx: command-line parameter -t'],
};
