import type { Facts } from '../../correlate/facts.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Cause } from '../cause.ts';
import { isPhpFpm, workerSizeCommand } from '../commands.ts';
import { numberOf, wordOf } from '../php-texts.ts';
import { appState, restartApp } from '../runtimes.ts';
import { AVOID_ONLY_RESTART, counted, failedRequests, MISSING_KERNEL_LOG } from '../texts.ts';

const KILLS = ['kernel.oom-kill', 'unit.oom-killed', 'kernel.oom-invoked'] as const;

/** Lines that tell of a SIGKILL and not who sent it. */
const KILLED = ['nginx.worker-killed', 'fpm.child-kill', 'gunicorn.worker-sigkill', 'unit.killed'] as const;
/** Lines about memory itself. */
const SHORT = [
  'derived.killed-for-memory',
  'php.out-of-memory',
  'nginx.malloc',
  'fpm.fork',
  'lsapi.fork',
  'nginx.fork-failed',
] as const;

/** Whether all that is seen is that processes were killed. */
function onlyKilled(facts: Facts): boolean {
  const has = (ids: readonly SignalId[]): boolean => ids.some((id) => facts.signals.has(id));
  return has(KILLED) && !has(KILLS) && !has(SHORT);
}

/** What was killed, as the kernel or systemd names it (`php-fpm8.2`, `api.service`). */
function victim(facts: Facts): string | undefined {
  for (const id of KILLS) {
    const subject = facts.signals.get(id)?.subjects[0];
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/** Memory of the killed process in MB, as the kernel's line gives it. */
function killedMb(facts: Facts): number | null {
  const kb = numberOf(facts, KILLS, 'anonRssKb');
  return kb === null || kb <= 0 ? null : Math.round(kb / 1024);
}

/** The kernel killed a process, or a process could not get memory from it. */
export const hostOutOfMemory: Cause = {
  id: 'host-out-of-memory',
  title: 'The kernel killed a process for lack of memory',
  place: 'origin',
  placeWhen: (facts) => (wordOf(facts, KILLS, 'role') === 'tunnel' ? 'tunnel' : 'origin'),
  hop: 'host',
  broader: [],
  aliases: ['oom-kill', 'fpm-oom-killed', 'php-child-killed', 'php-host-memory', 'nginx-memory', 'php-fork-failed'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'kernel.oom-kill', weight: 'decisive', why: 'the killed process took its requests with it' },
    { signal: 'unit.oom-killed', weight: 'decisive', why: 'the killed process took its requests with it' },
    { signal: 'derived.killed-for-memory', weight: 'decisive', why: 'the service that was missing is the killed one' },
    { signal: 'kernel.oom-invoked', weight: 'strong', why: 'a kill follows' },
    { signal: 'php.out-of-memory', weight: 'decisive', why: 'the system, not memory_limit, refused memory' },
    { signal: 'nginx.malloc', weight: 'decisive', why: 'the system refused memory to nginx' },
    { signal: 'fpm.child-kill', weight: 'strong', why: 'SIGKILL of a worker is most often the kernel’s' },
    { signal: 'nginx.worker-killed', weight: 'strong', why: 'SIGKILL of a worker is most often the kernel’s' },
    { signal: 'gunicorn.worker-sigkill', weight: 'strong', why: 'gunicorn itself suspects memory in that line' },
    {
      signal: 'derived.workers-renewed',
      weight: 'medium',
      why: 'what ends workers without a word is most often SIGKILL',
    },
    { signal: 'lsapi.fork', weight: 'strong', why: 'no memory, or no process, for another worker' },
    { signal: 'fpm.fork', weight: 'strong', why: 'no memory, or no process, for another worker' },
    { signal: 'nginx.fork-failed', weight: 'medium', why: 'no memory, or no process, for another worker' },
    { signal: 'apache.fork-failed', weight: 'medium', why: 'no memory, or no process, for another worker' },
    { signal: 'host.shown-memory-full', weight: 'weak', why: 'the next process that needs memory gets none' },
    { signal: 'unit.killed', weight: 'medium', why: 'a SIGKILL that nobody sent is most often the kernel’s' },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'the killed worker had the request in flight' },
    { signal: 'nginx.premature-header', weight: 'weak', why: 'the killed worker had the request in flight' },
    { signal: 'nginx.connect-unix-refused', weight: 'weak', why: 'a killed service leaves its socket behind' },
    {
      signal: 'derived.tunnel-vanished',
      weight: 'medium',
      against: true,
      why: 'cloudflared itself was what was killed',
    },
    { signal: 'gunicorn.worker-timeout', weight: 'strong', against: true, why: 'gunicorn killed the worker itself' },
    {
      signal: 'app.worker-timeout',
      weight: 'strong',
      against: true,
      why: 'the application server killed the worker itself',
    },
    { signal: 'fpm.exec-timeout', weight: 'medium', against: true, why: 'PHP-FPM ended the request itself' },
    {
      signal: 'app.out-of-memory',
      weight: 'medium',
      against: true,
      why: 'the application’s own heap limit was reached',
    },
  ],
  summary: (facts) => {
    const name = victim(facts);
    const size = killedMb(facts);
    const held = size === null ? '' : `, which held ${counted(size)} MB`;
    if (onlyKilled(facts)) {
      return `Workers ended on SIGKILL and their requests were cut${facts.failed === 0 ? '' : ` (${failedRequests(facts)} failed)`}. Most often that is the kernel’s doing for lack of memory: its log then says so. If it does not, somebody or something else sent the signal.`;
    }
    return `The origin ran out of memory${name === undefined ? '' : ` and the kernel killed ${name}${held}`}. The requests of the killed process were cut${facts.failed === 0 ? '' : ` (${failedRequests(facts)} failed)`}.`;
  },
  missing: [
    MISSING_KERNEL_LOG,
    {
      what: 'memory of the host and of the biggest processes',
      why: 'the number of workers has to fit into it',
      command: 'free -m; ps -eo rss,comm --sort=-rss | head -20',
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'See what was killed and what used the memory. The victim is the biggest process, not always the culprit.',
      command:
        'journalctl -k -o short-iso | grep -iE "out of memory|oom-kill|Killed process"; ps -eo rss,comm --sort=-rss | head -20',
      risk: 'None: it only reads.',
    },
    {
      text: 'Bring the workers to a number that fits: memory left for them divided by the size of one. Count the database and the web server first.',
      command: (facts) =>
        isPhpFpm(facts) ? workerSizeCommand(facts) : 'free -m; ps -eo rss,comm --sort=-rss | head -20',
      config: (facts) => {
        const size = killedMb(facts);
        if (!isPhpFpm(facts)) return '# workers = (memory − 1 GB for the system, − database) / size of one worker';
        const measured = size === null ? '' : `; the killed process held ${counted(size)} MB\n`;
        return `${measured}; pm.max_children = (memory − 1 GB − database, in MB) / size of a worker\nphp_admin_value[memory_limit] = 256M`;
      },
      computedFrom: (facts) =>
        killedMb(facts) === null ? '' : 'the memory of the killed process in the kernel’s line',
      risk: 'Fewer workers mean that requests wait at peak: watch for 504s, and add memory if they come.',
    },
    {
      text: 'Give a small host some swap, so that a peak makes it slow and not dead.',
      command:
        'sudo fallocate -l 2G /swapfile && sudo chmod 600 /swapfile && sudo mkswap /swapfile && sudo swapon /swapfile',
      risk: 'A host that swaps all the time is slow: swap is relief, not capacity.',
    },
    {
      text: 'Restart a service that did not come back, and add memory where the numbers do not fit.',
      command: (facts) => `${appState(facts)}; ${restartApp(facts)}`,
      risk: 'The restart cuts what is still running.',
    },
  ],
  avoid: [
    (facts) =>
      isPhpFpm(facts)
        ? 'Raising pm.max_children or memory_limit: both ask for more of what ran out.'
        : 'More workers, or higher limits for each: both ask for more of what ran out.',
    'Switching the OOM killer off or setting oom_score_adj -1000 for the application: it then kills the database.',
    AVOID_ONLY_RESTART,
  ],
  verify: [
    'journalctl -k | grep -i oom shows nothing new through the next peak.',
    'free -m shows memory available at peak.',
  ],
  prevent: [
    'Keep workers × size of a worker + database below the memory of the host.',
    'Recycle workers that leak: pm.max_requests = 500 or gunicorn --max-requests.',
    'Move imports and reports to another host or a queue with MemoryMax=.',
  ],
  difficulty: 'moderate',
  sources: ['Linux mm/oom_kill.c', 'PHP-FPM log: exited on signal 9', 'PHP source: zend_mm_safe_error'],
};
