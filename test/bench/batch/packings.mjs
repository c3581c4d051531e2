import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { differences, run, verdictsOf } from './program.mjs';

/** Ways to pack a folder of logs into an archive of this name. */
const PACKINGS = {
  'tar.gz': (logs, path) => execFileSync('tar', ['-czf', path, '-C', logs, '.']),
  zip: (logs, path) => execFileSync('zip', ['-q', '-r', path, '.'], { cwd: logs }),
  /** Each folder and file of the logs in a zip or tar of its own, all in one tar. */
  'nested.tgz': (logs, path) => {
    const beside = `${path}.parts`;
    mkdirSync(beside);
    for (const [i, name] of readdirSync(logs).entries()) {
      if (i % 2 === 0) execFileSync('zip', ['-q', '-r', join(beside, `${name}.zip`), name], { cwd: logs });
      else execFileSync('tar', ['-czf', join(beside, `${name}.tar.gz`), '-C', logs, name]);
    }
    execFileSync('tar', ['-czf', path, '-C', beside, '.']);
    rmSync(beside, { recursive: true });
  },
};

/** All incidents as folders, tar, zip and archives within archives: the verdicts must be the same. */
export async function packedFourWays({ incidents, cache, program }) {
  const verdicts = async (kind) => {
    const out = join(cache, `out-${kind}`);
    const { code, stderr } = await run(program, ['batch', join(cache, kind), '--out', out, '--formats', 'json', '-q']);
    if (code !== 0) throw new Error(`${kind}: exit code ${code}: ${stderr}`);
    return verdictsOf(out, (name) => name.slice(0, name.length - (kind === 'folders' ? 0 : kind.length + 1)));
  };
  mkdirSync(join(cache, 'folders'));
  for (const { name, logs } of incidents) cpSync(logs, join(cache, 'folders', name, 'logs'), { recursive: true });
  const expected = await verdicts('folders');
  const told = [];
  for (const [kind, pack] of Object.entries(PACKINGS)) {
    mkdirSync(join(cache, kind));
    for (const { name, logs } of incidents) pack(logs, join(cache, kind, `${name}.${kind}`));
    const other = differences(expected, await verdicts(kind));
    told.push({
      what: `${expected.size} incidents as ${kind}: ${other.length === 0 ? 'the same verdicts as folders' : `other verdicts than as folders: ${other.join(', ')}`}`,
      holds: other.length === 0 && expected.size === incidents.length,
    });
  }
  return told;
}
