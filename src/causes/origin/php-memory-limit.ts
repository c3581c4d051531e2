import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { inFile, MISSING_PHP_ERRORS, numberOf, pluginName, poolFile, RELOAD_RISK, reloadFpm } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, onPath } from '../texts.ts';

function limitMegabytes(facts: Facts): number | null {
  const bytes = numberOf(facts, ['php.memory-limit'], 'limitBytes');
  return bytes === null || bytes <= 0 ? null : Math.round(bytes / 1048576);
}

export const phpMemoryLimit: Cause = {
  id: 'php-memory-limit',
  title: 'A PHP script reached memory_limit',
  place: 'origin',
  hop: 'app',
  broader: ['php-fatal'],
  aliases: ['php-memory-exhausted'],
  explains: ['application', 'gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'php.memory-limit', weight: 'decisive', why: 'PHP names the limit and ends the script' },
    { signal: 'derived.one-path', weight: 'weak', why: 'one page needs more than it may have' },
    {
      signal: 'php.out-of-memory',
      weight: 'medium',
      against: true,
      why: 'there the system refused, not PHP’s own limit',
    },
    {
      signal: 'derived.plugin',
      weight: 'medium',
      against: true,
      why: 'the traces point at one plugin rather than at the limit',
    },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) => {
    const limit = limitMegabytes(facts);
    return `A PHP script${onPath(facts)} needed more memory than memory_limit allows${limit === null ? '' : ` (${limit} MB)`} and was ended with a fatal error${inFile(facts, ['php.memory-limit'])}: ${failedRequests(facts)} failed, with an empty 500 page where display_errors is off. The file named is where the last piece of memory was asked for, not always the culprit.`;
  },
  missing: [MISSING_PHP_ERRORS],
  fix: [
    {
      text: (facts) => {
        const plugin = pluginName(facts);
        return plugin === null
          ? 'Find the page and what it loads: a list without a limit, a large picture, an export.'
          : `Look at ${plugin} first: the error stands in its code. Update it, or switch it off for a test.`;
      },
      command: (facts) => {
        const plugin = pluginName(facts);
        return plugin === null
          ? "sudo grep -h 'Allowed memory size' /var/log/php*.log /var/www/*/wp-content/debug.log 2>/dev/null | sed 's/.* in //' | sort | uniq -c | sort -rn | head"
          : `wp plugin deactivate ${plugin} --skip-plugins --skip-themes`;
      },
      risk: 'Switching a plugin off takes its function from the site.',
    },
    {
      text: 'If the page honestly needs more: raise the limit, for that pool only, and only as far as all workers together fit into memory.',
      config: (facts) => `; ${poolFile(facts)}\nphp_admin_value[memory_limit] = ${2 * (limitMegabytes(facts) ?? 128)}M`,
      computedFrom: (facts) => {
        const limit = limitMegabytes(facts);
        return limit === null ? '' : `the present limit of ${limit} MB`;
      },
      risk: 'memory_limit × pm.max_children can exceed the host’s memory; then the kernel kills workers (502).',
    },
    { text: 'Apply it.', command: reloadFpm, risk: RELOAD_RISK },
    {
      text: 'Make room in the code: page the query, stream the export, resize pictures in a job.',
      risk: 'Needs work on the code.',
    },
  ],
  avoid: [
    'memory_limit = -1: one page can then use up the memory of the whole host.',
    'WP_MEMORY_LIMIT above the pool’s php_admin_value: the pool’s value wins and nothing changes.',
  ],
  verify: ['The failing page answers 200, and “Allowed memory size” no longer appears in PHP’s log.'],
  prevent: [
    'Alarm on “Allowed memory size” in PHP’s log.',
    'Test exports and reports with as much data as the live site has.',
  ],
  difficulty: 'moderate',
  sources: ['PHP manual: core php.ini directives (memory_limit)', 'php-src Zend/zend_alloc.c'],
};
