import type { Facts } from '../../correlate/facts.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Cause } from '../cause.ts';
import { REAL_IP_RISK } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { LIMIT_WORDS, rateLimit } from '../server-topics.ts';
import { failedRequests, MISSING_NGINX_ERROR, onPath, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, ofWebServer, realIpCommand, searchConfig } from '../web-servers.ts';

/** The zone of limit_req that refuses, fit for a configuration, or null. */
function zoneOf(facts: Facts): string | null {
  const zone = wordOf(facts, ['nginx.limit-req'], 'zone') ?? '';
  return /^[A-Za-z0-9_-]{1,60}$/.test(zone) ? zone : null;
}

/** Lines in which the web server names its own limit. */
const LIMIT_LINES: readonly SignalId[] = ['nginx.limit-req', 'nginx.limit-conn', 'nginx.shm-node', 'apache.limit'];

/** limit_req or limit_conn of the web server itself answers. */
export const webServerRateLimit: Cause = {
  id: 'web-server-rate-limit',
  title: 'The web server’s own rate or connection limit',
  place: 'origin',
  hop: 'proxy',
  broader: [],
  aliases: [
    'nginx-limit-req',
    'nginx-rate-limit',
    'nginx-conn-limit',
    'origin-rate-limit',
    'rate-limited',
    'nginx-shm-full',
  ],
  explains: ['gateway', 'blocked'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.limit-req', weight: 'decisive', why: 'nginx refuses the request itself' },
    { signal: 'nginx.limit-conn', weight: 'decisive', why: 'nginx refuses the request itself' },
    { signal: 'apache.limit', weight: 'decisive', why: 'a module of Apache’s refuses the request itself' },
    { signal: 'apache.account-limit', weight: 'decisive', why: 'a module of Apache’s refuses the request itself' },
    { signal: 'nginx.shm-node', weight: 'strong', why: 'a full zone refuses every new key' },
    { signal: 'nginx.shm-full', weight: 'medium', why: 'a full zone refuses every new key' },
    { signal: 'nginx.delay-req', weight: 'weak', why: 'the same limit already slowed requests down' },
    { signal: 'access.own-503', weight: 'medium', why: 'a limit answers without asking the application' },
    {
      signal: 'derived.too-many-requests',
      weight: 'strong',
      why: 'limits of the server or of the application answer 429',
    },
    { signal: 'access.refused-403', weight: 'weak', why: 'limits refuse as rules do' },
    { signal: 'edge.origin-refused-403', weight: 'weak', why: 'limits refuse as rules do' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more requests meet the limit' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'requests below the rate pass' },
    {
      signal: 'derived.uniform-503',
      weight: 'medium',
      against: true,
      why: 'a limit lets requests below the rate pass',
    },
    { signal: 'derived.retry-after', weight: 'medium', against: true, why: 'nginx’s limits send no Retry-After' },
    { signal: 'access.answered-5xx', weight: 'medium', against: true, why: 'the application wrote that answer' },
  ],
  summary: (facts) => {
    if (facts.signals.has('apache.account-limit'))
      return `CloudLinux refused ${failedRequests(facts)}${onPath(facts)}: the account had as many processes at work as it may. Slow pages or more visitors than usual keep them busy.`;
    if (facts.signals.has('derived.too-many-requests') && !LIMIT_LINES.some((line) => facts.signals.has(line)))
      return `The origin refused ${failedRequests(facts)}${onPath(facts)} with 429: a limit of the web server, or of the application. Nothing is broken; either the rate is too low, or all visitors share one key because they come through Cloudflare.`;
    const zone = wordOf(facts, ['nginx.limit-req', 'nginx.limit-conn', 'nginx.shm-node'], 'zone');
    return `The web server’s own limit${zone === null ? '' : ` (zone ${zone})`} refused ${failedRequests(facts)}${onPath(facts)}. Nothing is broken; either the rate is too low, or all visitors share one key because they come through Cloudflare.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the limit and realip directives in force',
      why: 'with $binary_remote_addr and no realip, the key is Cloudflare’s address and not the visitor’s',
      command: (facts) => searchConfig(facts, LIMIT_WORDS) || ofWebServer('backends')(facts),
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'Look at the limits and at the key they count by.',
      command: (facts) => searchConfig(facts, LIMIT_WORDS),
      risk: 'None: it only reads.',
    },
    {
      text: 'Have the web server take the visitor’s address from CF-Connecting-IP, and trust that header from Cloudflare only (behind cloudflared: from this host).',
      command: realIpCommand,
      risk: REAL_IP_RISK,
    },
    {
      text: (facts) =>
        facts.signals.has('apache.account-limit')
          ? 'The line is CloudLinux’: the account has as many entry processes as it may. See what keeps them busy; the limit itself is the provider’s to raise.'
          : '',
      command: 'sudo lveinfo --period=1d --by-fault=any --limit=10',
      risk: 'None: it only reads. Only CloudLinux has it.',
    },
    {
      text: 'Then set a rate with a burst that fits a page load, and answer 429 instead of 503, so that it does not look like an outage.',
      config: (facts) => forServer(rateLimit(zoneOf(facts)))(facts),
      computedFrom: (facts) => (zoneOf(facts) === null ? '' : 'the zone in the error lines'),
      risk: 'A higher rate lets more load through to the application.',
    },
  ],
  avoid: [
    'Removing the limit altogether: it may be what keeps a login or search page alive under abuse.',
    'Raising the rate before realip is set: all visitors of a Cloudflare data centre still share one key.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET, 'The access log shows visitors’ addresses, not Cloudflare’s.'],
  prevent: [
    forServer({ nginx: 'Try new limits with limit_req_dry_run on; first.' }),
    'Keep the list of Cloudflare’s ranges up to date by a timer.',
  ],
  difficulty: 'easy',
  sources: ['nginx: ngx_http_limit_req_module, ngx_http_limit_conn_module, ngx_http_realip_module'],
};
