import type { Cause } from '../cause.ts';
import { pastCloudflare } from '../commands.ts';
import { idleConnections } from '../server-topics.ts';
import {
  AVOID_MANY_CHANGES,
  AVOID_PAUSE_CLOUDFLARE,
  failedRequestsFirst,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
} from '../texts.ts';
import { errorLog, forServer, whereServerHas } from '../web-servers.ts';

export const originEmptyReply: Cause = {
  id: 'origin-empty-reply',
  title: 'The origin closed without a valid answer (520)',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['origin-520'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.520', weight: 'strong', why: 'that is what 520 means' },
    {
      signal: 'derived.not-in-origin-log',
      weight: 'weak',
      why: 'a connection cut before the answer leaves no access line',
    },
    {
      signal: 'derived.origin-log-silent',
      weight: 'weak',
      why: 'whatever cuts the connection stands in front of the web server or kills it',
    },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'an unusable answer can also end as a 502' },
    { signal: 'edge.522-connect', weight: 'strong', against: true, why: 'there not even a connection was made' },
    { signal: 'derived.proxy-down', weight: 'medium', against: true, why: 'a web server that is down refuses: 521' },
  ],
  summary: (facts) =>
    `Cloudflare connected to the origin and got no valid HTTP answer: the connection was closed, reset, or the answer was not understood (520). ${failedRequestsFirst(facts)} failed. From outside this one code covers crashes, cut idle connections, too large headers and devices in front of the server that cut connections; the origin’s logs part them.`,
  missing: [MISSING_NGINX_ERROR, MISSING_NGINX_TIMES, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'Read the web server’s error log at the very second of one 520: “worker process exited on signal”, “worker_connections are not enough”, or nothing.',
      command: (facts) =>
        `sudo grep -hE 'exit(ed on)? signal|worker_connections|MaxRequestWorkers|too big|(crit|alert|emerg)\\]' ${errorLog(facts)} | tail -40`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Look at the whole answer past Cloudflare: complete header, its size, no rubbish before it. Repeat it some fifty times.',
      command: (facts) =>
        `for i in $(seq 50); do curl -sk -o /dev/null -w '%{http_code} header %{size_header} bytes %{errormsg}\\n' ${pastCloudflare(facts)}; done | sort | uniq -c`,
      risk: 'Small load. Only for pages that change nothing.',
    },
    {
      text: 'If the origin’s log is silent: look at what stands in front of it (load balancer, DDoS protection of the hoster, mod_security, fail2ban) and allow Cloudflare’s ranges there.',
      risk: 'Allow only the published ranges.',
    },
    {
      text: whereServerHas(
        idleConnections(905),
        'Keep idle connections longer than Cloudflare does, which keeps them up to 900 s.',
      ),
      config: forServer(idleConnections(905)),
      risk: 'Idle connections count against the web server’s limit of connections; raise that with it.',
    },
  ],
  avoid: [
    AVOID_PAUSE_CLOUDFLARE,
    AVOID_MANY_CHANGES,
    'Changing the certificate or SSL mode: TLS faults give 525 or 526.',
  ],
  verify: ['No 520 rows over a day; the loop above shows one line only.'],
  prevent: ['Alarm on workers that died and on the limit of connections in the web server’s log.'],
  difficulty: 'hard',
  sources: ['Cloudflare docs: error 520', 'Cloudflare docs: fundamentals/reference/connection-limits'],
};
