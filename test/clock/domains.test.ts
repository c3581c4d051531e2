import { describe, expect, it } from 'vitest';
import { setClocks } from '../../src/clock/clocks.ts';
import type { StreamClock } from '../../src/clock/timeline.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60_000;
/** One request in two seconds for five minutes. */
const TIMES = Array.from({ length: 150 }, (_, i) => T0 + i * 2 * SECOND);

const ray = (site: string, i: number): string => (Number(site) * 100_000 + i).toString(16).padStart(16, '0');

const edge = (...sites: readonly string[]): LogSketch => ({
  hop: 'edge',
  records: TIMES.flatMap((ms, i) => sites.map((site) => row('edge', ms, { ray: ray(site, i), path: `/${site}/${i}` }))),
});

/** The access log of a web server whose clock stands so. */
const access = (site: string, folder: string, offsetMinutes: number, skewSeconds: number): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  name: 'access.log',
  folder,
  records: TIMES.map(
    (ms, i): RequestRecord =>
      row('proxy', 0, {
        stamp: { kind: 'utc', ms: ms + skewSeconds * SECOND, offsetMinutes },
        ray: ray(site, i),
        path: `/${site}/${i}`,
      }),
  ),
});

/** A log that says nothing of failures, at the first request. */
const quiet = (folder: string, offsetMinutes: number, skewSeconds: number, server?: string): LogSketch => ({
  hop: 'app',
  format: 'php-fpm',
  name: 'php-fpm.log',
  folder,
  ...(server === undefined ? {} : { server }),
  records: [clue('fpm.ready', 0, { stamp: { kind: 'local', ms: T0 + offsetMinutes * MINUTE + skewSeconds * SECOND } })],
});

const clockIn = (logs: readonly LogSketch[], folder: string): StreamClock & { readonly atMs: number } => {
  const timed = setClocks(digestOf(logs), {}).find(
    ({ stream }) => stream.format === 'php-fpm' && stream.folder === folder,
  );
  if (!timed) throw new Error(folder);
  return { ...timed.clock, atMs: timed.firstMs };
};

describe('logs of two machines that nobody names, each in a folder of its own', () => {
  const two = [
    edge('1', '2'),
    access('1', 'web1/nginx', 60, 100),
    access('2', 'web2/nginx', -300, -40),
    quiet('web1', 60, 100),
    quiet('web2', -300, -40),
  ];

  it('have each their own zone and skew', () => {
    expect(clockIn(two, 'web1')).toMatchObject({ zoneOffsetMinutes: 60, skewSeconds: 100, atMs: T0 });
    expect(clockIn(two, 'web2')).toMatchObject({ zoneOffsetMinutes: -300, skewSeconds: -40, atMs: T0 });
  });

  it('leave open which of both a log outside of the folders has', () => {
    expect(clockIn([...two, quiet('', 60, 100)], '')).toMatchObject({ adrift: 'zone' });
  });

  it('lend their clock to no machine that is named', () => {
    expect(clockIn([...two, quiet('db1', 0, 0, 'db1')], 'db1')).toMatchObject({ method: 'assumed' });
  });

  it('share a zone that all of them have with a log outside of the folders', () => {
    const alike = [edge('1', '2'), access('1', 'a', 60, 0), access('2', 'b', 60, 0), quiet('', 60, 0)];
    expect(clockIn(alike, '')).toMatchObject({ method: 'sibling', zoneOffsetMinutes: 60, atMs: T0 });
  });
});

describe('logs of one machine in folders by program', () => {
  it('have one clock', () => {
    const logs = [edge('1'), access('1', 'nginx', 120, 30), quiet('php', 120, 30)];
    expect(clockIn(logs, 'php')).toMatchObject({ zoneOffsetMinutes: 120, skewSeconds: 30, atMs: T0 });
  });

  it('have one clock where one of them is named', () => {
    const logs = [edge('1'), access('1', 'nginx', 120, 30), quiet('php', 120, 30, 'web-01')];
    expect(clockIn(logs, 'php')).toMatchObject({ zoneOffsetMinutes: 120, skewSeconds: 30, atMs: T0 });
  });
});
