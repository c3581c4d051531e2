import type { Cause } from '../cause.ts';
import { whoChanged } from '../commands.ts';
import { failedRequests, MISSING_EDGE_LOG, MISSING_JOURNAL, VERIFY_PAST_CLOUDFLARE } from '../texts.ts';
import { ofWebServer, reloadWebServer } from '../web-servers.ts';

/** The web server was away for seconds: a restart where a reload would have done. */
export const webServerRestart: Cause = {
  id: 'web-server-restart',
  title: 'The web server was restarted or reloaded',
  place: 'origin',
  hop: 'proxy',
  broader: ['web-server-down'],
  aliases: ['nginx-restart', 'nginx-reload'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.proxy-restarted', weight: 'decisive', why: 'the failures fall into those seconds' },
    { signal: 'derived.proxy-reloaded', weight: 'medium', why: 'old workers may have been cut off' },
    { signal: 'nginx.sig-stop', weight: 'medium', why: 'requests in flight end and new ones are refused' },
    { signal: 'apache.stop', weight: 'medium', why: 'requests in flight end and new ones are refused' },
    { signal: 'proxy.stop', weight: 'medium', why: 'requests in flight end and new ones are refused' },
    { signal: 'edge.521', weight: 'weak', why: 'the port is closed during a restart' },
    { signal: 'edge.520', weight: 'weak', why: 'requests in flight end without an answer' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'requests in flight end without an answer' },
    { signal: 'cloudflared.inner-refused', weight: 'weak', why: 'the port is closed during a restart' },
    { signal: 'cloudflared.inner-eof', weight: 'weak', why: 'requests in flight end without an answer' },
    { signal: 'nginx.start', weight: 'weak', why: 'it came up again' },
    { signal: 'apache.start', weight: 'weak', why: 'it came up again' },
    { signal: 'proxy.start', weight: 'weak', why: 'it came up again' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'upgrades restart services' },
    { signal: 'derived.reached-origin', weight: 'medium', against: true, why: 'it took the failing requests' },
    { signal: 'nginx.bind-gave-up', weight: 'medium', against: true, why: 'it did not come back by itself' },
  ],
  summary: (facts) =>
    `The web server was stopped and started again; ${failedRequests(facts)} fell into the seconds between. It came back by itself.`,
  missing: [MISSING_JOURNAL, MISSING_EDGE_LOG],
  fix: [
    {
      text: 'Nothing is left to repair. Find who restarted it: a deployment, an unattended upgrade, certbot, a person.',
      command: whoChanged,
      risk: 'None: it only reads.',
    },
    {
      text: 'Reload instead of restarting: the ports stay open and old workers finish their requests.',
      command: reloadWebServer,
      risk: 'None where the check passes. A new listen address or module can still need a restart.',
    },
    {
      text: 'Where certbot restarts it, hand certbot a reload instead.',
      command: (facts) => `sudo certbot renew --deploy-hook 'systemctl reload ${ofWebServer('unit')(facts)}'`,
      risk: 'Renews certificates that are due.',
    },
  ],
  avoid: [
    'Looking for the fault in Cloudflare or in the application: errors that last exactly as long as the restart are the restart.',
  ],
  verify: [
    'Reload once while you watch: no 5xx appears in Cloudflare’s HTTP logs in that minute.',
    VERIFY_PAST_CLOUDFLARE,
  ],
  prevent: [
    'Use reload in deployment scripts and renewal hooks.',
    'Where a restart cannot be avoided, do it on one of several servers at a time.',
  ],
  difficulty: 'easy',
  sources: ['nginx: Controlling nginx (signals)', 'developers.cloudflare.com: error 521, error 520'],
};
