import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';

const logs = fileURLToPath(new URL('../../fixtures/incidents/fpm-socket-missing/logs', import.meta.url));

/** What the export says the origin took, row by row; rows that never asked it have 0. */
function timesOfExport(): number[] {
  return readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz'))
    .flatMap((name) =>
      gunzipSync(readFileSync(join(logs, name)))
        .toString()
        .trimEnd()
        .split('\n'),
    )
    .map((line) => /"OriginResponseDurationMs":(\d+)/.exec(line))
    .flatMap((found) => (found && Number(found[1]) > 0 ? [Number(found[1])] : []));
}

it('every row that says how long the origin took is counted once, in the bucket of its time', async () => {
  const { originTimes } = await analyze([logs]);
  expect(originTimes).toMatchObject({ hop: 'edge', part: 'upstream', estimated: false });
  const { bucketsMs = [], columns = [] } = originTimes ?? {};
  const times = timesOfExport();
  expect(times.length).toBeGreaterThan(100);
  const wanted = [...bucketsMs, Number.POSITIVE_INFINITY].map(
    (upper, index, all) => times.filter((ms) => ms < upper && ms >= (all[index - 1] ?? 0)).length,
  );
  const counted = wanted.map((_, bucket) => columns.reduce((sum, column) => sum + (column[bucket] ?? 0), 0));
  expect(counted).toEqual(wanted);
});
