import type { Cause } from '../cause.ts';
import { curlOriginCommand, pastCloudflare } from '../commands.ts';
import { PREFLIGHT } from '../server-topics.ts';
import { failedInBrackets, MISSING_APP_LOG, MISSING_EDGE_LOG, MISSING_NGINX_TIMES } from '../texts.ts';
import { forServer, whereServerHas } from '../web-servers.ts';

/** Only OPTIONS fails: the application does not answer preflights. */
export const corsPreflight: Cause = {
  id: 'cors-preflight',
  title: 'Only CORS preflights (OPTIONS) fail',
  place: 'origin',
  hop: 'app',
  broader: [],
  aliases: ['preflight-fails-at-origin'],
  explains: ['gateway', 'application', 'blocked'],
  frequency: 'rare',
  evidence: [
    { signal: 'derived.only-options', weight: 'decisive', why: 'other methods on the same paths work' },
    { signal: 'access.answered-5xx', weight: 'weak', why: 'the application answers OPTIONS with an error' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the origin answers OPTIONS with an error' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'weak', why: 'everything else works' },
    { signal: 'derived.everything-fails', weight: 'decisive', against: true, why: 'other methods fail too' },
    { signal: 'edge.worker-5xx', weight: 'decisive', against: true, why: 'a Worker failed on them' },
    { signal: 'edge.worker-limit', weight: 'decisive', against: true, why: 'a Worker failed on them' },
    { signal: 'worker.exception', weight: 'decisive', against: true, why: 'a Worker failed on them' },
    { signal: 'edge.waf-block', weight: 'strong', against: true, why: 'a rule of Cloudflare refused them' },
  ],
  summary: (facts) =>
    `Only OPTIONS requests fail${failedInBrackets(facts)}: the preflights that browsers send before requests to another site. Browsers then report a CORS error and never send the real request. The application, or a rule in front of it, does not answer OPTIONS.`,
  missing: [MISSING_NGINX_TIMES, MISSING_APP_LOG, MISSING_EDGE_LOG],
  fix: [
    {
      text: 'Send a preflight to the origin itself. It should answer 204 or 200 with Access-Control-Allow-… headers, without a login.',
      command: (facts) =>
        `curl -ski -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST' ${pastCloudflare(facts)} | head -20`,
      risk: 'None: OPTIONS changes nothing.',
    },
    {
      text: 'Let the application answer OPTIONS before login checks and routing (a CORS middleware, placed first).',
      risk: 'Allow only the sites that need it, not every origin together with cookies.',
    },
    {
      text: whereServerHas(PREFLIGHT, 'Or let the web server answer it, for the paths of the API.'),
      config: forServer(PREFLIGHT),
      risk: 'Two places that set these headers give them twice, and browsers refuse that.',
    },
    {
      text: 'Other methods still work: compare with a GET.',
      command: curlOriginCommand,
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'A wildcard in Access-Control-Allow-Origin: browsers refuse it for requests with credentials, and for all others it opens the API to every site.',
    'Looking for a Cloudflare fault: Cloudflare passes OPTIONS on like any other method.',
  ],
  verify: ['The preflight above answers 204, and the browser’s console shows no CORS error.'],
  prevent: ['A preflight among the checks after each deployment.'],
  difficulty: 'easy',
  sources: ['Fetch standard: CORS-preflight request', 'nginx: ngx_http_headers_module (always)'],
};
