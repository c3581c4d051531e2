/**
 * The addresses from which Cloudflare connects to origins (https://www.cloudflare.com/ips-v4 and /ips-v6),
 * as quoted in public repositories on 2026-08-27; unchanged in quotations since 2024.
 */
const IPV4_RANGES: readonly string[] = [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
];

const IPV6_RANGES: readonly string[] = [
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
];

/** A range as the first 32 bits of its addresses; no listed range is narrower than that. */
export interface AddressPrefix {
  readonly bits: number;
  readonly mask: number;
}

const LONGEST_ADDRESS = 45;

/** An IPv4 address as an unsigned 32-bit number, or undefined. */
function ipv4Bits(ip: string): number | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip);
  if (!m) return undefined;
  let bits = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(m[i]);
    if (octet > 255) return undefined;
    bits = bits * 256 + octet;
  }
  return bits;
}

/** The first 32 bits of an IPv6 address; every listed range is told by its first two groups. */
function ipv6Bits(ip: string): number | undefined {
  const m = /^([0-9a-f]{1,4}):([0-9a-f]{0,4}):[0-9a-f:.]*(?:%\w+)?$/i.exec(ip);
  if (!m) return undefined;
  return Number.parseInt(m[1] ?? '0', 16) * 65_536 + Number.parseInt(m[2] || '0', 16);
}

function toPrefixes(ranges: readonly string[], bitsOf: (ip: string) => number | undefined): readonly AddressPrefix[] {
  return ranges.map((range) => {
    const slash = range.indexOf('/');
    const mask = (0xffff_ffff << (32 - Number(range.slice(slash + 1)))) >>> 0;
    return { bits: ((bitsOf(range.slice(0, slash)) ?? 0) & mask) >>> 0, mask };
  });
}

/** Those ranges; an address of version 6 is told by its first two groups. */
export const IPV4_PREFIXES = toPrefixes(IPV4_RANGES, ipv4Bits);
export const IPV6_PREFIXES = toPrefixes(IPV6_RANGES, ipv6Bits);

function within(bits: number | undefined, prefixes: readonly AddressPrefix[]): boolean {
  if (bits === undefined) return false;
  return prefixes.some((prefix) => (bits & prefix.mask) >>> 0 === prefix.bits);
}

/**
 * Whether an address is one of Cloudflare's own, from which it connects to origins.
 * Takes IPv4, IPv6 (brackets allowed) and IPv4 written as IPv6 (`::ffff:172.64.0.1`); anything else is false.
 */
export function isCloudflareAddress(ip: string): boolean {
  if (ip.length > LONGEST_ADDRESS + 2) return false;
  const bare = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
  if (!bare.includes(':')) return within(ipv4Bits(bare), IPV4_PREFIXES);
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare);
  if (mapped) return within(ipv4Bits(mapped[1] ?? ''), IPV4_PREFIXES);
  return within(ipv6Bits(bare), IPV6_PREFIXES);
}
