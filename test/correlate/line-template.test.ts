import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineTemplate } from '../../src/correlate/line-template.ts';
import { inGoodTime } from '../in-good-time.ts';

describe('the template of a line', () => {
  it.each([
    [
      '2025/03/04 09:12:42 [error] 24027#24027: *305 connect() failed (111: Connection refused) while connecting to upstream, client: 172.71.160.32, server: shop.example.com, request: "GET /cart?x=1 HTTP/1.1", upstream: "http://127.0.0.1:3000/cart", host: "shop.example.com"',
      '[error] connect() failed (111: Connection refused) while connecting to upstream',
    ],
    [
      '[04-Mar-2025 09:12:40 Europe/Berlin] PHP Fatal error:  Uncaught Error in /var/www/html/a.php:12',
      'PHP Fatal error: Uncaught Error in *:*',
    ],
    [
      '[04-Mar-2025 09:12:40] WARNING: [pool www] child 4711 exited on signal 11 (SIGSEGV) after 12.345678 seconds from start',
      'WARNING: [pool www] child * exited on signal 11 (SIGSEGV) after * seconds from start',
    ],
    [
      'Aug 21 10:18:31 web-01 systemd[1]: php8.2-fpm.service: Main process exited, code=exited, status=1/FAILURE',
      'php8.2-fpm.service: Main process exited, code=exited, status=1/FAILURE',
    ],
    [
      '[04-Mar-2025 09:12:40] WARNING: [pool www] child 12, script \'/srv/a.php\' (request: "GET /a.php") executing too slow (7.001034 sec), logging',
      "WARNING: [pool www] child *, script '*' (request: *) executing too slow (* sec), logging",
    ],
    ['ERR Request failed cfRay=a2fcf83b87c28cf6-FRA ingressRule=0', 'ERR Request failed cfRay=* ingressRule=*'],
    ['{"level":50,"time":1753214135027,"msg":"listening on 3000"}', '{"level":*,"time":*,"msg":"listening on *"}'],
    [
      '2025-10-28T09:33:00Z ERR Request failed error="dial tcp [::1]:8080: connect: connection refused" connIndex=2 ip=198.41.192.7',
      'ERR Request failed error="dial tcp *: connect: connection refused" connIndex=* ip=*',
    ],
  ])('%s', (line, template) => {
    expect(lineTemplate(line)).toBe(template);
  });

  it('does not depend on stamps, process ids and connections', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), fc.nat({ max: 99_999 }), fc.nat({ max: 59 }), (pid, connection, second) => {
        const line = `2025/03/04 09:12:${String(second).padStart(2, '0')} [error] ${pid + 1}#${pid + 1}: *${connection} no live upstreams while connecting to upstream, client: 192.0.2.1`;
        expect(lineTemplate(line)).toBe('[error] no live upstreams while connecting to upstream');
      }),
      { seed: 502 },
    );
  });

  it('is short, of one line, and made in time whatever the line', () => {
    for (const part of [
      '/a',
      '1.',
      '12:',
      '"GET ',
      'a.b/',
      '[',
      'ffff:',
      '0123456789abcdef',
      '(1',
      ', client: ',
      ' ',
    ]) {
      const template = inGoodTime(() => lineTemplate(part.repeat(1_000_000)));
      expect(template.length).toBeLessThanOrEqual(200);
    }
    expect(lineTemplate('first\nsecond')).toBe('first');
  });
});
