import type { Cause } from '../cause.ts';
import { addressInCommand, portInCommand } from '../commands.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  backend,
  backendFirst,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { ofWebServer, webServer } from '../web-servers.ts';

/** An address without its port, and without the brackets of IPv6. */
const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** No answer to the SYN (or to the TLS hello) of the web server. */
export const appConnectTimeout: Cause = {
  id: 'app-connect-timeout',
  title: 'Connecting to the application timed out',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['app-tls-timeout', 'upstream-connect-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.timeout-connect', weight: 'decisive', why: 'the backend did not even take the connection' },
    { signal: 'nginx.connect-kernel-timeout', weight: 'decisive', why: 'the kernel gave up on the connection' },
    { signal: 'proxy.connect-timeout', weight: 'decisive', why: 'the backend did not even take the connection' },
    { signal: 'nginx.timeout-tls', weight: 'strong', why: 'the backend took the connection and spoke no TLS' },
    { signal: 'access.timeout-504', weight: 'weak', why: 'the web server’s timer fired' },
    { signal: 'har.origin-timeout-page', weight: 'weak', why: 'the web server’s timer fired' },
    { signal: 'apache.backend-timeout', weight: 'weak', why: 'Apache’s timer fired' },
    { signal: 'derived.timer', weight: 'weak', why: 'failures that all take the same time are a timer' },
    { signal: 'derived.one-upstream', weight: 'weak', why: 'one backend of several is out of reach' },
    { signal: 'derived.address-changed', weight: 'medium', against: true, why: 'it is up at another address' },
    { signal: 'kernel.conntrack-full', weight: 'medium', against: true, why: 'the kernel’s connection table was full' },
    { signal: 'uwsgi.queue-full', weight: 'medium', against: true, why: 'it listens, and its queue was full' },
    { signal: 'uwsgi.harakiri', weight: 'medium', against: true, why: 'slow requests filled the queue' },
    { signal: 'uwsgi.respawns', weight: 'medium', against: true, why: 'nobody was left to take connections' },
    { signal: 'derived.app-keeps-ending', weight: 'medium', against: true, why: 'nobody was left to take connections' },
    {
      signal: 'host.policy-dropped',
      role: ['proxy', 'fpm'],
      weight: 'strong',
      against: true,
      why: 'a network policy dropped the connections',
    },
  ],
  summary: (facts) =>
    facts.signals.has('nginx.timeout-tls')
      ? `${backendFirst(facts)} took the connection and did not finish the TLS handshake in time; ${failedRequests(facts)} failed. The port may not speak TLS, or the backend is too busy.`
      : `${webServer(facts)}’s connection attempts to ${backend(facts)} got no answer; ${failedRequests(facts)} failed. Packets are dropped by a firewall, the host is off, or the backend’s accept queue is full. Slow code does not make this.`,
  missing: [
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
    {
      what: 'a connection attempt from the web server’s host, and the accept queue on the backend’s host',
      why: 'a full queue (Recv-Q near Send-Q) means overload, an empty one a firewall or a wrong address',
      command: (facts) =>
        `nc -vzw 5 ${hostOf(addressInCommand(facts))} ${portInCommand(facts)}; ss -ltn '( sport = :${portInCommand(facts)} )'`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'From the web server’s host: connect by hand. On the backend’s host: look at the queue of the listener.',
      command: (facts) =>
        `nc -vzw 5 ${hostOf(addressInCommand(facts))} ${portInCommand(facts)}; ss -ltn '( sport = :${portInCommand(facts)} )'  # the second on the backend`,
      risk: 'None: they only read.',
    },
    {
      text: 'No answer and an empty queue: look for the rule that drops, on both hosts and in the cloud’s security group.',
      command: (facts) => `sudo nft list ruleset; sudo iptables -S; ip route get ${hostOf(addressInCommand(facts))}`,
      risk: 'None: it only reads.',
    },
    {
      text: 'A full queue: the application accepts too slowly. Give it more workers, or a second instance in the upstream group.',
      risk: 'More workers need memory and database connections.',
    },
    {
      text: 'Let the web server give up on a dead backend early and try the next one.',
      config: ofWebServer('nextBackend'),
      risk: 'Needs a second backend. POST is not repeated once it was sent, and should not be.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    'Raising the time-out for connecting: a connection inside one data centre takes milliseconds or never comes.',
  ],
  verify: ['nc connects within milliseconds.', VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Two backends, and a few seconds at most for connecting to one.',
    'Watch the accept queue (ListenOverflows in nstat -az) on the backend.',
  ],
  difficulty: 'moderate',
  sources: ['nginx: proxy_connect_timeout', 'nginx error log: upstream timed out (110) while connecting to upstream'],
};
