import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCloudflaredLine } from '../../../src/formats/tunnel/cloudflared-line.ts';
import { bareError, matchRequestError } from '../../../src/formats/tunnel/cloudflared-match.ts';
import { freeDigits } from '../../../src/formats/tunnel/free-digits.ts';
import { mayMatch, placesOfDigits } from '../../../src/formats/tunnel/pattern-digits.ts';
import { REQUEST_SAMPLES, UNREACHABLE } from './cloudflared-samples.ts';

const ERRORS = Object.values(REQUEST_SAMPLES).flatMap(({ line }) => parseCloudflaredLine(line)?.fields.error ?? []);
const OTHERS = [
  `${UNREACHABLE}dial tcp: lookup app on 10.0.0.2:53: no such host`,
  `${UNREACHABLE}dial tcp: lookup app on 192.0.2.12:53: no such host`,
  `${UNREACHABLE}net/http: HTTP/1.x transport connection broken: read tcp [::1]:51514->[::1]:8080: read: connection reset by peer`,
  'stream 2044 canceled by remote with error code 0',
  'stream 2044 canceled by remote with error code 7',
];

/** The free digits of an error as a text: `#` for each. */
function shown(error: string): string {
  const free = freeDigits('', error);
  return [...error].map((character, i) => (free[i] === 0 ? character : '#')).join('');
}

describe('digits of errors that tell nothing', () => {
  it.each([
    [
      `${UNREACHABLE}read tcp 127.0.0.1:51514->127.0.0.1:8080: read: connection reset by peer`,
      '###.#.#.#:#####->###.#.#.#:####',
    ],
    ['stream 2044 canceled by remote with error code 0', 'stream #### canceled by remote with error code 0'],
    [`${UNREACHABLE}dial tcp: lookup app on 10.0.0.2:53: no such host`, 'lookup app on ##.#.#.#:##: no'],
    // Docker's own name server.
    [`${UNREACHABLE}dial tcp: lookup app on 127.0.0.11:53: no such host`, 'lookup app on 127.0.0.11:53: no'],
    [`${UNREACHABLE}dial tcp: lookup app on 192.0.0.12:53: no such host`, 'lookup app on 192.0.0.12:53: no'],
    [
      `${UNREACHABLE}x509: certificate relies on legacy Common Name field 2`,
      'x509: certificate relies on legacy Common Name field #',
    ],
  ])('are told of %s', (error, expected) => {
    expect(shown(error)).toContain(expected);
  });

  it('may be any others: the error means the same', () => {
    const digits = fc.array(fc.nat(9), { minLength: 40, maxLength: 40 });
    let changed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...ERRORS, ...OTHERS), digits, (error, others) => {
        const free = freeDigits('', error);
        const other = [...error].map((character, i) => (free[i] === 0 ? character : String(others[i % 40]))).join('');
        if (other !== error) changed++;
        const [bare, otherBare] = [bareError(error), bareError(other)];
        expect(otherBare.text.length).toBe(bare.text.length);
        expect(otherBare.unreachable).toBe(bare.unreachable);
        expect(matchRequestError(otherBare)?.row).toBe(matchRequestError(bare)?.row);
      }),
      { numRuns: 2000 },
    );
    expect(changed).toBeGreaterThan(500);
  });
});

describe('digits that a pattern names', () => {
  it('may be others for another text', () => {
    expect(mayMatch(/^a1{1,2}b/, 'a9b')).toBe(true);
    expect(mayMatch(/^lookup (\S+) on 127\.0\.0\.11:53/, 'lookup a on 10.0.0.2:53')).toBe(false);
    expect(mayMatch(/^lookup (\S+) on 127\.0\.0\.11:53/, 'lookup a on 192.0.2.10:5')).toBe(false);
    expect(mayMatch(/^lookup (\S+) on 127\.0\.0\.11:53/, 'lookup a on 192.1.2.10:99')).toBe(true);
    expect(mayMatch(/[0-9a-f]{2}x/, '1x')).toBe(false);
  });

  it('stand where it matched them', () => {
    expect(placesOfDigits(/code (?:0|17)$/, 'stream 5 code 17')).toEqual([14, 15]);
    expect(placesOfDigits(/code 0/, 'stream 5 code 1')).toBeNull();
    expect(placesOfDigits(/stream \d+/, 'stream 5')).toEqual([]);
  });

  it.each([/[1-3]/, /(?!1)a/, /(?<=2)a/, /\x31/, /(a1)\1/, /(?:a1)+/, /1*/, /a1/i])('are not told of %s', (pattern) => {
    expect(mayMatch(pattern, 'nothing of it')).toBe(true);
    expect(placesOfDigits(pattern, 'a1 a1')).toBeNull();
  });
});
