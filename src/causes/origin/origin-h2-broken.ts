import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { idleConnections } from '../server-topics.ts';
import { failedRequests, MISSING_NGINX_ERROR } from '../texts.ts';
import { APPLY_RULES_STEP, MISSING_CLOUDFLARED_LOG } from '../tunnel-texts.ts';
import { forServer } from '../web-servers.ts';

export const originH2Broken: Cause = {
  id: 'origin-h2-broken',
  title: 'Partial or broken HTTP/2 at the origin',
  place: 'origin',
  hop: 'edge',
  broader: ['origin-empty-reply'],
  aliases: ['http2-mismatch', 'origin-h2-stream-error'],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    {
      signal: 'cloudflared.inner-h2-goaway',
      weight: 'decisive',
      why: 'the service ended the HTTP/2 connection under requests',
    },
    { signal: 'cloudflared.inner-h2-stream', weight: 'decisive', why: 'the service reset HTTP/2 streams' },
    { signal: 'edge.520', weight: 'medium', why: 'a broken HTTP/2 answer ends as 520' },
    {
      signal: 'edge.502-tried-origin',
      weight: 'medium',
      why: 'a cut HTTP/2 connection can end as a 502 of Cloudflare',
    },
    {
      signal: 'derived.answered-at-origin',
      weight: 'medium',
      why: 'the web server logged a good answer that was lost',
    },
    { signal: 'derived.intermittent', weight: 'weak', why: 'requests between the cuts succeed' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'weak', why: 'the web server is up' },
    { signal: 'derived.proxy-reloaded', weight: 'weak', why: 'a reload ends HTTP/2 connections' },
    { signal: 'derived.proxy-down', weight: 'strong', against: true, why: 'the web server was away' },
    { signal: 'nginx.worker-signal', weight: 'strong', against: true, why: 'a web server worker crashed' },
  ],
  summary: (facts) => {
    const tunnel = facts.signals.has('cloudflared.inner-h2-goaway') || facts.signals.has('cloudflared.inner-h2-stream');
    return tunnel
      ? `cloudflared speaks HTTP/2 with the service (http2Origin), and the service ended the connection or the stream under running requests: ${failedRequests(facts)} failed. Web servers end an HTTP/2 connection after a number of requests or an idle time; cloudflared cannot repeat a request that was already sent.`
      : `Cloudflare speaks HTTP/2 with the origin, and the origin’s HTTP/2 is broken or cut off: ${failedRequests(facts)} failed. Between two errors the same pages work.`;
  },
  missing: [MISSING_CLOUDFLARED_LOG, MISSING_NGINX_ERROR],
  fix: [
    {
      text: 'With a tunnel: use HTTP/1.1 to the service. Locally HTTP/2 wins nothing.',
      config: '# /etc/cloudflared/config.yml, in the rule\noriginRequest:\n  http2Origin: false',
      risk: 'gRPC services need HTTP/2: leave it on for those and raise the server’s limits instead.',
    },
    APPLY_RULES_STEP,
    {
      text: 'Without a tunnel: switch HTTP/2 to Origin off in the dashboard (Speed > Protocol Optimization) and see whether the errors stop.',
      risk: 'A little more connections to the origin. gRPC stops working.',
    },
    {
      text: 'Compare both protocols past Cloudflare.',
      command: (facts) => {
        const host = hostInCommand(facts);
        return `for v in --http1.1 --http2; do curl -sk $v -o /dev/null -w "$v %{http_code} %{http_version} %{errormsg}\\n" --resolve ${host}:443:127.0.0.1 https://${host}/; done`;
      },
      risk: 'None: it only reads.',
    },
    {
      text: 'If HTTP/2 must stay: update the web server and let a connection live through more requests.',
      config: forServer(idleConnections(905)),
      risk: 'Connections hold memory longer.',
    },
  ],
  avoid: ['Switching HTTP/2 off for visitors: that is another connection, between browser and Cloudflare.'],
  verify: ['No GOAWAY or stream error in cloudflared’s log, no 520 rows, over a day.'],
  prevent: ['Keep HTTP/2 to the origin for gRPC only, or where it was measured to help.'],
  difficulty: 'moderate',
  sources: [
    'Go golang.org/x/net/http2 (transport errors)',
    'cloudflared docs: origin configuration (http2Origin)',
    'Cloudflare docs: HTTP/2 to Origin',
  ],
};
