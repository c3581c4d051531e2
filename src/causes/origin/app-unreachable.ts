import type { Cause } from '../cause.ts';
import { backendAddress, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { ofWebServer, webServer } from '../web-servers.ts';

/** EHOSTUNREACH, ENETUNREACH, or an established connection that the network lost. */
export const appUnreachable: Cause = {
  id: 'app-unreachable',
  title: 'No route to the application, or its address changed',
  place: 'origin',
  hop: 'app',
  broader: ['app-down'],
  aliases: ['app-net-unreachable'],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'nginx.connect-no-route', weight: 'decisive', why: 'no host answers at that address' },
    { signal: 'nginx.connect-net-unreachable', weight: 'decisive', why: 'this host has no way into that network' },
    { signal: 'proxy.backend-unreachable', weight: 'decisive', why: 'there is no way to that address' },
    { signal: 'proxy.backend-ignored', weight: 'strong', why: 'the container is in no network of the reverse proxy' },
    { signal: 'nginx.recv-timeout-kernel', weight: 'strong', why: 'the network lost a connection that stood' },
    { signal: 'nginx.connect-kernel-timeout', weight: 'weak', why: 'an absent host does not answer' },
    { signal: 'derived.one-upstream', weight: 'weak', why: 'one backend of several is away' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
    { signal: 'derived.address-changed', weight: 'strong', against: true, why: 'it is up at another address' },
  ],
  summary: (facts) =>
    facts.signals.has('nginx.connect-net-unreachable')
      ? `The web server’s host has no route to ${backendAddress(facts)}; ${failedRequests(facts)} failed. A name with an IPv6 address on a host without IPv6 is the usual reason.`
      : `No host answered at ${backendAddress(facts)}, or a firewall there rejects; ${failedRequests(facts)} failed. The backend’s host or container is off, or has another address now.`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'route and neighbour entry of the backend’s address',
      why: '"FAILED" in the neighbour table means that no host has the address',
      command: 'ip route; ip neigh; docker ps -a 2>/dev/null',
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'See whether the host is there and how it would be reached.',
      command: 'ip route; ip neigh | grep -i failed; ip -6 route show default',
      risk: 'None: it only reads.',
    },
    {
      text: 'The host or container is off: start it. It has a new address: use its name, and have the web server follow it.',
      config: ofWebServer('followName'),
      risk: (facts) =>
        webServer(facts) === 'nginx'
          ? 'With a variable nginx passes the URI as it is: a path in proxy_pass is no longer put in front.'
          : 'The resolver is asked at run time: if it is down, requests fail.',
    },
    {
      text: 'IPv6 without a route: use the IPv4 address, or a name that has no other.',
      config: (facts) => (webServer(facts) === 'nginx' ? 'resolver 127.0.0.53 ipv6=off;' : ''),
      risk: 'None where the backend has IPv4.',
    },
    {
      text: 'The host is up and still "No route to host": its firewall rejects. Allow the web server’s address there.',
      command: 'sudo nft list ruleset | grep -n reject; sudo firewall-cmd --list-all',
      risk: 'The commands only read. Open the port for the web server’s address only.',
    },
  ],
  avoid: ['Restarting the application: it is not reached at all, so its state does not matter yet.'],
  verify: ['ping or nc from the web server’s host reaches the backend.', VERIFY_ERROR_LOG_QUIET],
  prevent: ['Fixed names with a resolver for containers, or fixed addresses.', 'A second backend on another host.'],
  difficulty: 'moderate',
  sources: ['errno 113 EHOSTUNREACH, 101 ENETUNREACH', 'nginx: resolver, ipv6=off'],
};
