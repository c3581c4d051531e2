import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { renderSafely } from '../../src/report/safely.ts';
import type { Result } from '../../src/result/schema.ts';
import { OUTPUTS } from '../report/outputs.ts';
import { CANARIES, ENCODINGS } from '../result/canaries.ts';
import { plantings } from '../result/plantings.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-canaries-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each of them once in every field of every format, in one file per format; every second one compressed. */
const FILES = ENCODINGS.map(([name, encode], turn) => {
  const files = FORMATS.map(({ id, examples }, index) => {
    const lines = examples.flatMap(({ input }) => plantings(input, encode).map(({ line }) => line));
    const packed = index % 2 === 0;
    const path = join(folder, `${turn}-${id}-jane.doe@example.com.log${packed ? '.gz' : ''}`);
    writeFileSync(path, packed ? gzipSync(`${lines.join('\n')}\n`) : `${lines.join('\n')}\n`);
    return path;
  });
  return [name, files] as const;
});

describe.each(FILES)('forty kinds of secrets in every field of every format, %s', (_, files) => {
  test('are in no output and no message', { timeout: 120_000 }, async () => {
    const gone = join(folder, 'gone-jane.doe@example.com.log');
    const { result, understood, failures, secrets } = await runAnalysis([...files, gone]);
    expect(understood).toBeGreaterThan(FORMATS.length / 2);
    expect(failures.join('\n')).toContain('no such file');
    for (const [name, render] of OUTPUTS) {
      const text = `${await renderSafely(result, render, secrets)}${failures.join('\n')}`;
      const found = CANARIES.flatMap(([kind, , secret]) => (text.includes(secret) ? [`${kind} in ${name}`] : []));
      expect(found).toEqual([]);
    }
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
