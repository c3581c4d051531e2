import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { isPhpFpm, listenersOf, socketInCommand, workerSizeCommand } from '../commands.ts';
import { heldBy } from '../php-texts.ts';
import { appLog } from '../runtimes.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  backend,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';

/** On TCP the kernel does not answer new connections; on a unix socket it refuses them. Unix where nobody tells. */
const isUnix = (facts: Facts): boolean => !/:\d{1,5}$/.test(backend(facts));

/** EAGAIN on connect to a unix socket: workers and listen queue are full. */
export const appBacklogFull: Cause = {
  id: 'app-backlog-full',
  title: 'The listen queue of the application is full',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['fpm-socket-backlog', 'fpm-listen-queue-full'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.connect-unix-backlog', weight: 'decisive', why: 'no room was left in the socket’s queue' },
    { signal: 'proxy.backlog-full', weight: 'decisive', why: 'no room was left in the socket’s queue' },
    { signal: 'uwsgi.queue-full', weight: 'decisive', why: 'no room was left in the queue' },
    { signal: 'app.queue-full', weight: 'decisive', why: 'no worker was free, and no more requests may wait' },
    { signal: 'kernel.socket-overflow', weight: 'strong', why: 'no room was left in the socket’s queue' },
    { signal: 'fpm.listen-queue', weight: 'strong', why: 'requests wait for a worker' },
    { signal: 'fpm.max-children', weight: 'weak', why: 'a pool without a free worker fills its queue' },
    { signal: 'fpm.max-children-ondemand', weight: 'weak', why: 'a pool without a free worker fills its queue' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'requests in the queue run into the time-out' },
    { signal: 'nginx.timeout-connect', weight: 'weak', why: 'on TCP a full queue shows as a connect time-out' },
    { signal: 'derived.pool-exhausted', weight: 'weak', why: 'all workers are busy' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'requests come faster than workers end' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
    { signal: 'uwsgi.harakiri', weight: 'strong', against: true, why: 'what holds the workers is told' },
    { signal: 'uwsgi.respawns', weight: 'strong', against: true, why: 'workers that die leave the queue to itself' },
    {
      signal: 'uwsgi.worker-crash',
      weight: 'strong',
      against: true,
      why: 'workers that die leave the queue to itself',
    },
    {
      signal: 'derived.app-keeps-ending',
      weight: 'strong',
      against: true,
      why: 'workers that die leave the queue to itself',
    },
  ],
  summary: (facts) =>
    `All workers of ${backend(facts)} were busy and its listen queue was full too, so the kernel ${isUnix(facts) ? 'turned connections away at once' : 'let new connections wait until somebody gave up'}: ${failedRequests(facts)} failed. The queue is the symptom; too few or too slow workers are the reason.${heldBy(facts) === null ? '' : ` The slow log shows what holds the workers: ${heldBy(facts)}.`}`,
  missing: [MISSING_NGINX_ERROR, MISSING_APP_LOG],
  fix: [
    {
      text: 'See the queue and what the workers do. In ss, Recv-Q is what waits and Send-Q is the size of the queue.',
      command: (facts) =>
        `${isUnix(facts) ? `ss -lxn | grep -E 'State|${socketInCommand(facts)}'` : listenersOf(facts)}; ps -eo stat,pcpu,etimes,args --sort=-pcpu | grep -E '[p]hp-fpm|[g]unicorn|[u]wsgi' | head -20`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Find what makes requests slow: a waiting worker (STAT S, no CPU) waits for a database or an API, a busy one (R) computes.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        isPhpFpm(facts)
          ? 'Raise pm.max_children as far as memory allows; the command says how many workers fit.'
          : 'Raise the number of workers as far as memory and CPU allow; the command says how many fit into memory.',
      command: workerSizeCommand,
      risk: 'More workers than memory end in the OOM killer; more workers than the database has connections end in 500s.',
    },
    {
      text: 'Only then a longer queue, for short peaks. The kernel’s bound limits it.',
      command: 'sysctl net.core.somaxconn; sudo sysctl -w net.core.somaxconn=4096',
      config: (facts) =>
        isPhpFpm(facts) ? 'listen.backlog = 1024' : '# gunicorn: --backlog 1024; uwsgi: listen = 1024',
      risk: 'In a lasting overload visitors then wait longer and get a 504 instead of a quick 502.',
    },
  ],
  avoid: [AVOID_RAISE_TIMEOUTS, 'A longer backlog alone: it lengthens the wait and serves nobody faster.'],
  verify: ['Recv-Q of the listening socket in ss is near 0 at peak.', VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Graph busy workers and the listen queue (pm.status_path of PHP-FPM).',
    'Short time-outs on database and API calls, so that workers come free.',
  ],
  difficulty: 'moderate',
  sources: [
    'Linux unix(7): connect, EAGAIN',
    'nginx error log: connect() to unix:… failed (11)',
    'PHP-FPM: listen.backlog, pm.max_children',
  ],
};
