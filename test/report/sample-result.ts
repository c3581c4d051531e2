import { confidenceWord } from '../../src/result/confidence.ts';
import type { Burst, Evidence, Result, Source } from '../../src/result/schema.ts';
import type { Hop } from '../../src/vocabulary/hops.ts';

/** Hand-made results for the tests of the outputs: invented, but of the shape and size of real ones. */

const DAY = '2026-03-04T';
const at = (clock: string): string => `${DAY}${clock.length === 8 ? `${clock}.000` : clock}Z`;

function source(path: string, format: string, hop: Hop, lines: number, more: Partial<Source> = {}): Source {
  return {
    path,
    format,
    hop,
    server: 'web01',
    bytes: lines * 180,
    sha256: path.length.toString(16).padStart(64, 'a1b2c3d4'),
    lines,
    records: lines,
    notUnderstood: { count: 0, samples: [] },
    first: at('13:30:00'),
    last: at('15:30:00'),
    coverage: [[at('13:30:00'), at('15:30:00')]],
    level: null,
    sampleRate: null,
    lostBytes: 0,
    clock: {
      zone: 'Europe/Berlin',
      zoneOffsetMinutes: 60,
      skewSeconds: 1.4,
      year: null,
      method: 'request',
      uncertaintySeconds: 0.2,
      alternatives: [],
    },
    ...more,
  };
}

const SOURCES: readonly Source[] = [
  source('cloudflare/http-requests.ndjson.gz', 'cloudflare-http', 'edge', 155_202, {
    server: null,
    clock: {
      zone: 'UTC',
      zoneOffsetMinutes: 0,
      skewSeconds: 0,
      year: null,
      method: 'explicit',
      uncertaintySeconds: 0,
      alternatives: [],
    },
  }),
  source('web01/cloudflared.log', 'cloudflared', 'tunnel', 1904, {
    notUnderstood: { count: 12, samples: [{ line: 77, text: 'goroutine 1 [running]:' }] },
  }),
  source('web01/nginx/error.log', 'nginx-error', 'proxy', 21_844, { level: 'error' }),
  source('web01/nginx/access.log', 'nginx-access', 'proxy', 28_410),
  source('web01/php8.2-fpm.log', 'php-fpm', 'app', 5120, {
    level: 'notice',
    coverage: [
      [at('13:30:00'), at('14:20:00')],
      [at('14:40:00'), at('15:30:00')],
    ],
    clock: {
      zone: '+01:00',
      zoneOffsetMinutes: 60,
      skewSeconds: 0,
      year: { value: 2026, method: 'sibling' },
      method: 'assumed',
      uncertaintySeconds: 60,
      alternatives: [],
    },
  }),
];

const NONE = { values: [], other: { failed: 0, total: null }, estimated: false };

/** A prior that makes the card add up, as the diagnosis does it. */
function priorFor(confidence: number, evidence: readonly Evidence[]): number {
  const sum = evidence.reduce((total, { weight }) => total + weight, 0);
  return 10 * Math.log10(confidence / (1 - confidence)) - sum;
}

const B1_EVIDENCE: readonly Evidence[] = [
  {
    id: 'B1-e1',
    signal: 'fpm.max-children',
    direction: 'for',
    weight: 28,
    text: 'PHP-FPM wrote that the pool has reached pm.max_children: no worker was free.',
    count: 31,
    first: at('13:51:58'),
    last: at('14:05:40'),
    lines: [
      {
        source: 4,
        line: 4411,
        text: '[04-Mar-2026 14:51:58] WARNING: [pool www] server reached pm.max_children setting (40), consider raising it',
      },
    ],
  },
  {
    id: 'B1-e2',
    signal: 'nginx.connect-unix-eagain',
    direction: 'for',
    weight: 9,
    text: 'nginx could not queue more connections on the pool’s socket.',
    count: 1284,
    first: at('13:52:04.180'),
    last: at('14:06:47'),
    lines: [
      {
        source: 2,
        line: 20_931,
        text: '2026/03/04 14:52:04 [error] 1187#1187: *88123 connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: visitor-3, server: shop.example.com, request: "GET /checkout?step=… HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.example.com"',
      },
      {
        source: 2,
        line: 20_932,
        text: '2026/03/04 14:52:04 [error] 1187#1187: *88124 connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable)',
      },
      {
        source: 2,
        line: 20_940,
        text: '2026/03/04 14:52:05 [error] 1188#1188: *88140 connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable)',
      },
    ],
  },
  {
    id: 'B1-e3',
    signal: 'derived.static-ok',
    direction: 'for',
    weight: 2.25,
    text: 'Files that the web server serves itself are fine while dynamic pages fail.',
    count: 1,
    first: null,
    last: null,
    lines: [],
  },
  {
    id: 'B1-e4',
    signal: 'nginx.upstream-timed-out',
    direction: 'against',
    weight: -4,
    text: 'Some requests timed out while reading the answer: those had a worker.',
    count: 163,
    first: at('13:52:40'),
    last: at('14:06:10'),
    lines: [
      {
        source: 2,
        line: 20_990,
        text: '2026/03/04 14:52:40 [error] 1187#1187: *88190 upstream timed out (110: Connection timed out) while reading response header from upstream',
      },
    ],
  },
];

