import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import { renderLine } from '../../src/cli/line-screen.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { lineEffects } from '../../src/report/line-effect.ts';
import { renderSafely } from '../../src/report/safely.ts';
import type { Result } from '../../src/result/schema.ts';
import { run } from '../cli/program.ts';
import { membersOf } from '../report/members.ts';
import { OUTPUTS } from '../report/outputs.ts';
import { CANARIES, ENCODINGS } from '../result/canaries.ts';
import { plantings } from '../result/plantings.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-canaries-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each of them once in every field of every format, in one file per format; every second one compressed. */
const FILES = ENCODINGS.map(([name, encode], turn) => {
  const files = FORMATS.map(({ id, examples }, index) => {
    const lines = examples().flatMap(({ input }) => plantings(input, encode).map(({ line }) => line));
    const packed = index % 2 === 0;
    const path = join(folder, `${turn}-${id}-jane.doe@example.com.log${packed ? '.gz' : ''}`);
    writeFileSync(path, packed ? gzipSync(`${lines.join('\n')}\n`) : `${lines.join('\n')}\n`);
    return path;
  });
  return [name, files] as const;
});

describe.each(FILES)('a hundred kinds of secrets in the fields of every format, %s', (_, files) => {
  test('are in no output and no message', { timeout: 120_000 }, async () => {
    const gone = join(folder, 'gone-jane.doe@example.com.log');
    const { result, understood, failures, secrets } = await runAnalysis([...files, gone]);
    expect(understood).toBeGreaterThan(FORMATS.length / 2);
    expect(failures.join('\n')).toContain('no such file');
    for (const [name, render] of OUTPUTS) {
      const text = `${await renderSafely(result, render, secrets)}${failures.join('\n')}`;
      expect(leaked(text, name)).toEqual([]);
    }
  });
});

/** What of the secrets stands in a text. */
function leaked(text: string, where: string): string[] {
  return CANARIES.flatMap(([kind, , secret]) => (text.includes(secret) ? [`${kind} in ${where}`] : []));
}

/** Names and contents of all files beneath a folder, unpacked. */
function textsBeneath(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
    statSync(join(root, name)).isFile() ? [name, readFileSync(join(root, name), 'latin1')] : [name],
  );
}

/** In each encoding every so many lines of a file are asked about, others than in the encoding before. */
const ASKED_EVERY = 355;
const OTHERS = 71;

test.each(FILES)('what is said of a line, %s', { timeout: 240_000 }, async (encoding, files) => {
  const turn = ENCODINGS.findIndex(([name]) => name === encoding);
  const found: string[] = [];
  for (const file of files.filter((name) => !name.endsWith('.gz'))) {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    for (let line = 1 + ((turn * OTHERS) % lines); line <= lines; line += ASKED_EVERY) {
      const { result, secrets } = await runAnalysis([file], { line: { file, line } });
      for (const render of [
        (one: Result) => renderLine(one, { columns: 80, color: false }),
        (one: Result) => JSON.stringify({ ...one.line, moved: lineEffects(one) }),
      ])
        found.push(...leaked(await renderSafely(result, render, secrets), `${basename(file)}:${line}`));
    }
  }
  expect(found).toEqual([]);
});

test('what was typed is masked in messages', { timeout: 120_000 }, async () => {
  const typed = join(folder, 'jane.doe+x@mail.example.com');
  const said: string[] = [];
  for (const args of [
    ['explain', `${typed}.log:3`],
    ['explain', 'password=hunter2hunter'],
    ['render', `${typed}.json`],
    ['redact', `${typed}.log`, '--out', folder],
    ['merge', `${typed}.digest`],
    ['digest', `${typed}.log`, '-o', join(folder, 'x', 'y.digest')],
    ['check-logs', `${typed}.log`],
    [folder, '-o', `${typed}.doc`],
    [folder, '--ray', 'access_token: tok3nvalue'],
    [folder, '--redact-key', `${typed}.key`],
    ['batch', `${typed}`, '--out', join(folder, 'x', 'batch')],
  ]) {
    const { stdout, stderr } = await run(args);
    expect([args, stderr.length > 0]).toEqual([args, true]);
    said.push(...leaked(stdout + stderr, args.join(' ')));
  }
  expect(said).toEqual([]);
});

/** A folder with one file of each format, in this encoding and the others by turns: each was read in all of them above. */
function archiveFrom(turn: number): string {
  const archive = join(folder, `archive-${turn}`);
  const logs = join(archive, 'call jane.doe+x@mail.example.com', 'home', 'janedoe77');
  mkdirSync(logs, { recursive: true });
  for (const index of FORMATS.keys()) {
    const file = FILES[(turn + index) % FILES.length]?.[1][index] ?? expect.unreachable();
    cpSync(file, join(logs, basename(file)));
  }
  return archive;
}

