import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { around, portInCommand } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { backend, failedRequests, MISSING_NGINX_ERROR } from '../texts.ts';

const byTempFolder = (facts: Facts): boolean => facts.signals.has('nginx.temp-denied');
/** A network policy of Kubernetes, which drops; not one of the host, which refuses. */
const byCluster = (facts: Facts): boolean => facts.signals.has('host.policy-dropped');
/** For policies of the host. */
const onHost =
  (text: string) =>
  (facts: Facts): string =>
    byCluster(facts) ? '' : text;

/** EACCES or EPERM that comes from a policy, not from file modes. */
export const accessPolicyDenied: Cause = {
  id: 'access-policy-denied',
  title: 'SELinux, AppArmor, a network policy, an egress rule or a folder’s owner forbids it',
  place: 'origin',
  hop: 'host',
  broader: [],
  aliases: ['selinux-denied', 'app-net-denied', 'nginx-temp-denied'],
  explains: ['gateway', 'application'],
  frequency: 'rare',
  evidence: [
    { signal: 'nginx.connect-tcp-denied', weight: 'decisive', why: 'on TCP only a policy says "permission denied"' },
    { signal: 'apache.no-temp', weight: 'strong', why: 'Apache may not write to any temporary folder' },
    { signal: 'nginx.temp-denied', weight: 'decisive', why: 'nginx may not write its temporary files' },
    { signal: 'apache.connect-denied', weight: 'decisive', why: 'on TCP only a policy says "permission denied"' },
    { signal: 'proxy.connect-denied', weight: 'decisive', why: 'on TCP only a policy says "permission denied"' },
    {
      signal: 'host.access-denied',
      role: ['proxy', 'fpm', 'tunnel'],
      weight: 'decisive',
      why: 'the policy logged the refusal of a program on the way',
    },
    {
      signal: 'host.access-denied-other',
      role: ['proxy', 'fpm', 'tunnel'],
      weight: 'weak',
      why: 'the policy is in force for a program on the way',
    },
    {
      signal: 'host.policy-dropped',
      role: ['proxy', 'fpm', 'tunnel'],
      weight: 'decisive',
      why: 'the policy dropped the connections of a program on the way',
    },
    { signal: 'nginx.connect-unix-denied', weight: 'medium', why: 'a policy refuses sockets with the same text' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection to the backend was made' },
    { signal: 'derived.instant', weight: 'weak', why: 'the kernel refuses at once' },
    { signal: 'derived.intermittent', weight: 'weak', against: true, why: 'a policy refuses every time' },
  ],
  summary: (facts) => {
    if (byCluster(facts)) {
      const [from] = facts.signals.get('host.policy-dropped')?.subjects ?? [];
      const to = wordOf(facts, ['host.policy-dropped'], 'target');
      return `A network policy of the cluster drops new connections${to === null ? '' : ` to ${to}`}${from === undefined ? '' : ` from ${from}`}: who opens one waits until it gives up. ${failedRequests(facts)} failed. The application may be fine.`;
    }
    return byTempFolder(facts)
      ? `nginx may not write its temporary files, so answers and uploads larger than its buffers fail (${failedRequests(facts)}). Small ones work.`
      : `A security policy of the host forbids the web server the connection to ${backend(facts)}; ${failedRequests(facts)} failed. The application may be fine.`;
  },
  missing: [
    {
      what: 'audit log of SELinux or AppArmor',
      why: 'it names the process, the target and the rule',
      command: (facts) => `sudo ausearch -m AVC -ts recent; journalctl -k ${around(facts)} | grep -i apparmor`,
      unless: { signals: ['host.access-denied', 'host.policy-dropped'] },
    },
    MISSING_NGINX_ERROR,
  ],
  fix: [
    {
      text: (facts) =>
        byCluster(facts)
          ? 'Find the policies that select the pod that is called, and those that select the caller: one that selects a pod forbids all that none of them allows.'
          : '',
      command: 'kubectl get networkpolicy,ciliumnetworkpolicy,ciliumclusterwidenetworkpolicy --all-namespaces',
      risk: 'None: it only reads. Where Cilium is not installed, leave its kinds out.',
    },
    {
      text: (facts) =>
        byCluster(facts)
          ? 'Allow the caller to that port, on both sides: ingress at the pod that is called, egress at the caller where a policy selects it. Cilium’s own gateway calls with the identity “ingress”, and the port is the pod’s, not the Service’s.'
          : '',
      risk: 'Allow this caller and this port only; an empty rule opens the pod to all.',
    },
    {
      text: (facts) =>
        byTempFolder(facts)
          ? 'Look at the folder that the error line names and at all above it: the owner and the x bits that nginx’s workers need. An upgrade, a changed “user” directive or an unpacked backup changes them.'
          : '',
      command: 'ps -o user= -C nginx | sort -u; namei -l /var/lib/nginx/body',
      risk: 'None: it only reads. Put in the folder that the error line names.',
    },
    {
      text: (facts) =>
        byTempFolder(facts)
          ? 'Give the folders back to the user of nginx’s workers, and their labels where SELinux is on. A restart of nginx creates missing ones and takes them over.'
          : '',
      command:
        'sudo chown -R www-data /var/lib/nginx/{body,fastcgi,proxy,scgi,uwsgi}; sudo restorecon -R /var/lib/nginx',
      risk: 'Debian paths and user; elsewhere the user is nginx and the paths are /var/cache/nginx or /var/lib/nginx/tmp.',
    },
    {
      text: onHost(
        'See which policy it is. "Enforcing" means SELinux (Red Hat family); Debian and Ubuntu have AppArmor.',
      ),
      command: 'getenforce; sudo aa-status | head; sudo ausearch -m AVC -ts recent | tail',
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        byTempFolder(facts) || byCluster(facts)
          ? ''
          : 'SELinux, connection to a backend: allow the web server to connect, or label just the port.',
      command: (facts) =>
        `sudo semanage port -a -t http_port_t -p tcp ${portInCommand(facts)} && sudo setsebool -P httpd_can_network_relay 1  # narrow\nsudo setsebool -P httpd_can_network_connect 1  # wide: any port`,
      risk: 'The wide boolean lets the web server connect anywhere, also when it is broken into; the narrow way only to web ports.',
    },
    {
      text: (facts) =>
        byTempFolder(facts) || byCluster(facts)
          ? ''
          : 'An egress rule of the host or a container network that rejects gives the same text: look for it.',
      command: 'sudo nft list ruleset | grep -n output; sudo iptables -S OUTPUT',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    onHost(
      'setenforce 0 as a fix: it takes the protection from everything and is gone after a reboot. As a test of one minute it is fine.',
    ),
    (facts) =>
      byCluster(facts)
        ? 'Deleting the policy: everything in the cluster may then reach the pod.'
        : byTempFolder(facts)
          ? 'chmod 777 on the folder: every program of the host can then read and replace what visitors upload.'
          : 'chmod 777 on sockets or directories: a policy does not look at modes.',
  ],
  verify: [
    onHost('sudo ausearch -m AVC -ts recent shows nothing new while a page is loaded.'),
    (facts) => (byCluster(facts) ? 'hubble observe --verdict DROPPED shows nothing new while a page is loaded.' : ''),
    (facts) => (byTempFolder(facts) ? 'An upload of some megabytes works.' : 'A page of the application answers 200.'),
  ],
  prevent: [
    onHost('Set the boolean, port or profile in the same playbook that sets the backend.'),
    (facts) => (byCluster(facts) ? 'Keep the policy in the chart that brings the caller or the port.' : ''),
  ],
  difficulty: 'moderate',
  sources: [
    'SELinux: httpd_selinux, httpd_can_network_connect',
    'nginx error log: connect() … (13: Permission denied)',
    'Kubernetes: Network Policies; Cilium: Network Policy',
  ],
};