const B1: Burst = {
  id: 'B1',
  kind: 'gateway',
  group: { madeBy: 'origin', host: 'shop.example.com' },
  start: at('13:52:04.120'),
  end: at('14:06:47.900'),
  firstRequest: at('13:52:03.900'),
  cutStart: false,
  cutEnd: false,
  peakPerMinute: 188,
  requests: { failed: 1502, total: 2614, estimated: false, lowerBound: false },
  countedAt: { hop: 'edge', sources: [0] },
  statuses: { '502': 1366, '504': 136 },
  verdict: {
    place: 'origin',
    placeConfidence: 0.98,
    cause: 'php-fpm-max-children',
    confidence: 0.94,
    word: confidenceWord(0.94),
    title: 'The PHP-FPM pool ran out of workers',
    summary:
      'The pool www reached pm.max_children = 40 at 13:51:58; six seconds later nginx began to answer 502 because the pool’s queue was full.',
    hop: 'app',
  },
  chain: [
    {
      cause: 'http-dependency',
      title: 'A third-party API does not answer',
      place: 'origin',
      since: at('13:50:20'),
      evidence: ['B1-e4'],
    },
    {
      cause: 'php-fpm-max-children',
      title: 'The PHP-FPM pool ran out of workers',
      place: 'origin',
      since: at('13:51:58'),
      evidence: ['B1-e1', 'B1-e2'],
    },
  ],
  beside: [
    {
      cause: 'php-memory-limit',
      title: 'A PHP script reached memory_limit',
      place: 'origin',
      count: 23,
      lines: [{ source: 2, line: 4402, text: 'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted' }],
    },
  ],
  trigger: {
    kind: 'deploy',
    time: at('13:50:02'),
    text: 'The newsletter import was started',
    source: 4,
    line: 4380,
  },
  alternatives: [
    {
      place: 'origin',
      cause: 'app-timeout',
      title: 'The application answers too slowly',
      probability: 0.03,
      why: 'Slow requests are there, but fewer than refused ones.',
    },
    {
      place: 'tunnel',
      cause: 'tunnel-service-refused',
      title: 'The tunnel’s service refused the connection',
      probability: 0.01,
      why: 'cloudflared wrote nothing of the kind.',
    },
  ],
  prior: priorFor(0.94, B1_EVIDENCE),
  evidence: [...B1_EVIDENCE],
  setAside: [
    {
      signal: 'cloudflared.context-canceled',
      count: 54,
      why: 'Visitors who gave up; it follows from the fault and is none itself.',
    },
  ],
  missing: [
    {
      what: 'The slow log of the pool',
      why: 'it names the script that held the workers',
      command: 'sudo tail -n 400 /var/log/php8.2-fpm.slow.log',
      until: null,
      decides: ['http-dependency', 'php-slow-script'],
    },
  ],
  scope: {
    hosts: {
      values: [{ value: 'shop.example.com', failed: 1502, total: 2614 }],
      other: { failed: 0, total: 0 },
      estimated: false,
    },
    servers: NONE,
    paths: {
      values: [
        { value: '/checkout', failed: 640, total: 700 },
        { value: '/api/cart', failed: 402, total: 520 },
        { value: '/', failed: 121, total: 640 },
        { value: '/search', failed: 98, total: 160 },
      ],
      other: { failed: 241, total: 594 },
      estimated: false,
    },
    methods: {
      values: [
        { value: 'POST', failed: 803, total: 1100 },
        { value: 'GET', failed: 699, total: 1514 },
      ],
      other: { failed: 0, total: 0 },
      estimated: false,
    },
    colos: {
      values: [
        { value: 'FRA', failed: 812, total: 1400 },
        { value: 'AMS', failed: 301, total: 560 },
        { value: 'WAW', failed: 96, total: 180 },
        { value: 'CDG', failed: 61, total: 110 },
        { value: 'VIE', failed: 40, total: 70 },
        { value: 'PRG', failed: 31, total: 60 },
        { value: 'ZRH', failed: 30, total: 50 },
      ],
      other: { failed: 131, total: 184 },
      estimated: true,
    },
    upstreams: {
      values: [{ value: 'unix:/run/php/php8.2-fpm.sock', failed: 1502, total: null }],
      other: { failed: 0, total: null },
      estimated: false,
    },
    clients: {
      values: [
        { value: 'visitor-3', failed: 12, total: 19 },
        { value: 'visitor-8', failed: 9, total: 9 },
      ],
      other: { failed: 1481, total: 2586 },
      estimated: true,
    },
  },
  pattern: 'all-colos',
  sentence: 'Dynamic pages of shop.example.com fail in all colos; files and cached pages are fine',
  impact: {
    share: 0.72,
    hosts: 1,
    paths: 4,
    visitors: 312,
    neverReachedOrigin: 0,
    uncertaintySeconds: 1,
  },
  durations: [
    {
      hop: 'edge',
      bucketsMs: [100, 1000, 10_000, 60_000],
      failed: [1290, 40, 36, 136, 0],
      total: [1900, 400, 178, 136, 0],
      fingerprint: { atMs: 60_000, timer: 'nginx fastcgi_read_timeout' },
    },
  ],
  firstByHop: [
    { hop: 'app', time: at('13:51:58.000'), signal: 'fpm.max-children', source: 4, line: 4411 },
    { hop: 'proxy', time: at('13:52:04.100'), signal: 'nginx.connect-unix-eagain', source: 2, line: 20_931 },
    { hop: 'edge', time: at('13:52:04.120'), signal: 'edge.origin-answered-5xx', source: 0, line: 118_207 },
  ],
  context: [{ template: 'newsletter: sending batch <n>', change: 'new', count: 140, before: 0, source: 4, line: 4381 }],
  fix: {
    steps: [
      {
        text: 'Raise pm.max_children from 40 to 72, which the memory of the host allows, and reload PHP-FPM.',
        command: 'sudo php-fpm8.2 -t && sudo systemctl reload php8.2-fpm',
        config: '; /etc/php/8.2/fpm/pool.d/www.conf\npm.max_children = 72\nlisten.backlog = 1024',
        computedFrom: '40 workers × 78 MB measured = 3.1 GB of 8 GB',
        risk: 'Too many workers for the memory make the kernel kill one.',
      },
      { text: 'Move the newsletter import to a pool of its own.', risk: 'None to the shop.' },
    ],
    avoid: ['Do not raise fastcgi_read_timeout: requests would wait longer for the same 40 workers.'],
    verify: ['No new max_children line in the PHP-FPM log at the next import.'],
    prevent: ['Watch the pool’s listen queue on the status page.'],
    difficulty: 'easy',
  },
  handoff: {
    hosting: {
      text: 'The PHP-FPM pool www reached pm.max_children = 40 at 13:51:58 UTC.\nPlease raise it to 72.',
      missing: ['Memory of the host at that time'],
    },
    cloudflare: { text: '', missing: [] },
    application: { text: 'The newsletter import holds workers of the web pool.', missing: [] },
  },
};

