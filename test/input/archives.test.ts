import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
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

  it.skipIf(!has('zip'))('a zip within a tar gives its files', async () => {
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

  it.skipIf(!has('zip'))('a zip gives its files', async () => {
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

describe('archives that are damaged, large or made to harm', () => {
  const write = (name: string, bytes: Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const tarOf = async (entries: readonly (readonly [string, string | Buffer])[]): Promise<Buffer> => {
    const tar = pack();
    for (const [name, content] of entries) tar.entry({ name }, content);
    tar.finalize();
    const parts: Buffer[] = [];
    for await (const part of tar) if (Buffer.isBuffer(part)) parts.push(part);
    return Buffer.concat(parts);
  };

  it('a tar that is cut gives the files before that place, and says so', async () => {
    const bytes = gzipSync(await tarOf([1, 2, 3].map((n) => [`${n}.log`, randomBytes(50_000).toString('hex')])));
    write('half.tar.gz', bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    const { sources, problems } = await opened('half.tar.gz');
    expect(sources.map(({ label }) => label)).toEqual(['half.tar.gz/1.log', 'half.tar.gz/2.log']);
    expect(problems).toEqual([
      { path: 'half.tar.gz', named: true, reason: expect.stringMatching(/^only the first 2 files .*cut off/) },
    ]);
  });

  it('files of a tar that memory cannot hold are read in few passes over it', async () => {
    const megabytes = 24;
    const names = Array.from({ length: 12 }, (_, i) => `${String((i * 7) % 12).padStart(2, '0')}.log`);
    const content = (name: string): Buffer => Buffer.alloc(megabytes << 20, `${name}\n`);
    write('large.tar', await tarOf(names.map((name) => [name, content(name)])));
    const [archive] = (await findSources([join(folder, 'large.tar')])).sources;
    if (archive === undefined) throw new Error('nothing was found');
    let passes = 0;
    const counted: SourceFile = {
      ...archive,
      open: (blockBytes) => {
        passes++;
        return archive.open(blockBytes);
      },
    };
    const { sources, problems } = await openArchives([counted]);
    expect(problems).toEqual([]);
    for (const source of sources) {
      let bytes = 0;
      const name = source.label.slice('large.tar/'.length);
      for await (const block of source.open()) {
        if (bytes === 0) expect(block.subarray(0, 7).toString()).toBe(`${name}\n`);
        bytes += block.length;
      }
      expect(bytes).toBe(megabytes << 20);
    }
    // One to see what it is, one to list them, and one for each 128 MB of the 288.
    expect(passes).toBeLessThanOrEqual(5);
  }, 60_000);

  it('a file of a tar that is larger than all memory for it passes by', async () => {
    write(
      'one.tar',
      await tarOf([
        ['small.log', 'x\n'],
        ['huge.log', Buffer.alloc(140 << 20, 'a line\n')],
      ]),
    );
    const { sources } = await opened('one.tar');
    const huge = sources.find(({ label }) => label.endsWith('huge.log'));
    let bytes = 0;
    for await (const block of huge?.open() ?? []) bytes += block.length;
    expect(bytes).toBe(140 << 20);
  }, 60_000);

  it('of two files with one name the later one counts, as unpacking would leave it', async () => {
    write(
      'twice.tar',
      await tarOf([
        ['a.log', 'older\n'],
        ['b.log', 'b\n'],
        ['./a.log', 'newer\n'],
      ]),
    );
    const { sources } = await opened('twice.tar');
    expect(sources.map(({ label }) => label)).toEqual(['twice.tar/a.log', 'twice.tar/b.log']);
    const [first] = sources;
    expect(first && (await textOf(first))).toBe('newer\n');
  });

  it('names are labels: none leads out of an archive, and none spoils it', async () => {
    const zip = new ZipFile();
    for (const name of ['etc/a.log', 'win/b.log', 'new\nline.log']) zip.addBuffer(Buffer.from(name), name);
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream) parts.push(Buffer.from(part));
    // As other programs write them: yazl refuses to.
    const bytes = Buffer.from(
      Buffer.concat(parts)
        .toString('latin1')
        .replaceAll('etc/a.log', '../../.lg')
        .replaceAll('win/b.log', 'win\\b.log'),
      'latin1',
    );
    write('names.zip', bytes);
    const { sources, problems } = await opened('names.zip');
    expect(problems).toEqual([]);
    expect(sources.map(({ label }) => label)).toEqual([
      'names.zip/.lg',
      'names.zip/new\nline.log',
      'names.zip/win/b.log',
    ]);
  });

  it('what unpacks to more than a log can is left, and said', async () => {
    const path = write('zeros.log.gz', gzipSync(Buffer.alloc(300 << 20)));
    const [source] = (await findSources([path])).sources;
    if (source === undefined) throw new Error('nothing was found');
    const bytes = readSource(source);
    for await (const _ of bytes);
    expect(bytes.summary().unpackedBytes).toBeLessThan(300 << 20);
    expect(bytes.summary()).toMatchObject({
      complete: false,
      warnings: [expect.stringContaining('500 times its size')],
    });
  });

  it.each(['plain.tar', 'packed.tar.gz', 'names.zip'])('%s through a pipe is opened, too', async (name) => {
    const file = await opened(name);
    const piped = await findSources(['-'], { stdin: Readable.from([readFileSync(join(folder, name))]) });
    const { sources, problems } = await openArchives(piped.sources);
    expect(problems).toEqual([]);
    expect(sources.map(({ label }) => label.slice(2))).toEqual(
      file.sources.map(({ label }) => label.slice(name.length + 1)),
    );
    expect(await Promise.all(sources.map(textOf))).toEqual(await Promise.all(file.sources.map(textOf)));
  });

  it('what is no archive comes through a pipe as it was', async () => {
    const lines = ['a line\n', 'another\n'.repeat(3000)];
    const piped = await findSources(['-'], { stdin: Readable.from(lines.map((line) => Buffer.from(line))) });
    const [source] = (await openArchives(piped.sources)).sources;
    expect(source && (await textOf(source))).toBe(lines.join(''));
  });
});

/** Packs the folder `z`, in which `error.log` lies and a link to it, as programs do that people have. */
const PACKERS: Readonly<Record<string, { readonly needs: string; readonly script: string }>> = {
  'streamed.zip': { needs: 'zip', script: 'zip -q - z/error.log | cat > streamed.zip' },
  'stored.zip': { needs: 'zip', script: 'zip -q -0 -r -y stored.zip z' },
  'zip64.zip': {
    needs: 'python3',
    script: `python3 -c "
import zipfile
with zipfile.ZipFile('zip64.zip', 'w', zipfile.ZIP_DEFLATED) as file:
    with file.open('z/error.log', 'w', force_zip64=True) as entry: entry.write(open('z/error.log', 'rb').read())"`,
  },
  'bsdtar.zip': { needs: 'bsdtar', script: 'bsdtar -cf bsdtar.zip --format=zip z' },
  'sevenzip.zip': { needs: '7z', script: '7z a -bd -tzip sevenzip.zip z/error.log' },
  'pax.tar': { needs: 'tar', script: 'tar --format=posix -cf pax.tar z' },
  'zstd.tar.zst': { needs: 'zstd', script: 'tar -cf - z | zstd -q > zstd.tar.zst' },
  'misnamed.tar': { needs: 'zip', script: 'zip -q - z/error.log > misnamed.tar' },
  'misnamed.zip': { needs: 'tar', script: 'tar -czf misnamed.zip z' },
};

/** Packs it so that it cannot be read here. */
const CLOSED: Readonly<Record<string, { readonly needs: string; readonly script: string; readonly told: string }>> = {
  'encrypted.zip': {
    needs: 'zip',
    script: 'zip -q -r -y -P secret encrypted.zip z',
    told: '1 files are encrypted; unpack it (unzip or 7z x)',
  },
  'aes.zip': {
    needs: '7z',
    script: '7z a -bd -tzip -mem=AES256 -psecret aes.zip z/error.log',
    told: '1 files are encrypted; unpack it (unzip or 7z x)',
  },
  'lzma.zip': {
    needs: 'python3',
    script: `python3 -c "
import zipfile
zipfile.ZipFile('lzma.zip', 'w', zipfile.ZIP_LZMA).write('z/error.log')"`,
    told: '1 files are packed with LZMA, which is not read here; unpack it',
  },
};

describe('archives as programs make them', () => {
  const there = (): string => {
    const beside = join(folder, 'packers');
    mkdirSync(join(beside, 'z'), { recursive: true });
    writeFileSync(join(beside, 'z', 'error.log'), 'a line\n'.repeat(400));
    if (!existsSync(join(beside, 'z', 'link.log'))) symlinkSync('error.log', join(beside, 'z', 'link.log'));
    return beside;
  };

  for (const [name, { needs, script }] of Object.entries(PACKERS)) {
    it.skipIf(!has(needs))(`${name} gives its file, from disk and through a pipe, and no link`, async () => {
      const path = join(there(), name);
      execFileSync('sh', ['-c', script], { cwd: there(), stdio: 'ignore' });
      const piped = await findSources(['-'], { stdin: Readable.from([readFileSync(path)]) });
      for (const found of [await findSources([path]), piped]) {
        const { sources, problems } = await openArchives(found.sources);
        expect([sources.map(({ label }) => label.slice(label.indexOf('/'))), problems]).toEqual([['/z/error.log'], []]);
        expect(await Promise.all(sources.map(textOf))).toEqual(['a line\n'.repeat(400)]);
      }
    });
  }

  for (const [name, { needs, script, told }] of Object.entries(CLOSED)) {
    it.skipIf(!has(needs))(`${name} is told of once, with what to do`, async () => {
      const path = join(there(), name);
      execFileSync('sh', ['-c', script], { cwd: there(), stdio: 'ignore' });
      const { sources, problems } = await openArchives((await findSources([path])).sources);
      expect([sources, problems]).toEqual([[], [{ path: name, named: true, reason: expect.stringContaining(told) }]]);
    });
  }
});

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
