import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import { PartProblem } from '../../src/batch/part-file.ts';
import { type DigestOptions, mergeDigestFiles, writeDigestFile } from '../../src/batch/parts.ts';
import { findSources } from '../../src/input/paths.ts';
import { renderJson } from '../../src/report/json.ts';
import { isVisitorAddress } from '../../src/result/addresses.ts';
import type { Result } from '../../src/result/schema.ts';
import { run } from '../cli/program.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const INCIDENTS = fixture('incidents');
const CASES = fixture('cases');

const folder = mkdtempSync(join(tmpdir(), 'whose502-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `p${files}.digest`);
};

/** All files beneath a folder, dealt out to so many parts. */
async function dealt(root: string, count: number): Promise<readonly (readonly string[])[]> {
  const paths = (await findSources([root])).sources.flatMap(({ path }) => path ?? []);
  return Array.from({ length: count }, (_, part) => paths.filter((_, i) => (i * 7 + 3) % count === part)).filter(
    ({ length }) => length > 0,
  );
}

const KEY = '0123456789abcdef0123456789abcdef';

async function digested(
  parts: readonly (readonly string[])[],
  root: string,
  options: DigestOptions = {},
): Promise<string[]> {
  const made: string[] = [];
  for (const paths of parts) {
    const file = newFile();
    await writeDigestFile(paths, file, { root, ...options });
    made.push(file);
  }
  return made;
}

/** Records that name a client by an address which could be a visitor's. */
function visitorsIn(parts: readonly string[]): number {
  const text = parts.map((part) => gunzipSync(readFileSync(part)).toString()).join('');
  return [...text.matchAll(/"client":"([^"]+)"/g)].filter(([, client = '']) => isVisitorAddress(client)).length;
}

/** A result with all names of one kind alike, and without what tells how they were made. */
function withoutNames(result: Result): unknown {
  const { options, redaction, ...rest } = result;
  return JSON.parse(JSON.stringify(rest).replace(/\b(visitor|user)-[0-9a-f]+/g, '$1'));
}

describe('digests', () => {
  it.each([
    ['two-faults-at-once', 1],
    ['two-faults-at-once', 2],
    ['two-faults-at-once', 7],
    ['tunnel-service-refused', 3],
    ['edge-colo', 50],
  ])(
    'of %s in %i parts, merged in any order, give the bytes of one run',
    async (name, count) => {
      const root = join(INCIDENTS, name);
      const one = await runAnalysis([root]);
      const parts = await digested(await dealt(root, count), root);
      const merged = await mergeDigestFiles(parts, {});
      expect(renderJson(merged.result)).toBe(renderJson(one.result));
      expect(merged.understood).toBe(one.understood);
      const turned = await mergeDigestFiles([...parts].reverse(), {});
      expect(renderJson(turned.result)).toBe(renderJson(one.result));
    },
    60_000,
  );

  it.each([
    ['two-faults-at-once', 1],
    ['two-faults-at-once', 2],
    ['fpm-socket-missing', 7],
    ['edge-colo', 50],
  ])(
    'of %s, redacted with a key, in %i parts, give the bytes of one run with that key, which blames whom a run without it blames',
    async (name, count) => {
      const root = join(INCIDENTS, name);
      const one = await runAnalysis([root], { redactKey: KEY });
      const parts = await digested(await dealt(root, count), root, { redactKey: KEY });
      for (const order of [parts, [...parts].reverse()]) {
        expect(renderJson((await mergeDigestFiles(order, {})).result)).toBe(renderJson(one.result));
      }
      const raw = await digested(await dealt(root, count), root);
      const named = await mergeDigestFiles(raw, { redactKey: KEY });
      expect(renderJson(named.result)).toBe(renderJson(one.result));
      const plain = await runAnalysis([root]);
      expect(withoutNames(one.result)).toEqual(withoutNames(plain.result));
      expect(visitorsIn(parts)).toBe(0);
      expect(visitorsIn(raw)).toBeGreaterThan(100);
    },
    60_000,
  );

  it('of all that is in the cases, redacted, too', async () => {
    const parts = await digested(await dealt(CASES, 5), CASES, { redactKey: KEY });
    const one = await runAnalysis([CASES], { redactKey: KEY, redactHosts: true });
    const merged = await mergeDigestFiles(parts, { redactKey: KEY, redactHosts: true });
    expect(renderJson(merged.result)).toBe(renderJson(one.result));
  }, 60_000);

  it('of logs that are thinned out, with private text in their paths, too, where merge has the key', async () => {
    const root = join(folder, 'long');
    mkdirSync(root);
    const files = [3, 2, 1].map((number, part) => {
      const file = join(root, `access.log.${number}`);
      const lines = Array.from({ length: 9000 }, (_, i) => {
        const second = part * 1200 + Math.floor(i / 8);
        const time = new Date(Date.UTC(2026, 2, 4, 8, 0, second)).toISOString().slice(11, 19);
        const path = i % 3 === 0 ? `/~janedoe${i % 50}/` : `/page/${i % 400}`;
        return `203.0.113.${i % 250} - - [04/Mar/2026:${time} +0000] "GET ${path} HTTP/1.1" ${part === 1 && i > 4000 && i < 4600 ? 502 : 200} 5 "-" "Mozilla/5.0"\n`;
      });
      writeFileSync(file, lines.join(''));
      return file;
    });
    const one = await runAnalysis([root], { redactKey: KEY });
    const parts = await digested(
      files.map((file) => [file]),
      root,
      { redactKey: KEY },
    );
    const merged = await mergeDigestFiles(parts, { redactKey: KEY });
    expect(one.result.bursts).toHaveLength(1);
    expect(renderJson(merged.result)).toBe(renderJson(one.result));
    const keyless = (await mergeDigestFiles(parts, {})).result;
    expect(keyless.bursts.map(({ verdict, requests }) => [verdict.cause, requests])).toEqual(
      one.result.bursts.map(({ verdict, requests }) => [verdict.cause, requests]),
    );
  }, 60_000);

  it('hold no hash by which an address could be found, and what one line masks is in no other', async () => {
    const root = join(folder, 'repeated');
    const [log, other] = [join(root, 'error.log'), join(root, 'again.log')];
    mkdirSync(root);
    const head =
      '2025/03/04 09:12:10 [error] 8#8: *1 connect() failed (111: Connection refused) while connecting to upstream';
    const line = (path: string): string =>
      `${head}, client: 203.0.113.7, server: example.com, request: "GET ${path} HTTP/1.1", upstream: "http://127.0.0.1:3000${path}", host: "example.com"\n`;
    writeFileSync(log, line('/a?key=t0psecretvalue'));
    writeFileSync(other, line('/~janedoe77/echo/t0psecretvalue'));
    const [part = ''] = await digested([[log, other]], root, { redactKey: KEY });
    const text = gunzipSync(readFileSync(part)).toString();
    expect(text).toContain('/echo/…');
    expect(text).not.toMatch(/t0psecret|203\.0|janedoe/);
  });

  it('of all that is in the cases, with options of the merge', async () => {
    const parts = await digested(await dealt(CASES, 5), CASES);
    const options = { tz: 'Europe/Berlin', year: 2024, redact: false };
    const one = await runAnalysis([CASES], options);
    expect(renderJson((await mergeDigestFiles(parts, options)).result)).toBe(renderJson(one.result));
  }, 60_000);

  it('are the same bytes each time', async () => {
    const root = join(INCIDENTS, 'edge-colo');
    const [one = '', two = ''] = await digested([[root], [root]], root);
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  });
});

describe('digests that cannot be merged', () => {
  const root = join(INCIDENTS, 'edge-colo');
  const problemOf = async (...paths: string[]): Promise<string> => {
    try {
      await mergeDigestFiles(paths, {});
    } catch (error) {
      if (error instanceof PartProblem) return error.message;
      throw error;
    }
    return 'none';
  };
  const changed = (path: string, change: (lines: string[]) => string[]): string => {
    const file = newFile();
    const lines = gunzipSync(readFileSync(path)).toString().split('\n').slice(0, -1);
    writeFileSync(file, gzipSync(change(lines).join('\n').concat('\n')));
    return file;
  };

  it('say what is wrong and what to do', async () => {
    const [whole = ''] = await digested([[root]], root);
    const [nginx = '', again = ''] = await digested([[join(root, 'logs/nginx')], [join(root, 'logs/nginx')]], root);
    expect(await problemOf(nginx, again)).toContain('--root');
    const other = newFile();
    await writeDigestFile([join(root, 'logs/http_requests')], other, { root, host: 'shop.example.com' });
    expect(await problemOf(nginx, other)).toContain('other options');
    const copied = newFile();
    await writeDigestFile([join(root, 'logs/nginx')], copied, { root: join(root, 'logs') });
    expect(await problemOf(nginx, copied)).toContain('the same file');

    const cut = newFile();
    writeFileSync(cut, readFileSync(whole).subarray(0, 3000));
    expect(await problemOf(cut)).toContain('cut or damaged');
    expect(await problemOf(changed(whole, (lines) => lines.slice(0, -1)))).toContain('cut or damaged');
    expect(await problemOf(changed(whole, ([head = '', , ...rest]) => [head, '{"label":1}', ...rest]))).toContain(
      'cut or',
    );
    expect(
      await problemOf(changed(whole, ([head = '', ...rest]) => [head.replace('"version":5', '"version":1'), ...rest])),
    ).toContain('version 1');
    expect(
      await problemOf(
        changed(whole, ([head = '', ...rest]) => [head.replace(/"ruleset":"[^"]*/, '"ruleset":"old'), ...rest]),
      ),
    ).toContain('rules old');
    const [named = ''] = await digested([[join(root, 'logs/http_requests')]], root, { redactKey: KEY });
    expect(await problemOf(nginx, named)).toContain('one --redact-key');
    await expect(mergeDigestFiles([named], { redactKey: `${KEY}1` })).rejects.toThrow('another --redact-key');
    await expect(mergeDigestFiles([named], { redact: false })).rejects.toThrow('leave --no-redact out');
    const text = newFile();
    writeFileSync(text, 'not gzip');
    expect(await problemOf(text)).toContain('cut or damaged');
    expect(await problemOf(join(folder, 'nope.digest'))).toContain(
      'cannot be read (ENOENT: no such file or directory)',
    );
    await expect(writeDigestFile([root], newFile(), { root: join(root, 'logs') })).rejects.toThrow('outside of --root');
  }, 60_000);
});

