import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf, foundFields, plainFields } from '../../../src/formats/proxy/nginx-context.ts';

const words = fc.constantFrom(
  ...['client: ', 'server: ', 'request: "', 'upstream: "', 'host: "', 'subrequest: "', 'udp client: '],
  ...[
    '203.0.113.9',
    '2001:db8::7',
    ':',
    'www.example.com',
    '0.0.0.0:443',
    '_',
    'GET /a?b HTTP/1.1',
    'GET',
    'POST  http://h/p',
  ],
  ...[
    'http://127.0.0.1:8080/a',
    'fastcgi://unix:/run/php.sock:',
    'unix:',
    '"',
    '", ',
    ', ',
    ' ',
    ',',
    '#',
    'bytes from/to',
  ],
);
const mixed = fc.array(words, { maxLength: 12 }).map((all) => all.join(''));
const value = (...values: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constantFrom(...values), weight: 4 }, mixed);
const field = (name: string, text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: text.map((own) => `, ${name}: "${own}"`), weight: 3 }, fc.constant(''));
const contexts = fc.oneof(
  {
    arbitrary: fc
      .tuple(
        value('203.0.113.9', '2001:db8::7', '2001:db8:', 'unix:'),
        value('www.example.com', '0.0.0.0:443', '_', ''),
        field('request', value('GET /a?b HTTP/1.1', 'GET ', 'POST http://h.example/p HTTP/1.1', '*')),
        field('upstream', value('http://127.0.0.1:8080/a', 'fastcgi://unix:/run/php.sock:/x', ' ')),
        field('host', value('www.example.com:8443', 'WWW.example.com', ' ')),
      )
      .map(([client, server, ...rest]) => `, client: ${client}, server: ${server}${rest.join('')}`),
    weight: 4,
  },
  mixed,
);

describe('the context of an entry of nginx', () => {
  it('says the same read in one go as searched for', () => {
    let plain = 0;
    fc.assert(
      fc.property(contexts, (text) => {
        const fields = plainFields(text);
        if (fields === null) return;
        plain++;
        expect(contextOf(fields)).toEqual(contextOf(foundFields(text)));
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(500);
  });
});
