import type { Cause } from '../cause.ts';
import { hostInCommand, urlInCommand } from '../commands.ts';
import { ASK_ORIGIN_STEP, failedRequests, MISSING_EDGE_LOG, MISSING_NGINX_TIMES } from '../texts.ts';

export const edgeInternalError: Cause = {
  id: 'edge-internal-error',
  title: 'Cloudflare’s edge made the error itself',
  place: 'edge',
  hop: 'edge',
  broader: [],
  aliases: ['edge-traffic-move', 'edge-generic', 'edge-config-propagation'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.502-no-origin', weight: 'strong', why: 'the edge answered without asking the origin' },
    { signal: 'edge.own-5xx', weight: 'strong', why: 'the edge answered this itself' },
    { signal: 'edge.504-no-origin', weight: 'medium', why: 'the edge waited and the origin gave no status' },
    {
      signal: 'derived.status-names-service',
      weight: 'medium',
      why: 'Cloudflare itself says that it had a fault then',
    },
    { signal: 'derived.status-names-colo', weight: 'weak', why: 'Cloudflare itself says that it had a fault then' },
    { signal: 'har.blank-edge', weight: 'decisive', why: 'the bare page signed “cloudflare” is the edge’s own' },
    { signal: 'har.branded-edge', weight: 'decisive', why: 'the page marks Cloudflare as the source' },
    { signal: 'har.problem-edge', weight: 'decisive', why: 'the document names Cloudflare as the source' },
    { signal: 'edge.527', weight: 'medium', why: 'Railgun was Cloudflare’s own product and is retired' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'the edge made this status' },
    { signal: 'har.plain-code', weight: 'weak', why: 'the plain text leaves the edge possible' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the failing requests never reached the origin' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'weak', why: 'the origin answered others at the same time' },
    { signal: 'derived.answered-at-origin', weight: 'medium', against: true, why: 'the origin took the requests' },
    { signal: 'derived.reached-origin', weight: 'strong', against: true, why: 'the requests did reach the origin' },
    {
      signal: 'edge.origin-answered-5xx',
      weight: 'decisive',
      against: true,
      why: 'the origin answered the error itself',
    },
    {
      signal: 'derived.worker-child-failed',
      weight: 'medium',
      against: true,
      why: 'a Worker’s request to the origin failed',
    },
    { signal: 'derived.tunnel-down', weight: 'medium', against: true, why: 'the tunnel was not connected' },
  ],
  summary: (facts) =>
    facts.signals.has('edge.527')
      ? `Railgun, a retired product of Cloudflare, failed between Cloudflare and the origin (527): ${failedRequests(facts)} failed. Remove it.`
      : `Cloudflare made these errors itself, before or without an answer of the origin: ${failedRequests(facts)} failed. Moves of traffic between its servers and faults of its own look like this; they usually pass by themselves.`,
  missing: [
    MISSING_EDGE_LOG,
    MISSING_NGINX_TIMES,
    {
      what: 'the body and the headers of one failing answer (HAR with content, or curl -i)',
      why: 'a bare page signed “cloudflare” is the edge’s own; a page with its logo and “Host: Error” is about the origin',
      command: (facts) =>
        `curl -si -H 'Accept: text/html' ${urlInCommand(`https://${hostInCommand(facts)}`, facts)} | head -40`,
      unless: {
        signals: [
          'har.blank-edge',
          'har.branded-edge',
          'har.branded-origin',
          'har.origin-page',
          'har.origin-timeout-page',
        ],
      },
    },
  ],
  fix: [
    ASK_ORIGIN_STEP,
    {
      text: 'Look at Cloudflare’s status page, and at your own changes of the last hour in the dashboard (Manage Account > Audit Log): rules, certificates, new host names need some minutes.',
      command: 'curl -s https://www.cloudflarestatus.com/api/v2/incidents/unresolved.json | head -c 4000',
      risk: 'None: it only reads.',
    },
    {
      text: 'Open a ticket with Cloudflare: times in UTC, ten Ray IDs with data centre, and the page’s HTML as it came.',
      risk: 'Cut cookies and tokens out of a HAR first.',
    },
  ],
  avoid: [
    'Restarting the origin: the requests did not reach it.',
    'Switching the WAF off for a test: a WAF answers 403 or a challenge, never a 502.',
    'Reading the plain text “error code: 502” as Cloudflare’s own: clients without Accept: text/html get it for the origin’s 502 as well.',
  ],
  verify: ['Rows with EdgeResponseStatus 5xx and OriginResponseStatus 0 stop.'],
  prevent: [
    'Keep EdgeResponseStatus, OriginResponseStatus, OriginIP and CacheCacheStatus in the Logpush job: they decide such cases.',
  ],
  difficulty: 'easy',
  sources: ['Cloudflare docs: error 500, error 502/504, error 503', 'Cloudflare docs: Logpush FAQ'],
};
