import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { wordOf } from '../php-texts.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RESTART_CLOUDFLARED, failedRequestsFirst } from '../texts.ts';
import {
  APPLY_RULES_STEP,
  AVOID_REINSTALL_TUNNEL,
  MISSING_CLOUDFLARED_LOG,
  MISSING_INGRESS,
  service,
  serviceName,
  servicePort,
  VERIFY_NO_REACH_ERRORS,
} from '../tunnel-texts.ts';

function why(facts: Facts): string {
  const has = facts.signals.has.bind(facts.signals);
  if (has('cloudflared.inner-nxdomain-docker'))
    return 'Docker’s resolver does not know that container from where cloudflared runs';
  if (has('cloudflared.inner-nxdomain-k8s')) return 'no Kubernetes service has that name and namespace';
  if (has('cloudflared.inner-nxdomain')) return 'the name does not resolve on cloudflared’s host';
  if (has('cloudflared.inner-servfail') || has('cloudflared.inner-dns-timeout'))
    return 'the resolver of cloudflared’s host did not answer';
  if (has('cloudflared.inner-netunreach')) return 'cloudflared’s host has no route to that network';
  return 'the address cannot be reached from cloudflared’s host';
}

const LOOKUPS = [
  'cloudflared.inner-nxdomain-docker',
  'cloudflared.inner-nxdomain-k8s',
  'cloudflared.inner-nxdomain',
  'cloudflared.inner-servfail',
  'cloudflared.inner-dns-timeout',
] as const;

const inKubernetes = (facts: Facts): boolean => facts.signals.has('cloudflared.inner-nxdomain-k8s');

/** Whether the lines speak of an address that cannot be reached, and of no name. */
const isAddress = (facts: Facts): boolean =>
  (facts.signals.has('cloudflared.inner-noroute') || facts.signals.has('cloudflared.inner-netunreach')) &&
  !LOOKUPS.some((id) => facts.signals.has(id));

/** The name that did not resolve, else the service's, fit for a command. */
function targetInCommand(facts: Facts): string {
  const name = (wordOf(facts, LOOKUPS, 'name') ?? '').replace(/\.$/, '');
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}$/.test(name) ? name : serviceName(facts);
}

export const tunnelServiceUnreachable: Cause = {
  id: 'tunnel-service-unreachable',
  title: 'cloudflared cannot resolve or route to the service (Docker network, wrong host)',
  place: 'tunnel',
  hop: 'tunnel',
  broader: [],
  aliases: [
    'tunnel-host-unreachable',
    'tunnel-origin-dns',
    'tunnel-origin-dns-failure',
    'tunnel-docker-network-isolation',
    'tunnel-origin-host-not-resolvable',
    'tunnel-origin-unroutable',
  ],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.inner-nxdomain-docker', weight: 'decisive', why: 'the container’s name is unknown there' },
    { signal: 'cloudflared.inner-nxdomain-k8s', weight: 'decisive', why: 'the Kubernetes service’s name is unknown' },
    { signal: 'cloudflared.inner-nxdomain', weight: 'decisive', why: 'the name in the rule does not resolve' },
    { signal: 'cloudflared.inner-servfail', weight: 'decisive', why: 'the resolver failed' },
    { signal: 'cloudflared.inner-dns-timeout', weight: 'decisive', why: 'the resolver did not answer' },
    { signal: 'cloudflared.inner-noroute', weight: 'decisive', why: 'the host is not there, or a firewall says so' },
    { signal: 'cloudflared.inner-netunreach', weight: 'decisive', why: 'there is no route to it' },
    { signal: 'cloudflared.noise-dnsrefresh', weight: 'weak', why: 'other names did not resolve there either' },
    { signal: 'cloudflared.noise-features', weight: 'weak', why: 'other names did not resolve there either' },
    { signal: 'cloudflared.inner-connect-timeout', weight: 'weak', why: 'a wrong address can also just stay silent' },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) =>
    `cloudflared could not get to ${service(facts)}: ${why(facts)}. ${failedRequestsFirst(facts)} failed with a 502 that cloudflared made itself; the tunnel to Cloudflare was up.`,
  missing: [MISSING_CLOUDFLARED_LOG, MISSING_INGRESS],
  fix: [
    {
      text: (facts) =>
        isAddress(facts)
          ? ''
          : 'Look the name up from where cloudflared runs. In a container that is the container, not the host.',
      command: (facts) =>
        inKubernetes(facts)
          ? `kubectl get services --all-namespaces | grep -F ${targetInCommand(facts).split('.')[0]}; kubectl run look --rm -it --restart=Never --image=busybox -- nslookup ${targetInCommand(facts)}`
          : `getent hosts ${targetInCommand(facts)}; docker run --rm --network container:<cloudflared container> busybox nslookup ${targetInCommand(facts)}`,
      computedFrom: (facts) => (wordOf(facts, LOOKUPS, 'name') === null ? '' : 'the name in the error line'),
      risk: 'None: it only reads. It fetches the busybox image where it is missing.',
    },
    {
      text: (facts) =>
        isAddress(facts) || inKubernetes(facts)
          ? ''
          : 'Docker: put both containers into one user-defined network. The default bridge has no names.',
      command:
        'docker network create web; docker network connect web <cloudflared container>; docker network connect web <service container>',
      risk: 'Containers of one network can reach each other’s ports. Write it into the compose file, else it is gone with the next recreate.',
    },
    {
      text: 'In the rule: the name of the container or service, and its inner port. Kubernetes: name.namespace.svc.cluster.local.',
      config: (facts) =>
        inKubernetes(facts)
          ? `service: http://<service>.<namespace>.svc.cluster.local:${servicePort(facts)}`
          : `service: http://<container or service name>:${servicePort(facts)}`,
      risk: 'The published port of the host is another number than the inner one.',
    },
    {
      text: (facts) =>
        LOOKUPS.some((id) => facts.signals.has(id))
          ? ''
          : 'If it is an address: is the host up, is there a route, does its firewall reject? (“no route to host” is also how firewalld refuses.)',
      command: (facts) =>
        `ip route get ${serviceName(facts)}; ping -c 2 ${serviceName(facts)}; nc -zvw 3 ${serviceName(facts)} ${servicePort(facts)}`,
      risk: 'None: it only reads.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    AVOID_RESTART_CLOUDFLARED,
    AVOID_REINSTALL_TUNNEL,
    'The container’s present IP address in the rule: it changes at the next start.',
    'localhost in the rule while cloudflared runs in a container: that is the container itself.',
  ],
  verify: [VERIFY_NO_REACH_ERRORS],
  prevent: [
    'One compose file with one named network for cloudflared and its services.',
    'depends_on with a health check, so that the name exists before cloudflared asks.',
  ],
  difficulty: 'easy',
  sources: [
    'Go net: lookup and dial errors',
    'Docker documentation: bridge networks and name resolution',
    'Cloudflare docs: tunnel common errors',
  ],
};
