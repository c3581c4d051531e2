import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { ablations, shapeOf } from './accuracy/ablate.ts';
import { readCauseNames } from './accuracy/catalogue.ts';
import { analyzeVariant, judgeChanged } from './accuracy/changed.ts';
import { decoys } from './accuracy/decoys.ts';
import { tablesOf } from './accuracy/document.ts';
import { figuresOf } from './accuracy/figures.ts';
import { type Files, linesOf, readFiles, withFolder } from './accuracy/folder.ts';
import { causeTrust, type Judgement, misleading, moved, placeTrust } from './accuracy/trust.ts';
import { readLabelled } from './accuracy/truth.ts';
import { varied } from './accuracy/vary.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/incidents/fpm-socket-missing', import.meta.url));
const LOGS = `${FOLDER}/logs`;

const analyzed = (files: Files) => withFolder(files, (folder) => analyze([folder], { redact: false }));
const text = (files: Files): string => [...files].map(([name, bytes]) => `${name}\n${bytes.toString('latin1')}`).join();

describe('copies of a folder', () => {
  it('give the same verdict as the folder where nothing is changed', async () => {
    const direct = await analyze([LOGS], { redact: false });
    const copied = await analyzed(readFiles([LOGS]));
    expect(copied.bursts).toEqual(direct.bursts);
  });
});

describe('ablations', () => {
  it('take away each kind of log in turn, and all others', async () => {
    const files = readFiles([LOGS]);
    const base = await analyzed(files);
    const formats = new Set(base.sources.map(({ format }) => format));
    const variants = ablations(files, base, false);
    expect(variants.filter(({ kind }) => kind === 'without a source').map(({ what }) => what)).toEqual(
      [...formats].sort(),
    );
    expect(variants.filter(({ kind }) => kind === 'a source alone')).toHaveLength(formats.size);
  });

  it('take away the lines of the evidence until it is no longer quoted', async () => {
    const files = readFiles([LOGS]);
    const base = await analyzed(files);
    const variant = ablations(files, base, false).find(({ what }) => what === 'nginx.connect-unix-missing');
    const { files: left, result } = await analyzeVariant(variant ?? { kind: 'as it is', what: '', files }, analyzed);
    expect(text(files)).toContain('No such file or directory) while connecting');
    expect(text(left)).not.toContain('No such file or directory) while connecting');
    expect(result.bursts[0]?.verdict.place).toBe('origin');
    expect(result.bursts[0]?.verdict.cause).not.toBe('app-socket-missing');
  });

  it('know lines of one kind by their shape, whatever the numbers and names in them', () => {
    const line = (n: number, path: string) =>
      `2025/01/15 09:06:${n} [error] ${n}#${n}: *${n} open() failed, client: 192.0.2.${n}, request: "GET ${path}"`;
    expect(shapeOf(line(11, '/a'))).toBe(shapeOf(line(45, '/b/c')));
    expect(shapeOf(line(11, '/a'))).not.toBe(shapeOf(line(11, '/a').replace('open()', 'recv()')));
  });
});

describe('decoys', () => {
  it('are the same for the same seed, others for another', async () => {
    const files = readFiles([LOGS]);
    const base = await analyzed(files);
    const of = (seed: number): string[] => decoys('x', files, base, false, seed).map((variant) => text(variant.files));
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('add lines and take none away', async () => {
    const files = readFiles([LOGS]);
    const base = await analyzed(files);
    for (const { what, files: changed } of decoys('x', files, base, false, 1)) {
      const before = [...files.values()].flatMap(linesOf).length;
      expect([...changed.values()].flatMap(linesOf).length, what).toBeGreaterThan(before);
    }
  });
});

describe('other names', () => {
  it('stand in all logs alike, and leave addresses in their ranges', async () => {
    const files = readFiles([LOGS]);
    const base = await analyzed(files);
    const [variant] = varied('x', files, base, 1);
    const changed = variant ? text(variant.files) : '';
    const host = base.bursts[0]?.scope.hosts.values[0]?.value ?? '';
    expect(text(files)).toContain(host);
    expect(changed).not.toContain(`"${host}"`);
    const ranges = (all: string): number => all.match(/client: 172\.\d+\.\d+\.\d+/g)?.length ?? 0;
    expect(ranges(changed)).toBe(ranges(text(files)));
  });
});

describe('trust', () => {
  const names = readCauseNames();
  const judgement = (said: Partial<Judgement['said']>, placeRight: boolean | null): Judgement => ({
    folder: 'x',
    kind: 'decoy',
    what: '',
    truth: null,
    said: { place: 'origin', placeConfidence: 0.9, cause: 'app-down', confidence: 0.5, ...said },
    placeRight,
    causeRight: placeRight,
    mark: placeRight ? 'right' : 'wrong',
  });

  it('counts verdicts that claim nothing apart', () => {
    const trust = placeTrust([judgement({}, true), judgement({ placeConfidence: 0.3 }, false), judgement({}, null)]);
    expect(trust).toMatchObject({ right: 1, wrong: 1, apart: 1, meanRight: 0.9, meanWrong: 0.3 });
    expect(causeTrust([judgement({}, null)]).calibration.ece).toBeNull();
  });

  it('lists another place that is named with much confidence, not one that is named with little', () => {
    const loud = judgement({}, false);
    expect(misleading([loud, judgement({ placeConfidence: 0.6 }, false), judgement({}, true)])).toEqual([loud]);
  });

  it('is told in tables: what was stated, what was right, and each misleading verdict', () => {
    const text = tablesOf(figuresOf([], names), [judgement({}, true), judgement({ placeConfidence: 0.95 }, false)], 3);
    expect(text).toContain('| place | 1 | 1 | 0 |');
    expect(text).toContain('| 0.9 to 1.0 | 2 | 92.5 % | 50.0 % |');
    expect(text).toContain('Another place named with more than 0.6: 1.');
    expect(text).toContain('- x, decoy: nothing happened; said origin (0.95) / app-down');
  });

  it('finds verdicts that another name moved', () => {
    const plain = { ...judgement({}, true), kind: 'as it is' as const };
    const same = { ...judgement({}, true), kind: 'varied' as const };
    const other = { ...judgement({ cause: 'app-reset' }, true), kind: 'varied' as const };
    expect(moved([plain, same, other])).toEqual([other]);
  });

  it('accepts an umbrella where evidence was taken away, and only there', async () => {
    const judged = await judgeChanged(readLabelled(FOLDER), { ablate: true, decoy: true, vary: false, seed: 1 }, names);
    const all = judged.flatMap(({ judgements }) => judgements);
    expect(all.length).toBeGreaterThan(10);
    const broad = all.filter(({ mark, placeRight }) => mark === 'vague' && placeRight === true);
    expect(broad.length).toBeGreaterThan(0);
    for (const { kind, causeRight } of broad) expect(causeRight, kind).toBe(kind !== 'decoy' && kind !== 'as it is');
  });
});
