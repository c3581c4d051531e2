import { describe, expect, it } from 'vitest';
import { ViewerStamps } from '../../../src/formats/wrappers/viewer-stamps.ts';
import { Unwrapper } from '../../../src/formats/wrappers.ts';

const read = (text: string): string | undefined => {
  const stamp = new ViewerStamps().read(text);
  return stamp === undefined || stamp.kind === 'none' ? undefined : `${stamp.kind} ${new Date(stamp.ms).toISOString()}`;
};

describe('a time in a log viewer’s export', () => {
  it.each([
    ['Nov 20, 2026 @ 22:04:25.123', '123'],
    ['Nov 20, 2026, 10:04:25 PM', '000'],
    ['Fri Nov 20 2026 22:04:25', '000'],
    ['20 Nov 2026, 22:04:25', '000'],
    ['11/20/2026 10:04:25 PM', '000'],
    ['11/20/2026, 10:04:25\u202fPM', '000'],
    ['11/20/26 10:04:25.123 PM', '123'],
    ['20/11/2026, 10:04:25 pm', '000'],
    ['20/11/2026, 22:04:25', '000'],
    ['20/11/2026 10:04:25 p.m.', '000'],
    ['20.11.2026, 22:04:25', '000'],
    ['20.11.2026 22:04:25,123', '123'],
    ['2026-11-20 22:04:25.123', '123'],
  ])('is read: %s', (text, ms) => {
    expect(read(text)).toBe(`local 2026-11-20T22:04:25.${ms}Z`);
  });

  it('knows noon from midnight', () => {
    expect(read('11/20/2026 12:04:25 AM')).toBe('local 2026-11-20T00:04:25.000Z');
    expect(read('11/20/2026 12:04:25 PM')).toBe('local 2026-11-20T12:04:25.000Z');
  });

  it('is none where no clock shows it', () => {
    for (const text of [
      '11/20/2026',
      '11/20/2026 13:04:25 PM',
      '13/13/2026 10:04:25',
      '00/11/2026 10:04:25',
      'Abc 20, 2026 @ 1:1:1',
    ])
      expect(read(text)).toBeUndefined();
  });

  it('has the day where the other dates of its file have it, else where those who write such a clock have it', () => {
    expect(read('5/11/2026 10:04:25 PM')).toBe('local 2026-05-11T22:04:25.000Z');
    expect(read('5/11/2026, 10:04:25 pm')).toBe('local 2026-11-05T22:04:25.000Z');
    expect(read('5/11/2026 22:04:25')).toBe('local 2026-11-05T22:04:25.000Z');
    const american = new ViewerStamps();
    american.read('10/31/2026 23:59:59');
    expect(american.read('11/1/2026 00:00:01')).toMatchObject({ ms: Date.UTC(2026, 10, 1, 0, 0, 1) });
    const english = new ViewerStamps();
    english.read('31/10/2026 11:59:59 PM');
    expect(english.read('1/11/2026 12:00:01 AM')).toMatchObject({ ms: Date.UTC(2026, 10, 1, 0, 0, 1) });
  });

  it('whose order nothing tells is read and said', () => {
    const doubt = (...texts: readonly string[]): string | undefined => {
      const stamps = new ViewerStamps();
      for (const text of texts) stamps.read(text);
      return stamps.doubt;
    };
    expect(doubt('5/11/2026 22:04:25', '6/11/2026 00:04:25')).toMatch(/^nothing tells whether 5\/11\/2026 begins with/);
    expect(doubt('5/5/2026 22:04:25')).toBeUndefined();
    expect(doubt('12/11/2026 22:04:25', '13/11/2026 00:04:25')).toBeUndefined();
    expect(doubt('11/12/2026 22:04:25', '11/13/2026 00:04:25')).toMatch(/which later ones contradict/);
    expect(doubt('20/11/2026 22:04:25', '2026-11-20 22:04:25')).toBeUndefined();
  });

  it('is that of the line in the row', () => {
    const unwrapper = new Unwrapper();
    unwrapper.unwrap('Date,Host,Message', 1);
    expect(
      unwrapper.unwrap('"11/20/2026, 10:04:25 PM",web01,"nginx.service: Main process exited, code=exited"', 2),
    ).toMatchObject({
      text: 'nginx.service: Main process exited, code=exited',
      wrapper: { stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 22, 4, 25) }, server: 'web01' },
    });
  });
});
