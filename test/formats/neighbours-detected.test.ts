import { describe, expect, it } from 'vitest';
import { uwsgi } from '../../src/formats/app/uwsgi.ts';
import { detectLines } from '../../src/formats/detect.ts';
import type { LineFormat } from '../../src/formats/format.ts';
import { changes } from '../../src/formats/host/changes.ts';
import { journal } from '../../src/formats/host/journal.ts';
import { kernel } from '../../src/formats/host/kernel.ts';
import { apacheError } from '../../src/formats/proxy/apache-error.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { unwrapped } from './app/read-lines.ts';

const found = (text: string): (string | undefined)[] =>
  detectLines(unwrapped(text), FORMATS, 'x.log').map(({ id }) => id);

describe('logs of neighbours are told by their content', () => {
  const cases = [changes, journal, kernel, uwsgi, apacheError].flatMap((format) =>
    format.examples().map(({ shows, input }) => [format.id, shows, input] as const),
  );
  it.each(cases)('%s: %s', (id, _, input) => expect(found(input)[0]).toBe(id));
});

describe('none of them takes the lines of others', () => {
  const neighbours = new Set(['changes', 'uwsgi']);
  const others = FORMATS.filter(
    (format): format is LineFormat => format.shape === 'lines' && !neighbours.has(format.id),
  );
  const cases = others.flatMap((format) =>
    format.examples().map(({ shows, input }) => [format.id, shows, input] as const),
  );
  it.each(cases)('%s: %s', (_id, _shows, input) => {
    for (const id of found(input)) expect([...neighbours]).not.toContain(id);
  });

  it('an error of Node that begins like a key of apt’s history is the application’s', () => {
    expect(
      found("Error: Cannot find module './nope'\n    at require (node:internal)\n\nNode.js v20.20.2"),
    ).not.toContain('changes');
  });

  it('an access row under Apache’s name stays an access row', () => {
    const row =
      'Nov 20 08:19:33 web01 apache2[12]: 198.51.100.7 - - [20/Nov/2026:08:19:33 +0000] "GET / HTTP/1.1" 503 5';
    expect(found(row)).not.toContain('apache-error');
  });
});
