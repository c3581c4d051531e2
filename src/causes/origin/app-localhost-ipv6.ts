import type { Cause } from '../cause.ts';
import { portInCommand } from '../commands.ts';
import { failedRequestsFirst, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { reloadWebServer, ServerName, webServer } from '../web-servers.ts';

/** localhost gave ::1 first, and the application listens on 127.0.0.1 only. */
export const appLocalhostIpv6: Cause = {
  id: 'app-localhost-ipv6',
  title: 'localhost resolves to ::1, where nobody listens',
  place: 'origin',
  hop: 'app',
  broader: ['app-down'],
  aliases: ['upstream-localhost-ipv6'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.ipv6-localhost', weight: 'strong', why: 'an application on 127.0.0.1 does not hear it' },
    { signal: 'nginx.connect-net-unreachable', weight: 'weak', why: 'IPv6 is off on this host' },
    { signal: 'nginx.socket-other', weight: 'weak', why: 'IPv6 is off on this host' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'nginx takes ::1 and 127.0.0.1 by turns' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
    {
      signal: 'nginx.temp-disabled',
      weight: 'medium',
      against: true,
      why: 'nginx sets aside only one of several peers: the request went to the next',
    },
    { signal: 'derived.listens-elsewhere', weight: 'medium', why: 'the same port answers on the other address' },
    { signal: 'derived.nothing-listens', weight: 'decisive', against: true, why: 'nor does anybody on 127.0.0.1' },
    { signal: 'derived.app-down', weight: 'medium', against: true, why: 'it was down on IPv4 too' },
  ],
  summary: (facts) =>
    `${ServerName(facts)} resolved localhost to ::1 and nobody listens there: the application listens on 127.0.0.1 only. ${failedRequestsFirst(facts)} failed.${webServer(facts) === 'nginx' ? ' nginx takes all addresses of a name by turns.' : ''}`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the addresses that the application listens on',
      why: '127.0.0.1 without [::1] or * proves it',
      command: (facts) => `sudo ss -ltnp '( sport = :${portInCommand(facts)} )'; getent ahosts localhost`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'See on which addresses the application listens.',
      command: (facts) => `sudo ss -ltnp '( sport = :${portInCommand(facts)} )'; getent ahosts localhost`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Write the address instead of the name.',
      config: (facts) => (webServer(facts) === 'nginx' ? `proxy_pass http://127.0.0.1:${portInCommand(facts)};` : ''),
      computedFrom: (facts) => (facts.top('upstream') === null ? '' : 'the port in the error lines'),
      risk: 'None where the application listens on 127.0.0.1. In a container 127.0.0.1 is the container itself.',
    },
    {
      text: 'Put it in force.',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
  ],
  avoid: [
    'Having the application listen on 0.0.0.0 or [::]: it is then open to the network past the web server.',
    'Taking ::1 out of /etc/hosts: other programs need it, and upgrades put it back.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: ['Write 127.0.0.1 for backends (proxy_pass, fastcgi_pass, reverse_proxy, server), never localhost.'],
  difficulty: 'easy',
  sources: ['nginx: proxy_pass (a name with several addresses is used round-robin)', 'nginx source: ngx_parse_url'],
};
