import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { redactCommand } from '../../src/cli/redact-command.ts';
import { analyze } from '../../src/index.ts';

const root = process.env.INCIDENTS ?? fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'whose502-copies-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the logs in a folder say, without what bears a visitor's name. */
async function said(logs: string): Promise<unknown> {
  const { bursts, verdict, sources } = await analyze([logs]);
  return {
    bursts: bursts.map(({ start, end, requests, statuses, verdict: { place, cause, confidence } }) => ({
      ...{ start, end, requests, statuses, place, cause, confidence },
    })),
    verdict: [verdict.place, verdict.cause],
    formats: sources.map(({ format, lines, notUnderstood }) => ({ format, lines, notUnderstood })),
  };
}

test.each(readdirSync(root))('safe copies of the logs of %s say the same', { timeout: 60_000 }, async (incident) => {
  const logs = join(root, incident, 'logs');
  const copies = join(folder, incident);
  expect(await redactCommand([logs], { out: copies, quiet: true })).toBe(0);
  expect(await said(copies)).toEqual(await said(logs));
});
