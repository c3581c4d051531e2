import type { Cause } from '../cause.ts';
import { phpServer } from '../php-server.ts';
import { fpmFolder, fpmProgram, MISSING_FPM_LOG, numberOf, poolFile } from '../php-texts.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import {
  AVOID_MANY_CHANGES,
  AVOID_PURGE_CACHE,
  AVOID_RAISE_TIMEOUTS,
  counted,
  failedRequestsFirst,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
  usualStatus,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';

export const phpFpmCrash: Cause = {
  id: 'php-fpm-crash',
  title: 'PHP-FPM workers crashed',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['fpm-segv', 'fpm-crash', 'php-child-crash', 'php-crash-loop'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'fpm.child-segv', weight: 'decisive', why: 'a worker died of a fault in the PHP process itself' },
    { signal: 'fpm.crash-loop', weight: 'decisive', why: 'so many workers crashed that PHP-FPM started itself anew' },
    { signal: 'derived.fpm-crashed', weight: 'strong', why: 'all its workers ended with it' },
    { signal: 'fpm.child-signal', weight: 'strong', why: 'a worker died of a signal' },
    { signal: 'lsapi.child-signal', weight: 'strong', why: 'a process of PHP’s died of a signal' },
    { signal: 'fpm.child-code', weight: 'medium', why: 'a worker ended with an error code' },
    { signal: 'fpm.child-init', weight: 'medium', why: 'workers die while they start' },
    {
      signal: 'kernel.segfault',
      role: 'fpm',
      weight: 'strong',
      why: 'the kernel saw a process crash in the same seconds',
    },
    { signal: 'kernel.trap', role: 'fpm', weight: 'strong', why: 'the kernel saw a process crash in the same seconds' },
    { signal: 'nginx.recv-reset-header', weight: 'medium', why: 'a crash resets the request that the worker held' },
    { signal: 'nginx.recv-reset-body', weight: 'medium', why: 'a crash cuts the answer that the worker was sending' },
    { signal: 'nginx.fcgi-premature-stdout', weight: 'weak', why: 'the worker’s answer ended in the middle' },
    { signal: 'derived.fastcgi-backend', weight: 'weak', why: 'PHP-FPM resets a connection only as its worker dies' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'only the requests that a worker dies on fail' },
    {
      signal: 'kernel.oom-kill',
      weight: 'medium',
      against: true,
      why: 'the kernel killed for memory, that is no crash',
    },
    { signal: 'fpm.exec-timeout', weight: 'medium', against: true, why: 'PHP-FPM ended the worker itself' },
    { signal: 'derived.other-backend', weight: 'medium', against: true, why: 'another program answers the requests' },
    ...WORKER_LOST_OUTSIDE,
  ],
  summary: (facts) => {
    const workers = ['fpm.child-segv', 'fpm.child-signal', 'lsapi.child-signal'] as const;
    const signal = numberOf(facts, [...workers, 'derived.fpm-crashed'], 'signalNumber');
    const by = signal === null ? '' : ` (signal ${signal})`;
    const crashes = facts.signals.get('fpm.child-segv')?.count ?? 0;
    const failed =
      facts.failed === 0 && crashes > 0
        ? `${crashes === 1 ? 'One crash is' : `${counted(crashes)} crashes are`} in these logs: no more requests than that failed by ${crashes === 1 ? 'it' : 'them'}.`
        : `${failedRequestsFirst(facts)} failed.`;
    const lost =
      facts.signals.has('derived.fpm-crashed') && !workers.some((id) => facts.signals.has(id))
        ? `PHP-FPM’s main process crashed${by}, and all its workers ended with it: requests in hand were cut, and the next ones found nobody until it was started again.`
        : `${phpServer(facts).pool(facts)} lost workers that crashed${by}, and each took its request with it: the web server answered ${usualStatus(facts)} in the same second.`;
    return `${lost} ${failed} PHP code should not be able to do that: the fault is in PHP itself, an extension, opcache or its JIT (in old versions endless recursion does it, too).`;
  },
  missing: [MISSING_FPM_LOG, MISSING_NGINX_ERROR, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'See what changed: an upgrade of PHP or of an extension shortly before is the first suspect. Roll it back if so.',
      command: "zgrep -hE ' (upgrade|install) ' /var/log/dpkg.log* | grep -i php | sort | tail -20",
      risk: 'None: it only reads.',
    },
    {
      text: 'Switch off opcache’s JIT. If the crashes go on, switch off opcache, then the extensions one by one, debuggers and tracers first (xdebug, APM agents).',
      config: (facts) => `; ${fpmFolder(facts)}/conf.d/99-no-jit.ini\nopcache.jit = disable`,
      risk: 'Pages become slower. Without opcache the processor load rises a good deal.',
    },
    {
      text: 'Restart PHP: damaged shared memory of opcache survives the crash of a worker.',
      command: (facts) => phpServer(facts).restart(facts),
      risk: 'Running requests are cut (502 for a second).',
    },
    {
      text: 'Take a core dump and read where it crashes.',
      command: (facts) =>
        `coredumpctl list | grep php-fpm | tail -5; sudo coredumpctl gdb ${fpmProgram(facts).startsWith('$') ? '' : fpmProgram(facts)}   # the newest; then: bt`,
      config: (facts) => `; ${poolFile(facts)}\nrlimit_core = unlimited`,
      risk: 'It needs the package systemd-coredump, and a restart of PHP-FPM for the setting. Core files hold the memory of requests, passwords too. Delete them afterwards.',
    },
    {
      text: 'Update PHP and the extension that the back trace names; report it with the trace.',
      risk: 'Test the update on a copy first.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    'Raising memory_limit: reaching it gives a fatal error and a 500, never a crash.',
    'Only setting emergency_restart_threshold: it restarts PHP-FPM after crashes and cuts all requests each time.',
    AVOID_PURGE_CACHE,
    AVOID_MANY_CHANGES,
  ],
  verify: [(facts) => phpServer(facts).crashed(facts), VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Upgrade PHP and its extensions together, on a copy first.',
    'Alarm on “exited on signal” in PHP-FPM’s log, of LiteSpeed on “was killed by signal” in stderr.log.',
  ],
  difficulty: 'hard',
  sources: ['php-src fpm_children.c', 'measured pairs of PHP-FPM and nginx lines', 'PHP manual: opcache configuration'],
};
