import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { wordOf } from '../php-texts.ts';
import { RESOLVER, RESOLVER_WORDS } from '../server-topics.ts';
import { failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, ofWebServer, ServerName, searchConfig, webServer } from '../web-servers.ts';

const NAMED = ['nginx.resolve-nx', 'nginx.resolve-servfail', 'nginx.resolve-timeout', 'nginx.resolve-other'] as const;

/** The name that did not resolve, fit for a command. */
function nameInCommand(facts: Facts): string {
  const name = wordOf(facts, NAMED, 'name') ?? '';
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name) ? name : 'app';
}

/** nginx's own resolver gave no address for the backend's name. */
export const appDns: Cause = {
  id: 'app-dns',
  title: 'The name of the application does not resolve',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-dns', 'upstream-dns-timeout', 'app-dns-down', 'nginx-no-resolver'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.resolve-nx', weight: 'decisive', why: 'the resolver says that the name does not exist' },
    { signal: 'nginx.resolve-servfail', weight: 'decisive', why: 'the resolver itself failed' },
    { signal: 'nginx.resolve-timeout', weight: 'decisive', why: 'the resolver did not answer' },
    { signal: 'nginx.resolve-other', weight: 'decisive', why: 'the resolver gave no address' },
    { signal: 'nginx.no-resolver', weight: 'decisive', why: 'a variable in proxy_pass needs a resolver' },
    { signal: 'apache.backend-dns', weight: 'decisive', why: 'Apache got no address for its backend' },
    { signal: 'proxy.backend-dns', weight: 'decisive', why: 'the reverse proxy got no address for its backend' },
    { signal: 'proxy.check-dns', weight: 'decisive', why: 'the reverse proxy got no address for its backend' },
    { signal: 'nginx.recv-reset-resolver', weight: 'medium', why: 'nothing listens at the resolver’s address' },
    { signal: 'nginx.conf-host', weight: 'weak', why: 'the same name did not resolve at the start' },
    { signal: 'nginx.dns-noise', weight: 'weak', why: 'the resolver answers late or oddly' },
    { signal: 'access.no-upstream-502', weight: 'strong', why: 'without an address nginx contacts nobody' },
  ],
  summary: (facts) => {
    const name = wordOf(facts, NAMED, 'name');
    const what = name === null ? 'the name of the application' : name;
    if (facts.signals.has('nginx.no-resolver')) {
      return `proxy_pass holds a variable and nginx has no resolver to look the name up; ${failedRequests(facts)} failed.`;
    }
    if (webServer(facts) !== 'nginx')
      return `${ServerName(facts)} got no address for ${what}; ${failedRequests(facts)} failed. The container is stopped or on another network, the name is wrong, or the name server does not answer.`;
    return facts.signals.has('nginx.resolve-nx')
      ? `nginx’s resolver does not know ${what}; ${failedRequests(facts)} failed. The container is stopped or on another network, or the name is wrong. nginx does not read /etc/hosts here.`
      : `nginx’s resolver did not give an address for ${what}; ${failedRequests(facts)} failed. The application may be fine; the name server is not.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the resolver that the web server asks, and its answer for the name',
      why: 'it tells a wrong name from a dead resolver',
      command: (facts) => `${ofWebServer('backends')(facts)}; dig ${nameInCommand(facts)} @127.0.0.11 +time=2`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'Ask the very resolver that the web server uses, from where it runs (in a container: docker exec).',
      command: (facts) =>
        `${[searchConfig(facts, RESOLVER_WORDS), 'cat /etc/resolv.conf'].filter((part) => part !== '').join('; ')}; dig ${nameInCommand(facts)} @127.0.0.11 +time=2`,
      computedFrom: (facts) => (wordOf(facts, NAMED, 'name') === null ? '' : 'the name in the error lines'),
      risk: 'None: it only reads. 127.0.0.11 is Docker’s resolver; put the one of your configuration in its place.',
    },
    {
      text: (facts) =>
        `Name not known: put both containers on one user-defined network, start the missing one, or mend the name. host.docker.internal needs extra_hosts on Linux${webServer(facts) === 'nginx' ? ', and that writes /etc/hosts, which nginx’s resolver does not read' : ''}.`,
      command: 'docker ps -a; docker network inspect bridge | grep -n Name',
      risk: 'None: it only reads.',
    },
    {
      text: 'Resolver dead or missing: name a working one. Docker: 127.0.0.11. Kubernetes: the cluster’s DNS service. Host: what resolvectl shows.',
      config: forServer(RESOLVER),
      risk: 'A public resolver does not know internal names, and its answers can be forged on the way: use a near one.',
    },
  ],
  avoid: [
    'A public resolver for a container’s or internal name: it cannot know it.',
    'Changing the DNS records in Cloudflare: this look-up is inside the origin.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Two resolvers in the resolver directive.',
    'depends_on with a health check, so that the web server starts after the application.',
  ],
  difficulty: 'easy',
  sources: [
    'nginx: resolver, resolver_timeout',
    'nginx source: ngx_http_upstream_resolve_handler',
    'Docker: embedded DNS',
  ],
};
