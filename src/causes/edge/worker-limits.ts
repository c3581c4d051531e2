import type { Cause } from '../cause.ts';
import { workerInCommand } from '../commands.ts';
import { failedRequests, onPath } from '../texts.ts';

export const workerLimits: Cause = {
  id: 'worker-limits',
  title: 'A Cloudflare Worker exceeded its limits',
  place: 'edge',
  hop: 'edge',
  broader: [],
  aliases: ['worker-exceeded-resources', 'worker-plan-limit', 'worker-loop'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'worker.exceeded-cpu', weight: 'decisive', why: 'the trace says that it used too much CPU time' },
    { signal: 'worker.exceeded-memory', weight: 'decisive', why: 'the trace says that it used too much memory' },
    { signal: 'worker.exceeded-requests', weight: 'decisive', why: 'it made more requests of its own than it may' },
    { signal: 'har.worker-limits', weight: 'decisive', why: 'the page says 1102' },
    { signal: 'edge.worker-limit', weight: 'decisive', why: 'the row says that a limit was exceeded' },
    { signal: 'edge.worker-5xx', weight: 'medium', why: 'a Worker ran and no origin answered' },
    { signal: 'derived.worker-children-fine', weight: 'weak', why: 'what the Worker fetched was fine' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'daily limits of a plan are met in a rush' },
    {
      signal: 'derived.worker-child-failed',
      weight: 'medium',
      against: true,
      why: 'what the Worker fetched had failed',
    },
    { signal: 'worker.exception', weight: 'strong', against: true, why: 'it threw before any limit' },
    { signal: 'har.worker-exception', weight: 'strong', against: true, why: 'the page says 1101, an exception' },
  ],
  summary: (facts) => {
    const has = facts.signals.has.bind(facts.signals);
    const which = has('worker.exceeded-cpu')
      ? 'more CPU time'
      : has('worker.exceeded-memory')
        ? 'more memory'
        : has('worker.exceeded-requests')
          ? 'more requests of its own in one invocation'
          : 'more CPU time or memory';
    return `A Worker of this zone used ${which} than it may, and Cloudflare stopped it (1102, 503; 1101 where it does not catch the error): ${failedRequests(facts)}${onPath(facts)} failed. The limit is the Worker’s, not the origin’s. Waiting for a fetch does not count as CPU time.`;
  },
  missing: [
    {
      what: 'the Worker’s trace events (Logpush workers_trace_events, or wrangler tail)',
      why: 'they tell exceededCpu, exceededMemory and exceptions apart, and name the line',
      command: (facts) => `npx wrangler tail ${workerInCommand(facts)} --status error --format json`,
      unless: {
        signals: ['worker.exception', 'worker.exceeded-cpu', 'worker.exceeded-memory', 'worker.exceeded-requests'],
      },
    },
  ],
  fix: [
    {
      text: 'See which requests it is, and how much CPU time they take.',
      command: (facts) =>
        `npx wrangler tail ${workerInCommand(facts)} --format json | jq "{outcome, cpuTime, wallTime, url: .event.request.url}"`,
      risk: 'It shows requests of visitors.',
    },
    {
      text: 'Do less per request: stream bodies instead of reading them whole, do not parse large JSON or HTML, keep results in the cache.',
      config: 'return new Response(upstream.body, upstream);   // stream, do not await upstream.text()',
      risk: 'Needs a test and a deployment.',
    },
    {
      text: 'On a paid plan: raise the limit of CPU time for this Worker.',
      config: '# wrangler.toml\n[limits]\ncpu_ms = 100000',
      risk: 'CPU time is billed.',
    },
    {
      text: 'If it made too many requests of its own (fetch, KV, D1, Durable Objects; each redirect counts): ask for many things at once, or spread them over several invocations with a queue.',
      config: '# wrangler.toml, paid plan\n[limits]\nsubrequests = 10000',
      risk: 'Needs a test and a deployment; more requests are billed.',
    },
    {
      text: 'If the free plan’s daily number is used up (1027): let the route fail open, or upgrade.',
      risk: 'Fail open sends the requests to the origin without the Worker.',
    },
    {
      text: 'If it calls itself: a fetch to its own host runs the Worker again. Use a service binding or the origin’s own name.',
      risk: 'Needs a test and a deployment.',
    },
  ],
  avoid: [
    'Searching the origin: it was not slow, and often not asked.',
    'Retrying in the client at once: every try burns the same CPU time.',
  ],
  verify: [
    'wrangler tail shows outcome “ok” only; the CPU time at the 99th percentile stays below the limit (Workers metrics).',
  ],
  prevent: ['Alarm on CPU time at the 99th percentile.', 'Load test the largest pages before a deployment.'],
  difficulty: 'moderate',
  sources: ['Cloudflare docs: Workers limits; errors and exceptions (1102, 1027, 1019)'],
};
