import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnalyzeFlags, analyzeCommand } from '../../src/cli/analyze-command.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { tellFault } from '../../src/cli/fault.ts';
import { outputsProblem } from '../../src/cli/outputs.ts';
import { terminalOptions } from '../../src/cli/terminal.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe('a wrong option ends with 2 before anything is read, and says what is right', () => {
  it.each<[string, AnalyzeFlags, string]>([
    ['an unknown zone', { tz: 'Mars/Olympus' }, 'Europe/Berlin'],
    ['a year of two digits', { year: '25' }, 'four digits'],
    ['an unknown format', { as: 'gopher' }, 'whose502 formats'],
    ['an unknown table', { table: 'rows' }, 'bursts, requests, evidence'],
    ['no time', { at: 'yesterday' }, '2025-03-04T09:12:42Z'],
    ['a short Ray ID', { ray: 'abc' }, '16 hexadecimal digits'],
    ['a beginning that is no time', { since: 'noon' }, '2h'],
    ['an end that is no time', { until: '12' }, '3d'],
    ['a log format without status', { logFormat: ['$remote_addr [$time_local]'] }, '$status'],
    ['a packet for nobody', { packet: 'police' }, 'hosting, cloudflare, application'],
    ['a key that is not there', { redactKey: '/nowhere/key' }, 'openssl rand'],
    ['no number of jobs', { jobs: '0' }, '1 to 99'],
    ['a cause that there is not', { failOn: 'orgin' }, 'whose502 causes'],
    ['an ending that nothing writes', { output: ['report.docx'] }, '.html'],
    ['a bundle that is no zip', { bundle: 'all.tar' }, '.zip'],
  ])('%s', async (_, flags, hint) => {
    expect(await analyzeCommand(['/nowhere'], flags)).toBe(EXIT.usage);
    expect(said).toContain(hint);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('no paths at all', async () => {
    expect(await analyzeCommand([], {})).toBe(EXIT.usage);
    expect(said).toContain('name the logs');
  });
});

it('a fault of the program is told without what it read', () => {
  expect(tellFault(new SyntaxError('Unexpected token in {"password":"hunter2hunter"} from 203.0.113.7'))).toBe(
    EXIT.fault,
  );
  expect(said).toContain('please report it');
  expect(said).not.toMatch(/hunter2|203\.0/);
});

describe('the ending of a report', () => {
  it.each(['a.html', 'b.MD', 'dir.with.dots/c.json', 'd.csv', 'e.txt', 'f.png'])('%s is known', (path) => {
    expect(outputsProblem({ output: [path] })).toBeNull();
  });

  it.each(['report', 'report.htm', '.html/report', 'report.html.exe'])('%s is not', (path) => {
    expect(outputsProblem({ output: [path] })).toContain('.html');
  });
});

describe('colours', () => {
  const terminal: NodeJS.WriteStream = Object.create(process.stdout, {
    isTTY: { value: true },
    columns: { value: 200 },
  });
  const pipe: NodeJS.WriteStream = Object.create(process.stdout, { isTTY: { value: false } });
  beforeEach(() => {
    for (const name of ['NO_COLOR', 'CI']) vi.stubEnv(name, '');
    vi.stubEnv('TERM', 'xterm');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('are for terminals only', () => {
    expect(terminalOptions(terminal, true)).toEqual({ color: true, columns: 100 });
    expect(terminalOptions(pipe, true).color).toBe(false);
  });

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
    ['CI', 'true'],
  ])('are off with %s=%s', (name, value) => {
    vi.stubEnv(name, value);
    expect(terminalOptions(terminal, true).color).toBe(false);
  });

  it('are off with --no-color', () => {
    expect(terminalOptions(terminal, false).color).toBe(false);
  });
});
