import type { Cause } from '../cause.ts';
import { MISSING_FPM_LOG, MISSING_SLOW_LOG, pluginName, wordOf } from '../php-texts.ts';
import { SLOW_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RAISE_TIMEOUTS, failedRequests, onPath, seconds, timeoutLadder } from '../texts.ts';

export const phpSlowScript: Cause = {
  id: 'php-slow-script',
  title: 'A PHP script is slow',
  place: 'origin',
  hop: 'app',
  broader: ['app-timeout'],
  aliases: ['php-slow'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'fpm.too-slow', weight: 'strong', why: 'PHP-FPM names the script that runs too long' },
    { signal: 'fpm.slow-trace', weight: 'strong', why: 'the slow log shows where the script stands' },
    {
      signal: 'derived.waits-for-database',
      weight: 'strong',
      why: 'the script waits for a query: a slow one, or a lock',
    },
    { signal: 'nginx.timeout-header', weight: 'medium', why: 'nginx waited for the same answers in vain' },
    { signal: 'derived.one-path', weight: 'medium', why: 'only that page is slow' },
    { signal: 'derived.timer', weight: 'weak', why: 'the failures end at nginx’s timer' },
    { signal: 'edge.524', weight: 'weak', why: 'a slow script can outlast Cloudflare’s limit' },
    { signal: 'access.edge-gave-up', weight: 'weak', why: 'Cloudflare hung up while the script still ran' },
    {
      signal: 'derived.waits-for-dependency',
      weight: 'weak',
      against: true,
      why: 'the script itself waits for another server',
    },
    { signal: 'fpm.max-children', weight: 'weak', against: true, why: 'the pool was full, so every script was slow' },
    {
      signal: 'fpm.exec-timeout',
      weight: 'medium',
      against: true,
      why: 'PHP-FPM ended the requests by a limit of its own',
    },
    { signal: 'derived.all-paths', weight: 'medium', against: true, why: 'all pages are slow, not one script' },
    { signal: 'derived.other-backend', weight: 'medium', against: true, why: 'PHP behind nginx is mostly PHP-FPM' },
    ...SLOW_OUTSIDE,
  ],
  summary: (facts) => {
    const script = wordOf(facts, ['fpm.too-slow', 'fpm.slow-trace'], 'script');
    const at = wordOf(facts, ['fpm.slow-trace', 'fpm.too-slow'], 'function');
    const median = facts.failedMedianMs;
    const query = facts.signals.has('derived.waits-for-database');
    const waits =
      at === null
        ? ''
        : ` Its stack stands in ${at}${query ? ', a query that the database answers slowly or not while another holds a lock' : ''}.`;
    return `${script === null ? 'A PHP script' : `The script ${script}`}${onPath(facts)} takes longer than the web server waits${median === null ? '' : ` (the failed requests took about ${seconds(median)})`}; ${failedRequests(facts)} failed.${waits}`;
  },
  missing: [MISSING_SLOW_LOG, MISSING_FPM_LOG],
  fix: [
    {
      text: 'Read the slow log: the first frames name what the script waits for (a query, another server, a lock), the last ones the page, plugin or theme.',
      command:
        "sudo grep -hoE '^\\[0x[0-9a-f]+\\] [^ ]+ [^ ]+' /var/log/php*slow* | cut -d' ' -f2- | sort | uniq -c | sort -rn | head -20",
      risk: 'None: it only reads. The path is that of slowlog in the pool’s file.',
    },
    {
      text: (facts) => {
        const plugin = pluginName(facts);
        return plugin === null
          ? 'Mend what it names: an index for the query, a time-out and a cache for the other server, session_write_close() before long work.'
          : `Start with ${plugin}: its code stands in the stacks. Then: an index for the query, a time-out and a cache for calls to other servers.`;
      },
      risk: 'Needs work on the code.',
    },
    {
      text: 'For a database: list what runs long right now.',
      command: 'sudo mysql -e "SHOW FULL PROCESSLIST" | sort -k6 -n -r | head',
      risk: 'None: it only reads. Queries may show personal data.',
    },
    {
      text: 'Move exports, imports and mails to a background job that the page only starts.',
      risk: 'Needs work on the code.',
    },
  ],
  avoid: [AVOID_RAISE_TIMEOUTS, 'Adding workers for one slow page: they stand in the same place as the others.'],
  verify: ['The page answers in seconds; “executing too slow” no longer names it.'],
  prevent: [
    timeoutLadder,
    'Keep request_slowlog_timeout = 5s on all the time: it costs nothing until something is slow.',
  ],
  difficulty: 'hard',
  sources: ['PHP manual: FPM configuration (request_slowlog_timeout)', 'php-src fpm_php_trace.c'],
};
