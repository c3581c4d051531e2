import { join } from 'node:path';
import { generate } from './generated.mjs';
import { differences, filesIn, keyIn, run } from './program.mjs';

const INCIDENT_BYTES = 1e6;
const AT_LEAST_PER_SECOND = 8;
const AT_MOST_MB = 1000;
const SECOND_RUN_SECONDS = 1;

/** Many incidents of about a megabyte: how fast, in how much memory; and that a second run touches nothing. */
export async function rateOfMany({ incidents, cache, program, count }) {
  const logs = join(cache, 'logs');
  const bytes = generate(incidents, count, INCIDENT_BYTES, logs);
  const out = join(cache, 'out');
  const args = ['batch', logs, '--out', out, '--jobs', '2', '--redact-key', keyIn(cache)];
  const first = await run(program, args);
  const before = filesIn(out, true);
  const second = await run(program, args);
  const touched = differences(before, filesIn(out, true));
  const perSecond = count / first.seconds;
  return [
    {
      what: `${count} incidents of ${(bytes / count / 1e6).toFixed(2)} MB in ${first.seconds.toFixed(1)} s: ${perSecond.toFixed(1)} a second, exit code ${first.code}`,
      holds: perSecond >= AT_LEAST_PER_SECOND && first.code === 0,
    },
    { what: `${first.peakMB?.toFixed(0)} MB for all processes at most`, holds: (first.peakMB ?? 0) < AT_MOST_MB },
    {
      what: `the second run takes ${second.seconds.toFixed(2)} s and touches ${touched.length} of ${before.size} files`,
      holds: second.seconds < SECOND_RUN_SECONDS && touched.length === 0,
    },
  ];
}
