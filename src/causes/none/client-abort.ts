import type { Cause } from '../cause.ts';
import { MISSING_EDGE_LOG } from '../texts.ts';
import { failingPaths, ofWebServer, webServer } from '../web-servers.ts';

export const clientAbort: Cause = {
  id: 'client-abort',
  title: 'Visitors went away',
  place: 'none',
  hop: 'client',
  broader: [],
  aliases: ['client-gone'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.client-abort', weight: 'strong', why: '499 means that the visitor left first' },
    { signal: 'access.client-abort', weight: 'medium', why: 'for the web server its client hung up first' },
    { signal: 'nginx.client-abort', weight: 'medium', why: 'the web server notes that its client closed' },
    { signal: 'nginx.client-abort2', weight: 'medium', why: 'the web server notes that its client closed' },
    { signal: 'proxy.client-abort', weight: 'medium', why: 'the reverse proxy notes that its client left' },
    { signal: 'cloudflared.ended-abruptly', weight: 'medium', why: 'the stream was ended from the other side' },
    { signal: 'cloudflared.ctx-canceled', weight: 'medium', why: 'the stream was ended from the other side' },
    { signal: 'cloudflared.stream-canceled', weight: 'medium', why: 'the stream was ended from the other side' },
    { signal: 'cloudflared.h2-stream-closed', weight: 'medium', why: 'the stream was ended from the other side' },
    { signal: 'har.status-0', weight: 'medium', why: 'the browser broke off or was offline' },
    { signal: 'edge.524', weight: 'decisive', against: true, why: 'Cloudflare gave up, not the visitor' },
    { signal: 'access.edge-gave-up', weight: 'decisive', against: true, why: 'Cloudflare gave up, not the visitor' },
    {
      signal: 'derived.edge-time-limit',
      weight: 'decisive',
      against: true,
      why: 'they all end at Cloudflare’s own limit',
    },
    { signal: 'edge.origin-answered-5xx', weight: 'strong', against: true, why: 'the origin answered errors' },
    {
      signal: 'nginx.timeout-header',
      weight: 'medium',
      against: true,
      why: 'the application was too slow in the same time',
    },
    { signal: 'derived.pool-exhausted', weight: 'medium', against: true, why: 'people leave because pages hang' },
    { signal: 'derived.tunnel-down', weight: 'strong', against: true, why: 'the tunnel was not connected' },
  ],
  summary:
    'These requests ended because the visitor (or the browser) broke them off: a closed tab, a page left, a lost mobile network, a download that was stopped. That is everyday noise (499, “context canceled”), not a fault. A sudden wave of it can mean that pages hang: look at the durations.',
  missing: [
    {
      what: 'durations of the requests that were broken off',
      why: 'short ones are everyday; long ones mean that people gave up waiting',
      command: (facts) =>
        webServer(facts) === 'nginx'
          ? "sudo awk '$9 == 499 {print $0}' /var/log/nginx/access.log | tail -50   # with $request_time in the log_format"
          : ofWebServer('fetchAccess')(facts),
      unless: { signals: ['access.client-abort', 'edge.client-abort'] },
    },
    {
      ...MISSING_EDGE_LOG,
      why: 'cloudflared and the web server see only that the request was ended: 499 there is the visitor, 524 is Cloudflare, which had waited long enough',
    },
  ],
  fix: [
    {
      text: 'Look at how long they had waited. Some seconds and more: treat it as a slow application. Near 100 or 120 s: Cloudflare gave up (524).',
      command: failingPaths(499),
      risk: 'None: it only reads.',
    },
    {
      text: 'Leave 499 out of alarms on 5xx; watch its share apart.',
      risk: 'A slow application shows in 499 as well: a rise needs an alarm of its own.',
    },
  ],
  avoid: [
    'Letting the application finish for clients that are gone (nginx: proxy_ignore_client_abort on): it works for nobody, and the load rises.',
    'Blaming the tunnel for “context canceled”: it only reports that the stream was ended.',
  ],
  verify: ['The share of 499 is at its usual level, and 5xx as well.'],
  prevent: ['Watch the share of 499 together with the response times.'],
  difficulty: 'easy',
  sources: [
    'nginx ngx_http_upstream.c (499)',
    'Cloudflare docs: error 499',
    'cloudflared issues 908, 909 (context canceled)',
  ],
};
