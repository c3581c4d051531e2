import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';

/** A row of Cloudflare's export, `n` seconds after noon. */
const row = (n: number, status: number, source: string): string =>
  JSON.stringify({
    RayID: n.toString(16).padStart(16, '8'),
    EdgeStartTimestamp: new Date(Date.UTC(2026, 2, 10, 12, 0, n)).toISOString(),
    EdgeEndTimestamp: new Date(Date.UTC(2026, 2, 10, 12, 0, n)).toISOString(),
    ClientRequestHost: 'shop.example.com',
    ClientRequestMethod: 'GET',
    ClientRequestPath: '/',
    ClientRequestSource: source,
    EdgeColoCode: 'FRA',
    EdgeResponseStatus: status,
    OriginResponseStatus: status === 200 ? 200 : 0,
    CacheCacheStatus: 'dynamic',
  });

it('says of what looks bad in quiet logs that it is harmless, and how often it is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-'));
  try {
    const rows = Array.from({ length: 300 }, (_, n) =>
      n % 10 === 3 ? row(n, 504, 'earlyHintsCache') : row(n, 200, 'eyeball'),
    );
    writeFileSync(join(folder, 'http_requests.ndjson'), `${rows.join('\n')}\n`);
    const { bursts, verdict } = await analyze([folder]);
    expect(bursts).toEqual([]);
    expect(verdict).toMatchObject({ place: 'none' });
    expect(verdict.summary).toContain('30 × harmless: A cache look-up for Early Hints, written as 504');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
