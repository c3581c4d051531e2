import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { redactCommand } from '../../src/cli/redact-command.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { CANARIES, ENCODINGS } from '../result/canaries.ts';
import { plantings } from '../result/plantings.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-redact-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

let printed = '';
beforeEach(() => {
  printed = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
});
afterEach(() => vi.restoreAllMocks());

let runs = 0;
/** Copies files and gives the copies by name, unpacked. */
async function copies(paths: readonly string[], flags: { redactKey?: string; redactHosts?: boolean } = {}) {
  runs += 1;
  const out = join(folder, `out-${runs}`);
  const code = await redactCommand(paths, { out, ...flags });
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = Object.fromEntries(
    files.map(({ name, parentPath }) => {
      const bytes = readFileSync(join(parentPath, name));
      return [name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()];
    }),
  );
  return { code, texts, map: `${out}.private-map.json` };
}

const HAR = {
  log: {
    version: '1.2',
    entries: [
      {
        serverIPAddress: '203.0.113.9',
        time: 12,
        request: {
          method: 'POST',
          url: 'https://www.example.com/cart?voucher=v0ucher77',
          cookies: [{ name: 'basket', value: 'b4sket' }],
          headers: [
            { name: 'Cookie', value: 'basket=b4sket' },
            { value: 'early7value', name: 'X-Odd' },
            { name: 'User-Agent', value: 'Mozilla/5.0' },
          ],
          queryString: [{ name: 'voucher', value: 'v0ucher77' }],
          postData: { mimeType: 'text/plain', text: 'mother’s maiden name', params: [{ name: 'a', value: 'p4ram' }] },
        },
        response: {
          status: 502,
          cookies: [],
          headers: [{ name: 'CF-Ray', value: 'a7c4bab370256a99-IAD' }],
          content: { mimeType: 'text/html', text: '<p>Error 502, your IP: 203.0.113.9</p>' },
        },
      },
      { response: { status: 200, content: { text: 'account of Jane' } }, token: 12345 },
    ],
  },
};

describe('safe copies', () => {
  it.each([
    ['in one line', JSON.stringify(HAR)],
    ['over many lines', JSON.stringify(HAR, null, 2)],
  ])('of a HAR %s: valid JSON, bodies and cookies gone, the error page and the Ray ID left', async (_, text) => {
    const { code, texts } = await copies([inFolder(`page-${text.length}.har`, text)]);
    const copy = Object.values(texts)[0] ?? '';
    const { log } = JSON.parse(copy);
    expect([code, copy.split('\n').length]).toEqual([0, text.split('\n').length]);
    for (const gone of ['v0ucher77', 'b4sket', 'early7value', 'maiden', 'p4ram', 'Jane', '203.0.113.9', '12345'])
      expect(copy).not.toContain(gone);
    expect(log.entries[0].request.url).toBe('https://www.example.com/cart?voucher=…');
    expect(log.entries[0].response.content.text).toBe('<p>Error 502, your IP: visitor-1</p>');
    expect(log.entries[0].response.headers[0].value).toBe('a7c4bab370256a99-IAD');
    expect(log.entries[0].request.headers[2].value).toBe('Mozilla/5.0');
  });

  it.each(ENCODINGS)(
    'of every format, secrets in every field, %s: as many lines, nothing left, JSON as before',
    async (name, encode) => {
      const wanted = FORMATS.map(({ id, examples }, index) => {
        const lines = examples().flatMap(({ input }) => plantings(input, encode).map(({ line }) => line));
        const text = index % 2 === 0 ? lines.join('\n') : `${lines.join('\r\n')}\r\n`;
        const file = `${name.replaceAll(' ', '-').toLowerCase()}-${id}.log${index % 3 === 0 ? '.gz' : ''}`;
        return [file, inFolder(file, index % 3 === 0 ? gzipSync(text) : text), text] as const;
      });
      const { code, texts, map } = await copies(wanted.map(([, path]) => path));
      expect(code).toBe(0);
      for (const [file, , text] of wanted) {
        const copy = texts[file] ?? '';
        expect([file, copy.split('\n').length]).toEqual([file, text.split('\n').length]);
        for (const [kind, , secret] of CANARIES) expect([kind, copy.includes(secret)]).toEqual([kind, false]);
        text.split('\n').forEach((line, index) => {
          if (line.startsWith('{') && isJson(line)) expect(isJson(copy.split('\n')[index] ?? '')).toBe(true);
        });
      }
      for (const [kind, , secret] of CANARIES) expect([kind, printed.includes(secret)]).toEqual([kind, false]);
      expect(statSync(map).mode & 0o777).toBe(0o600);
      expect(JSON.stringify(JSON.parse(readFileSync(map, 'utf8')))).toContain('203.0.113.77');
    },
  );

  it('mask everywhere what was told to be secret in a later file', async () => {
    const { texts } = await copies([
      inFolder('a.log', 'could not use late5ecret here\n'),
      inFolder('b.log', 'password=late5ecret\n'),
    ]);
    expect(texts).toEqual({ 'a.log': 'could not use … here\n', 'b.log': 'password=…\n' });
  });

  it('with a key name the same visitor the same in every run', async () => {
    const redactKey = inFolder('key', `${'k'.repeat(32)}\n`);
    const first = await copies([inFolder('one.log', 'from 203.0.113.5\n')], { redactKey });
    const second = await copies([inFolder('two.log', 'from 198.51.100.1\nfrom 203.0.113.5\n')], { redactKey });
    expect(second.texts['two.log']).toContain(first.texts['one.log'] ?? 'nothing');
    expect(first.texts['one.log']).toMatch(/^from visitor-[0-9a-f]{10}\n$/);
  });

  it('name no user of whose folder an archive was made, and keep a file beside the folder that is masked like it', async () => {
    const root = join(folder, 'unpacked', 'home', 'janedoe77');
    mkdirSync(join(root, 'joe@example.org'), { recursive: true });
    writeFileSync(join(root, 'jane@example.com'), 'a\n');
    writeFileSync(join(root, 'joe@example.org', 'error.log'), 'b\n');
    const { code, texts } = await copies([root]);
    expect([code, Object.values(texts).sort()]).toEqual([0, ['a\n', 'b\n']]);
    expect(Object.keys(texts).join()).not.toMatch(/jane|joe/);
    expect(printed).not.toMatch(/jane|joe/);
  });

  it('keep to their folder, whatever the files are called', async () => {
    const { texts } = await copies([inFolder('jane@example.com.log', 'a\n'), inFolder('joe@example.org.log', 'b\n')]);
    expect(Object.keys(texts).join()).not.toMatch(/jane|joe|[^\w.,@-]/);
    expect(Object.values(texts).sort()).toEqual(['a\n', 'b\n']);
  });

  it('are not made of pictures, into full folders, from standard input or with a short key', async () => {
    const log = inFolder('plain.log', 'x\n');
    const picture = await copies([log, inFolder('p.png', Buffer.from('89504e470d0a1a0a0000', 'hex'))]);
    expect(Object.keys(picture.texts)).toEqual(['plain.log']);
    expect(printed).toContain('p.png: not copied: a PNG picture');
    expect(await redactCommand([log], { out: folder })).toBe(2);
    expect(await redactCommand(['-'], { out: join(folder, 'new') })).toBe(2);
    expect(await redactCommand([log], { out: join(folder, 'new'), redactKey: inFolder('short', 'abc') })).toBe(2);
    expect((await copies([log, join(folder, 'gone.log')])).code).toBe(4);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
