import type { Cause } from '../cause.ts';
import { inFile, MISSING_PHP_ERRORS, numberOf, RELOAD_RISK, reloadFpm } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, onPath, timeoutLadder } from '../texts.ts';

export const phpExecutionTime: Cause = {
  id: 'php-execution-time',
  title: 'A PHP script reached max_execution_time',
  place: 'origin',
  hop: 'app',
  broader: ['php-fatal'],
  aliases: ['php-max-execution'],
  explains: ['application', 'gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'php.execution-time', weight: 'decisive', why: 'PHP names the limit and ends the script' },
    { signal: 'derived.one-path', weight: 'weak', why: 'one page computes too long' },
    { signal: 'derived.timer', weight: 'weak', why: 'the failures end at the same time' },
    { signal: 'derived.plugin', weight: 'weak', against: true, why: 'the traces point at one plugin' },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) => {
    const limit = numberOf(facts, ['php.execution-time'], 'limitSeconds');
    return `A PHP script${onPath(facts)} used more processor time than max_execution_time allows${limit === null ? '' : ` (${limit} s)`} and was ended${inFile(facts, ['php.execution-time'])}; ${failedRequests(facts)} failed. On Linux only computing counts, not waiting: this is a busy loop or a heavy import, not a slow database.`;
  },
  missing: [MISSING_PHP_ERRORS],
  fix: [
    {
      text: 'Go to the file and line of the error and look for the loop: an import without an end, a huge list, a regular expression over a large text.',
      command:
        "sudo grep -h 'Maximum execution time' /var/log/php*.log /var/www/*/wp-content/debug.log 2>/dev/null | sed 's/.* in //' | sort | uniq -c | sort -rn | head",
      risk: 'None: it only reads.',
    },
    {
      text: 'Run heavy work from the command line or a queue, where no limit applies.',
      command: 'wp cron event run --due-now   # WordPress, from the system’s cron',
      risk: 'None for visitors.',
    },
    {
      text: 'Raise the limit for that one script only, and keep the web server’s read time-out above it.',
      config: (facts) =>
        `set_time_limit(${Math.min(80, 2 * (numberOf(facts, ['php.execution-time'], 'limitSeconds') ?? 30))});   // at the top of that script`,
      computedFrom: (facts) => {
        const limit = numberOf(facts, ['php.execution-time'], 'limitSeconds');
        return limit === null ? '' : `the present limit of ${limit} s`;
      },
      risk: 'The script holds a worker and a processor core for that long.',
    },
    { text: 'Apply changes of php.ini or of the pool.', command: reloadFpm, risk: RELOAD_RISK },
  ],
  avoid: [
    'Tuning the database: its waiting time does not count against this limit on Linux.',
    'Raising max_execution_time for all: a runaway script then burns a core for minutes.',
  ],
  verify: ['The page answers 200 and PHP’s log stays free of “Maximum execution time”.'],
  prevent: [timeoutLadder, 'Move imports and exports out of web requests.'],
  difficulty: 'moderate',
  sources: ['PHP manual: set_time_limit (time spent in system calls and queries is not counted, except on Windows)'],
};
