import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './program.mjs';

const COUNTS = [1, 2, 7, 50];
/** All done; and done but for files that are no logs, which were named one by one. */
const DONE = [0, 4];

/** Each incident in 1, 2, 7 and 50 digests, merged in two orders: the bytes of one run. */
export async function inParts({ incidents, cache, program }) {
  const told = new Map(COUNTS.map((count) => [count, { merged: 0, other: [] }]));
  for (const { name, logs } of incidents) {
    const files = readdirSync(logs, { recursive: true })
      .map((path) => join(logs, String(path)))
      .filter((path) => statSync(path).isFile());
    const whole = join(cache, `${name}.json`);
    await run(program, [logs, '-o', whole, '-q']);
    const expected = readFileSync(whole, 'utf8');
    for (const count of COUNTS) {
      const dealt = Array.from({ length: count }, (_, part) => files.filter((_, i) => (i * 7 + 3) % count === part));
      const digests = [];
      mkdirSync(join(cache, name, String(count)), { recursive: true });
      for (const [part, paths] of dealt.entries()) {
        if (paths.length === 0) continue;
        const digest = join(cache, name, String(count), `${part}.digest`);
        const { code, stderr } = await run(program, ['digest', ...paths, '--root', logs, '-o', digest, '--no-redact']);
        if (code !== 0) throw new Error(`${name}: digest: ${stderr}`);
        digests.push(digest);
      }
      for (const order of [digests, [...digests].reverse()]) {
        const merged = join(cache, 'merged.json');
        const { code, stderr } = await run(program, ['merge', ...order, '-o', merged, '-q']);
        const counts = told.get(count);
        counts.merged++;
        if (!DONE.includes(code) || readFileSync(merged, 'utf8') !== expected)
          counts.other.push(`${name} ${stderr.trim()}`);
      }
    }
  }
  return [...told].map(([count, { merged, other }]) => ({
    what: `${merged} merges of up to ${count} parts: ${other.length === 0 ? 'the bytes of one run' : `other bytes: ${other.join('; ')}`}`,
    holds: other.length === 0,
  }));
}