const B2_EVIDENCE: readonly Evidence[] = [
  {
    id: 'B2-e1',
    signal: 'cloudflared.connection-lost',
    direction: 'for',
    weight: 16,
    text: 'cloudflared lost its connections to the edge.',
    count: 4,
    first: at('14:38:01'),
    last: at('14:38:03'),
    lines: [
      {
        source: 1,
        line: 882,
        text: '2026-03-04T14:38:01Z ERR Connection terminated error="timeout: no recent network activity" connIndex=0',
      },
    ],
  },
];

const B2: Burst = {
  ...B1,
  id: 'B2',
  group: { madeBy: 'edge' },
  start: at('14:38:02'),
  end: at('14:43:10'),
  firstRequest: at('14:38:02'),
  cutEnd: true,
  peakPerMinute: 212,
  requests: { failed: 899, total: null, estimated: true, lowerBound: false },
  statuses: { '530': 899 },
  verdict: {
    place: 'tunnel',
    placeConfidence: 0.9,
    cause: 'tunnel-disconnected',
    confidence: 0.81,
    word: confidenceWord(0.81),
    title: 'All connections of the tunnel were lost',
    summary: 'cloudflared lost its four connections within two seconds and was back after five minutes.',
    hop: 'tunnel',
  },
  chain: [],
  trigger: null,
  alternatives: [
    {
      place: 'network',
      cause: 'network-loss',
      title: 'The network of the host failed',
      probability: 0.12,
      why: 'No line of the host shows it.',
    },
  ],
  prior: priorFor(0.81, B2_EVIDENCE),
  evidence: [...B2_EVIDENCE],
  setAside: [],
  sentence: 'All hosts behind the tunnel fail with error 1033',
  durations: [],
  firstByHop: [
    { hop: 'tunnel', time: at('14:38:01.000'), signal: 'cloudflared.connection-lost', source: 1, line: 882 },
  ],
  context: [],
  fix: {
    steps: [
      {
        text: 'Let cloudflared restart on its own and look why UDP port 7844 was cut.',
        command: 'journalctl -u cloudflared --since "2026-03-04 14:30"',
        risk: 'None.',
      },
    ],
    avoid: ['Do not create the tunnel anew: it is healthy.'],
    verify: [],
    prevent: [],
    difficulty: 'moderate',
  },
};

