import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRedaction, type RedactOptions, redact } from '../../src/result/redact.ts';
import { resultSchema } from '../../src/result/schema.ts';
import { inGoodTime } from '../in-good-time.ts';
import { SAMPLE } from '../report/sample-result.ts';

function masked(text: string): string {
  const redaction = openRedaction();
  redaction.see(text);
  return redaction.mask(text);
}

/** Secrets as they stand in logs: the text, and what of it must not be left. */
const PLANTED: readonly (readonly [string, string])[] = [
  ['client: 203.0.113.77, server: example.com', '203.0.113.77'],
  ['"ClientIP":"2001:db8:85a3::8a2e:370:7334"', '2001:db8:85a3::8a2e:370:7334'],
  ['peer ::ffff:198.51.100.9: closed', '198.51.100.9'],
  ['"GET /reset?token=s3cr3tvalue&b=2 HTTP/1.1"', 's3cr3tvalue'],
  ['request: "GET /?q="quoted7secret" HTTP/1.1", host', 'quoted7secret'],
  ["referrer 'https://example.com/a?mail=joe7x'", 'joe7x'],
  ['Cookie: a=plain1; PHPSESSID=abc123def456', 'plain1'],
  ['{"Cookie":"theme=dark9; sid=99","x":1}', 'dark9'],
  ['{"name":"Cookie","value":"k=hidden77"}', 'hidden77'],
  ['{\\"cookie\\":\\"k=inner55\\"}', 'inner55'],
  ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
  ['sent Basic dXNlcjpwYXNzd29yZA== upstream', 'dXNlcjpwYXNzd29yZA'],
  ['got Bearer abc123.DEF-456_xyz here', 'DEF-456_xyz'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl end', 'eyJzdWIiOiIxMjM0In0'],
  ['key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b end', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'],
  ['aws wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY end', 'K7MDENG'],
  ['GET /reset/aB3dE5gH7jK9mN1pQ3sT5v/confirm', 'aB3dE5gH7jK9mN1pQ3sT5v'],
  ['user jane.doe+x@mail.example.com wrote', 'jane.doe'],
  ['GET /u/jane.doe%40example.com', 'jane.doe'],
  ['db_password = "two words9"', 'two words9'],
  ['"api_key":"shortkey1"', 'shortkey1'],
  ["'password' => 'pw55word'", 'pw55word'],
  ['redis://user:pa55word@redis.internal:6379', 'pa55word'],
  ['open(/var/lib/php/sessions/sess_k3j4h5g6f7d8s9a0k3j4h5g6f7, O_RDWR)', 'k3j4h5g6f7d8s9a0'],
  ['token ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'abcdefghijklmnopqrstuvwxyz0123456789'],
];

/** What a reader needs, and what is no secret. */
const KEPT: readonly string[] = [
  'cloudflared-diag-2025-10-28T09-40-00.zip/cloudflared_logs.txt',
  'upstream: "http://127.0.0.1:3000/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"',
  'https://github.com/1Panel-dev/1Panel/issues/4079',
  'upstream: "http://203.0.113.5:8080/", host: "example.com"',
  'dial tcp 198.51.100.4:443: connect: connection refused',
  'connect() to 192.168.1.9:9000 failed, peer [::1]:80, 10.1.2.3, 172.20.0.4, fe80::1',
  'client: 172.68.10.20 (Cloudflare)',
  'Ray ID 8f2a4c6e1b3d5f70-FRA',
  'tunnelID=6ff42ae2-765d-4adf-8112-31c55c1551ef',
  'user@1000.service: Deactivated. getty@tty1.service',
  "Access denied for user 'wp'@'localhost' (using password: YES)",
  'PHP Fatal error: Call to Db2::add() in /var/www/html/wp-content/plugins/WooCommerceFeed2/includes/class-feed.php:12',
  'pod web-7d4b9c6f5d-x2x9z at 2026-03-04T13:52:04.120Z',
  'location ~ ^/(?:a|b)/(?<name>x) { } what now? nothing. /?wsdl',
  'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.6099.109',
  'ip-10-0-0-5.eu-central-1.compute.internal, release-2025-03-04-12.tar.gz, app-1-2-3-4.log',
  'upstream: "http://ec2-203-0-113-5.compute-1.example.com:8080/", order 12-34-5678, 2025-11-2034',
  '12:03:44 unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable)',
];

describe('the door', () => {
  test.each(PLANTED)('masks %s', (text, secret) => {
    expect(masked(text)).not.toContain(secret);
  });

  test.each(KEPT)('keeps %s', (text) => {
    expect(masked(text)).toBe(text);
  });

  test('what was encoded and cannot be read any more goes', () => {
    expect(masked('upstream timed out %22Cookies%*%3A%*%22c00kie%* (110: x)')).toBe('upstream timed out … (110: x)');
    expect(masked('/u/jane.doe%*mail.example.com, 100% * 2')).toBe('/u/…, 100% * 2');
  });

  test('of a container’s ID as much stays in the names of its files as its programs show', () => {
    const id = '0123456789abcdef'.repeat(4);
    expect(masked(`containers/${id}/${id}-json.log.1`)).toBe('containers/0123456789ab/0123456789ab-json.log.1');
    expect(masked(`reset ${id}`)).toBe('reset …');
  });

  test('keys of a query stay, values go', () => {
    expect(masked('GET /a?b=1&c=two&preview HTTP/1.1')).toBe('GET /a?b=…&c=…&preview HTTP/1.1');
  });

  test.each([
    '{"Cookies":{"a":"b","c":["d"]},"x":1}',
    '{"token":["a","b"],"password":{"a":{"b":"c"}},"user_name":"jane","n":[{"api_key":"k1k1k1k1"}]}',
    '{"headers":{"Cookie":["a=b; c=d"],"Authorization":["Basic amFuZTpwdw=="]},"url":"/a?b=c"}',
    '{"session":{},"cookies":[],"pwd":null,"secret":true}',
  ])('JSON stays JSON: %s', (text) => {
    const once = masked(text);
    expect(() => JSON.parse(once)).not.toThrow();
    expect(masked(once)).toBe(once);
    expect(once).not.toMatch(/"(?:b|d|jane|k1k1k1k1)"|amFu|a=b/);
  });

  test('the same visitor has the same name, whatever the order and the spelling', () => {
    const texts = ['a 203.0.113.1', 'b 2001:DB8::1', 'c 2001:db8:0:0::1', 'd 203.0.113.2'];
    const named = (order: readonly string[]): Record<string, string> => {
      const redaction = openRedaction();
      for (const text of order) redaction.see(text);
      return Object.fromEntries(texts.map((text) => [text, redaction.mask(text)]));
    };
    const names = named(texts);
    expect(named([...texts].reverse())).toEqual(names);
    expect(names['b 2001:DB8::1']?.slice(2)).toBe(names['c 2001:db8:0:0::1']?.slice(2));
    expect(new Set(Object.values(names).map((name) => name.slice(2))).size).toBe(3);
  });

  test('with a key a visitor has the same name in every result', () => {
    const name = (text: string): string => {
      const redaction = openRedaction({ key: 'k' });
      redaction.see(text);
      return redaction.mask(text);
    };
    expect(name('203.0.113.1')).toMatch(/^visitor-[0-9a-f]{10}$/);
    expect(name('203.0.113.1 203.0.113.2')).toContain(name('203.0.113.1'));
  });

  test('a visitor by the name of its line has the name of its address', () => {
    const redaction = openRedaction();
    for (const text of ['a 203.0.113.1', 'b dsl-203-0-113-1.isp.example']) redaction.see(text);
    expect(redaction.mask('b dsl-203-0-113-1.isp.example')).toBe(`b dsl-${redaction.mask('203.0.113.1')}.isp.example`);
  });

  test('the name of a visitor is masked everywhere, that of a server which calls itself nowhere', () => {
    const redaction = openRedaction();
    redaction.hide('crawler.bot.example');
    redaction.hide('www.example.com');
    redaction.keep('www.example.com');
    redaction.mask('');
    expect(redaction.secrets.mask('only of crawler.bot.example, at www.example.com')).toBe(
      'only of visitor-1, at www.example.com',
    );
    expect(redaction.mask('www.example.com - - [10/Oct/2025:13:55:36 +0000]')).toContain('www.example.com');
  });

  test('an address that is a visitor’s somewhere is masked everywhere', () => {
    const redaction = openRedaction();
    redaction.hide('203.0.113.5');
    redaction.see('upstream: "http://203.0.113.5:80/"');
    expect(redaction.mask('upstream: "http://203.0.113.5:80/"')).not.toContain('203.0.113.5');
  });
});

/** The sample with a text in every string that a log can reach. */
function planted(text: string) {
  const poison = structuredClone(SAMPLE);
  const [burst] = poison.bursts;
  const [source] = poison.sources;
  const [request] = poison.requests;
  if (!burst || !source || !request) throw new Error('the sample has a burst, a source and a request');
  burst.sentence = text;
  burst.evidence.push({
    id: 'B1-e9',
    signal: 's',
    direction: 'for',
    weight: 0,
    text,
    count: 1,
    first: null,
    last: null,
    lines: [{ source: 0, line: 1, text }],
  });
  burst.scope.paths.values.push({ value: text, failed: 1, total: 1 });
  source.path = text;
  source.notUnderstood.samples.push({ line: 3, text });
  request.path = text;
  poison.warnings.push(text);
  poison.skipped.push({ path: text, reason: text });
  poison.options = { ...poison.options, host: [text] };
  return poison;
}

describe('names', () => {
  const named = (texts: readonly string[], options: RedactOptions): string[] => {
    const redaction = openRedaction(options);
    for (const text of texts) redaction.see(text);
    return texts.map(redaction.mask);
  };

  test('of users in paths of the disk are replaced, those of machines and of web paths stay', () => {
    expect(
      named(['in /home/jane/site/x.php', 'unix:/home/jane/run/x.sock', 'GET /home/jane/list HTTP/1.1'], {}),
    ).toEqual(['in /home/user-1/site/x.php', 'unix:/home/user-1/run/x.sock', 'GET /home/jane/list HTTP/1.1']);
    expect(named(['in /home/www-data/x.php', '/var/www/html/x.php'], {})).toEqual([
      'in /home/www-data/x.php',
      '/var/www/html/x.php',
    ]);
  });

  test('of hosts and servers stay unless they are asked to go', () => {
    const texts = [
      'host: "www.shop.example"',
      'cdn.shop.example answered, shop.example too; see developers.cloudflare.com and error.log',
      'upstream: "http://203.0.113.5:80/", host: "www.shop.example"',
    ];
    expect(named(texts, {})).toEqual(texts);
    const [first, second, third] = named(texts, { hosts: true });
    expect(first).toMatch(/^host: "host-\d"$/);
    expect(second).toMatch(/^host-\d answered, host-\d too; see developers\.cloudflare\.com and error\.log$/);
    expect(third).toMatch(/^upstream: "http:\/\/server-1:80\/", host: "host-\d"$/);
    expect(named([first ?? '', second ?? '', third ?? ''], { hosts: true })).toEqual([first, second, third]);
  });

  test('of hosts go from a whole result, wherever the machine is named', () => {
    const safe = JSON.stringify(redact(SAMPLE, { hosts: true }));
    for (const { server } of SAMPLE.sources) expect(server === null || !safe.includes(server)).toBe(true);
    for (const burst of SAMPLE.bursts)
      for (const { value } of burst.scope.hosts.values) expect(safe).not.toContain(value);
    expect(resultSchema.parse(JSON.parse(safe)).bursts.map(({ verdict }) => verdict.cause)).toEqual(
      SAMPLE.bursts.map(({ verdict }) => verdict.cause),
    );
  });
});

describe('a whole result', () => {
  test('no planted secret survives in any field, with anything around it', () => {
    const around = fc.string({ maxLength: 20 }).map((text) => text.replace(/["'\\?]/g, ''));
    fc.assert(
      fc.property(fc.constantFrom(...PLANTED), around, around, ([text, secret], before, after) => {
        const safe = redact(planted(`${before} ${text} ${after}`));
        expect(JSON.stringify(safe)).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 150, seed: 502 },
    );
  });

  test('any public address is masked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('192.0.2', '198.51.100', '203.0.113'),
        fc.integer({ min: 0, max: 255 }),
        (net, last) => {
          expect(masked(`x ${net}.${last}, y`)).toBe('x visitor-1, y');
        },
      ),
      { seed: 502 },
    );
  });

  test('masking twice changes nothing', () => {
    for (const [text] of PLANTED) {
      const once = redact(planted(text));
      expect(redact(once)).toEqual(once);
    }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PLANTED.map(([text]) => text), ...KEPT, '"', '?', '=', '…', ' '), { maxLength: 6 }),
        (parts) => {
          const once = masked(parts.join(''));
          expect(masked(once)).toBe(once);
        },
      ),
      { numRuns: 300, seed: 502 },
    );
  });

  test('a secret that is one of our own words does not take it from us', () => {
    const safe = redact(planted('password=php-fpm-max-children token=origin7origin'));
    expect(safe.verdict).toEqual(redact(SAMPLE).verdict);
    expect(resultSchema.parse(safe)).toEqual(safe);
  });

  test('it stays a result, says what was masked, and keeps digests and times', () => {
    const safe = redact(planted('mail joe@example.com from 203.0.113.9'));
    expect(resultSchema.parse(safe)).toEqual(safe);
    expect(safe.redaction.enabled).toBe(true);
    expect(safe.redaction.masked.email).toBeGreaterThan(5);
    expect(safe.sources.map(({ sha256 }) => sha256)).toEqual(SAMPLE.sources.map(({ sha256 }) => sha256));
    expect(safe.bursts[0]?.start).toBe(SAMPLE.bursts[0]?.start);
  });

  test('switched off it says so', () => {
    expect(redact(SAMPLE, { enabled: false }).redaction).toEqual({ enabled: false, masked: {} });
  });
});

test('ten megabytes of anything repeated are masked in good time', () => {
  for (const unit of [
    'a',
    '1',
    ':',
    '?',
    '@',
    '"',
    '%40',
    '/',
    '.',
    '=',
    ' ',
    'eyJ',
    'token',
    'cookie',
    '://',
    '1.',
    'a1',
    'aB3',
    '\\',
    "'",
    'Bearer ',
    '?a',
    '-----BEGIN PRIVATE KEY-----',
    'lookup a',
    '::',
  ]) {
    const text = unit.repeat(Math.floor(10_000_000 / unit.length));
    inGoodTime(() => masked(text));
  }
}, 60_000);
