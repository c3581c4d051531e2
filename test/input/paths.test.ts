import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSources } from '../../src/input/paths.ts';
import { collect } from './pieces.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sources-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), `content of ${path}\n`);
  }
}

async function labels(...args: readonly string[]): Promise<string[]> {
  return (await findSources(args, { cwd })).sources.map((source) => source.label);
}

async function problems(...args: readonly string[]): Promise<string[]> {
  return (await findSources(args, { cwd })).problems.map(
    (one) => `${one.path}${one.named ? ' (named)' : ''}: ${one.reason}`,
  );
}

describe('findSources', () => {
  it('lists a folder with all beneath it, in the order of the labels', async () => {
    put('logs/b.log', 'logs/a/z.log', 'logs/a.log', 'logs/Z.log', 'logs/a/deep/er/x');
    expect(await labels('logs')).toEqual(['Z.log', 'a.log', 'a/deep/er/x', 'a/z.log', 'b.log']);
    expect(await labels('logs/')).toEqual(await labels('./logs'));
  });

  it('gives a named file its base name, its size and its bytes', async () => {
    put('logs/error.log');
    const { sources } = await findSources(['logs/error.log'], { cwd });
    expect(sources).toMatchObject([{ label: 'error.log', bytes: 26, named: true, path: join(cwd, 'logs/error.log') }]);
    const [source] = sources;
    if (source === undefined) throw new Error('no source');
    expect((await collect(source.open(3))).toString()).toBe('content of logs/error.log\n');
  });

  it('gives equal labels the folders that part them, whatever the order of the arguments', async () => {
    put('web1/nginx/error.log', 'web2/nginx/error.log', 'other.log');
    const expected = ['other.log', 'web1/nginx/error.log', 'web2/nginx/error.log'];
    const args = ['web1/nginx/error.log', 'other.log', 'web2/nginx/error.log'];
    expect(await labels(...args)).toEqual(expected);
    expect(await labels(...args.toReversed())).toEqual(expected);
    expect(await labels('web2', 'web1')).toEqual(expected.slice(1));
  });

  it('lists a file once that is reached twice, and knows that it was named', async () => {
    put('logs/nginx/error.log');
    symlinkSync(join(cwd, 'logs/nginx/error.log'), join(cwd, 'link.log'));
    for (const args of [
      ['logs', 'logs/nginx', 'link.log', 'logs'],
      ['link.log', 'logs/nginx', 'logs'],
    ]) {
      const { sources } = await findSources(args, { cwd });
      expect(sources).toMatchObject([{ label: 'nginx/error.log', named: true }]);
    }
  });

  it('follows a named link, but none inside a folder, so that loops end', async () => {
    put('logs/a.log');
    symlinkSync('..', join(cwd, 'logs/up'));
    symlinkSync('a.log', join(cwd, 'logs/current.log'));
    symlinkSync('loop', join(cwd, 'loop'));
    symlinkSync('logs', join(cwd, 'named'));
    expect(await labels('named')).toEqual(['a.log']);
    expect(await problems('logs')).toEqual([
      expect.stringMatching(/^current\.log: a symbolic link/),
      expect.stringMatching(/^up: a symbolic link/),
    ]);
    expect(await problems('loop')).toEqual([expect.stringMatching(/^loop \(named\): symbolic links/)]);
  });

  it('finds what patterns match; a folder that matches is taken whole', async () => {
    put('logs/a.log', 'logs/b.txt', 'logs/sub/c.log', 'logs/sub/d.txt', 'logs/.hidden.log', 'x/y/z');
    expect(await labels('logs/*.log')).toEqual(['a.log']);
    expect(await labels('**/*.{log,txt}')).toEqual(['logs/a.log', 'logs/b.txt', 'logs/sub/c.log', 'logs/sub/d.txt']);
    expect(await labels('logs/s*')).toEqual(['sub/c.log', 'sub/d.txt']);
    expect(await labels(join(cwd, 'x/*/z'))).toEqual(['y/z']);
    expect(await problems('logs/*.gz', 'none/*')).toEqual([
      expect.stringMatching(/^logs\/\*\.gz \(named\): no file matches/),
      expect.stringMatching(/^none\/\* \(named\): no file matches/),
    ]);
  });

  it('takes a file whose name looks like a pattern', async () => {
    put('a*.log', 'ab.log');
    expect(await labels('a*.log')).toEqual(['a*.log']);
  });

  it('reads standard input once for -, also beside a file of that name', async () => {
    put('-');
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array([104, 105]);
      yield Buffer.from(' there');
    }
    const { sources } = await findSources(['-', './-', '/dev/stdin'], { cwd, stdin: stdin() });
    expect(sources.map((source) => [source.label.slice(-1), source.path === null, source.bytes > 0])).toEqual([
      ['-', true, false],
      ['-', false, true],
    ]);
    const [input] = sources;
    if (input === undefined) throw new Error('no source');
    expect((await collect(input.open(1))).toString()).toBe('hi there');
  });

  it('says what is wrong with what cannot be read, and still lists the rest', async () => {
    put('good.log', 'file');
    mkdirSync(join(cwd, 'empty'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(cwd, 'socket'), resolve));
    const args = ['missing.log', 'good.log', 'empty', 'file/beneath', 'socket', '', 'x'.repeat(5000), 'nul\0byte'];
    const found = await findSources(args, { cwd });
    expect(found.sources.map((source) => source.label)).toEqual(['good.log']);
    expect(found.problems.map((one) => one.path)).toEqual(args.filter((arg) => arg !== 'good.log').toSorted());
    expect(found.problems.every((one) => one.named && one.reason.length > 10)).toBe(true);
    expect(await problems('socket')).toEqual([
      'socket (named): a socket, not a file; pipe its contents in and name - to read it',
    ]);
    expect(await problems('.')).toContain('socket: a socket, not a file; pipe its contents in and name - to read it');
    server.close();
  });

  it('reports folders and files without permission and reads the rest', async () => {
    put('logs/a.log', 'logs/closed/b.log', 'logs/c.log');
    chmodSync(join(cwd, 'logs/closed'), 0);
    chmodSync(join(cwd, 'logs/c.log'), 0);
    const { sources, problems: found } = await findSources(['logs'], { cwd });
    chmodSync(join(cwd, 'logs/closed'), 0o755);
    const all = [...sources.map((source) => source.label), ...found.map((one) => one.path)].toSorted();
    // The superuser may read everything; what is found is complete either way.
    const asRoot = process.getuid?.() === 0;
    expect(all).toEqual(asRoot ? ['a.log', 'c.log', 'closed/b.log'] : ['a.log', 'c.log', 'closed']);
    if (!asRoot) expect(found.every((one) => one.reason.startsWith('no permission'))).toBe(true);
  });

  it('lists an empty file', async () => {
    writeFileSync(join(cwd, 'empty.log'), '');
    const { sources } = await findSources(['empty.log'], { cwd });
    expect(sources).toMatchObject([{ label: 'empty.log', bytes: 0 }]);
  });
});
