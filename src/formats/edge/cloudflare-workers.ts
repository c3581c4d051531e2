import type { LineFormat } from '../format.ts';
import { isPretty, isPrintedOutcome, thrownIn, WorkersParser } from './workers-parser.ts';

/** Traces of Cloudflare Workers: Logpush `workers_trace_events` and the output of `wrangler tail`. */
export const cloudflareWorkers: LineFormat = {
  id: 'cloudflare-workers',
  title: 'Cloudflare Workers trace events (Logpush, wrangler tail)',
  hop: 'edge',
  shape: 'lines',
  foundAt: [
    'the bucket of a Logpush job (workers_trace_events, *.log.gz)',
    'wrangler tail --format json',
    'wrangler tail',
  ],
  limits: ['Only Workers that have logging switched on.', 'Invocations that ended well make no record.'],
  examples: () => [
    {
      input:
        '{"Event":{"RayID":"7e9ae7157ac0c33a","Request":{"URL":"http://worker.example.com/v2/_catalog?x=1","Method":"GET"},"Response":{"Status":500}},"EventTimestampMs":1689852946804,"EventType":"fetch","Exceptions":[{"Name":"TypeError","Message":"Cannot read property \'x\' of undefined"}],"Logs":[],"Outcome":"exception","ScriptName":"catalog"}',
      shows: 'a Worker that threw',
      records: [
        {
          kind: 'clue',
          signal: 'worker.exception',
          stamp: { kind: 'utc', ms: 1689852946804, offsetMinutes: 0 },
          ray: '7e9ae7157ac0c33a',
          host: 'worker.example.com',
          path: '/v2/_catalog',
          subject: 'catalog',
        },
      ],
    },
    {
      input: [
        '  "outcome": "exceededCpu",',
        '  "scriptName": "catalog",',
        '  "exceptions": [],',
        '  "eventTimestamp": 1634771404052,',
      ].join('\n'),
      shows: 'pasted output of wrangler tail without its outer braces',
      records: [
        {
          signal: 'worker.exceeded-cpu',
          stamp: { kind: 'utc', ms: 1634771404052, offsetMinutes: 0 },
          subject: 'catalog',
        },
      ],
    },
    {
      input: [
        'Connected to catalog, waiting for logs...',
        'GET https://api.example.com/v1/list?x=1 - Exception Thrown @ 6/28/2023, 2:20:01 PM',
        '  (log) reading the list',
        "\u2718 [ERROR]   TypeError: Cannot read properties of undefined (reading 'id')",
        '',
        'GET https://api.example.com/v1/slow - Exceeded CPU Limit @ 6/28/2023, 2:20:11 PM',
        '\u2718 [ERROR]   Error: Worker exceeded CPU time limit.',
      ].join('\n'),
      shows: 'wrangler tail, as it prints for people',
      records: [
        {
          signal: 'worker.exception',
          host: 'api.example.com',
          path: '/v1/list',
          values: { exception: 'TypeError', message: "Cannot read properties of undefined (reading 'id')" },
        },
        { signal: 'worker.exceeded-cpu', path: '/v1/slow' },
      ],
    },
    {
      input: 'Error: Too many subrequests by single Worker invocation.',
      shows: 'what the runtime threw, alone',
      records: [{ signal: 'worker.exceeded-requests', stamp: { kind: 'none' } }],
    },
    {
      input: [
        "    outcome: 'exception',",
        '    scriptName: null,',
        '    exceptions: [',
        '      {',
        "        name: 'Error',",
        "        message: 'The script will never generate a response.',",
        '        timestamp: 1603124585425,',
        '      },',
        '    ],',
        '    eventTimestamp: 1603124585425,',
      ].join('\n'),
      shows: 'an event as a console of Node prints it',
      records: [
        {
          signal: 'worker.exception',
          stamp: { kind: 'utc', ms: 1603124585425, offsetMinutes: 0 },
          values: { outcome: 'exception', exception: 'Error', message: 'The script will never generate a response.' },
        },
      ],
    },
    {
      input: '"Proxy error: TypeError: Memory limit would be exceeded before EOF."',
      shows: 'the same as a Worker itself logs it',
      records: [{ signal: 'worker.exceeded-memory' }],
    },
    {
      input: "Durable Object's isolate exceeded its memory limit and was reset.",
      shows: 'the same of a Durable Object',
      records: [{ signal: 'worker.exceeded-memory' }],
    },
    {
      input:
        '{"Event":{"RayID":"7e9ae7157ac0c33b","Request":{"URL":"http://worker.example.com/","Method":"GET"},"Response":{"Status":200}},"EventTimestampMs":1689852946904,"Outcome":"ok","ScriptName":"catalog"}',
      shows: 'an invocation that ended well',
      records: [],
    },
  ],
  score: (line) => {
    const text = line.text.length > 20_000 ? line.text.slice(0, 20_000) : line.text;
    if (isPretty(text)) return 0.95;
    if (thrownIn(text) !== null) return 0.8;
    if (isPrintedOutcome(text)) return 0.8;
    if (/^\s{0,20}"outcome":\s{0,4}"\w+",?\s{0,4}$/.test(text)) return 0.8;
    if (/^\s{0,20}"(?:scriptName|eventTimestamp|exceptions)":/.test(text)) return 0.5;
    return /^\s{0,20}\{/.test(text) &&
      /"outcome":/i.test(text) &&
      /"(?:scriptName|eventTimestamp\w*|exceptions)":/i.test(text)
      ? 0.93
      : 0;
  },
  open: (emit) => new WorkersParser(emit),
};
