import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bundleName, bundleOf } from '../../src/report/bundle.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { renderJson } from '../../src/report/json.ts';
import { openSecrets } from '../../src/result/leaks.ts';
import { hostile } from './hostile.ts';
import { membersOf } from './members.ts';
import { QUIET, SAMPLE, UNKNOWN } from './sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function unpacked(...args: Parameters<typeof bundleOf>) {
  const { zip, lacks } = await bundleOf(...args);
  expect(lacks).toEqual([]);
  const path = join(folder, 'one.zip');
  writeFileSync(path, zip);
  return membersOf(path);
}

describe('a bundle', () => {
  test('holds every form of the result and no script', async () => {
    const members = await unpacked(SAMPLE, null);
    const name = 'whose502-20260304T1352Z-origin-php-fpm-max-children';
    expect(members.map((member) => member.name.replace(name, ''))).toEqual([
      ...['.html', '.md', '.txt', '.json', '.png', '-bursts.csv', '-requests.csv', '-evidence.csv'],
      ...['-for-hosting.txt', '-for-cloudflare.txt', '-for-application.txt'],
    ]);
    expect(Buffer.from(members[0]?.text ?? '', 'latin1').toString()).toBe(renderHtml(SAMPLE));
    expect(Buffer.from(members[3]?.text ?? '', 'latin1').toString()).toBe(renderJson(SAMPLE));
    for (const { text } of members) expect(text.length).toBeGreaterThan(100);
  });

  test('is the same bytes at every time and in every zone', async () => {
    const zone = process.env.TZ;
    const made: Uint8Array[] = [];
    for (const name of ['UTC', 'Pacific/Kiritimati', 'America/St_Johns']) {
      process.env.TZ = name;
      made.push((await bundleOf(SAMPLE, null)).zip);
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
    expect(new Set((await unpacked(SAMPLE, null)).map(({ dosTime }) => dosTime))).toEqual(new Set([0x00210000]));
  });

  test('is searched for what was masked', async () => {
    const secrets = openSecrets();
    secrets.add('secret', 'hunter2hunter');
    const members = await unpacked({ ...SAMPLE, warnings: ['left: hunter2hunter'] }, secrets);
    for (const { text } of members) expect(text).not.toContain('hunter2hunter');
  });
});

test('the name is ASCII, with the minute and the verdict as far as there are any', () => {
  expect(bundleName(QUIET)).toMatch(/^whose502-\d{8}T\d{4}Z-none(?:-[a-z-]+)?$/);
  expect(bundleName({ ...UNKNOWN, bursts: [], window: { start: null, end: null } })).toBe('whose502-unknown');
  const { length } = bundleName(hostile(SAMPLE));
  expect(length).toBeLessThanOrEqual(120);
  expect(bundleName(hostile(SAMPLE))).toMatch(/^[A-Za-z0-9-]+$/);
});