const LENGTH = 7200 / 10;
/** Traffic and failures that look alive and are the same on every run. */
const wave = (index: number): number => Math.round(34 + 9 * Math.sin(index / 40) + ((index * 7919) % 11));
const failing = (index: number): number => {
  const second = index * 10;
  if (second >= 1324 && second <= 2207)
    return Math.round(26 * Math.sin(((second - 1324) / 883) * Math.PI) + ((index * 31) % 5));
  if (second >= 4082 && second <= 4390) return 27 + ((index * 13) % 6);
  return index % 97 === 0 ? 1 : 0;
};
const indexes = Array.from({ length: LENGTH }, (_, index) => index);

/** Two bursts with all that a result can hold. */
export const SAMPLE: Result = {
  schemaVersion: 1,
  tool: { name: 'whose502', version: '0.1.0', ruleset: '1' },
  options: { paths: ['incident'], redact: true, tz: null },
  window: { start: at('13:30:00'), end: at('15:30:00') },
  verdict: {
    ...B1.verdict,
    burst: 'B1',
    alsoSeen: [
      { place: 'tunnel', cause: 'tunnel-disconnected', title: 'All connections of the tunnel were lost', burst: 'B2' },
    ],
  },
  bursts: [B1, B2],
  timeline: {
    stepSeconds: 10,
    start: at('13:30:00'),
    series: [
      { hop: 'edge', name: 'failed', values: indexes.map(failing) },
      { hop: 'edge', name: 'total', values: indexes.map((index) => wave(index) + failing(index)) },
      {
        hop: 'proxy',
        name: 'nginx.connect-unix-eagain',
        values: indexes.map((index) => (index >= 133 && index <= 220 ? failing(index) : 0)),
      },
      {
        hop: 'app',
        name: 'fpm.max-children',
        values: indexes.map((index) => (index >= 131 && index <= 215 && index % 3 === 0 ? 1 : 0)),
      },
      { hop: 'tunnel', name: 'cloudflared.connection-lost', values: indexes.map((index) => (index === 408 ? 4 : 0)) },
    ],
  },
  zooms: [
    {
      burst: 'B1',
      stepSeconds: 1,
      start: at('13:51:30'),
      series: [
        {
          hop: 'edge',
          name: 'failed',
          values: Array.from({ length: 960 }, (_, index) => (index > 34 && index < 918 ? (index * 17) % 5 : 0)),
        },
        { hop: 'edge', name: 'total', values: Array.from({ length: 960 }, (_, index) => 4 + ((index * 17) % 5)) },
      ],
    },
  ],
  events: [
    { time: at('13:50:02'), hop: 'app', kind: 'deploy', text: 'newsletter: import started', source: 4, line: 4380 },
    {
      time: at('14:37:58'),
      hop: 'tunnel',
      kind: 'disconnect',
      text: 'cloudflared: connection 0 lost',
      source: 1,
      line: 880,
    },
    {
      time: at('14:43:12'),
      hop: 'tunnel',
      kind: 'connect',
      text: 'cloudflared: connection 0 registered',
      source: 1,
      line: 901,
    },
  ],
  requests: [
    {
      ray: '8f2a4c6e1b3d5f70',
      method: 'GET',
      path: '/checkout',
      burst: 'B1',
      joinedBy: 'ray',
      steps: [
        {
          hop: 'proxy',
          at: at('13:52:04.100'),
          status: 502,
          text: 'connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable)',
          source: 2,
          line: 20_931,
        },
        {
          hop: 'edge',
          startedAt: at('13:52:04.020'),
          at: at('13:52:04.120'),
          status: 502,
          text: 'edge 502, origin answered 502 in 61 ms',
          source: 0,
          line: 118_207,
        },
      ],
    },
    {
      method: 'POST',
      path: '/api/cart',
      burst: null,
      joinedBy: 'time',
      steps: [{ hop: 'client', at: at('13:52:09.000'), status: 0, text: 'net::ERR_FAILED', source: 0, line: 2 }],
    },
  ],
  sources: [...SOURCES],
  skipped: [{ path: 'screenshot.png', reason: 'a picture, no log' }],
  redaction: { enabled: true, masked: { visitor: 118, query: 2044, email: 1 } },
  caps: [{ what: 'Paths kept by name', limit: 1000, seen: 1820 }],
  warnings: ['web01/php8.2-fpm.log has no lines between 14:20 and 14:40.'],
};

