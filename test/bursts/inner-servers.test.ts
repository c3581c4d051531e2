import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { withInnerServers } from '../../src/bursts/inner-servers.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { type LogSketch, row, T0, timedOf } from '../correlate/logs-of.ts';

const MINUTE = 60_000;

/** A request of the site: one in four seconds from a page of its own, failing from the fourth to the sixth minute. */
interface Asked {
  readonly atMs: number;
  readonly path: string;
  readonly client: string;
  readonly status: number;
}

/** Ten minutes of requests, as a sequence of numbers that looks like chance spreads them. */
function asked(seed: number): Asked[] {
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  return Array.from({ length: 1200 }, (_, i) => {
    const atMs = T0 + i * 500 + next(400);
    const isOut = atMs >= T0 + 4 * MINUTE && atMs < T0 + 6 * MINUTE;
    return {
      atMs,
      path: `/product/${next(500)}`,
      client: `198.51.100.${next(250)}`,
      status: isOut && next(3) > 0 ? 503 : 200,
    };
  });
}

const log = (
  requests: readonly Asked[],
  fields: (request: Asked) => Partial<RequestRecord> = () => ({}),
): LogSketch => ({
  hop: 'proxy',
  records: requests.map((request) =>
    row('proxy', request.atMs, {
      path: request.path,
      client: request.client,
      status: request.status,
      ...(request.status === 503 ? { signal: 'access.5xx' as const } : {}),
      ...fields(request),
    }),
  ),
});

const hops = (...logs: LogSketch[]): string[] => withInnerServers(timedOf(logs)).map(({ stream }) => stream.hop);
const failed = (...logs: LogSketch[]): number[] =>
  findBursts(withInnerServers(timedOf(logs))).map((burst) => burst.failed);

const SITE = asked(7);
const FAILED = SITE.filter(({ status }) => status === 503).length;
const fromFront = { client: '10.0.0.1' };

describe('a web server behind another', () => {
  it('is told by the one address from which all its requests come', () => {
    expect(
      hops(
        log(SITE),
        log(SITE, () => fromFront),
      ),
    ).toEqual(['proxy', 'app']);
    expect(
      failed(
        log(SITE),
        log(SITE, () => fromFront),
      ),
    ).toEqual([FAILED]);
  });

  it('is told by its requests where it logs the visitors’ addresses, and the other one names whom it asks', () => {
    const upstream = 'http://10.0.0.2:8080';
    expect(
      hops(
        log(SITE, () => ({ upstream })),
        log(SITE),
      ),
    ).toEqual(['proxy', 'app']);
    expect(failed(log(SITE), log(SITE.filter((_, i) => i % 5 > 0)))).toEqual([FAILED]);
  });

  it('is told of two behind a balancer', () => {
    const half = (odd: number): LogSketch =>
      log(
        SITE.filter((_, i) => i % 2 === odd),
        () => fromFront,
      );
    expect(hops(half(0), log(SITE), half(1))).toEqual(['app', 'proxy', 'app']);
  });
});

describe('is not taken for behind another', () => {
  it('a server beside it that serves the same site', () => {
    expect(hops(log(SITE), log(asked(11)))).toEqual(['proxy', 'proxy']);
  });

  it('a server beside it, both behind one balancer whose log is not there', () => {
    const beside = (seed: number): LogSketch => log(asked(seed), () => fromFront);
    expect(hops(beside(7), beside(11))).toEqual(['proxy', 'proxy']);
  });

  it('a server of another site inside', () => {
    const other = log(SITE, ({ path }) => ({ ...fromFront, path: path.replace('product', 'metrics') }));
    expect(hops(log(SITE), other)).toEqual(['proxy', 'proxy']);
  });

  it('a server that has more requests in some minute', () => {
    const more = log(SITE.concat(SITE.filter(({ atMs }) => atMs < T0 + 5 * MINUTE)), () => fromFront);
    expect(hops(log(SITE), more)).toEqual(['proxy', 'proxy']);
  });

  it('a server beside it, where the logs are of seconds and hold one address', () => {
    const brief = (seed: number, first: number): LogSketch =>
      log(
        asked(seed)
          .slice(0, 24)
          .filter((_, i) => i >= first),
        () => ({ client: '127.0.0.1', path: '/' }),
      );
    expect(hops(brief(7, 0), brief(11, 1))).toEqual(['proxy', 'proxy']);
  });

  it('a log with too few rows to tell', () => {
    expect(
      hops(
        log(SITE),
        log(SITE.slice(0, 10), () => fromFront),
      ),
    ).toEqual(['proxy', 'proxy']);
  });
});
