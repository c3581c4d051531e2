import { describe, expect, test } from 'vitest';
import { localMonthIndex } from '../../../src/formats/month-names.ts';
import { Unwrapper } from '../../../src/formats/wrappers.ts';

const REST = 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)';
const TAG = `12 08:19:33 web1 nginx[812]: ${REST}`;

describe('journalctl under another language than English', () => {
  test.each([
    ['German', 'Mär', 2],
    ['German', 'Okt', 9],
    ['French', 'févr.', 1],
    ['French', 'avril', 3],
    ['Spanish', 'ene', 0],
    ['Italian', 'gen', 0],
    ['Portuguese', 'fev', 1],
    ['Dutch', 'mrt', 2],
    ['Norwegian', 'des.', 11],
    ['Finnish', 'marras', 10],
    ['Polish', 'paź', 9],
    ['Czech', 'říj', 9],
    ['Russian', 'мар', 2],
    ['Ukrainian', 'лис', 10],
    ['Greek', 'Ιουν', 5],
    ['Turkish', 'Ağu', 7],
    ['Chinese', '3月', 2],
    ['Chinese', '12月', 11],
    ['Japanese', ' 3月', 2],
    ['Korean', ' 3월', 2],
  ])('%s has its own name of the month: %s', (_language, name, month) => {
    expect(new Unwrapper().unwrap(`${name} ${TAG}`, 1)).toMatchObject({
      text: REST,
      wrapper: {
        stamp: { kind: 'yearless', ms: Date.UTC(2000, month, 12, 8, 19, 33) },
        server: 'web1',
        program: 'nginx',
        pid: '812',
      },
    });
  });

  test('a name that languages share is of one month', () => {
    expect(localMonthIndex('lis')).toBe(10);
    expect(localMonthIndex('srp')).toBe(7);
    expect(localMonthIndex('mai')).toBe(localMonthIndex('maj'));
  });

  test('other words before a time are no month', () => {
    for (const text of [`port ${TAG}`, `точка ${TAG}`, '13月 12 08:19:33 x', 'Tir 12 08:19:33 x'])
      expect(new Unwrapper().unwrap(text, 1)).toMatchObject({ text, wrapper: null });
  });
});

describe('dmesg -T under another language than English', () => {
  test.each([
    ['German', '[Di Mär 12 10:15:33 2024]', 2],
    ['French', '[mar. mars 12 10:15:33 2024]', 2],
    ['Russian', '[Вт окт  1 10:15:33 2024]', 9],
    ['Chinese', '[二 3月 12 10:15:33 2024]', 2],
    ['Japanese', '[火  3月 12 10:15:33 2024]', 2],
  ])('%s: %s', (_language, stamp, month) => {
    const day = stamp.includes(' 1 ') ? 1 : 12;
    expect(new Unwrapper().unwrap(`${stamp} php-fpm[123]: segfault at 0 ip 0`, 1)).toMatchObject({
      text: 'php-fpm[123]: segfault at 0 ip 0',
      wrapper: { program: 'kernel', stamp: { kind: 'local', ms: Date.UTC(2024, month, day, 10, 15, 33) } },
    });
  });
});
