import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-duplicates-'));
afterAll(() => rmSync(folder, { recursive: true }));

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

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

it('rows that two exports share are counted once where they failed, and the report says what that means', async () => {
  const apart = await analyze([folderOf('apart', { 'a.log': exported(0, 900), 'b.log': exported(900, 1200) })]);
  const overlapping = await analyze([folderOf('two', { 'a.log': exported(0, 900), 'b.log': exported(500, 1200) })]);
  const failed = ({ bursts }: typeof apart): number[] => bursts.map(({ requests }) => requests.failed);
  expect(failed(apart)).toEqual([400]);
  expect(failed(overlapping)).toEqual([400]);
  expect(apart.warnings.join()).not.toContain('more than one place');
  expect(overlapping.warnings.join()).toContain('133 failed requests in cloudflare-http stand in more than one place');
});
