import type { Cause } from '../cause.ts';
import {
  fpmFolder,
  MISSING_FPM_LOG,
  MISSING_POOL_CONFIG,
  numberOf,
  poolFile,
  poolName,
  RELOAD_RISK,
  reloadFpm,
} from '../php-texts.ts';
import { SLOW_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RAISE_TIMEOUTS, failedRequestsFirst, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';

export const phpFpmSpawnSlow: Cause = {
  id: 'php-fpm-spawn-slow',
  title: 'The PHP-FPM pool grows too slowly or meets process.max',
  place: 'origin',
  hop: 'app',
  broader: ['app-timeout'],
  aliases: ['php-spawn-slow', 'php-process-max'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'fpm.process-max', weight: 'decisive', why: 'the limit over all pools is reached' },
    { signal: 'fpm.seems-busy', weight: 'medium', why: 'the pool has no idle worker and is still growing' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'requests wait while the pool grows' },
    { signal: 'nginx.connect-unix-backlog', weight: 'weak', why: 'the queue fills while the pool grows' },
    { signal: 'derived.pool-exhausted', weight: 'medium', why: 'cheap pages wait as well' },
    {
      signal: 'derived.traffic-spike',
      weight: 'medium',
      why: 'a sudden rise outruns a pool that adds few workers a second',
    },
    { signal: 'fpm.max-children', weight: 'strong', against: true, why: 'the pool did reach its full size' },
    {
      signal: 'derived.one-path',
      weight: 'strong',
      against: true,
      why: 'a pool without idle workers stops every page',
    },
    {
      signal: 'derived.one-area',
      weight: 'medium',
      against: true,
      why: 'a pool without idle workers stops every page',
    },
    { signal: 'derived.other-backend', weight: 'medium', against: true, why: 'another program answers the requests' },
    ...SLOW_OUTSIDE,
  ],
  summary: (facts) => {
    if (facts.signals.has('fpm.process-max')) {
      return `PHP-FPM reached process.max, the limit over all its pools, and could start no further worker. ${failedRequestsFirst(facts)} failed while they waited.`;
    }
    const total = numberOf(facts, ['fpm.seems-busy'], 'total');
    const size = total === null ? '' : ` It had ${total} workers at that time.`;
    return `The pool ${poolName(facts)} had no idle worker and grew more slowly than the requests came in.${size} The number after “spawning” in that line is a rate: with a small pm.min_spare_servers only a few workers are really added each second.`;
  },
  missing: [MISSING_FPM_LOG, MISSING_POOL_CONFIG],
  fix: [
    {
      text: 'Keep more workers in reserve, so that a rise meets idle workers. The numbers must stay below pm.max_children.',
      config: (facts) => {
        const spare = Math.max(4, Math.ceil((numberOf(facts, ['fpm.seems-busy'], 'total') ?? 8) / 2));
        return `; ${poolFile(facts)}\npm.start_servers = ${spare}\npm.min_spare_servers = ${spare}\npm.max_spare_servers = ${spare * 2}`;
      },
      computedFrom: (facts) => {
        const total = numberOf(facts, ['fpm.seems-busy'], 'total');
        return total === null ? '' : `${total} workers when the pool was busy`;
      },
      risk: 'Idle workers hold memory all day.',
    },
    {
      text: 'If the line names process.max: raise it in php-fpm.conf, or set it to 0 (no limit over all pools) and let each pool’s pm.max_children be the limit.',
      config: (facts) => `; ${fpmFolder(facts)}/php-fpm.conf\nprocess.max = 0`,
      risk: 'Without it the sum of all pools must fit into memory.',
    },
    {
      text: 'On a host that serves little else, use a fixed number of workers: nothing has to be started under load.',
      config: (facts) =>
        `; ${poolFile(facts)}\npm = static\npm.max_children = 20   ; memory for PHP ÷ size of a worker`,
      risk: 'A full static pool logs nothing. Watch its status page.',
    },
    { text: 'Apply it.', command: reloadFpm, risk: RELOAD_RISK },
  ],
  avoid: [
    'Raising pm.max_children alone: the limit was not reached, the pool was slow to get there.',
    AVOID_RAISE_TIMEOUTS,
  ],
  verify: ['No new “seems busy” lines at the next peak.', VERIFY_ERROR_LOG_QUIET],
  prevent: ['Set pm.min_spare_servers to about the number of requests that arrive in a second at the peak.'],
  difficulty: 'easy',
  sources: ['php-src fpm_process_ctl.c (idle server maintenance, once a second)', 'PHP manual: FPM configuration'],
};
