import { isCloudflareAddress } from '../vocabulary/cloudflare-ranges.ts';

/** Finds internet addresses in text and says which could be a visitor's. */

/** Runs that could be an address; a run is judged once, so that the search stays linear. */
const IPV4 = /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;
const IPV6 = /(?<![\w:.-])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{2,}(?!\w)/g;

/**
 * Addresses that name no visitor: this network, loopback, private, carrier-internal, link-local, multicast; and the first of
 * 16 million, which nobody has: browsers write it as their version (`Chrome/142.0.0.0`).
 */
const KEPT_IPV4 =
  /^(?:0|10|127|2[2-5]\d|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\d{1,3}\.0\.0\.0$/;

/** The name of a whole network, which nobody has as an address: most often a version (`Chrome/120.0.0.0`). */
const WHOLE_NETWORK = /\.0\.0\.0$/;

/** The global unicast addresses of IPv6 (2000::/3), and IPv4 addresses written as IPv6 (mapped, NAT64). */
const GLOBAL_IPV6 = /^(?:[23][0-9a-f]{3}:|::ffff:|64:ff9b:)/i;

/** The version of an internet address: 4, 6, or 0 for what is none. Times of the day are told from IPv6 by their colons. */
export function ipVersion(text: string): number {
  if (!text.includes(':')) return IPV4_ADDRESS.test(text) ? 4 : 0;
  return isIPv6(text) ? 6 : 0;
}

/** As Node's, for which all of `node:net` would be loaded. */
const IPV4_ADDRESS = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const ZONE = /%[0-9A-Za-z.:-]+$/;

/** As that of Node, whose expression takes longer to compile than all addresses of a result to be read. */
function isIPv6(text: string): boolean {
  const halves = text.replace(ZONE, '').split('::');
  if (halves.length > 2) return false;
  const isWhole = halves.length === 1;
  let groups = 0;
  for (const [h, half] of halves.entries()) {
    if (half === '' && !isWhole) continue;
    const parts = half.split(':');
    for (const [i, part] of parts.entries()) {
      const isLast = h === halves.length - 1 && i === parts.length - 1;
      if (GROUP.test(part)) groups += 1;
      // The last two may be written as an IPv4 address.
      else if (isLast && IPV4_ADDRESS.test(part)) groups += 2;
      else return false;
    }
  }
  return isWhole ? groups === 8 : groups < 8;
}

/** Whether an address could be a visitor's: public, and not one from which Cloudflare connects. */
export function isVisitorAddress(address: string): boolean {
  const version = ipVersion(address);
  if (version === 4) return !KEPT_IPV4.test(address) && !WHOLE_NETWORK.test(address) && !isCloudflareAddress(address);
  return version === 6 && GLOBAL_IPV6.test(address) && !isCloudflareAddress(address);
}

/** One spelling for each address: lower case, IPv6 without needless zeros. */
export function canonicalAddress(address: string): string {
  if (ipVersion(address) !== 6) return address;
  // The URL parser writes IPv6 hosts in the form of RFC 5952.
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/**
 * An address within a host name, as networks call their customers' lines: `dsl-203-0-113-7.example.net`,
 * `203x0x113x7.isp.example`. Two labels follow it, as behind no number of a version in the name of a file.
 */
const IN_NAME =
  /(?<!\d)(?<!\d[-_x])(\d{1,3})([-_x])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?![-_x]?\d)(?=[A-Za-z0-9_-]{0,40}(?:\.[A-Za-z0-9-]{1,63}){1,8}\.[A-Za-z]{2,24}(?![\w-]))/g;

/** A text with each address that could be a visitor's replaced by what `replacement` gives (null: left as it is). */
export function replaceAddresses(text: string, replacement: (address: string) => string | null): string {
  const judged = (run: string): string => {
    // A colon or full stop at the end belongs to the sentence, unless it closes `2001:db8::`.
    const trimmed = ipVersion(run) === 0 ? run.replace(/(?:\.|:(?!:)|(?<=::.{0,60}):)$/, '') : run;
    if (trimmed.length > 45 || !isVisitorAddress(trimmed)) return run;
    return (replacement(trimmed) ?? trimmed) + run.slice(trimmed.length);
  };
  const mapped = text.includes(':') ? text.replace(IPV6, judged) : text;
  return mapped.replace(IPV4, judged).replace(IN_NAME, (run, ...numbers: unknown[]) => {
    const address = [numbers[0], numbers[2], numbers[3], numbers[4]].map(Number).join('.');
    return isVisitorAddress(address) ? (replacement(address) ?? run) : run;
  });
}
