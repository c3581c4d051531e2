import { describe, expect, it } from 'vitest';
import { apacheError } from '../../../src/formats/proxy/apache-error.ts';
import { nginxAccess } from '../../../src/formats/proxy/nginx-access.ts';
import { nginxError } from '../../../src/formats/proxy/nginx-error.ts';
import { read } from './reading.ts';

describe.each([nginxError, nginxAccess, apacheError])('the examples of $id', (format) => {
  it.each(format.examples())('$shows', ({ input, records }) => {
    const result = read(format, input);
    expect(result.notTaken).toBe(0);
    expect(result.records).toHaveLength(records.length);
    expect(result.records).toMatchObject(records);
  });

  it.each(format.examples())('is told by its first line: $shows', ({ input }) => {
    const [text = ''] = input.split('\n');
    expect(format.score({ text, number: 1, wrapper: null })).toBeGreaterThanOrEqual(0.7);
  });
});

describe('lines of one web server log', () => {
  it('are not claimed by the format of another', () => {
    for (const format of [nginxError, nginxAccess, apacheError]) {
      for (const other of [nginxError, nginxAccess, apacheError]) {
        if (other === format) continue;
        for (const { input } of other.examples()) {
          const [text = ''] = input.split('\n');
          expect(format.score({ text, number: 1, wrapper: null }), `${format.id} on ${text}`).toBe(0);
        }
      }
    }
  });
});
