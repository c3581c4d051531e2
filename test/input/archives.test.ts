import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchives } from '../../src/input/archives.ts';
import { readSource } from '../../src/input/bytes.ts';
import { findSources } from '../../src/input/paths.ts';
import type { SourceFile } from '../../src/input/source.ts';

const FILES: Readonly<Record<string, string>> = {
  'logs/nginx/error.log': 'first line\nsecond line\n',
  'logs/nginx/access.log': 'x'.repeat(300_000),
  'logs/empty.log': '',
  'logs/.DS_Store': 'desktop',
};

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whose502-archives-'));
  const tar = pack();
  for (const [name, content] of Object.entries(FILES)) tar.entry({ name }, content);
  tar.entry({ name: 'logs/link', type: 'symlink', linkname: '/etc/passwd' });
  tar.entry({ name: '../../escape.log' }, 'a name is only a label\n');
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) if (Buffer.isBuffer(part)) parts.push(part);
  const bytes = Buffer.concat(parts);
  writeFileSync(join(folder, 'plain.tar'), bytes);
  writeFileSync(join(folder, 'packed.tar.gz'), gzipSync(bytes));
  writeFileSync(join(folder, 'cut.tgz'), gzipSync(bytes).subarray(0, 400));
  writeFileSync(join(folder, 'not-a.zip'), 'PK is all it has');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function textOf(source: SourceFile): Promise<string> {
  const parts: Buffer[] = [];
  for await (const block of readSource(source)) parts.push(Buffer.from(block));
  return Buffer.concat(parts).toString();
}

async function opened(name: string) {
  return openArchives((await findSources([join(folder, name)])).sources);
}

describe('archives', () => {
  it.each(['plain.tar', 'packed.tar.gz'])(
    '%s gives its files under its own name, without links and desktop files',
    async (name) => {
      const { sources, problems } = await opened(name);
      expect(problems).toEqual([]);
      expect(sources.map(({ label }) => label).sort()).toEqual(
        [
          `${name}/logs/empty.log`,
          `${name}/logs/nginx/access.log`,
          `${name}/logs/nginx/error.log`,
          `${name}/escape.log`,
        ].sort(),
      );
      for (const source of sources) {
        const content = FILES[source.label.slice(name.length + 1)] ?? 'a name is only a label\n';
        expect(await textOf(source)).toBe(content);
      }
    },
  );

  it('a member can be read twice', async () => {
    const { sources } = await opened('packed.tar.gz');
    const error = sources.find(({ label }) => label.endsWith('error.log'));
    if (!error) throw new Error('error.log is missing');
    expect(await textOf(error)).toBe(await textOf(error));
  });

  it('what is no archive or cut is a problem in plain words, not an error', async () => {
    expect((await opened('not-a.zip')).problems).toMatchObject([{ path: 'not-a.zip', named: true }]);
    const cut = await opened('cut.tgz');
    expect(cut.sources.length + cut.problems.length).toBeGreaterThan(0);
  });

  it('ordinary files are left as they are', async () => {
    mkdirSync(join(folder, 'plain'), { recursive: true });
    writeFileSync(join(folder, 'plain', 'error.log'), 'a line\n');
    const found = (await findSources([join(folder, 'plain')])).sources;
    expect((await openArchives(found)).sources).toEqual(found);
  });

  it('archives within an archive are opened, to a depth that is told', async () => {
    const packed = async (name: string, content: string | Buffer): Promise<Buffer> => {
      const tar = pack();
      tar.entry({ name }, content);
      tar.finalize();
      const parts: Buffer[] = [];
      for await (const part of tar) if (Buffer.isBuffer(part)) parts.push(part);
      return gzipSync(Buffer.concat(parts));
    };
    const machine = await packed('nginx/error.log', 'a line\n');
    const day = await packed('web1.tar.gz', machine);
    writeFileSync(join(folder, 'year.tar.gz'), await packed('day.tgz', day));
    const { sources, problems } = await opened('year.tar.gz');
    expect(problems).toEqual([]);
    expect(sources.map(({ label }) => label)).toEqual(['year.tar.gz/day.tgz/web1.tar.gz/nginx/error.log']);
    const [only] = sources;
    if (!only) throw new Error('nothing was found');
    expect(await textOf(only)).toBe('a line\n');

    writeFileSync(join(folder, 'century.tar.gz'), await packed('year.tar.gz', await packed('day.tgz', day)));
    const deep = await opened('century.tar.gz');
    expect(deep.sources).toEqual([]);
    expect(deep.problems).toMatchObject([
      { path: 'century.tar.gz/year.tar.gz/day.tgz/web1.tar.gz', reason: expect.stringContaining('unpack it') },
    ]);
  });

  it.skipIf(!hasZip())('a zip within a tar gives its files', async () => {
    mkdirSync(join(folder, 'inner', 'z'), { recursive: true });
    writeFileSync(join(folder, 'inner', 'z', 'error.log'), 'zipped line\n');
    execFileSync('zip', ['-q', '-r', 'logs.zip', 'z'], { cwd: join(folder, 'inner') });
    execFileSync('tar', ['-czf', join(folder, 'outer.tgz'), '-C', join(folder, 'inner'), 'logs.zip']);
    const { sources } = await opened('outer.tgz');
    expect(sources.map(({ label }) => label)).toEqual(['outer.tgz/logs.zip/z/error.log']);
    const [only] = sources;
    if (!only) throw new Error('nothing was found');
    expect(await textOf(only)).toBe('zipped line\n');
  });

  it.skipIf(!hasZip())('a zip gives its files', async () => {
    mkdirSync(join(folder, 'z'), { recursive: true });
    writeFileSync(join(folder, 'z', 'error.log'), 'zipped line\n');
    execFileSync('zip', ['-q', '-r', join(folder, 'logs.zip'), 'z'], { cwd: folder });
    const { sources } = await opened('logs.zip');
    expect(sources.map(({ label }) => label)).toEqual(['logs.zip/z/error.log']);
    const [only] = sources;
    if (!only) throw new Error('nothing was found');
    expect(await textOf(only)).toBe('zipped line\n');
  });
});

function hasZip(): boolean {
  try {
    execFileSync('zip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
