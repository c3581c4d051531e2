import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { foldersFor, maskedName } from '../../src/batch/folders.ts';
import { findIncidents } from '../../src/batch/incidents.ts';

const root = mkdtempSync(join(tmpdir(), 'whose502-find-'));
afterAll(() => rmSync(root, { recursive: true }));

const LINE =
  '2025/03/04 09:12:01 [error] 812#812: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com\n';
let trees = 0;

/** Writes files into a folder of their own; those that end in / are empty folders. */
function tree(files: Readonly<Record<string, string>>): string {
  trees += 1;
  const folder = join(root, `tree${trees}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return folder;
}

const namesIn = async (...args: string[]): Promise<readonly string[]> =>
  (await findIncidents(args)).incidents.map(({ name }) => name);

/** What one incident may look like on disk. */
const SHAPES: readonly ((name: string) => readonly string[])[] = [
  (name) => [`${name}/error.log`],
  (name) => [`${name}/pasted.txt`, `${name}/screenshots/shot.txt`],
  (name) => [`${name}/nginx/error.log`, `${name}/http_requests/20250304/rows.log`],
  (name) => [`${name}/web1/error.log`, `${name}/web2/error.log`, `${name}/README.md`],
  (name) => [`${name}/logs/odd name.txt`, `${name}/truth.json`],
  (name) => [`${name}.tar.gz`],
  (name) => [`${name}.zip`],
];
const isArchive = (shape: number): boolean => shape >= 5;

const incident = fc.record({
  group: fc.constantFrom('', '2025/', '2025/03/', 'shop/2024-12/'),
  id: fc.integer({ min: 1, max: 30 }),
  shape: fc.nat({ max: SHAPES.length - 1 }),
});

describe('finding incidents', () => {
  it('takes what a machine or a cluster hands over for one incident', async () => {
    const [one, two] = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4)];
    const uid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
    const bundles: Readonly<Record<string, readonly string[]>> = {
      sosreport: ['sos_commands/logs/journalctl_--no-pager', 'sos_logs/sos.log', 'etc/nginx/nginx.conf'],
      docker: [`${one}/${one}-json.log`, `${two}/${two}-json.log.1`, `${two}/config.v2.json`],
      pods: [`shop_web-7d9c5b8f4-abcde_${uid}/nginx/0.log`, `shop_tunnel-0_${uid}/cloudflared/0.log`],
      dump: ['nodes.json', 'shop/web-7d9c5b8f4-abcde/logs.txt', 'shop/pods.json', 'kube-system/coredns-0/logs.txt'],
      diag: ['cloudflared-diag-2025-10-28T09-40-00.zip', 'nginx/error.log'],
    };
    const files = Object.entries(bundles).flatMap(([name, paths]) => paths.map((path) => `from-${name}/${path}`));
    const folder = tree(Object.fromEntries(files.map((path) => [path, LINE])));
    const names = Object.keys(bundles).map((name) => `from-${name}`);
    expect(await namesIn(folder)).toEqual(names.sort());
    expect(await namesIn(join(folder, 'from-docker'))).toEqual(['from-docker']);
  });

  it('says of a pattern in a folder that is not there that it matches nothing', async () => {
    const { incidents, problems } = await findIncidents([join(root, 'nowhere', '*')]);
    expect([incidents, problems]).toEqual([
      [],
      [{ path: join(root, 'nowhere', '*'), reason: expect.stringContaining('no incident was found'), named: true }],
    ]);
  });

  it('tells of archives of kinds that are not read', async () => {
    const folder = tree({ 'one/error.log': LINE, 'sosreport-web1.tar.xz': 'x', 'old/logs.7z': 'x' });
    const { incidents, problems } = await findIncidents([folder]);
    expect(incidents.map(({ name }) => name)).toEqual(['one']);
    const told = { reason: expect.stringContaining('unpack it'), named: true };
    expect(problems).toEqual(
      expect.arrayContaining(['sosreport-web1.tar.xz', 'old/logs.7z'].map((path) => ({ path, ...told }))),
    );
    expect((await findIncidents([join(folder, 'sosreport-web1.tar.xz')])).problems).toMatchObject([told]);
  });

  it('finds each folder and archive of a collection once, in whatever groups they lie', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(incident, { minLength: 1, maxLength: 8, selector: ({ group, id }) => `${group}${id}` }),
        async (all) => {
          const files: Record<string, string> = {
            'INDEX.tsv': 'id\tcause\n',
            'notes.md': LINE,
            '.cache/error.log': LINE,
          };
          const expected: string[] = [];
          for (const { group, id, shape } of all) {
            const name = `${group}case-${id}`;
            const [first = '', ...others] = SHAPES[shape]?.(name) ?? [];
            files[first] = LINE;
            for (const other of others) files[other] = other.endsWith('.md') || other.endsWith('.json') ? '{}' : LINE;
            expected.push(isArchive(shape) ? first : name);
          }
          const folder = tree(files);
          const found = await namesIn(folder);
          expect(found).toEqual(expected.sort());
          expect(await namesIn(folder, folder)).toEqual(found);
          const alone = await findIncidents([...found].reverse().map((name) => join(folder, name)));
          expect(alone.incidents.flatMap(({ paths }) => paths).sort()).toEqual(
            (await findIncidents([folder])).incidents.flatMap(({ paths }) => paths).sort(),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes a folder that holds logs itself as one, with all beneath', async () => {
    const folder = tree({ 'error.log': LINE, 'old/error.log.1': LINE, 'old/more.zip': 'PK' });
    const { incidents } = await findIncidents([folder]);
    expect(incidents.map(({ paths }) => paths)).toEqual([[folder]]);
  });

  it('follows patterns, and puts logs named themselves together by their folder', async () => {
    const folder = tree({ 'a1/x.log': LINE, 'a2/x.log': LINE, 'b/x.log': LINE, 'b/y.log': LINE, 'b/z.md': LINE });
    expect(await namesIn(join(folder, 'a*'))).toEqual(['a1', 'a2']);
    const { incidents } = await findIncidents([join(folder, 'b/y.log'), join(folder, 'b/*')]);
    expect(incidents).toEqual([{ name: 'b', paths: [join(folder, 'b/x.log'), join(folder, 'b/y.log')] }]);
  });

  it('keeps apart what is called the same in two places', async () => {
    const [one, two] = [tree({ 'case/x.log': LINE }), tree({ 'case/x.log': LINE })];
    const names = await namesIn(one, two);
    expect(names).toEqual([`${one.slice(root.length + 1)}/case`, `${two.slice(root.length + 1)}/case`]);
  });

  it('says what it passed over and what gave nothing', async () => {
    const folder = tree({ 'a/error.log': LINE, 'pictures/b.txt': 'nothing to see here', 'empty/': '' });
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    const { incidents, problems } = await findIncidents([folder, join(folder, 'empty'), join(folder, 'nope')]);
    expect(incidents.map(({ name }) => name)).toEqual(['a']);
    const told = new Map(
      problems.map(({ path, reason, named }) => [path.slice(path.lastIndexOf('/') + 1), { reason, named }]),
    );
    expect(told.get('pictures')).toMatchObject({ named: false, reason: expect.stringContaining('no file') });
    expect(told.get('link')).toMatchObject({ named: false, reason: expect.stringContaining('symbolic link') });
    expect(told.get('empty')).toMatchObject({ named: true, reason: expect.stringContaining('no incident') });
    expect(told.get('nope')).toMatchObject({ named: true, reason: expect.stringContaining('no such') });
  });

  it('does not take a damaged log for no log', async () => {
    const folder = tree({ 'broken/error.log.gz': 'not gzip at all', 'ok/error.log': LINE });
    expect(await namesIn(folder)).toEqual(['broken', 'ok']);
  });
});

describe('folders of reports', () => {
  it('are unique, plain and the same each time', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 })), (names) => {
        const folders = foldersFor(names);
        expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(names.length);
        for (const folder of folders) expect(folder).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u);
        expect(foldersFor(names)).toEqual(folders);
      }),
    );
  });

  it('hold no address of a person', () => {
    expect(maskedName('complaint jane.doe@example.org', {})).not.toContain('jane');
  });
});
