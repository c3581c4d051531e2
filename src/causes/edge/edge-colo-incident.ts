import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { failedRequests, MISSING_EDGE_LOG, MISSING_NGINX_TIMES } from '../texts.ts';

export const edgeColoIncident: Cause = {
  id: 'edge-colo-incident',
  title: 'One Cloudflare data centre is failing',
  place: 'edge',
  hop: 'edge',
  broader: ['edge-internal-error'],
  aliases: ['edge-colo-failure', 'edge-colo-fault', 'colo-outage'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.one-colo', weight: 'decisive', why: 'an origin’s fault shows in all data centres' },
    { signal: 'derived.status-names-colo', weight: 'strong', why: 'Cloudflare itself says that it had a fault there' },
    { signal: 'edge.502-no-origin', weight: 'medium', why: 'the data centre failed before it asked the origin' },
    { signal: 'edge.own-5xx', weight: 'medium', why: 'the data centre made the error itself' },
    { signal: 'edge.504-no-origin', weight: 'medium', why: 'the data centre waited in vain for a path' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'the data centre got nothing from the origin' },
    { signal: 'edge.5xx-origin-unknown', weight: 'weak', why: 'the rows leave the edge possible' },
    { signal: 'har.blank-edge', weight: 'medium', why: 'the page is the edge’s own' },
    { signal: 'har.branded-edge', weight: 'medium', why: 'the page marks Cloudflare as the source' },
    { signal: 'cloudflared.edge-app0', weight: 'weak', why: 'the edge closed tunnel connections itself' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'medium', why: 'the origin answered everybody else' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the failing requests never reached the origin' },
    { signal: 'derived.all-colos', weight: 'decisive', against: true, why: 'all data centres fail alike' },
    {
      signal: 'edge.origin-answered-5xx',
      weight: 'decisive',
      against: true,
      why: 'the origin answered the error itself',
    },
    { signal: 'edge.522-connect', weight: 'medium', against: true, why: 'the fault lies on the way to the origin' },
    { signal: 'edge.521', weight: 'strong', against: true, why: 'the origin refused' },
  ],
  summary: (facts) => {
    const colo = facts.top('colo');
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    const share =
      colo === null
        ? ''
        : colo.trafficShare === null
          ? ` ${percent(colo.share)} of the failures came through it.`
          : ` It carried ${percent(colo.trafficShare)} of the traffic and ${percent(colo.share)} of the failures.`;
    return `${colo === null ? 'One of Cloudflare’s data centres' : `Cloudflare’s data centre ${colo.value}`} made errors of its own while the others served the same site well: ${failedRequests(facts)} failed.${share} These failures need no change on the origin.`;
  },
  missing: [
    MISSING_EDGE_LOG,
    MISSING_NGINX_TIMES,
    {
      what: 'Cloudflare’s status page for that data centre and time',
      why: 'an incident there settles it',
      command: 'curl -s https://www.cloudflarestatus.com/api/v2/incidents.json | head -c 4000',
      unless: { signals: ['derived.all-colos', 'derived.status-names-colo'] },
    },
  ],
  fix: [
    {
      text: 'Look at Cloudflare’s status page for the data centre and the time.',
      command: 'curl -s https://www.cloudflarestatus.com/api/v2/incidents.json | head -c 4000',
      risk: 'None: it only reads.',
    },
    {
      text: 'See which data centre you yourself come through, and compare with a place far away.',
      command: (facts) => `curl -s https://${hostInCommand(facts)}/cdn-cgi/trace | grep colo`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Open a ticket with Cloudflare: times in UTC, the data centre, ten Ray IDs, the share of failures there and elsewhere.',
      risk: 'Cut cookies and visitors’ addresses out of what you attach.',
    },
    {
      text: 'Wait: visitors are moved to another data centre as soon as Cloudflare takes this one out.',
      risk: 'How long it takes is not in your hands.',
    },
  ],
  avoid: [
    'Restarting or changing the origin: it answered everybody else, and a change now muddies the picture.',
    'Pausing Cloudflare for all because one region fails: the origin loses its protection, and its address becomes public.',
  ],
  verify: ['5xx rows of that EdgeColoCode fall back to the level of the others.'],
  prevent: ['Alarm on failures per data centre, so that such an incident is told from one of your own within minutes.'],
  difficulty: 'easy',
  sources: [
    'Cloudflare docs: Logpush dataset http_requests (EdgeColoCode)',
    'Cloudflare docs: error 502/504 from Cloudflare',
  ],
};
