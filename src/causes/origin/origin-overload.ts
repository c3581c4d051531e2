import type { Cause } from '../cause.ts';
import { around } from '../commands.ts';
import { WHO_ASKS } from '../server-topics.ts';
import {
  AVOID_MANY_CHANGES,
  AVOID_PAUSE_CLOUDFLARE,
  AVOID_RAISE_TIMEOUTS,
  failedRequests,
  failedRequestsFirst,
  MISSING_EDGE_LOG,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
} from '../texts.ts';
import { forServer } from '../web-servers.ts';

/** More work than the host can do; no single limit names itself. */
export const originOverload: Cause = {
  id: 'origin-overload',
  title: 'The origin is overloaded',
  place: 'origin',
  hop: 'host',
  broader: [],
  aliases: ['nginx-resource'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.fork-failed', weight: 'strong', why: 'the host has no memory or process left' },
    { signal: 'apache.fork-failed', weight: 'strong', why: 'the host has no memory or process left' },
    { signal: 'nginx.socket-other', weight: 'medium', why: 'the kernel refused nginx a socket' },
    { signal: 'kernel.out-of-sockets', weight: 'strong', why: 'no socket memory is left' },
    { signal: 'edge.522-no-ack', weight: 'strong', why: 'a host too busy to acknowledge is the documented reason' },
    { signal: 'derived.traffic-spike', weight: 'medium', why: 'the load rose before the failures' },
    { signal: 'derived.all-paths', weight: 'weak', why: 'lack of capacity hits every page' },
    { signal: 'fpm.seems-busy', weight: 'weak', why: 'PHP has no idle worker left' },
    { signal: 'fpm.process-max', weight: 'weak', why: 'all pools together are full' },
    { signal: 'apache.max-workers', weight: 'weak', why: 'Apache has no worker left' },
    { signal: 'proxy.queue-timeout', weight: 'medium', why: 'requests waited for a free place at the backend' },
    { signal: 'proxy.connect-timeout', weight: 'weak', why: 'an overloaded host accepts late' },
    { signal: 'proxy.backend-timeout', weight: 'weak', why: 'an overloaded host answers late' },
    { signal: 'uwsgi.queue-full', weight: 'weak', why: 'the application has no worker left' },
    { signal: 'kernel.socket-overflow', weight: 'weak', why: 'the application has no worker left' },
    { signal: 'app.queue-full', weight: 'weak', why: 'the application has no worker left' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'an overloaded host answers late' },
    { signal: 'nginx.timeout-connect', weight: 'weak', why: 'an overloaded host accepts late' },
    { signal: 'nginx.connect-unix-backlog', weight: 'weak', why: 'the application cannot keep up' },
    { signal: 'access.timeout-504', weight: 'weak', why: 'an overloaded host answers late' },
    { signal: 'edge.524', weight: 'weak', why: 'an overloaded host answers late' },
    { signal: 'edge.522-connect', weight: 'weak', why: 'an overloaded host does not accept' },
    { signal: 'kernel.pids-limit', weight: 'medium', why: 'the service has as many processes as it may' },
    { signal: 'lsapi.exec-limit', weight: 'strong', why: 'the site’s user has as many processes as it may' },
    { signal: 'host.shown-cpu-busy', weight: 'medium', why: 'there is more work than its processors can do' },
    { signal: 'host.shown-memory-full', weight: 'weak', why: 'a host without memory waits for its disk' },
    { signal: 'kernel.hung-task', weight: 'medium', why: 'processes wait minutes for the disk' },
    { signal: 'derived.one-path', weight: 'strong', against: true, why: 'lack of capacity hits every page' },
    { signal: 'derived.one-area', weight: 'medium', against: true, why: 'lack of capacity hits every page' },
    { signal: 'fpm.max-children', weight: 'weak', against: true, why: 'the pool’s own limit was reached first' },
    { signal: 'kernel.oom-kill', weight: 'medium', against: true, why: 'memory ran out first' },
  ],
  summary: (facts) => {
    if (facts.signals.has('lsapi.exec-limit'))
      return `LiteSpeed could start no further process of the site’s: its user has as many as it may. ${failedRequestsFirst(facts)} failed.`;
    return facts.signals.has('derived.traffic-spike')
      ? `Traffic rose well above its usual level and the origin could not keep up: ${failedRequests(facts)} failed, on pages of all kinds.`
      : `The origin could not keep up with its work: ${failedRequests(facts)} failed, and no single limit explains it.`;
  },
  missing: [
    {
      what: 'load, CPU, disk wait and memory of the origin during the burst',
      why: 'they tell what ran short',
      command: 'sar -q -u -r; uptime; vmstat 1 5',
      unless: { signals: [] },
    },
    MISSING_NGINX_ERROR,
    MISSING_KERNEL_LOG,
    MISSING_EDGE_LOG,
  ],
  fix: [
    {
      text: (facts) =>
        facts.signals.has('lsapi.exec-limit')
          ? 'Count the processes of the site’s user and compare them with its limit. Then raise the limit, or let LiteSpeed start fewer (PHP_LSAPI_CHILDREN below it); in a hosting account only the provider can.'
          : '',
      command: 'ps -eo user= | sort | uniq -c | sort -rn | head -5; ulimit -u',
      risk: 'None: it only reads. Processes of cron jobs and of SSH count, too.',
    },
    {
      text: 'See what runs short: CPU (us, sy), disk (wa), memory (si, so), and which process takes it.',
      command: 'uptime; vmstat 1 5; ps -eo pcpu,rss,stat,comm --sort=-pcpu | head -15',
      risk: 'None: it only reads.',
    },
    {
      text: 'See who sends the traffic: one client, one path, one crawler?',
      command: forServer(WHO_ASKS),
      risk: 'None: it only reads.',
    },
    {
      text: 'Take load off at Cloudflare: cache what may be cached, and a rate limiting rule for the path or clients that stand out.',
      risk: 'Caching pages with a login shows them to others: exclude requests with session cookies.',
    },
    {
      text: 'Move cron jobs, backups and imports away from the peak, then add capacity where the numbers say so.',
      command: (facts) => `systemctl list-timers --all; journalctl -u cron ${around(facts)} -o short-iso`,
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    AVOID_MANY_CHANGES,
    AVOID_PAUSE_CLOUDFLARE,
    'Raising the number of workers on a host whose CPU is used up: everything gets slower at once.',
  ],
  verify: [
    'The load average stays below the number of CPUs at peak.',
    'The 95th percentile of $request_time is back at its usual value.',
  ],
  prevent: ['Load-test before campaigns.', 'Alert on load and on response times, not only on errors.'],
  difficulty: 'hard',
  sources: ['developers.cloudflare.com: error 522, error 503', 'nginx source: ngx_spawn_process'],
};
