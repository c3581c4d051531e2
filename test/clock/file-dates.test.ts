import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { dateOfFiles, dateOfName } from '../../src/clock/file-dates.ts';

const JOURNAL = 'Mar 04 09:12:03 web-01 systemd[1]: Stopped nginx.service - A high performance web server.\n';
const ROW = '203.0.113.7 - - [04/Mar/2025:09:12:03 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"\n';

const root = mkdtempSync(join(tmpdir(), 'whose502-year-'));
afterAll(() => rmSync(root, { recursive: true }));
const folder = (): string => mkdtempSync(join(root, 'logs-'));

/** Year of the journal, and how it is known. */
async function yearIn(path: string): Promise<unknown> {
  const { sources } = await analyze([path]);
  return sources.find(({ format }) => format === 'journal')?.clock?.year;
}

function withFiles(files: Readonly<Record<string, string>>): string {
  const path = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** A tar archive whose member was written then. */
async function tarOf(mtime: Date): Promise<string> {
  const path = join(folder(), 'logs.tar');
  const tar = pack();
  tar.entry({ name: 'journal.txt', mtime }, JOURNAL);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) if (Buffer.isBuffer(part)) parts.push(part);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe('a date in a name', () => {
  it.each([
    ['syslog-20230305', '2023-03-05'],
    ['a/b/journal-2024-12-31.txt', '2024-12-31'],
    ['error.log-2023030517.gz', '2023-03-05'],
    ['http_requests/20250415T132330Z_20250415T132400Z_9b1067a5.log.gz', '2025-04-15'],
  ])('%s', (label, day) => {
    expect(dateOfName({ label })).toBe(Date.parse(`${day}T00:00:00Z`));
  });

  it.each(['access.log.1', 'syslog-20231305', 'worker-99999999', 'id-120230305', '20230305/syslog'])(
    'is none in %s',
    (label) => {
      expect(dateOfName({ label })).toBeNaN();
    },
  );

  it('counts before the dates of archives', () => {
    const modifiedMs = Date.UTC(2026, 0, 1);
    expect(dateOfFiles([{ label: '20230305/a', modifiedMs }])).toBe(Date.UTC(2023, 2, 5));
    expect(dateOfFiles([{ label: 'a', modifiedMs }, { label: 'b' }])).toBe(modifiedMs);
    expect(dateOfFiles([{ label: 'a' }])).toBeNaN();
  });
});

describe('the year of a log that writes none', () => {
  it('is that of the other logs', async () => {
    expect(await yearIn(withFiles({ 'journal.txt': JOURNAL, 'access.log': ROW }))).toEqual({
      value: 2025,
      method: 'other logs',
    });
  });

  it('is that of the logs that lie nearest, where an archive spans years', async () => {
    const elsewhere = (year: number) => ROW.replace('2025', String(year));
    const path = withFiles({
      'web1/journal.txt': JOURNAL,
      'web1/nginx/access.log': elsewhere(2023),
      'web2/access.log': ROW,
      'web3/access.log': elsewhere(2026),
      'web4/access.log': elsewhere(2026),
    });
    expect(await yearIn(path)).toEqual({ value: 2023, method: 'other logs' });
  });

  it('is that of the date in its own name: it may be an old one', async () => {
    expect(await yearIn(withFiles({ 'journal-20230305.txt': JOURNAL, 'access.log': ROW }))).toEqual({
      value: 2023,
      method: 'file name',
    });
  });

  it('is that of its archive’s date where nothing else tells', async () => {
    expect(await yearIn(await tarOf(new Date('2022-04-01T00:00:00Z')))).toEqual({ value: 2022, method: 'file dates' });
  });

  it('is not that of an archive without dates, nor of the file on disk', async () => {
    expect(await yearIn(await tarOf(new Date(0)))).toMatchObject({ method: 'assumed' });
    expect(await yearIn(withFiles({ 'journal.txt': JOURNAL }))).toMatchObject({ method: 'assumed' });
  });
});
