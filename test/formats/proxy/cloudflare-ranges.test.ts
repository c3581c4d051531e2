import { describe, expect, it } from 'vitest';
import { isCloudflareAddress } from '../../../src/vocabulary/cloudflare-ranges.ts';

describe('the addresses from which Cloudflare connects', () => {
  it.each([
    '172.64.0.0',
    '172.71.255.255',
    '104.27.255.255',
    '173.245.63.1',
    '131.0.75.9',
    '162.159.1.1',
    '::ffff:172.70.1.2',
    '2606:4700::6810:1',
    '[2400:cb00:1::5]',
    '2a06:98c7:ffff::1',
  ])('hold %s', (ip) => expect(isCloudflareAddress(ip)).toBe(true));

  it.each([
    '172.63.255.255',
    '172.72.0.0',
    '104.28.0.0',
    '173.245.64.0',
    '131.0.76.0',
    '127.0.0.1',
    '::1',
    '2606:4701::1',
    '2a06:98c8::1',
    '172.64.0',
    '172.64.0.256',
    '',
    'unix:',
    'localhost',
    '1'.repeat(100_000),
  ])('do not hold %s', (ip) => expect(isCloudflareAddress(ip)).toBe(false));
});