/** A log that would show gateway errors, and none stand out. */
export const QUIET: Result = {
  ...SAMPLE,
  verdict: {
    place: 'none',
    placeConfidence: 0.93,
    cause: 'noise',
    confidence: 0.93,
    word: 'high',
    title: 'No gateway errors stand out in these logs',
    summary: 'The edge log covers the whole time; 12 of 155,202 requests failed, spread evenly.',
    burst: null,
    alsoSeen: [],
  },
  bursts: [],
  zooms: [],
  requests: [],
  events: [],
  caps: [],
  warnings: [],
  skipped: [],
};

const UNDECIDED_BURST: Burst = {
  ...B1,
  verdict: {
    place: 'origin',
    placeConfidence: 0.91,
    cause: 'unknown',
    confidence: 0.31,
    word: 'undecided',
    title: 'The cause is not known',
    summary: 'The origin answered with 502 itself; why it did is not in these logs.',
  },
  prior: priorFor(0.31, []),
  evidence: [],
  chain: [],
  trigger: null,
  requests: { failed: 14, total: null, estimated: false, lowerBound: true },
  fix: { steps: [], avoid: [], verify: [], prevent: [], difficulty: 'hard' },
};

/** The place is known, the cause is not. */
export const UNDECIDED: Result = {
  ...SAMPLE,
  verdict: { ...UNDECIDED_BURST.verdict, burst: 'B1', alsoSeen: [] },
  bursts: [UNDECIDED_BURST],
};

/** Nothing at hand could have shown anything. */
export const UNKNOWN: Result = {
  ...QUIET,
  verdict: {
    place: 'unknown',
    placeConfidence: 0,
    cause: 'unknown',
    confidence: 0,
    word: 'undecided',
    title: '',
    summary: '',
    burst: null,
    alsoSeen: [],
  },
  window: { start: null, end: null },
  timeline: { stepSeconds: 60, start: null, series: [] },
  sources: [],
  options: {},
  redaction: { enabled: false, masked: {} },
};

/** The fault lies on the way between edge and origin. */
export const NETWORK: Result = {
  ...SAMPLE,
  verdict: {
    ...B2.verdict,
    hop: undefined,
    place: 'network',
    title: 'Packets between Cloudflare and the origin are lost',
    burst: 'B2',
    alsoSeen: [],
  },
  bursts: [
    {
      ...B2,
      verdict: {
        ...B2.verdict,
        hop: undefined,
        place: 'network',
        title: 'Packets between Cloudflare and the origin are lost',
      },
    },
  ],
};

/** Many bursts, more than one screen holds. */
export const MANY: Result = {
  ...SAMPLE,
  bursts: Array.from({ length: 40 }, (_, index) => ({ ...(index % 2 === 0 ? B1 : B2), id: `B${index + 1}` })),
};

export const SAMPLES: readonly (readonly [string, Result])[] = [
  ['two bursts', SAMPLE],
  ['quiet', QUIET],
  ['undecided', UNDECIDED],
  ['unknown', UNKNOWN],
  ['network', NETWORK],
  ['many bursts', MANY],
];
