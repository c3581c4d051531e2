import type { Cause } from '../cause.ts';
import { fpmLog, phpFpmUnit, socketInCommand } from '../commands.ts';
import { fpmFolder, fpmProgram, MISSING_FPM_LOG } from '../php-texts.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, MISSING_JOURNAL, VERIFY_PAST_CLOUDFLARE } from '../texts.ts';

export const phpFpmConfigError: Cause = {
  id: 'php-fpm-config-error',
  title: 'PHP-FPM refuses its configuration or cannot bind',
  place: 'origin',
  hop: 'app',
  broader: ['app-down'],
  aliases: ['fpm-config-error', 'php-config-error', 'php-bind-failed'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'fpm.conf-ini', weight: 'decisive', why: 'PHP-FPM names the file and line it cannot read' },
    { signal: 'fpm.conf-alert', weight: 'decisive', why: 'PHP-FPM names the setting it refuses' },
    { signal: 'fpm.conf-failed', weight: 'decisive', why: 'PHP-FPM gave up on its configuration' },
    { signal: 'fpm.init-failed', weight: 'decisive', why: 'PHP-FPM did not start' },
    { signal: 'derived.fpm-config-exit', weight: 'decisive', why: 'PHP-FPM ends with this code for that alone' },
    { signal: 'fpm.bind', weight: 'decisive', why: 'PHP-FPM cannot create its socket or take its port' },
    { signal: 'fpm.reload-failed', weight: 'decisive', why: 'PHP-FPM could not start itself anew at a reload' },
    { signal: 'unit.reload-failed', weight: 'weak', why: 'systemd could not reload a service' },
    { signal: 'fpm.second', weight: 'weak', why: 'a second PHP-FPM was started beside the first' },
    { signal: 'fpm.shm', weight: 'medium', why: 'PHP-FPM could not reserve memory for its start' },
    { signal: 'unit.start-failed', weight: 'medium', why: 'systemd could not start a service' },
    { signal: 'unit.start-limit', weight: 'weak', why: 'systemd gave up starting a service' },
    { signal: 'nginx.connect-unix-missing', weight: 'medium', why: 'a PHP-FPM that does not start leaves no socket' },
    { signal: 'nginx.connect-unix-refused', weight: 'weak', why: 'nobody listens on the socket' },
    { signal: 'nginx.connect-refused', weight: 'medium', why: 'nobody listens on the port' },
    { signal: 'derived.fpm-down', weight: 'medium', why: 'PHP-FPM was away in that time' },
    {
      signal: 'nginx.recv-reset-header',
      weight: 'decisive',
      against: true,
      why: 'something took the request, so it ran',
    },
    {
      signal: 'nginx.premature-header',
      weight: 'decisive',
      against: true,
      why: 'something took the request, so it ran',
    },
    { signal: 'nginx.timeout-header', weight: 'strong', against: true, why: 'something took the request, so it ran' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'an upgrade often brings a new or moved configuration' },
    ...WORKER_LOST_OUTSIDE,
  ],
  summary: (facts) => {
    const bound = facts.signals.has('fpm.bind');
    const what = bound ? 'could not bind its socket or port' : 'refused its configuration';
    return `PHP-FPM ${what} and did not start, so nobody answered the web server: ${failedRequests(facts)} failed. The line before “FPM initialization failed” names the file, the line or the address.`;
  },
  missing: [MISSING_FPM_LOG, MISSING_JOURNAL],
  fix: [
    {
      text: 'Test the configuration: it names the file and the line.',
      command: (facts) => `sudo ${fpmProgram(facts)} -t`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Correct the line, or take back the last change of the pool file.',
      command: (facts) => `ls -lt --time-style=full-iso ${fpmFolder(facts)}/ ${fpmFolder(facts)}/pool.d/ | head -20`,
      risk: 'None: it only reads. RPM systems: /etc/php-fpm.d/.',
    },
    {
      text: 'If it cannot bind: see who holds the address, and whether the socket’s folder exists.',
      command: (facts) => `sudo ss -lxntp | grep -E 'php|9000'; ls -ld $(dirname ${socketInCommand(facts)})`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Start it and read what it says.',
      command: (facts) =>
        `sudo systemctl restart ${phpFpmUnit(facts)}; systemctl --no-pager status ${phpFpmUnit(facts)}; sudo tail -n 20 ${fpmLog(facts)}`,
      risk: 'None beyond what is already down.',
    },
  ],
  avoid: [
    'Restarting the web server: it is fine, and its restart changes nothing about PHP-FPM.',
    'chmod 777 on the socket or its folder: the socket is missing, not forbidden.',
  ],
  verify: [
    (facts) =>
      `systemctl is-active ${phpFpmUnit(facts)} answers “active”, and its log ends with “ready to handle connections”.`,
    VERIFY_PAST_CLOUDFLARE,
  ],
  prevent: [
    'Run php-fpm -t before every reload or restart, in the deployment too.',
    'Keep pool files under version control.',
  ],
  difficulty: 'easy',
  sources: ['php-src fpm_conf.c, fpm_sockets.c', 'PHP manual: FPM configuration'],
};
