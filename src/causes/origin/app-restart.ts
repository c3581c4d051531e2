import type { Cause } from '../cause.ts';
import { appUnit, isPhpFpm, phpFpmUnit, whoChanged } from '../commands.ts';
import { fpmFolder } from '../php-texts.ts';
import { WORKER_LOST_OUTSIDE } from '../seen-from-outside.ts';
import { backendFirst, failedRequests, MISSING_APP_LOG, MISSING_JOURNAL, VERIFY_EDGE_5XX } from '../texts.ts';
import { ofWebServer } from '../web-servers.ts';

/** Stopped and started (or reloaded) on purpose; away for seconds. */
export const appRestart: Cause = {
  id: 'app-restart',
  title: 'The application was restarted or deployed',
  place: 'origin',
  hop: 'app',
  broader: ['app-down', 'app-closed-early'],
  aliases: ['restart-window', 'app-restarting', 'php-restart', 'deploy-window'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.app-restarted', weight: 'decisive', why: 'the failures fall into those seconds' },
    { signal: 'derived.fpm-restarted', weight: 'decisive', why: 'the failures fall into those seconds' },
    { signal: 'fpm.reloading', weight: 'strong', why: 'a reload cuts running requests by default' },
    { signal: 'fpm.terminating', weight: 'medium', why: 'a stop cuts running requests' },
    { signal: 'fpm.finishing', weight: 'medium', why: 'its socket goes when it has finished' },
    { signal: 'gunicorn.stop', weight: 'medium', why: 'it was told to stop' },
    { signal: 'gunicorn.reload', weight: 'weak', why: 'workers were replaced' },
    { signal: 'app.stop', weight: 'medium', why: 'it was told to stop' },
    { signal: 'nginx.grpc-goaway', weight: 'strong', why: 'the backend says goodbye to its connections' },
    { signal: 'unit.stopping', weight: 'medium', why: 'the service may be the application' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'upgrades restart services' },
    { signal: 'app.start', weight: 'weak', why: 'it came up again' },
    { signal: 'nginx.connect-refused', weight: 'weak', why: 'nothing listens during a restart' },
    { signal: 'nginx.connect-unix-missing', weight: 'weak', why: 'the socket is away during a restart' },
    { signal: 'nginx.connect-unix-refused', weight: 'weak', why: 'nothing listens during a restart' },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'a restart cuts running requests' },
    { signal: 'nginx.premature-header', weight: 'weak', why: 'a restart cuts running requests' },
    { signal: 'apache.backend-refused', weight: 'weak', why: 'nothing listens during a restart' },
    { signal: 'proxy.backend-refused', weight: 'weak', why: 'nothing listens during a restart' },
    { signal: 'proxy.not-connected', weight: 'weak', why: 'nothing listens during a restart' },
    ...WORKER_LOST_OUTSIDE,
    { signal: 'unit.exited', weight: 'strong', against: true, why: 'a service ended by itself, nobody restarted it' },
    { signal: 'unit.killed', weight: 'strong', against: true, why: 'a service was killed, nobody restarted it' },
    { signal: 'app.crash', weight: 'strong', against: true, why: 'the application ended by itself' },
    { signal: 'derived.app-keeps-ending', weight: 'strong', against: true, why: 'nobody restarts it that often' },
    { signal: 'fpm.crash-loop', weight: 'strong', against: true, why: 'PHP-FPM restarted itself after crashes' },
    { signal: 'kernel.oom-kill', weight: 'strong', against: true, why: 'memory ran out' },
    { signal: 'fpm.init-failed', weight: 'strong', against: true, why: 'it did not come up again' },
  ],
  summary: (facts) =>
    `${isPhpFpm(facts) ? 'PHP-FPM' : backendFirst(facts)} was restarted or reloaded; ${failedRequests(facts)} fell into those seconds. It came back by itself.`,
  missing: [MISSING_JOURNAL, MISSING_APP_LOG],
  fix: [
    {
      text: 'Nothing is left to repair. Find who restarted it: a deployment, an unattended upgrade, log rotation, a person.',
      command: whoChanged,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        isPhpFpm(facts)
          ? 'Let a reload wait for running requests: process_control_timeout is 0 by default, and then even a reload cuts them.'
          : 'Let it finish its requests on SIGTERM, and start the new process before the old one stops.',
      command: (facts) =>
        isPhpFpm(facts) ? `sudo systemctl reload ${phpFpmUnit(facts)}` : `sudo systemctl edit ${appUnit(facts)}`,
      config: (facts) =>
        isPhpFpm(facts)
          ? `; ${fpmFolder(facts)}/php-fpm.conf\n[global]\nprocess_control_timeout = 10s`
          : '[Service]\nKillSignal=SIGTERM\nTimeoutStopSec=30\n# gunicorn: ExecReload=/bin/kill -HUP $MAINPID',
      risk: 'A reload then takes as long as the longest request, up to the limit.',
    },
    {
      text: (facts) =>
        isPhpFpm(facts) ? '' : 'Two instances behind one upstream group, restarted one after the other.',
      config: ofWebServer('twoBackends'),
      risk: 'Twice the memory. Sessions must not live in one process.',
    },
  ],
  avoid: [
    'Looking for a fault in the code or in Cloudflare: errors that last exactly as long as a restart are the restart.',
  ],
  verify: ['Reload it once at a quiet time and watch the access log: no 502 comes.', VERIFY_EDGE_5XX],
  prevent: [
    'Use reload in deployments and after package upgrades.',
    'systemd socket activation keeps the socket open while the service restarts.',
  ],
  difficulty: 'easy',
  sources: [
    'PHP-FPM: process_control_timeout',
    'PHP-FPM log: Reloading in progress, Terminating',
    'gunicorn: signal handling',
  ],
};
