import type { Cause } from '../cause.ts';
import { workerInCommand } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { failedRequests, onPath } from '../texts.ts';

export const workerException: Cause = {
  id: 'worker-exception',
  title: 'A Cloudflare Worker threw',
  place: 'edge',
  hop: 'edge',
  broader: [],
  aliases: [
    'worker-throws',
    'worker-returned-502',
    'worker-throws-on-options',
    'worker-self-fetch',
    'worker-same-zone-fetch',
    'worker-bad-method',
  ],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'worker.exception', weight: 'decisive', why: 'the Worker’s own trace shows the exception' },
    { signal: 'har.worker-exception', weight: 'decisive', why: 'the page says 1101' },
    { signal: 'edge.worker-5xx', weight: 'strong', why: 'a Worker ran and no origin answered' },
    {
      signal: 'edge.worker-changed-status',
      weight: 'strong',
      why: 'the origin answered well and the Worker turned it into an error',
    },
    { signal: 'derived.worker-children-fine', weight: 'strong', why: 'what the Worker fetched was fine' },
    { signal: 'har.server-timing-worker', weight: 'weak', why: 'a Worker handled the request' },
    { signal: 'derived.only-options', weight: 'weak', why: 'Workers often forget OPTIONS' },
    { signal: 'derived.one-path', weight: 'weak', why: 'a Worker runs on its routes only' },
    {
      signal: 'derived.worker-child-failed',
      weight: 'strong',
      against: true,
      why: 'what the Worker fetched had failed',
    },
    { signal: 'edge.worker-limit', weight: 'strong', against: true, why: 'it was stopped by a limit' },
    { signal: 'worker.exceeded-cpu', weight: 'strong', against: true, why: 'it was stopped by a limit' },
    { signal: 'worker.exceeded-memory', weight: 'strong', against: true, why: 'it was stopped by a limit' },
    { signal: 'worker.exceeded-requests', weight: 'strong', against: true, why: 'it was stopped by a limit' },
    { signal: 'har.worker-limits', weight: 'strong', against: true, why: 'it was stopped by a limit' },
    {
      signal: 'edge.origin-answered-5xx',
      weight: 'strong',
      against: true,
      why: 'the origin answered the error itself',
    },
  ],
  summary: (facts) => {
    const text = wordOf(facts, ['worker.exception'], 'message');
    const thrown = text === null ? '' : ` It threw: ${text.slice(0, 200)}.`;
    return `A Worker of this zone ended requests${onPath(facts)} with an exception or made the error itself (1101): ${failedRequests(facts)} failed.${thrown} The error is made in the Worker, not at the origin.`;
  },
  missing: [
    {
      what: 'the Worker’s trace events (Logpush workers_trace_events, or wrangler tail)',
      why: 'they tell exceptions, exceededCpu and exceededMemory apart, and name the line',
      command: (facts) => `npx wrangler tail ${workerInCommand(facts)} --status error --format json`,
      unless: { signals: ['worker.exception', 'worker.exceeded-cpu', 'worker.exceeded-memory'] },
    },
    {
      what: 'the rows of the Worker’s own requests (WorkerSubrequest, ParentRayID) in the HTTP log',
      why: 'they tell a Worker that throws from one whose origin fails',
      command: null,
      unless: { signals: ['derived.worker-children-fine', 'derived.worker-child-failed'] },
    },
  ],
  fix: [
    {
      text: 'See the exception live.',
      command: (facts) => `npx wrangler tail ${workerInCommand(facts)} --status error`,
      risk: 'It shows requests of visitors.',
    },
    {
      text: 'If it began with a deployment: go back to the version before.',
      command: 'npx wrangler deployments list; npx wrangler rollback',
      risk: 'Bindings and data (KV, D1, Durable Objects) are not rolled back with it.',
    },
    {
      text: 'Let the site work without the Worker while it is mended: fall through to the origin at an exception.',
      config:
        'addEventListener("fetch", (event) => { event.passThroughOnException(); /* … */ });\n// module syntax: ctx.passThroughOnException()',
      risk: 'What the Worker guards (login, rewriting) is then skipped. Bodies already read cannot be passed on.',
    },
    {
      text: 'Mend the usual suspects: a method without a branch (OPTIONS, HEAD), JSON.parse of an empty body, a missing binding or secret, fetch to its own host.',
      config:
        'const answer = await fetch(request);\nif (!answer.ok) return answer;   // pass the origin’s error on as it is',
      risk: 'Needs a test and a deployment.',
    },
  ],
  avoid: [
    'Restarting or searching the origin: the error is made in the Worker.',
    'A catch that turns every exception into 502: it then looks like an origin’s fault. Answer 500 with a text of your own.',
    'Deleting the route in a hurry: what the Worker guards is then open.',
  ],
  verify: ['wrangler tail shows outcome “ok” only, and 1101 pages stop.'],
  prevent: ['Gradual deployments, with an alarm on the Worker’s error rate.', 'Push workers_trace_events to a log.'],
  difficulty: 'moderate',
  sources: [
    'Cloudflare docs: Workers errors and exceptions (1101)',
    'Cloudflare docs: Workers trace events; wrangler commands',
  ],
};
