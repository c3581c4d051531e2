import type { Cause } from '../cause.ts';
import { phpFpmUnit, phpVersion } from '../commands.ts';
import { fpmProgram, inFile, MISSING_PHP_ERRORS, PHP_FATALS, RELOAD_RISK } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_PURGE_CACHE, failedRequests } from '../texts.ts';

export const phpFatal: Cause = {
  id: 'php-fatal',
  title: 'A PHP script died of a fatal error',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['php-parse-error', 'php-extension', 'php-opcache'],
  explains: ['application', 'gateway'],
  frequency: 'common',
  evidence: [
    {
      signal: 'derived.dependency-each',
      weight: 'medium',
      against: true,
      why: 'another service failed the script, which says so each time',
    },
    { signal: 'php.parse', weight: 'decisive', why: 'PHP cannot read the file' },
    { signal: 'php.undef-fn', weight: 'decisive', why: 'the code calls what is not there' },
    { signal: 'php.require', weight: 'decisive', why: 'a file that the code needs is missing' },
    { signal: 'php.uncaught', weight: 'strong', why: 'an error that nobody caught ended the script' },
    { signal: 'php.fatal', weight: 'strong', why: 'PHP ended the script' },
    { signal: 'php.memory-limit', weight: 'medium', why: 'reaching memory_limit is a fatal error' },
    { signal: 'php.execution-time', weight: 'medium', why: 'reaching max_execution_time is a fatal error' },
    { signal: 'php.opcache', weight: 'medium', why: 'opcache has no room or no shared memory' },
    { signal: 'php.startup', weight: 'medium', why: 'an extension did not load' },
    { signal: 'php.wp-db', weight: 'weak', why: 'WordPress reports a failed query' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'an upgrade can take away an extension or a function' },
    {
      signal: 'derived.db-down',
      weight: 'medium',
      against: true,
      why: 'the database was away: the errors are its echo',
    },
    { signal: 'derived.instant', weight: 'weak', why: 'a script that dies at its start takes no time' },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) => {
    const why = facts.signals.has('php.parse')
      ? 'The file has a syntax error, as after an unfinished edit or upload.'
      : facts.signals.has('php.require')
        ? 'A file that it needs is missing, as in a half-finished deployment.'
        : facts.signals.has('php.undef-fn')
          ? 'It calls a function or class that is not there: a missing extension or a half-finished deployment.'
          : 'An error in the code ended it.';
    return `PHP ended the script with a fatal error${inFile(facts, PHP_FATALS)}; ${failedRequests(facts)} failed. ${why} With display_errors off the visitor gets an empty 500.`;
  },
  missing: [MISSING_PHP_ERRORS],
  fix: [
    {
      text: 'Read the newest fatal error in full: file, line, and the stack below it.',
      command:
        "sudo grep -hE -A12 'PHP (Fatal|Parse) error' /var/log/php*.log /var/www/*/wp-content/debug.log 2>/dev/null | tail -40",
      risk: 'None: it only reads.',
    },
    {
      text: 'If something was deployed, edited or updated just before: go back to the version before it.',
      command: 'git -C /var/www/<site> log -3 --format="%h %ad %s" --date=iso   # or the backup of the file named',
      risk: 'The rolled back change is gone until it is repaired.',
    },
    {
      text: 'If a function or class of an extension is missing: see whether the web’s PHP has it, and install it for that version.',
      command: (facts) =>
        `sudo ${fpmProgram(facts)} -m | sort; sudo apt-get install php${phpVersion(facts) ?? ''}-<extension> && sudo systemctl restart ${phpFpmUnit(facts)}`,
      risk: 'A restart cuts running requests.',
    },
    {
      text: 'If the code on disk is right and the error stays: opcache holds the old code. Reload PHP-FPM.',
      command: (facts) => `sudo systemctl reload ${phpFpmUnit(facts)}`,
      risk: RELOAD_RISK,
    },
  ],
  avoid: [
    'display_errors = On for everybody: visitors then see paths and code, and the status becomes 200, which hides the fault.',
    'Restarting services again and again: the same line of code fails the same way.',
    AVOID_PURGE_CACHE,
  ],
  verify: ['The page answers 200 and PHP’s log has no new “PHP Fatal error”.'],
  prevent: [
    'Deploy into a new folder and switch a link at the end, so that no request meets half a deployment.',
    'Run php -l over changed files and a smoke test before the switch.',
  ],
  difficulty: 'easy',
  sources: [
    'PHP manual: error handling',
    'measured: fatal errors give 500 with an empty body when display_errors is off',
  ],
};
