import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { MAINTENANCE_WORDS } from '../server-topics.ts';
import { failedInBrackets, MISSING_NGINX_TIMES, VERIFY_EDGE_5XX } from '../texts.ts';
import { searchConfig } from '../web-servers.ts';

/** Where a switch is looked for: as WordPress and Laravel leave it, and in the web server's configuration. */
const switches = (facts: Facts): string =>
  [
    'ls -l /var/www/*/.maintenance /var/www/*/storage/framework/down 2>/dev/null',
    searchConfig(facts, MAINTENANCE_WORDS),
  ]
    .filter((command) => command !== '')
    .join('; ');

/** A switch answers 503: planned, or forgotten. */
export const maintenance: Cause = {
  id: 'maintenance',
  title: 'Planned maintenance answered 503',
  place: 'origin',
  hop: 'app',
  broader: [],
  aliases: ['maintenance-503', 'app-maintenance-503'],
  explains: ['gateway'],
  statuses: [503],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.uniform-503', weight: 'decisive', why: 'one small answer for every page is a switch' },
    { signal: 'app.maintenance', weight: 'decisive', why: 'the application says so itself' },
    { signal: 'derived.retry-after', weight: 'strong', why: 'a breakdown does not say when to come back' },
    { signal: 'access.own-503', weight: 'medium', why: 'the web server answered without asking the application' },
    { signal: 'derived.static-ok', weight: 'weak', why: 'files go on being served in maintenance' },
    { signal: 'derived.instant', weight: 'weak', why: 'a switch takes no time' },
    { signal: 'nginx.sig-reload', weight: 'weak', why: 'a reload can put the switch in force' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the 503 is the origin’s own' },
    { signal: 'nginx.limit-req', weight: 'strong', against: true, why: 'a rate limit answered 503' },
    { signal: 'nginx.limit-conn', weight: 'strong', against: true, why: 'a connection limit answered 503' },
    { signal: 'nginx.shm-node', weight: 'strong', against: true, why: 'a full zone answered 503' },
    { signal: 'apache.backend-refused', weight: 'strong', against: true, why: 'Apache answers 503 for a dead backend' },
    {
      signal: 'proxy.backend-refused',
      weight: 'strong',
      against: true,
      why: 'some reverse proxies answer 503 for a dead backend',
    },
    { signal: 'proxy.not-connected', weight: 'strong', against: true, why: 'HAProxy answers 503 for a dead backend' },
    { signal: 'proxy.refused', weight: 'strong', against: true, why: 'a rule refused' },
    { signal: 'proxy.no-backend', weight: 'decisive', against: true, why: 'the 503 comes of dead backends' },
    {
      signal: 'unit.probe-failed',
      role: 'app',
      weight: 'strong',
      against: true,
      why: 'a container that fails its check is no switch',
    },
    { signal: 'apache.max-workers', weight: 'medium', against: true, why: 'the server was full' },
    { signal: 'access.no-answer-502', weight: 'strong', against: true, why: 'a breakdown gives 502' },
    { signal: 'derived.intermittent', weight: 'strong', against: true, why: 'a switch answers every request alike' },
  ],
  summary: (facts) => {
    const seen = `Every dynamic page got the same small 503 at once${failedInBrackets(facts)}`;
    const isOwn = facts.signals.has('access.own-503') || facts.signals.has('derived.retry-after');
    return isOwn
      ? `${seen}: a maintenance switch, not a breakdown. If nobody planned it, an update may have ended in the middle and left the switch on.`
      : `${seen}, as a maintenance switch answers: planned, or left on by an update that ended in the middle. From outside, a server that answers 503 for its dead backend (Apache, HAProxy, a Kubernetes ingress) looks the same.`;
  },
  missing: [
    {
      what: 'whether maintenance was planned, and the switch',
      why: 'the logs of a forgotten switch look the same as those of planned work',
      command: switches,
      unless: { signals: [] },
    },
    MISSING_NGINX_TIMES,
  ],
  fix: [
    {
      text: 'Ask whether it was planned. If so, nothing is to be done.',
      risk: 'None: it is only a question.',
    },
    {
      text: 'Find the switch.',
      command: switches,
      risk: 'None: it only reads. The paths are those of WordPress and Laravel under /var/www.',
    },
    {
      text: 'Make sure that the update behind it is finished, then take the switch away.',
      command: 'rm /var/www/html/.maintenance   # Laravel: php artisan up',
      risk: 'On a half-done update the site then shows errors: finish or roll back first.',
    },
  ],
  avoid: [
    'Restarting PHP or the web server: the switch stays.',
    'Answering maintenance with 200 or 502: search engines take the first for the page and monitors the second for a breakdown.',
  ],
  verify: [VERIFY_EDGE_5XX, 'curl -sI of the site shows 200 and no Retry-After.'],
  prevent: [
    'Send Retry-After, and tell the monitoring before the work begins.',
    'Take the switch away in the same script that sets it, also when a step fails.',
  ],
  difficulty: 'easy',
  sources: ['RFC 9110: 503 and Retry-After', 'WordPress: .maintenance', 'Laravel: artisan down'],
};