describe('whatever leaves by a command', () => {
  test('a batch: its reports, its index, the names of its files, its messages', { timeout: 240_000 }, async () => {
    const out = join(folder, 'out');
    const gone = join(folder, 'archive of jane.doe+x@mail.example.com');
    const { stdout, stderr } = await run([
      ...['batch', archiveFrom(0), gone, '--out', out, '--formats', 'html,json,md,csv,txt,png'],
    ]);
    expect(stderr).toContain('no such folder');
    expect(readdirSync(join(out, 'incidents'))).toHaveLength(1);
    const texts = textsBeneath(out);
    expect(texts.join('').length).toBeGreaterThan(100_000);
    expect([stdout, stderr, ...texts].flatMap((text) => leaked(text, text.slice(0, 60)))).toEqual([]);
  });

  test('one analysis: the members of its bundle and their names, its messages', { timeout: 240_000 }, async () => {
    const zip = join(folder, 'bundle.zip');
    const { stdout, stderr } = await run([
      archiveFrom(1),
      join(folder, 'no-jane.doe+x@mail.example.com'),
      '--bundle',
      zip,
    ]);
    expect(stderr).toContain('no such file');
    const members = membersOf(zip);
    expect(members.length).toBe(11);
    for (const { name } of members) expect(name).toMatch(/^[\x21-\x7e]+$/);
    const said = stderr.replaceAll(zip, '');
    const texts = [stdout, said, ...members.flatMap(({ name, text }) => [name, text])];
    expect(texts.flatMap((text) => leaked(text, text.slice(0, 60)))).toEqual([]);
  });

  test('a digest as it is packed, what is merged from it, and its messages', { timeout: 240_000 }, async () => {
    const part = join(folder, 'parts', 'logs.digest');
    const output = join(folder, 'merged.html');
    const gone = join(folder, 'no-jane.doe+x@mail.example.com');
    const digested = await run(['digest', archiveFrom(2), gone, '-o', part]);
    const { stdout, stderr } = await run(['merge', part, '-o', output, '--json']);
    const packed = gunzipSync(readFileSync(part)).toString();
    expect(packed.length).toBeGreaterThan(1_000_000);
    const texts = [digested.stdout, digested.stderr, packed, stdout, stderr, readFileSync(output, 'utf8')];
    expect(texts.flatMap((text) => leaked(text, text.slice(0, 60)))).toEqual([]);
  });
});

describe('of an archive with folders and files of persons, one of them broken', () => {
  const members = join(folder, 'members', 'home', 'janedoe77', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789');
  mkdirSync(members, { recursive: true });
  const [first = ''] = FILES.flatMap(([, files]) => files.filter((file) => file.includes('-nginx-error-')));
  cpSync(first, join(members, 'jane.doe@mail.example.com.log.gz'));
  cpSync(first, join(members, '..', '203.0.113.77.log.gz'));
  writeFileSync(join(members, '..', 'PHPSESSID=abc123def456.zip'), 'PK\x03\x04broken');
  writeFileSync(join(members, '..', 'access_token=tok3nvalue.log.gz'), gzipSync('x\n'.repeat(9000)).subarray(0, 30));
  const packed = join(folder, 'packed.tar.gz');
  execFileSync('tar', ['czf', packed, '-C', join(folder, 'members'), 'home']);
  const key = join(folder, 'key');
  writeFileSync(key, 'k'.repeat(40));

  test.each([
    ['a summary', [packed]],
    ['a summary with names by a key', [packed, '--redact-key', key, '--redact-hosts', '--json']],
    ['a line', ['explain', `${join(members, '..', '203.0.113.77.log.gz')}:1`, packed]],
    ['what logs lack', ['check-logs', packed]],
    ['what logs lack, as JSON', ['check-logs', packed, '--json']],
    ['safe copies', ['redact', packed, '--out', join(folder, 'copies')]],
    ['parts of the incident', ['batch', packed, '--out', join(folder, 'parts-of-it'), '--split', '--redact-key', key]],
  ])('%s: nothing of them', { timeout: 120_000 }, async (_, args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).not.toBe(70);
    expect((stdout + stderr).length).toBeGreaterThan(50);
    expect(leaked(stdout + stderr, args.join(' '))).toEqual([]);
  });

  test('nor in the names and texts of what was written', () => {
    const written = ['copies', 'parts-of-it'].flatMap((name) => textsBeneath(join(folder, name)));
    expect(written.length).toBeGreaterThan(10);
    expect(written.flatMap((text) => leaked(text, text.slice(0, 60)))).toEqual([]);
  });
});

describe('what was masked in one place', () => {
  const lines = [
    'client: 203.0.113.7, server: example.com, request: "GET /a?key=t0psecretvalue HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "example.com"',
    'client: 203.0.113.7, server: example.com, request: "GET /echo/t0psecretvalue HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "example.com"',
  ];
  const log = join(folder, 'twice.log');
  writeFileSync(
    log,
    Array.from(
      { length: 30 },
      (_, i) =>
        `2025/03/04 09:12:${String(i).padStart(2, '0')} [error] 8#8: *${i} connect() failed (111: Connection refused) while connecting to upstream, ${lines[i % 2]}\n`,
    ).join(''),
  );

  test('is masked in all others', async () => {
    const { result } = await runAnalysis([log]);
    expect(JSON.stringify(result)).not.toContain('t0psecretvalue');
    expect(result.redaction.masked.repeated).toBeGreaterThan(0);
  });

  test('and a renderer that puts it back is caught: the text is drawn again without it, or not at all', async () => {
    const { result, secrets } = await runAnalysis([log]);
    const planted: Result = { ...result, warnings: ['left: t0psecretvalue'] };
    const drawn: number[] = [];
    const text = await renderSafely(
      planted,
      (one) => {
        drawn.push(1);
        return JSON.stringify(one.warnings);
      },
      secrets,
    );
    expect([text, drawn.length]).toEqual(['["left: …"]', 2]);
    const stubborn = (one: Result): string => (one.warnings[0] === '' ? '' : 'always t0psecretvalue');
    await expect(renderSafely(planted, stubborn, secrets)).rejects.toThrow('masked');
  });
});
