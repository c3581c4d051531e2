import type { Cause } from '../cause.ts';
import { addressInCommand } from '../commands.ts';
import { BACKEND_POOL, UNIX_SOCKET } from '../server-topics.ts';
import { backend, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, ServerName, whereServerHas } from '../web-servers.ts';

/** EADDRNOTAVAIL: every local port towards one backend is in use or in TIME-WAIT. */
export const localPortsExhausted: Cause = {
  id: 'local-ports-exhausted',
  title: 'No free local port towards the application',
  place: 'origin',
  hop: 'host',
  broader: [],
  aliases: ['app-ports-exhausted'],
  explains: ['gateway', 'application'],
  frequency: 'rare',
  evidence: [
    { signal: 'nginx.connect-ports-exhausted', weight: 'decisive', why: 'the kernel has no local port left for it' },
    { signal: 'proxy.ports-exhausted', weight: 'decisive', why: 'the kernel has no local port left for it' },
    { signal: 'nginx.bind-upstream', weight: 'medium', why: 'with proxy_bind the ports of one address run out' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'every request takes a new port without keepalive' },
    { signal: 'derived.instant', weight: 'weak', why: 'the kernel refuses at once' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'ports come free again every minute' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection to the backend was made' },
    {
      signal: 'derived.ipv6-localhost',
      weight: 'decisive',
      against: true,
      why: 'the kernel says the same of ::1 where IPv6 is off',
    },
  ],
  summary: (facts) =>
    `${ServerName(facts)} opened so many short connections to ${backend(facts)} that no local port was free, and ${failedRequests(facts)} failed. A closed connection keeps its port for 60 s (TIME-WAIT).`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'number of connections in TIME-WAIT towards the backend',
      why: 'about 28000 with the default port range proves it',
      command: (facts) => `ss -Htn state time-wait dst ${addressInCommand(facts)} | wc -l`,
      unless: { signals: ['nginx.connect-ports-exhausted'] },
    },
  ],
  fix: [
    {
      text: 'Have the web server reuse its connections to the backend. This is the cure, the rest is relief.',
      config: forServer(BACKEND_POOL),
      risk: 'The backend’s idle time-out must be longer than the web server’s for such connections (nginx: 60 s), or reused ones get cut.',
    },
    {
      text: 'Relief within the minute: a wider port range, and reuse of ports in TIME-WAIT for outgoing connections.',
      command: "sudo sysctl -w net.ipv4.ip_local_port_range='10240 65000' net.ipv4.tcp_tw_reuse=1",
      risk: 'A service that listens on a port above 10240 may find it taken: reserve it in ip_local_reserved_ports.',
    },
    {
      text: whereServerHas(
        UNIX_SOCKET,
        'A backend on the same host can be reached over a unix socket, which needs no port.',
      ),
      config: forServer(UNIX_SOCKET),
      risk: 'The application must listen there, with rights for the web server’s user.',
    },
  ],
  avoid: ['Restarting the web server: the ports stay in TIME-WAIT, and the restart adds an outage.'],
  verify: ['ss -s shows far fewer connections in timewait than before.', VERIFY_ERROR_LOG_QUIET],
  prevent: ['Keep connections to every busy backend open for reuse.'],
  difficulty: 'easy',
  sources: ['nginx: ngx_http_upstream_module, keepalive', 'Linux ip-sysctl: ip_local_port_range, tcp_tw_reuse'],
};
