import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { failedRequests, failedRequestsFirst } from '../texts.ts';

export const originDnsWrong: Cause = {
  id: 'origin-dns-wrong',
  title: 'The DNS record of the origin is wrong or does not resolve',
  place: 'origin',
  hop: 'edge',
  broader: ['origin-unreachable'],
  aliases: ['origin-dns', 'origin-dns-1016', 'origin-wrong-ip', 'dns-misconfigured', 'origin-dns-loop'],
  explains: ['gateway', 'blocked'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.530-1016', weight: 'decisive', why: 'Cloudflare says that the origin’s name does not resolve' },
    { signal: 'edge.dns-error', weight: 'decisive', why: 'Cloudflare could not use what the record says' },
    { signal: 'edge.530', weight: 'medium', why: '530 also stands for an origin name that does not resolve' },
    {
      signal: 'derived.behind-tunnel',
      weight: 'strong',
      against: true,
      why: 'a tunnel needs no address of the origin',
    },
    { signal: 'host.shown-name-missing', weight: 'medium', why: 'somebody looked a name up: it does not resolve' },
    { signal: 'edge.523', weight: 'medium', why: 'an address that is not routed is often a wrong record' },
    { signal: 'edge.522-connect', weight: 'weak', why: 'an address where nobody is answers nothing' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the requests went somewhere else' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'weak', why: 'the right server was up' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a wrong record fails for every request' },
    { signal: 'derived.all-colos', weight: 'weak', why: 'a record is wrong everywhere alike' },
    { signal: 'edge.530-1033', weight: 'decisive', against: true, why: 'there a tunnel was not connected' },
    { signal: 'derived.intermittent', weight: 'medium', against: true, why: 'a wrong record does not come and go' },
    { signal: 'kernel.packet-dropped', weight: 'strong', against: true, why: 'the packets did arrive at the server' },
    { signal: 'derived.one-colo', weight: 'medium', against: true, why: 'a record is the same in all data centres' },
  ],
  summary: (facts) =>
    facts.signals.has('edge.530-1016') || facts.signals.has('edge.dns-error')
      ? `The record that tells Cloudflare where the origin is cannot be used: its target does not resolve, or points to an address that is not allowed there. ${failedRequestsFirst(facts)} failed, and none reached a server.`
      : `Cloudflare sends the requests to an address where the origin is not (any more): ${failedRequests(facts)} failed. A server that moved or got a new address after a restart is the usual reason.`,
  missing: [
    {
      what: 'the record in Cloudflare’s DNS and the address that the server really has',
      why: 'they must agree',
      command:
        'curl -s https://ifconfig.me; ip -brief address   # on the origin; compare with DNS > Records in the dashboard',
      unless: { signals: ['edge.530-1016'] },
    },
  ],
  fix: [
    {
      text: 'Compare the server’s address with the A and AAAA records in the dashboard. A stale AAAA record counts too.',
      command: 'curl -4 -s https://ifconfig.me; echo; curl -6 -s https://ifconfig.me',
      risk: 'It asks an outside service for your address.',
    },
    {
      text: 'If the record is a CNAME: see whether its target resolves in public DNS.',
      command: 'dig +short <target of the CNAME> A AAAA; dig +trace <target of the CNAME> | tail -5',
      risk: 'None: it only reads.',
    },
    {
      text: 'Correct the record. Proxied records take effect at Cloudflare within seconds, whatever the TTL says.',
      risk: 'Changing it to DNS only on the way shows the origin’s address.',
    },
    {
      text: 'Test the right address before and after.',
      command: (facts) => {
        const host = hostInCommand(facts);
        return `curl -sk -o /dev/null -w '%{http_code}\\n' --resolve ${host}:443:<right address> https://${host}/`;
      },
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'Restarting the web server: no request arrives there.',
    'Waiting for DNS to spread: behind the proxy only Cloudflare reads that record.',
    'Switching the record to DNS only to try it out: the origin’s address becomes public, and visitors’ resolvers then keep it for hours.',
  ],
  verify: ['Requests appear in the origin’s access log, and 530, 522 and 523 rows stop.'],
  prevent: ['Use a fixed address for the origin, or a tunnel; update the record from the deployment.'],
  difficulty: 'easy',
  sources: ['Cloudflare docs: error 1016, error 523, error 522', 'Cloudflare docs: 1xxx errors (1000, 1001)'],
};
