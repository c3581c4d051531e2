import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeReports } from '../../src/batch/store.ts';
import { openSecrets } from '../../src/result/leaks.ts';
import { SAMPLE } from '../report/sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const planted = { ...SAMPLE, warnings: ['left: hunter2hunter'] };
const secrets = openSecrets();
secrets.add('secret', 'hunter2hunter');

test('what was masked elsewhere is masked before a report of a batch is written', async () => {
  const mended = join(folder, 'mended');
  await writeReports(mended, planted, ['html', 'md'], secrets);
  expect(readdirSync(mended).sort()).toEqual(['report.html', 'report.md', 'result.json']);
  for (const name of readdirSync(mended)) expect(readFileSync(join(mended, name), 'utf8')).not.toContain('hunter2');
});

test('where masking does not help, no such report is written', async () => {
  const stubborn = { ...secrets, mask: (text: string) => text };
  const leaking = join(folder, 'leaking');
  await expect(writeReports(leaking, planted, ['html'], stubborn)).rejects.toThrow('masked elsewhere');
  expect(() => readdirSync(leaking)).toThrow('ENOENT');
});
