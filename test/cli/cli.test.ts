import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type AnalyzeFlags, analyzeCommand } from '../../src/cli/analyze-command.ts';
import { resultSchema } from '../../src/result/schema.ts';
import { TOOL_VERSION } from '../../src/vocabulary/tool.ts';
import { type Run, run, runIntoClosedPipe } from './program.ts';

const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const WHOLE = fixture('incidents/tunnel-service-refused/logs');
const QUIET = fixture('incidents/quiet/logs');

const folder = mkdtempSync(join(tmpdir(), 'whose502-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** Thirty refused connections in as many seconds. */
const REFUSALS = Array.from(
  { length: 30 },
  (_, i) =>
    `2025/03/04 09:12:${String(i).padStart(2, '0')} [error] 812#812: *${i} connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /shop HTTP/1.1", upstream: "http://127.0.0.1:3000/shop", host: "www.example.com"\n`,
).join('');
const errorLog = inFolder('error.log', REFUSALS);
const ESCAPE = '\u001b';

/** Runs the command within this process, its output caught. */
async function command(paths: readonly string[], flags: AnalyzeFlags = {}): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    return { code: await analyzeCommand(paths, { jobs: '1', ...flags }), stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

const run0 = async (paths: readonly string[], flags: AnalyzeFlags = {}): Promise<string> => {
  const done = await command(paths, flags);
  expect([done.code, done.stderr]).toEqual([0, '']);
  return done.stdout;
};

describe('an analysis', () => {
  it('that found a fault ends with 0 all the same, and prints a summary', async () => {
    expect(await run0([errorLog])).toContain('origin');
  });

  it('with --json prints a valid result and nothing else', async () => {
    const stdout = await run0([errorLog], { json: true });
    expect(resultSchema.parse(JSON.parse(stdout)).verdict).toMatchObject({ place: 'origin', cause: 'app-down' });
    expect(stdout).not.toContain(folder);
  });

  it('with --quiet prints nothing', async () => {
    expect(await run0([errorLog], { quiet: true })).toBe('');
  });

  it.each([
    ['any burst', 'any', 1],
    ['the cause', 'app-down', 1],
    ['the place', 'origin', 1],
    ['another cause', 'waf-block', 0],
    ['another place', 'edge', 0],
  ])('with --fail-on %s ends as it should', async (_, failOn, code) => {
    expect(await command([errorLog], { failOn, quiet: true })).toMatchObject({ code, stdout: '' });
  });

  it('of a quiet night does not fail on any', async () => {
    expect(await command([QUIET], { failOn: 'any', quiet: true })).toMatchObject({ code: 0 });
  });

  it('writes each report as its ending says, and tells so on standard error', async () => {
    const output = ['r.html', 'r.md', 'r.json', 'r.csv', 'r.txt'].map((name) => join(folder, name));
    const { code, stderr } = await command([errorLog], { output });
    expect(code).toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(5);
    const [html, md, json, csv, txt] = output.map((path) => readFileSync(path, 'utf8'));
    expect(html?.slice(0, 15).toLowerCase()).toBe('<!doctype html>');
    expect(md).toMatch(/^#/);
    expect(resultSchema.safeParse(JSON.parse(json ?? '')).success).toBe(true);
    expect(csv?.split('\n')[0]).toContain('cause');
    expect(txt).not.toContain(ESCAPE);
  });

  it('that cannot write a report still prints, and ends with 4', async () => {
    const { code, stdout, stderr } = await command([errorLog], { output: [join(folder, 'missing', 'r.html')] });
    expect(code).toBe(4);
    expect(stderr).toContain('cannot be written');
    expect(stdout).toContain('origin');
  });

  it('that understood nothing ends with 3 and says what it reads', async () => {
    const { code, stdout, stderr } = await command([inFolder('notes.txt', 'call Bob\nbuy milk\n')]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('nothing was understood');
    expect(stderr.match(/notes\.txt/g)).toHaveLength(1);
  });

  it('of which one named file is missing names it, reads the others and ends with 4', async () => {
    const { code, stdout, stderr } = await command([errorLog, join(folder, 'gone.log')]);
    expect(code).toBe(4);
    expect(stderr).toContain('gone.log');
    expect(stdout).toContain('origin');
  });

  it('reads what it is told to be', async () => {
    const odd = inFolder('odd.dat', REFUSALS);
    expect(JSON.parse(await run0([odd], { json: true, as: 'nginx-error' })).sources).toMatchObject([
      { format: 'nginx-error', records: 30 },
    ]);
  });
});

describe('what leaves', () => {
  it('has the names of visitors of its key, and of hosts only if they may stay', async () => {
    const redactKey = inFolder('redact.key', 'k'.repeat(32));
    const keyed = JSON.parse(await run0([errorLog], { json: true, redactKey }));
    expect(JSON.stringify(keyed)).toMatch(/visitor-[0-9a-f]{10}/);
    expect(JSON.stringify(keyed)).not.toContain('kkkk');
    expect(await run0([errorLog], { json: true, redactHosts: true })).not.toContain('example.com');
  });

  it('can be a text for somebody', async () => {
    expect(await run0([errorLog], { packet: 'application' })).toMatch(/^For the team of the application\n/);
  });
});

describe('one request', () => {
  it('is drawn by its Ray ID, with or without the colo', async () => {
    const { requests } = resultSchema.parse(JSON.parse(await run0([WHOLE], { json: true })));
    const ray = requests.find((request) => request.ray !== undefined)?.ray ?? '';
    const drawn = await run0([WHOLE], { ray });
    expect(drawn).toContain(ray);
    expect(await run0([WHOLE], { ray: `${ray.toUpperCase()}-FRA` })).toBe(drawn);
  });

  it('that was not kept is said to be missing', async () => {
    const ray = '0123456789abcdef';
    expect(await run0([WHOLE], { ray })).toContain(`No request with Ray ID ${ray} was kept.`);
    expect(await run0([WHOLE], { at: '1999-01-01T00:00Z' })).toContain(
      'No request with time 1999-01-01T00:00Z was kept.',
    );
  });

  it('is drawn by its moment', async () => {
    const { bursts } = resultSchema.parse(JSON.parse(await run0([WHOLE], { json: true })));
    expect(await run0([WHOLE], { at: bursts[0]?.start ?? '' })).toContain('502');
  });
});

describe('the program', () => {
  it('reads standard input, and writes no colours into a pipe', async () => {
    const { code, stdout, stderr } = await run(['-'], REFUSALS, { NO_COLOR: '', CI: '', TERM: 'xterm-256color' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('origin');
    expect(stdout).not.toContain(ESCAPE);
  });

  it('ends quietly where its reader goes away', async () => {
    expect(await runIntoClosedPipe([WHOLE, '--json'])).toEqual({ code: 0, stderr: '' });
  });

  it.each(['bash', 'zsh', 'fish'])('completes itself in %s', async (shell) => {
    const { code, stdout } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['redact', 'render', 'fail-on', 'redact-key', 'bash', 'zsh', 'fish'])
      expect(stdout).toContain(word);
    expect(stdout).toMatch(/bash zsh fish/);
  });

  it('tells its version, and ends with 2 on an option that it does not know', async () => {
    const [version, unknown] = await Promise.all([run(['--version']), run(['--no-such-option'])]);
    expect(version).toEqual({ code: 0, stdout: `${TOOL_VERSION}\n`, stderr: '' });
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown?.stderr).toContain('--no-such-option');
  });
});
