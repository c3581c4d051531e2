import type { Cause } from '../cause.ts';
import { IDLE_WORDS, idleConnections } from '../server-topics.ts';
import { failedRequestsFirst, MISSING_EDGE_LOG, MISSING_NGINX_TIMES } from '../texts.ts';
import { forServer, ofWebServer, reloadWebServer, searchConfig, serverName } from '../web-servers.ts';

export const originKeepaliveRace: Cause = {
  id: 'origin-keepalive-race',
  title: 'The web server closed an idle connection that Cloudflare was reusing',
  place: 'origin',
  hop: 'edge',
  broader: ['origin-empty-reply'],
  aliases: [],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'edge.520', weight: 'medium', why: 'a request sent into a closing connection gets no answer' },
    { signal: 'derived.intermittent', weight: 'medium', why: 'the same pages succeed between the failures' },
    {
      signal: 'derived.origin-fine-meanwhile',
      weight: 'medium',
      why: 'the web server answers everything else in those seconds',
    },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the web server never read the request' },
    { signal: 'derived.instant', weight: 'weak', why: 'the failure is immediate' },
    {
      signal: 'derived.origin-log-silent',
      weight: 'weak',
      why: 'closing an idle connection is no error for the web server',
    },
    { signal: 'derived.everything-fails', weight: 'decisive', against: true, why: 'a race hits single requests only' },
    { signal: 'derived.proxy-down', weight: 'strong', against: true, why: 'the web server was away' },
    { signal: 'nginx.worker-signal', weight: 'strong', against: true, why: 'a web server worker crashed' },
    {
      signal: 'nginx.conn-limit-drop',
      weight: 'strong',
      against: true,
      why: 'the web server dropped connections for lack of room',
    },
  ],
  summary: (facts) =>
    `Single requests met a connection that the web server was closing for idleness in that very moment, and got no answer (520). ${failedRequestsFirst(facts)} failed, spread over time, and the same pages work before and after.`,
  missing: [
    MISSING_NGINX_TIMES,
    MISSING_EDGE_LOG,
    {
      what: 'the web server’s keep-alive setting',
      why: 'it is the cause only where it is shorter than Cloudflare’s 900 s of idleness',
      command: (facts) => searchConfig(facts, IDLE_WORDS) || ofWebServer('backends')(facts),
      unless: { signals: ['derived.everything-fails'] },
    },
  ],
  fix: [
    {
      text: (facts) =>
        forServer(idleConnections(905))(facts) === ''
          ? `Idle connections have to live longer on the origin than at Cloudflare (900 s); ${serverName(facts)} has no setting for it. Put a web server that has one in front of it, or let GET and HEAD be asked again by Cloudflare (they are, POST is not).`
          : 'Let idle connections live longer on the origin than at Cloudflare (900 s), and through more requests.',
      config: forServer(idleConnections(905)),
      computedFrom: 'Cloudflare’s documented idle limit of 900 s',
      risk: 'Every idle connection counts against the web server’s limit (nginx: worker_connections). Raise that as well.',
    },
    {
      text: 'The same for a load balancer or firewall in between: its idle time-out must be the longest of all.',
      risk: 'More entries in its connection table.',
    },
    {
      text: 'Test and reload.',
      command: reloadWebServer,
      risk: 'None when the test passes.',
    },
  ],
  avoid: [
    'Switching keep-alive off: every request then pays for a new TCP and TLS handshake, and the load on the origin rises.',
    'Raising read time-outs: no time-out was involved.',
  ],
  verify: ['520 rows fall to none over a day of the same traffic.'],
  prevent: ['On a chain of proxies each inner hop keeps idle connections longer than the hop before it.'],
  difficulty: 'easy',
  sources: [
    'Cloudflare docs: fundamentals/reference/connection-limits',
    'nginx ngx_http_core_module (keepalive_timeout)',
    'Cloudflare docs: error 520',
  ],
};
