import { describe, expect, test } from 'vitest';
import { width, wrapAtMost, wrapCommand } from '../../src/report/columns.ts';
import { renderLadder, requestsAt, requestsWithRay } from '../../src/report/ladder.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { HOSTILE, hostile, RAW } from './hostile.ts';
import { SAMPLE, SAMPLES, UNDECIDED, UNKNOWN } from './sample-result.ts';

const plain = { columns: 80, color: false };
const colours = /\x1b\[[0-9;]{1,4}m/g;

describe('the screen', () => {
  test.each(SAMPLES)('%s: no line is wider than 80 columns, coloured or not, hostile or not', (_, result) => {
    for (const one of [result, hostile(result)]) {
      for (const columns of [40, 80, 132]) {
        const text = renderTerminal(one, { columns, color: false });
        for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(RAW);
        expect(renderTerminal(one, { columns, color: true }).replace(colours, '')).toBe(text);
      }
    }
  });

  test('what is too long ends behind a whole word', () => {
    expect(wrapAtMost('four five six', 9, 1)).toEqual(['four…']);
    expect(wrapAtMost('one two three', 9, 1)).toEqual(['one two…']);
    expect(wrapAtMost('abcdefghijklmnop', 9, 1)).toEqual(['abcdefgh…']);
  });

  test('the verdict stands in the first line, the next command in the last', () => {
    const lines = renderTerminal(SAMPLE, plain).trimEnd().split('\n');
    expect(lines[0]).toBe('The origin is at fault: the PHP-FPM pool ran out of workers.');
    expect(lines.at(-1)).toContain('-o report.html');
    expect(lines.length).toBeLessThanOrEqual(50);
  });

  test('each burst has its count, its proof with file and line, its first fix and what not to do', () => {
    const text = renderTerminal(SAMPLE, plain);
    for (const part of [
      '1,502 of 2,614',
      'web01/php8.2-fpm.log:4411',
      '72',
      'Do not raise',
      'web01/cloudflared.log:882',
      '12 lines',
      'beside  A PHP script reached memory_limit. 23 lines about failed requests',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('an undecided cause is said to be so, with what would settle it', () => {
    const text = renderTerminal(UNDECIDED, plain);
    expect(text).toContain('The origin is at fault; the cause is not settled.');
    expect(text).toContain('at least 14 requests failed');
    expect(text).toContain('sudo tail -n 400');
  });

  test('without any log it says that nothing can be said', () => {
    expect(renderTerminal(UNKNOWN, plain)).toContain('It cannot be said who is at fault.');
  });

  test('a control character shows as what it is', () => {
    expect(renderTerminal({ ...UNKNOWN, warnings: ['a\x1b[2Jb\u202ec'] }, plain)).toContain('a\\x1b[2Jb\\u{202e}c');
  });
});

describe('the ladder of a request', () => {
  test('goes from the visitor inwards, with time, status and file:line', () => {
    const text = renderLadder(SAMPLE, 0, plain);
    expect(text.indexOf('Cloudflare edge')).toBeLessThan(text.indexOf('Web server'));
    expect(text).toContain('13:52:04.120  502  took 100 ms');
    expect(text).toContain('web01/nginx/error.log:20931');
    expect(text).toContain('Part of burst B1.');
  });

  test('a Ray ID is found with and without its colo, a moment by nearness', () => {
    expect(requestsWithRay(SAMPLE, '8F2A4C6E1B3D5F70-FRA')).toEqual([0]);
    expect(requestsAt(SAMPLE, Date.parse('2026-03-04T13:52:08.000Z'), 2000)).toEqual([1]);
    expect(renderLadder(SAMPLE, [], plain)).toBe('No request of the logs matches.\n');
  });

  test('fits 80 columns whatever the log says', () => {
    const text = renderLadder(hostile(SAMPLE), [0, 1], plain);
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(RAW);
    expect(HOSTILE).toMatch(RAW);
  });
});

test('a command that is longer than a line can be copied as it stands', () => {
  const command = `sudo grep -nE 'while (connecting|reading)' /var/log/nginx/error.log | grep -v "no live" | head -20`;
  const lines = wrapCommand(command, 60);
  expect(lines.every((line) => line.length <= 60)).toBe(true);
  expect(lines.join('\n').replaceAll(/ \\\n {4}/g, ' ')).toBe(`$ ${command}`);
  expect(wrapCommand("echo 'a b'", 8)).toEqual(['$ echo \\', "    'a b'"]);
});
