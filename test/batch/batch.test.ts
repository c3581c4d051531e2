import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { type BatchEvent, type BatchOptions, batch, rebuild } from '../../src/batch/batch.ts';
import { resultSchema } from '../../src/result/schema.ts';
import { PROGRAM, run } from '../cli/program.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const INCIDENTS = join(repository, 'fixtures', 'incidents');
const NAMES = readdirSync(INCIDENTS).sort();

const folder = mkdtempSync(join(tmpdir(), 'whose502-batch-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** With the same key visitors have the same names in all batches. */
const KEY = 'a key for these tests';
const keyFile = join(folder, 'redact.key');
writeFileSync(keyFile, `${KEY}\n`);

let outs = 0;
const newOut = (): string => {
  outs += 1;
  return join(folder, `out${outs}`);
};

/** All files beneath a folder with their bytes. */
function filesIn(root: string): Readonly<Record<string, string>> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(root, name)).isFile())
      .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
  );
}

const how = async (paths: readonly string[], options: BatchOptions): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await batch(paths, options)).outcomes.map((outcome) => [outcome.entry.name, outcome.how]));

const BROKEN_LOG = 'Mar  4 not a log of anything\n'.repeat(3);

describe('a batch', () => {
  it('writes the reports that the analysis of each incident alone gives, and an index of them', async () => {
    const out = newOut();
    const { outcomes, problems } = await batch([INCIDENTS], {
      out,
      redactKey: KEY,
      formats: ['html', 'json', 'md', 'csv', 'txt', 'png'],
    });
    expect(problems).toEqual([]);
    expect(outcomes.map(({ entry, how: done }) => [entry.name, done])).toEqual(NAMES.map((name) => [name, 'analysed']));
    for (const { entry } of outcomes) {
      const alone = await analyze([join(INCIDENTS, entry.name)], { redactKey: KEY });
      const text = readFileSync(join(out, 'incidents', entry.folder, 'result.json'), 'utf8');
      expect(resultSchema.parse(JSON.parse(text))).toEqual(alone);
      expect(entry.verdict).toMatchObject({ place: alone.verdict.place, cause: alone.verdict.cause });
      for (const file of ['report.html', 'report.md', 'bursts.csv', 'report.txt', 'report.png'])
        expect(statSync(join(out, 'incidents', entry.folder, file)).size).toBeGreaterThan(50);
    }
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    for (const name of NAMES) expect(page).toContain(`href="incidents/${name}/report.html"`);
    expect(readFileSync(join(out, 'index.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(NAMES.length + 1);
  }, 120_000);

  it('gives the same verdicts for folders and for archives of them', async () => {
    const packed = join(folder, 'packed');
    mkdirSync(packed);
    for (const [i, name] of NAMES.entries()) {
      const ending = ['tar', 'tgz', 'tar.gz'][i % 3] ?? 'tar';
      execFileSync('tar', [
        ending === 'tar' ? '-cf' : '-czf',
        join(packed, `${name}.${ending}`),
        '-C',
        INCIDENTS,
        name,
      ]);
    }
    const verdicts = async (path: string): Promise<readonly unknown[]> =>
      (await batch([path], { out: newOut() })).outcomes.map(({ entry: { verdict, failed, start, end } }) => [
        verdict?.place,
        verdict?.cause,
        failed,
        start,
        end,
      ]);
    expect(await verdicts(packed)).toEqual(await verdicts(INCIDENTS));
  }, 120_000);

  it('does nothing twice, and only what changed again', async () => {
    const logs = join(folder, 'changing');
    for (const name of NAMES.slice(0, 3)) cpSync(join(INCIDENTS, name), join(logs, name), { recursive: true });
    const out = newOut();
    await batch([logs], { out });
    const before = filesIn(out);
    const [first = '', second = '', third = ''] = NAMES;
    expect(await how([logs], { out })).toEqual({ [first]: 'done', [second]: 'done', [third]: 'done' });
    expect(filesIn(out)).toEqual(before);

    // Touched, not changed: the bytes decide.
    utimesSync(join(logs, first, 'truth.json'), 1, 1);
    writeFileSync(join(logs, second, 'more.log'), 'one more line\n');
    expect(await how([logs], { out })).toEqual({ [first]: 'done', [second]: 'analysed', [third]: 'done' });
    // A report that was not asked for before is drawn from what is stored; what is told about the logs changes results.
    expect(await how([logs], { out, formats: ['md'] })).toEqual({
      [first]: 'drawn',
      [second]: 'drawn',
      [third]: 'drawn',
    });
    expect(existsSync(join(out, 'incidents', first, 'report.md'))).toBe(true);
    expect(await how([join(logs, first)], { out, tz: 'UTC' })).toEqual({ [first]: 'analysed' });
  }, 120_000);

  it('draws reports and index again from the stored results, without the logs', async () => {
    const logs = join(folder, 'gone');
    cpSync(join(INCIDENTS, 'edge-colo'), join(logs, 'edge-colo'), { recursive: true });
    const out = newOut();
    await batch([logs], { out });
    const before = filesIn(out);
    rmSync(logs, { recursive: true });
    writeFileSync(join(out, 'incidents', 'edge-colo', 'report.html'), 'spoilt');
    rmSync(join(out, 'index.html'));
    const { outcomes } = await rebuild({ out });
    expect(outcomes.map((outcome) => outcome.how)).toEqual(['drawn']);
    expect(filesIn(out)).toEqual(before);
  }, 60_000);

  it('goes on past a broken incident, says what is wrong with it and ends with 4', async () => {
    const logs = join(folder, 'some-broken');
    cpSync(join(INCIDENTS, 'edge-colo'), join(logs, 'good'), { recursive: true });
    mkdirSync(join(logs, 'nothing'));
    writeFileSync(join(logs, 'nothing', 'error.log'), BROKEN_LOG);
    writeFileSync(join(logs, 'not-an-archive.zip'), 'PK');
    const out = newOut();
    const { code, stdout, stderr } = await run(['batch', logs, '--out', out]);
    expect(code).toBe(4);
    expect(stdout).toBe(`${out}/index.html\n`);
    expect(stderr).toContain('not-an-archive.zip: nothing in it was understood');
    expect(stderr).toContain('the archive cannot be read');
    expect(stderr).toContain('nothing: nothing in it was understood');
    expect(stderr).toContain('3 incidents, 3 analysed, 2 with problems');
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).toContain('What could not be read');
    expect(page).toContain('incidents/good/report.html');
  }, 60_000);

  it('killed at any moment goes on and comes to the same bytes', async () => {
    const whole = newOut();
    await batch([INCIDENTS], { out: whole, redactKey: Buffer.from(KEY) });
    const out = newOut();
    for (const finished of [0, 1, 3])
      expect(await endedAfter(out, finished, 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const [begun = ''] = readdirSync(join(out, 'incidents'));
    writeFileSync(join(out, 'incidents', begun, 'report.html.99999.part'), 'half a rep');
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('report.html')) expect(readFileSync(join(out, name), 'utf8')).toMatch(/<\/html>\n$/);
    const { code, stderr } = await run(['batch', INCIDENTS, '--out', out, '--redact-key', keyFile]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/5 incidents, [12] analysed, [34] done before/)]);
    expect(filesIn(out)).toEqual(filesIn(whole));
  }, 120_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops it between whole files, and it goes on',
    async (name) => {
      const out = newOut();
      const { signal, stderr } = await endedAfter(out, 1, name);
      expect([signal, stderr]).toEqual([
        name,
        expect.stringMatching(/: stopped: [1-4] of 5 incidents are done and kept in/),
      ]);
      for (const path of Object.keys(filesIn(out))) expect(path).not.toMatch(/\.part$/);
      const again = await run(['batch', INCIDENTS, '--out', out, '--redact-key', keyFile]);
      expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/[1-4] analysed, [1-4] done before/)]);
    },
    120_000,
  );

  it('stops for the program that it is built into', async () => {
    const out = newOut();
    const controller = new AbortController();
    const onEvent = ({ kind }: BatchEvent): void => {
      if (kind === 'finished') controller.abort(new Error('enough'));
    };
    const { signal } = controller;
    await expect(batch([INCIDENTS], { out, redactKey: KEY, jobs: 1, onEvent, signal })).rejects.toThrow('enough');
    expect(existsSync(join(out, 'index.html'))).toBe(false);
    const outcomes = Object.values(await how([INCIDENTS], { out, redactKey: KEY }));
    expect(new Set(outcomes)).toEqual(new Set(['done', 'analysed']));
    await expect(batch([INCIDENTS], { out, signal })).rejects.toThrow('enough');
  }, 60_000);

  it('names a visitor alike in all its reports, by a key beside them that only its owner reads', async () => {
    const logs = join(folder, 'twice');
    for (const copy of ['one', 'two']) {
      cpSync(join(INCIDENTS, 'edge-colo'), join(logs, copy), { recursive: true });
      writeFileSync(join(logs, copy, 'only-here.log'), `${copy}\n`);
    }
    const out = newOut();
    await batch([logs], { out });
    const visitors = (name: string) => [
      ...new Set(readFileSync(join(out, 'incidents', name, 'result.json'), 'utf8').match(/visitor-\w+/g)),
    ];
    expect(visitors('one').length).toBeGreaterThan(5);
    expect(visitors('one')[0]).toMatch(/^visitor-[0-9a-f]{10}$/);
    expect(visitors('two')).toEqual(visitors('one'));
    expect(statSync(`${out}.redact-key`).mode & 0o777).toBe(0o600);
    const before = filesIn(out);
    expect(await how([logs], { out })).toEqual({ one: 'done', two: 'done' });
    expect(filesIn(out)).toEqual(before);
    await batch([logs], { out: newOut(), redact: false });
    expect(existsSync(join(folder, `out${outs}.redact-key`))).toBe(false);
  }, 60_000);

  it('masks host names where that is asked for, also in names and in the index', async () => {
    const logs = join(folder, 'named');
    cpSync(join(INCIDENTS, 'edge-colo'), join(logs, 'shop.example.com 2025-02-26'), { recursive: true });
    const out = newOut();
    const { code } = await run(['batch', logs, '--out', out, '--redact-hosts', '--formats', 'html,json,md,csv,txt']);
    expect(code).toBe(0);
    for (const [name, text] of Object.entries(filesIn(out))) expect(`${name}\n${text}`).not.toContain('shop.example');
  }, 60_000);

  it('tells what it does in the order in which it does it', async () => {
    const events: BatchEvent[] = [];
    const out = newOut();
    const options = { out, jobs: 1, onEvent: (event: BatchEvent) => void events.push(event) };
    await batch([join(INCIDENTS, 'edge-colo'), join(INCIDENTS, 'fpm-socket-missing')], options);
    const [found] = events;
    expect(found).toMatchObject({ kind: 'found', incidents: 2 });
    expect(found?.kind === 'found' && found.bytes).toBeGreaterThan(10_000);
    for (const name of ['edge-colo', 'fpm-socket-missing']) {
      const own = events.filter((event) => event.kind !== 'found' && event.name === name);
      expect([own[0]?.kind, own.at(-1)?.kind]).toEqual(['started', 'finished']);
      const read = own.flatMap((event) => (event.kind === 'read' ? [event.bytes] : []));
      expect(read.length).toBeGreaterThan(0);
      expect(read).toEqual([...read].sort((a, b) => a - b));
      const last = own.at(-1);
      expect(last?.kind === 'finished' && last.outcomes.map(({ how: done }) => done)).toEqual(['analysed']);
    }
    events.length = 0;
    await batch([join(INCIDENTS, 'edge-colo'), join(INCIDENTS, 'fpm-socket-missing')], options);
    expect(events).toEqual([{ kind: 'found', incidents: 0, bytes: 0, done: 2 }]);
  }, 60_000);

  it('looks at the asked time of all incidents', async () => {
    const { outcomes } = await batch([join(INCIDENTS, 'edge-colo'), join(INCIDENTS, 'fpm-socket-missing')], {
      out: newOut(),
      until: { atMs: Date.UTC(2025, 1, 1) },
    });
    expect(outcomes.map(({ entry }) => [entry.name, entry.bursts.length])).toEqual([
      ['edge-colo', 0],
      ['fpm-socket-missing', 1],
    ]);
  }, 60_000);

  // On other systems there is no folder in which nothing can be made even by an administrator.
  const places: [string, string][] = [[join(folder, 'a-file'), 'a part of this path is a file; name another folder']];
  if (existsSync('/proc/self')) places.push(['/proc/whose502', 'no folder can be made there; name another one']);
  it.each(places)(
    'says in plain words why %s cannot be written',
    async (out, told) => {
      writeFileSync(join(folder, 'a-file'), '');
      const { code, stderr } = await run(['batch', join(INCIDENTS, 'edge-colo'), '--out', out]);
      expect([code, stderr]).toEqual([4, `whose502: ${out}: the batch stopped: ${told}\n`]);
    },
    60_000,
  );

  it('names alike incidents apart, and plain folders for odd names', async () => {
    const logs = join(folder, 'odd');
    for (const name of ['a/case', 'b/case', 'new\nline\u001b[31m'])
      cpSync(join(INCIDENTS, 'edge-colo'), join(logs, name), { recursive: true });
    const out = newOut();
    const { code, stderr } = await run(['batch', logs, '--out', out]);
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/\u001b|new\nline/)]);
    expect(readdirSync(join(out, 'incidents'))).toEqual(['a-case', 'b-case', 'new-line-31m']);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toContain('\u001b');
  }, 60_000);

  it('refuses to write among the logs of an incident', async () => {
    const inside = join(INCIDENTS, 'edge-colo', 'logs', 'reports');
    await expect(batch([join(INCIDENTS, 'edge-colo')], { out: inside })).rejects.toThrow('within the incident');
    expect(existsSync(inside)).toBe(false);
  });

  it.each([
    [['batch', '--out', 'x'], 'name the folders'],
    [['batch', 'logs', '--out', 'x', '--formats', 'pdf'], '--formats pdf'],
    [['batch', 'logs', '--out', 'x', '--rebuild'], '--rebuild'],
    [['batch', 'logs', '--out', 'x', '--tz', 'Mars'], '--tz Mars'],
    [['batch', 'logs'], '--out'],
  ])('%s is wrong usage', async (args, told) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});

/** Starts a batch and sends it a signal as soon as so many incidents are finished. */
async function endedAfter(out: string, finished: number, name: NodeJS.Signals) {
  const args = ['batch', INCIDENTS, '--out', out, '--redact-key', keyFile];
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
  const poll = setInterval(() => {
    const folders = existsSync(join(out, 'incidents')) ? readdirSync(join(out, 'incidents')) : null;
    const done = (folders ?? []).filter((folder) => existsSync(join(out, 'incidents', folder, 'state.json'))).length;
    if (folders === null || done < finished) return;
    clearInterval(poll);
    child.kill(name);
  }, 2);
  const signal = await ended;
  clearInterval(poll);
  return { signal, stderr };
}
