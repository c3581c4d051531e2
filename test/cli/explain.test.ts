import { describe, expect, it } from 'vitest';
import { causeNamed } from '../../src/causes/find.ts';
import { profileOf } from '../../src/causes/profile.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { renderCause } from '../../src/cli/cause-screen.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { width } from '../../src/report/columns.ts';
import { run } from './program.ts';

const COPIED = /^ {6}[$|] /;

describe('whose502 explain', () => {
  it('prints a cause by another name of it, without colours into a pipe', async () => {
    const { code, stdout, stderr } = await run(['explain', 'fpm-socket-missing']);
    expect({ code, stderr }).toEqual({ code: EXIT.analysed, stderr: '' });
    expect(stdout).toContain('app-socket-missing');
    expect(stdout).not.toContain('\x1b');
    for (const heading of ['What speaks for it', 'What it is told apart from', 'What to do', 'What not to do'])
      expect(stdout).toContain(`\n${heading}\n`);
  });

  it('prints a signal of the evidence, and the causes that read it', async () => {
    const { code, stdout } = await run(['explain', 'fpm.max-children']);
    expect(code).toBe(EXIT.analysed);
    expect(stdout).toContain('What it speaks for\n');
    expect(stdout).toMatch(/strong +php-fpm-max-children: /);
  });

  it('says what may have been meant, and ends as wrong usage', async () => {
    const { code, stdout, stderr } = await run(['explain', 'ap-socket-missing']);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain('did you mean app-socket-missing');
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await run(['explain', 'app-down', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'app-down', place: 'origin' });
  });
});

describe.each([40, 80, 100])('at %i columns', (columns) => {
  it.each(CAUSES.map(({ id }) => id))('%s fits, except what is to be copied', (id) => {
    const cause = causeNamed(id, CAUSES);
    if (!cause) throw new Error(id);
    const lines = renderCause(profileOf(cause, CAUSES), { columns, color: false }).split('\n');
    expect(lines.filter((line) => width(line) > columns && !COPIED.test(line))).toEqual([]);
  });
});
