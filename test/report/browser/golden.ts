import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AnalyzeOptions, analyze } from '../../../src/index.ts';
import type { Burst, Result } from '../../../src/result/schema.ts';
import { MANY, NETWORK, SAMPLE, UNDECIDED, UNKNOWN } from '../sample-result.ts';

/** Results of every kind that a report has to tell well: of real logs where the repository has them, else made by hand. */

const FIXTURES = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const incident = (name: string, more: AnalyzeOptions = {}): Promise<Result> =>
  analyze([join(FIXTURES, 'incidents', name, 'logs')], more);
const pasted = (name: string): Promise<Result> => analyze([join(FIXTURES, 'cases', name)]);

/** A browser's capture of two minutes: a request each second, of which those in the middle failed with 530. */
async function capture(): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'whose502-'));
  const path = join(folder, 'page.har');
  const entries = Array.from({ length: 120 }, (_, second) => {
    const failed = second >= 40 && second < 80;
    return {
      startedDateTime: new Date(Date.UTC(2025, 9, 2, 8, 8, second)).toISOString(),
      time: failed ? 22 : 80 + (second % 7),
      request: { method: 'GET', url: `https://blog.example.com/page-${second % 5}`, headers: [] },
      response: {
        status: failed ? 530 : 200,
        headers: [
          { name: 'server', value: 'cloudflare' },
          { name: 'cf-ray', value: `${(0x8c0de00000000000n + BigInt(second)).toString(16)}-CDG` },
        ],
        content: { mimeType: 'text/html', text: failed ? 'error code: 1033' : '' },
      },
    };
  });
  await writeFile(path, JSON.stringify({ log: { version: '1.2', entries } }));
  try {
    return await analyze([path]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An incident of seconds within a day of export objects: five minutes to a column, thousands of files. */
function withinADay(result: Result): Result {
  const [burst] = result.bursts;
  const [object] = result.sources.filter(({ hop }) => hop === 'edge');
  if (!burst || !object) throw new Error('the incident has a burst and an edge log');
  const STEPS = 288;
  const startMs = Math.floor(Date.parse(burst.start) / 86_400_000) * 86_400_000;
  const at = Math.floor((Date.parse(burst.start) - startMs) / 300_000);
  const day = (index: number): number => Math.round(900 - 700 * Math.cos((index / STEPS) * 2 * Math.PI));
  const series = [
    { hop: 'edge', name: 'total', values: Array.from({ length: STEPS }, (_, i) => day(i)) },
    {
      hop: 'edge',
      name: 'failed',
      values: Array.from({ length: STEPS }, (_, i) => (i === at ? burst.requests.failed : i % 37 === 0 ? 1 : 0)),
    },
    { hop: 'proxy', name: 'error lines', values: Array.from({ length: STEPS }, (_, i) => (i === at ? 270 : i % 3)) },
  ] as const;
  const objects = Array.from({ length: 2880 }, (_, i) => ({
    ...object,
    path: `http_requests/20250415/part-${String(i).padStart(5, '0')}.log.gz`,
  }));
  return {
    ...result,
    window: { start: new Date(startMs).toISOString(), end: new Date(startMs + 86_399_000).toISOString() },
    timeline: {
      stepSeconds: 300,
      start: new Date(startMs).toISOString(),
      series: series.map((one) => ({ ...one, values: [...one.values] })),
    },
    sources: [...result.sources, ...objects],
  };
}

/** Two hundred bursts over a week, as many as a result holds. */
export function twoHundredBursts(): Result {
  const [first, second] = SAMPLE.bursts;
  if (!first || !second) throw new Error('the sample has two bursts');
  const startMs = Date.parse('2026-03-02T00:00:00.000Z');
  const bursts = Array.from({ length: 200 }, (_, index): Burst => {
    const id = `B${index + 1}`;
    const of = index % 2 === 0 ? first : second;
    return {
      ...of,
      id,
      start: new Date(startMs + index * 3_000_000).toISOString(),
      end: new Date(startMs + index * 3_000_000 + 600_000).toISOString(),
      requests: { ...of.requests, failed: 5 + ((index * 7919) % 500) },
      evidence: of.evidence.map((item) => ({ ...item, id: item.id.replace(/^B\d+/, id) })),
    };
  });
  return {
    ...SAMPLE,
    verdict: { ...SAMPLE.verdict, burst: 'B7' },
    bursts,
    timeline: {
      stepSeconds: 1800,
      start: new Date(startMs).toISOString(),
      series: [
        { hop: 'edge', name: 'total', values: Array.from({ length: 336 }, (_, i) => 800 + ((i * 37) % 400)) },
        { hop: 'edge', name: 'failed', values: Array.from({ length: 336 }, (_, i) => (i * 53) % 90) },
      ],
    },
    zooms: bursts.map(({ id, start }) => ({
      burst: id,
      stepSeconds: 1,
      start,
      series: (SAMPLE.zooms[0]?.series ?? []).map((one) => ({ ...one })),
    })),
  };
}

/** Every kind of report, by its name. */
export const GOLDEN: readonly (readonly [string, () => Result | Promise<Result>])[] = [
  ['socket-missing', () => incident('fpm-socket-missing')],
  ['two-faults', () => incident('two-faults-at-once')],
  ['tunnel', () => incident('tunnel-service-refused')],
  ['edge-colo', () => incident('edge-colo')],
  ['quiet', () => incident('quiet')],
  [
    'cut',
    () =>
      incident('fpm-socket-missing', {
        since: { atMs: Date.parse('2025-01-15T14:05:50Z') },
        until: { atMs: Date.parse('2025-01-15T14:06:00Z') },
      }),
  ],
  ['within-a-day', async () => withinADay(await incident('fpm-socket-missing'))],
  ['har-only', capture],
  ['excerpt', () => pasted('wordops-socket-missing/error.log')],
  ['undecided', () => UNDECIDED],
  ['unknown', () => UNKNOWN],
  ['network', () => NETWORK],
  ['five-bursts', () => ({ ...MANY, bursts: MANY.bursts.slice(0, 5) })],
];
