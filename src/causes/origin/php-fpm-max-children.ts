import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { socketInCommand, workerSizeCommand } from '../commands.ts';
import { phpServer } from '../php-server.ts';
import {
  CURL_LIMITS,
  heldBy,
  MISSING_FPM_LOG,
  MISSING_POOL_CONFIG,
  MISSING_SLOW_LOG,
  numberOf,
  poolFile,
  waitsFor,
} from '../php-texts.ts';
import { SLOW_OUTSIDE } from '../seen-from-outside.ts';
import {
  AVOID_ONLY_RESTART,
  AVOID_PAUSE_CLOUDFLARE,
  AVOID_RAISE_TIMEOUTS,
  counted,
  failedRequests,
  failedRequestsFirst,
  timeoutLadder,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';

const limit = (facts: Facts): number | null =>
  numberOf(
    facts,
    ['fpm.max-children', 'fpm.max-children-ondemand', 'fpm.listen-queue', 'lsapi.max-children'],
    'maxChildren',
  );

/** Below this share of served requests the pool did not only lack workers: the rule of three says nothing then. */
const LEAST_SERVED = 0.2;
/** To spare over what was needed. */
const HEADROOM = 1.25;

/** Part of the requests that the pool served while it was full, or null where the total is not known. */
function servedShare({ failed, total }: Facts): number | null {
  const share = total === null || total === 0 ? 0 : 1 - failed / total;
  return failed > 0 && share >= LEAST_SERVED ? share : null;
}

/**
 * Workers to try first. By Little's law workers = requests per second × seconds per request: a full pool of n that served the
 * part s of its requests lacked n ÷ s − n. Twice as many where s is not known, and never more than four times.
 */
function workersToTry(facts: Facts): number {
  const children = limit(facts) ?? 10;
  const served = servedShare(facts);
  return served === null
    ? 2 * children
    : Math.min(4 * children, Math.max(children + 2, Math.ceil((HEADROOM * children) / served)));
}

function computedFrom(facts: Facts): string {
  const children = limit(facts);
  if (children === null) return '';
  const served = servedShare(facts);
  const now = `${phpServer(facts).limit} = ${children} in the pool’s own line`;
  return served === null
    ? `${now}; twice as many`
    : `${now}; ${failedRequests(facts)} failed, so it served ${Math.round(100 * served)} % of them: ${children} ÷ ${(Math.round(100 * served) / 100).toFixed(2)}, and a quarter to spare (at least two more, at most four times as many)`;
}

const largerPool = (facts: Facts): string => phpServer(facts).larger(facts, workersToTry(facts));

/** A text that is true of PHP-FPM alone. */
const ofFpm =
  (text: (facts: Facts) => string) =>
  (facts: Facts): string =>
    phpServer(facts).hasSlowLog ? text(facts) : '';

export const phpFpmMaxChildren: Cause = {
  id: 'php-fpm-max-children',
  title: 'The PHP-FPM pool ran out of workers',
  place: 'origin',
  hop: 'app',
  broader: ['app-timeout'],
  aliases: ['fpm-max-children', 'php-max-children'],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'derived.pool-full', weight: 'decisive', why: 'the pool ran out of workers while requests waited' },
    { signal: 'fpm.max-children', weight: 'strong', why: 'the pool itself says that it may not start another worker' },
    { signal: 'lsapi.max-children', weight: 'strong', why: 'it says so only while a request waits for a process' },
    { signal: 'fpm.listen-queue', weight: 'strong', why: 'requests wait in front of a full pool' },
    {
      signal: 'fpm.max-children-ondemand',
      weight: 'medium',
      why: 'an ondemand pool says so too, at times while workers are idle',
    },
    { signal: 'nginx.timeout-header', weight: 'medium', why: 'requests that wait for a free worker time out in nginx' },
    { signal: 'nginx.connect-unix-backlog', weight: 'medium', why: 'the queue in front of the full pool overflows' },
    { signal: 'derived.pool-exhausted', weight: 'medium', why: 'cheap pages wait as long as expensive ones' },
    { signal: 'derived.all-paths', weight: 'medium', why: 'a full pool stops every page, not only the slow one' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more requests than usual fill a pool' },
    { signal: 'derived.one-path', weight: 'medium', against: true, why: 'a full pool would stop the other pages too' },
    {
      signal: 'derived.one-area',
      weight: 'medium',
      against: true,
      why: 'a full pool would stop the rest of the site too, unless that has another one',
    },
    { signal: 'derived.fpm-down', weight: 'medium', against: true, why: 'the pool was not full, it was away' },
    { signal: 'derived.other-backend', weight: 'medium', against: true, why: 'another program answers the requests' },
    {
      signal: 'derived.dependency-silent',
      weight: 'strong',
      against: true,
      why: 'waiting for it is what used the workers up',
    },
    ...SLOW_OUTSIDE,
  ],
  summary: (facts) => {
    const children = limit(facts);
    const size =
      children === null
        ? 'all its workers'
        : `all ${children} of its workers (${phpServer(facts).limit} = ${children})`;
    const held = heldBy(facts);
    const why =
      held === null
        ? 'The pool is full either because there is more traffic than it was made for, or because something holds the workers (a slow page, a database, another API).'
        : `The slow log shows what holds the workers: ${held}.`;
    return `${phpServer(facts).pool(facts)} had ${size} busy, so new requests waited in its queue until the web server gave up. ${failedRequestsFirst(facts)} failed, cheap pages among them. ${why}`;
  },
  missing: [MISSING_FPM_LOG, MISSING_POOL_CONFIG, MISSING_SLOW_LOG],
  fix: [
    {
      text: (facts) => {
        const held = heldBy(facts);
        return held === null
          ? ''
          : `Mend what holds the workers first: ${held}. A call to another server needs a time-out of 2 to 5 s and a page that copes without its answer; a query needs an index. More workers alone only wait in the same place.`;
      },
      config: (facts) => (waitsFor(facts) === 'http' ? CURL_LIMITS : ''),
      computedFrom: (facts) => {
        const traces = facts.signals.get('fpm.slow-trace')?.count ?? 0;
        return traces === 0 ? '' : `${counted(traces)} ${traces === 1 ? 'stack' : 'stacks'} of the slow log`;
      },
      risk: 'Changes code. A plugin that is switched off instead takes its function from the site.',
    },
    {
      text: (facts) =>
        heldBy(facts) === null
          ? 'While it is happening: see how many requests wait (Recv-Q of the socket) and which servers the workers are connected to. Many connections to one address mean that this server, not the size of the pool, is at fault.'
          : '',
      command: (facts) => phpServer(facts).waiting(facts, socketInCommand(facts)),
      risk: 'None: it only reads.',
    },
    {
      text: 'Measure how many workers fit into memory: what the workers have and what is free, ÷ the size of a worker, with a fifth left over.',
      command: workerSizeCommand,
      risk: 'None: it only reads. Shared memory is counted in every worker, so the true number is a little higher. Measure under load: idle workers are small.',
    },
    {
      text: (facts) =>
        heldBy(facts) === null
          ? 'Raise the limit, no further than that memory allows.'
          : 'Raise the limit to get through until then, no further than that memory allows.',
      config: largerPool,
      computedFrom,
      risk: 'Too many workers use up the memory, and the kernel kills processes. Every worker may also hold a database connection: keep max_connections above the sum.',
    },
    {
      text: 'Apply it.',
      command: (facts) => phpServer(facts).reload(facts),
      risk: (facts) => phpServer(facts).reloadRisk,
    },
    {
      text: (facts) =>
        heldBy(facts) === null && phpServer(facts).hasSlowLog
          ? 'Find what holds the workers: log a stack for every request above 5 s, then speed up or bound what it names.'
          : '',
      config: (facts) => `; ${poolFile(facts)}\nslowlog = /var/log/php-fpm.slow.log\nrequest_slowlog_timeout = 5s`,
      risk: 'Small. Takes effect with the next reload. Containers need the SYS_PTRACE capability for it.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    (facts) =>
      `Setting ${phpServer(facts).limit} to hundreds without measuring memory: the time-outs become kills for lack of memory.`,
    AVOID_ONLY_RESTART,
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: [
    (facts) => phpServer(facts).full(facts),
    ofFpm((facts) => `At peak ss -lxn | grep -F ${socketInCommand(facts)} shows a Recv-Q of 0 or near it.`),
    ofFpm(() => 'With pm.status_path set, the status page shows “max children reached” no longer rising.'),
    ofFpm(
      () =>
        'Do not go by the pool’s log line alone: it is written once per saturation, and not again while the pool stays full.',
    ),
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: [
    (facts) => `Watch active processes and waiting requests of the pool; alarm at 80 % of ${phpServer(facts).limit}.`,
    timeoutLadder,
    'Give slow things (exports, imports, wp-cron) a pool of their own.',
  ],
  difficulty: 'moderate',
  sources: [
    'php-src fpm_process_ctl.c (the message is latched, checked once a second)',
    'PHP manual: FPM configuration',
    'php-src sapi/litespeed/lsapilib.c; LiteSpeed’s documentation, PHP LSAPI',
    'nginx ngx_http_upstream.c',
  ],
};
