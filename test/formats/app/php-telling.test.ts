import { expect, it } from 'vitest';
import { phpTelling, toldSignal } from '../../../src/formats/app/php-telling.ts';

it('no pattern looks at the fatal errors of which logs are full: a row before theirs that shares their words would', () => {
  const message = 'PHP Fatal error:  Uncaught TypeError: strlen(): Argument #1 must be of type string in /a.php:3';
  const ranks = phpTelling().flatMap(({ text, rank }) => (message.includes(text) ? [rank] : []));
  expect(toldSignal(Math.min(...ranks))).toBe('php.uncaught');
});
