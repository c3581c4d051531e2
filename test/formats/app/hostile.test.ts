import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { app } from '../../../src/formats/app/app.ts';
import { gunicorn } from '../../../src/formats/app/gunicorn.ts';
import { phpError } from '../../../src/formats/app/php-error.ts';
import { phpFpm } from '../../../src/formats/app/php-fpm.ts';
import { phpFpmAccess } from '../../../src/formats/app/php-fpm-access.ts';
import { phpFpmSlow } from '../../../src/formats/app/php-fpm-slow.ts';
import { db } from '../../../src/formats/dependency/db.ts';
import { journal } from '../../../src/formats/host/journal.ts';
import { kernel } from '../../../src/formats/host/kernel.ts';
import { SIGNALS } from '../../../src/vocabulary/signals.ts';
import { read, unwrapped } from './read-lines.ts';

const FORMATS = [phpFpm, phpFpmSlow, phpFpmAccess, phpError, gunicorn, app, journal, kernel, db];
const INPUTS = FORMATS.flatMap((format) => format.examples().map((example) => example.input));

function readByAll(text: string): void {
  for (const format of FORMATS) {
    for (const line of unwrapped(text)) {
      const score = format.score(line);
      expect(score >= 0 && score <= 1).toBe(true);
    }
    for (const record of read(format, text).records) {
      expect(record.text.length).toBeLessThanOrEqual(2000);
      if (record.kind === 'clue') expect(SIGNALS[record.signal]).toBeDefined();
      if (record.stamp.kind !== 'none') expect(Number.isFinite(record.stamp.ms)).toBe(true);
    }
  }
}

describe('log text is hostile', () => {
  it('random text never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), readByAll), { numRuns: 200 });
  });

  it('real lines cut anywhere, or with a piece in the wrong place, never throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INPUTS), fc.constantFrom(...INPUTS), fc.nat(400), fc.nat(400), (a, b, i, j) => {
        readByAll(a.slice(0, i) + b.slice(j));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ...'aA0 [({<"\'\\/:.,-=#|&{}\t',
    'in /a',
    '[pool ',
    'IN=',
    '#0 ',
    'said into stderr: "',
    'https://',
    '\u001b[',
  ])('a long line of %j costs no more than its length', (piece) => {
    const text = piece.repeat(Math.floor(200_000 / piece.length));
    readByAll(text);
    readByAll(`[20-Nov-2026 08:12:32] WARNING: ${text}`);
    readByAll(`Nov 20 08:12:32 web01 kernel: ${text}`);
  });
});