describe('the commands', () => {
  it('write digests and merge them into a redacted report', async () => {
    const root = join(INCIDENTS, 'edge-colo', 'logs');
    const parts = join(folder, 'parts');
    const [a, b, report] = [join(parts, 'a.digest'), join(parts, 'b.digest'), join(folder, 'report.html')];
    const key = join(parts, 'whose502.redact-key');
    for (const [part, file] of [
      ['nginx', a],
      ['http_requests', b],
    ] as const) {
      const { code, stderr } = await run(['digest', join(root, part), '--root', root, '-o', file]);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`wrote ${file}`)]);
      expect(stderr).toContain(key);
    }
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const { code, stdout } = await run(['merge', b, a, '--json', '-o', report]);
    expect(code).toBe(0);
    expect(stdout).toBe((await run(['--json', root, '--jobs', '1', '--redact-key', key])).stdout);
    expect(readFileSync(report, 'utf8')).toContain('visitor-');
  }, 60_000);

  it('write digests with lines as they are where that is asked for', async () => {
    const root = join(INCIDENTS, 'edge-colo', 'logs');
    const file = newFile();
    const { stderr } = await run(['digest', root, '-o', file, '--no-redact']);
    expect(stderr).toContain('nothing is masked in it');
    expect((await run(['merge', file, '--json'])).stdout).toBe((await run(['--json', root, '--jobs', '1'])).stdout);
  }, 60_000);
});
