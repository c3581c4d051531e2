import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { renderLine } from '../../src/cli/line-screen.ts';
import { width } from '../../src/report/columns.ts';
import { lineEffects } from '../../src/report/line-effect.ts';
import { run } from './program.ts';

const LOGS = 'fixtures/incidents/two-faults-at-once/logs';
const EDGE_ROW = `${LOGS}/http_requests/20250415/20250415T132230Z_20250415T132300Z_966328a1.log.gz`;

async function explained(file: string, line: number, paths: readonly string[] = [LOGS]) {
  const { result } = await runAnalysis([file, ...paths], { line: { file, line } });
  return { result, effects: lineEffects(result) };
}

describe('whose502 explain FILE:LINE', () => {
  it('names the format, the signal on the clock of all logs, and the row of evidence that the line moved', async () => {
    const { result, effects } = await explained(`${LOGS}/php8.2-fpm.log`, 4);
    expect(result.line).toMatchObject({
      format: 'php-fpm',
      records: [{ signal: 'fpm.child-segv', time: '2025-04-15T13:22:31.000Z' }],
    });
    expect(effects).toMatchObject([
      { burst: 'B1', role: 'evidence', evidence: { signal: 'fpm.child-segv', direction: 'for' } },
    ]);
  });

  it('says of a failed request which burst counts it, and of no other burst of the same seconds', async () => {
    const { effects } = await explained(EDGE_ROW, 22);
    expect(effects.map(({ burst, role }) => [burst, role])).toEqual([
      ['B2', 'counted'],
      ['B2', 'evidence'],
    ]);
  });

  it('says of the second line about one event which line counts', async () => {
    const log = 'fixtures/incidents/tunnel-service-refused/logs/cloudflared.log';
    const lines = readFileSync(log, 'utf8').split('\n');
    const second =
      lines.findIndex((line) => line.includes('connection refused') && line.includes('originService=')) + 1;
    const { result, effects } = await explained(log, second, []);
    expect(result.line).toMatchObject({ format: 'cloudflared', isSecond: true, records: [{ kind: 'clue' }] });
    expect(Math.abs((result.line?.entryLine ?? 0) - second)).toBeLessThan(3);
    expect(effects.map(({ role }) => role)).toContain('evidence');
  });

  it('takes a line of a stack trace for part of its entry', async () => {
    const trace = 'fixtures/cases/worker-typeerror-1101/wrangler-tail.json';
    const count = readFileSync(trace, 'utf8').trimEnd().split('\n').length;
    const { result } = await explained(trace, count - 1, []);
    expect(result.line).toMatchObject({ format: 'cloudflare-workers', isSecond: false });
  });

  it('masks what the line holds as every output does', async () => {
    const { result } = await explained(EDGE_ROW, 22);
    const client = result.line?.records[0]?.fields.find(({ name }) => name === 'client')?.value ?? '';
    expect(client).toMatch(/^visitor-\d+$/);
    expect(result.line?.text).toContain(`"ClientIP":"${client}"`);
  });

  it('names what carried a line', async () => {
    const { result } = await explained(`${LOGS}/kern.log`, 1);
    expect(result.line).toMatchObject({ format: 'kernel', wrapper: { program: 'kernel', server: 'web-01' } });
  });

  it('says plainly that a line moved nothing, and why', async () => {
    const ordinary = await explained(`${LOGS}/nginx/access.log`, 2);
    expect(ordinary.effects).toEqual([]);
    expect(renderLine(ordinary.result, { columns: 80, color: false })).toMatch(
      /What it moved\n {2}Nothing\. It is an ordinary answer/,
    );
    const { stdout, code } = await run(['explain', `${LOGS}/notes.txt:1`, LOGS]);
    expect(stdout).toContain('not understood: no format takes it');
    expect(code).toBe(EXIT.nothingUnderstood);
  });

  it('says what the columns of a CSV without head were taken for, and why', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'whose502-columns-')), 'rows.csv');
    const row = (second: number, origin: number, status: number): string =>
      `198.51.100.${second},www.example.com,/cart,17726184${second}000000000,${origin},${status},4933${second}6fc9397ab0,z`;
    writeFileSync(file, [row(10, 0, 502), row(11, 200, 200), row(12, 200, 200)].join('\n'));
    const { result } = await explained(file, 3, []);
    expect(result.line?.columns).toMatchObject([
      { name: 'ClientIP', why: 'the only addresses that are not Cloudflare’s' },
      { name: 'ClientRequestHost' },
      { name: 'ClientRequestURI' },
      { name: 'EdgeEndTimestamp', why: 'the only times' },
      { name: 'OriginResponseStatus', why: 'a status, or 0 or nothing where the origin gave none' },
      { name: 'EdgeResponseStatus', why: 'the only column with a status in every row' },
      { name: 'RayID' },
      { name: '' },
    ]);
    expect(renderLine(result, { columns: 80, color: false })).toMatch(/ 6 {2}EdgeResponseStatus {4}the only column/);
    const named = await run([
      'explain',
      `${file}:3`,
      '--fields',
      'a,b,c,EdgeEndTimestamp,d,EdgeResponseStatus,RayID,e',
    ]);
    expect(named.stdout).not.toContain('Its columns');
    rmSync(dirname(file), { recursive: true });
  });

  it('finds a line beyond the end of the file nowhere', async () => {
    const { stdout } = await run(['explain', `${LOGS}/notes.txt:99`]);
    expect(stdout).toContain('none: the file has 1 line');
  });

  it('needs the logs that a file lies in', async () => {
    const alone = await run(['explain', 'nginx/nowhere.log:1']);
    expect(alone).toMatchObject({ code: EXIT.usage, stdout: '' });
    expect(alone.stderr).toContain('there is no such file');
    const beside = await run(['explain', 'php8.2-fpm.log:4', LOGS, '--json']);
    expect(JSON.parse(beside.stdout)).toMatchObject({ format: 'php-fpm', moved: [{ burst: 'B1' }] });
  });

  it.each([40, 80, 100])('fits into %i columns', async (columns) => {
    const { result } = await explained(EDGE_ROW, 22);
    const lines = renderLine(result, { columns, color: false }).split('\n');
    expect(lines.filter((line) => width(line) > columns)).toEqual([]);
  });
});
