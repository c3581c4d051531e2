import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLogs } from '../../src/check/check.ts';
import { renderCheck } from '../../src/cli/check-screen.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { width } from '../../src/report/columns.ts';
import { run } from './program.ts';

const LOGS = 'fixtures/incidents/fpm-socket-missing/logs';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-check-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('whose502 check-logs', () => {
  it('says what lacks and how to add it, and ends with its own code', async () => {
    const { code, stdout, stderr } = await run(['check-logs', LOGS]);
    expect({ code, stderr }).toEqual({ code: EXIT.lacking, stderr: '' });
    expect(stdout).toContain('2 of 8 logs lack fields');
    expect(stdout).toContain(' connection="$connection"');
    expect(stdout).not.toContain('\x1b');
  });

  it('ends with 0 where nothing lacks, and gives the same as JSON', async () => {
    const folder = folderWith({ 'nginx.conf': 'http {\n  error_log /var/log/nginx/error.log notice;\n}\n' });
    const { code, stdout } = await run(['check-logs', folder, '--json']);
    expect(code).toBe(EXIT.analysed);
    expect(JSON.parse(stdout)).toMatchObject({ logs: [{ format: 'nginx-error', lacks: [] }], additions: [] });
  });

  it('ends with 3 where nothing is a log', async () => {
    const { code, stderr } = await run(['check-logs', folderWith({ 'notes.txt': 'call Bob\n' })]);
    expect(code).toBe(EXIT.nothingUnderstood);
    expect(stderr).toContain('notes.txt: no log that is known');
  });

  it.each([40, 80, 100])('fits %i columns, except what is to be copied', async (columns) => {
    const lines = renderCheck(await checkLogs([LOGS]), { columns, color: false }).split('\n');
    expect(lines.filter((line) => width(line) > columns && !line.startsWith('    '))).toEqual([]);
  });
});
