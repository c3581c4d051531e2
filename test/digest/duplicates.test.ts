import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';

/** Rows of an export, from one to another. */
function exported(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    return `${JSON.stringify({
      ClientRequestHost: 'www.example.com',
      EdgeEndTimestamp: new Date(Date.UTC(2026, 2, 4, 10, 0, 0, row * 100)).toISOString(),
      EdgeResponseStatus: row % 3 === 0 ? 502 : 200,
      OriginResponseStatus: row % 3 === 0 ? 502 : 200,
      RayID: row.toString(16).padStart(16, 'a'),
    })}\n`;
  }).join('');
}

it('rows that come twice where they cannot be read again count once where they failed, and the report says what that means', async () => {
  const piped = (text: string) => analyze(['-'], { stdin: Readable.from([Buffer.from(text)]) });
  const once = await piped(exported(0, 1200));
  const overlapping = await piped(exported(0, 900) + exported(500, 1200));
  const failed = ({ bursts }: typeof once): number[] => bursts.map(({ requests }) => requests.failed);
  expect(failed(once)).toEqual([400]);
  expect(failed(overlapping)).toEqual([400]);
  expect(once.warnings.join()).not.toContain('more than one place');
  expect(overlapping.warnings.join()).toContain('133 failed requests in cloudflare-http stand in more than one place');
});
