import type { Cause } from '../cause.ts';
import { inFile, MISSING_PHP_ERRORS, PHP_FATALS, pluginKind, pluginName } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, onPath } from '../texts.ts';

export const phpPluginFault: Cause = {
  id: 'php-plugin-fault',
  title: 'A WordPress plugin or theme ends the page with an error',
  place: 'origin',
  hop: 'app',
  broader: ['php-fatal'],
  aliases: ['plugin-at-fault', 'php-plugin', 'php-fatal-plugin'],
  explains: ['application', 'gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'derived.plugin', weight: 'decisive', why: 'the errors all come out of its files' },
    { signal: 'php.uncaught', weight: 'weak', why: 'the script died of an error that nobody caught' },
    { signal: 'php.fatal', weight: 'weak', why: 'the script died of a fatal error' },
    { signal: 'php.undef-fn', weight: 'weak', why: 'the code calls what is not there' },
    { signal: 'php.parse', weight: 'weak', why: 'PHP cannot read one of its files' },
    { signal: 'php.require', weight: 'weak', why: 'one of its files is missing' },
    { signal: 'php.memory-limit', weight: 'weak', why: 'the memory ran out in its code' },
    { signal: 'php.execution-time', weight: 'weak', why: 'the time ran out in its code' },
    { signal: 'host.package-upgrade', weight: 'weak', against: true, why: 'PHP itself changed just before' },
    { signal: 'derived.db-down', weight: 'medium', against: true, why: 'the database was away at the time' },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) => {
    const name = pluginName(facts);
    const who = name === null ? `One ${pluginKind(facts)}` : `The ${pluginKind(facts)} ${name}`;
    return `${who} ends the page with a fatal error${inFile(facts, PHP_FATALS)}: ${failedRequests(facts)} failed${onPath(facts)}. ${facts.signals.has('php.memory-limit') ? 'It needed more memory than memory_limit allows.' : 'An update of it, of WordPress or of PHP that does not fit is the usual reason.'}`;
  },
  missing: [MISSING_PHP_ERRORS],
  fix: [
    {
      text: (facts) =>
        `Switch ${pluginName(facts) ?? `the ${pluginKind(facts)} that the error names`} off, without loading the site’s code.`,
      command: (facts) => {
        const name = pluginName(facts) ?? '<name>';
        return pluginKind(facts) === 'theme'
          ? `wp theme list --skip-plugins --skip-themes; wp theme activate <other theme> --skip-plugins --skip-themes   # away from ${name}`
          : `wp plugin deactivate ${name} --skip-plugins --skip-themes`;
      },
      risk: 'The site loses its function: a shop plugin takes the shop with it.',
    },
    {
      text: 'Without wp-cli: rename its folder. WordPress then counts it as missing and goes on.',
      command: (facts) => {
        const folder = pluginKind(facts) === 'theme' ? 'themes' : 'plugins';
        const name = pluginName(facts) ?? '<name>';
        return `mv wp-content/${folder}/${name} wp-content/${folder}/${name}.off`;
      },
      risk: 'A renamed plugin stays inactive after the folder is named back; switch it on again by hand.',
    },
    {
      text: 'Go back to the version before, or forward to a repaired one.',
      command: (facts) => `wp plugin install ${pluginName(facts) ?? '<name>'} --version=<last good> --force`,
      risk: 'An older version may not read data that the newer one has already changed. Back up the database first.',
    },
    {
      text: 'Give the developer the first fatal error with its stack, and the versions of PHP, WordPress and the plugin.',
      command: 'wp --info; wp core version; wp plugin list',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'Switching all plugins off on the live site: the log already names the one.',
    (facts) =>
      facts.signals.has('php.memory-limit')
        ? 'Raising memory_limit first of all: what eats without end eats the new limit as well.'
        : 'Raising memory_limit or time-outs: an error in the code does not go away.',
    'Restoring yesterday’s whole backup: orders and comments of the day are lost for one folder.',
  ],
  verify: ['The page answers 200, and PHP’s log has no new fatal error from that folder.'],
  prevent: [
    'Switch automatic updates off for plugins that the business hangs on, and update on a copy first.',
    'Alarm on “PHP Fatal error”.',
  ],
  difficulty: 'easy',
  sources: [
    'WordPress documentation: debugging; wp-cli documentation: global parameters',
    'PHP manual: uncaught errors',
  ],
};
