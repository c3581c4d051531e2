import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';

const status = (unit: string, active: string): string =>
  `\u25cb ${unit}.service - Some service\n     Loaded: loaded (/lib/systemd/system/${unit}.service; enabled; preset: enabled)\n     Active: ${active} since Wed 2025-01-15 14:05:40 UTC; 3min ago\n`;

async function verdictOf(text: string) {
  return (await analyze(['-'], { stdin: Readable.from([Buffer.from(text)]) })).verdict;
}

it.each([
  ['nginx', 'inactive (dead)', 'origin', 'web-server-down'],
  ['apache2', 'failed (Result: timeout)', 'origin', 'web-server-down'],
  ['cloudflared', 'inactive (dead)', 'tunnel', 'tunnel-stopped'],
  ['php8.2-fpm', 'inactive (dead)', 'origin', 'app-down'],
  ['mysql', 'failed (Result: exit-code)', 'origin', 'db-unreachable'],
])('%s, printed as %s, is blamed with some doubt', async (unit, active, place, cause) => {
  const verdict = await verdictOf(status(unit, active));
  expect(verdict).toMatchObject({ place, cause });
  expect(verdict.confidence).toBeGreaterThan(0.7);
  expect(verdict.confidence).toBeLessThan(0.95);
});

it('a service that keeps failing is the tunnel’s; whether it crashes is open', async () => {
  const verdict = await verdictOf(status('cloudflared', 'activating (auto-restart) (Result: exit-code)'));
  expect(verdict.place).toBe('tunnel');
  expect(verdict.placeConfidence).toBeGreaterThan(0.6);
  expect(verdict.confidence).toBeLessThan(0.5);
});

it('a web server that is not used beside one that runs is nobody’s fault', async () => {
  const both = status('apache2', 'inactive (dead)') + status('nginx', 'active (running)');
  expect(await verdictOf(both)).toMatchObject({ place: 'unknown' });
});
