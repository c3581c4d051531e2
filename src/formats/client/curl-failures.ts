import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';

/** Ports of a web server. Behind others that Cloudflare connects to, as 8080, there is an application as often. */
export const isWebPort = (port: string): boolean => port === '80' || port === '443';

/** How a connection of curl's ended without an answer (lib/connect.c, lib/vtls/openssl.c, lib/vtls/hostcheck). */
interface CurlFailure {
  readonly signal: SignalId;
  /** `address` and `port` where the line names them, `reason` in the words of the library. */
  readonly pattern: RegExp;
}

const FAILURES: readonly CurlFailure[] = [
  {
    signal: 'host.shown-refused',
    pattern:
      /^(?:\* {1,3}connect to|curl: \(7\) Failed to connect to) (?<address>\S{1,253}) port (?<port>\d{1,5}).{0,120}: Connection refused$/,
  },
  {
    signal: 'host.shown-tls-failure',
    pattern:
      /^curl: \(35\) .{0,200}\b(?<reason>alert (?:handshake failure|internal error|protocol version|unrecognized name)|wrong version number|unsupported protocol|SSL_ERROR_SYSCALL)/,
  },
  {
    signal: 'host.shown-certificate',
    pattern:
      /^(?:\* {1,3}SSL certificate verify result: (?:certificate has expired|self[- ]signed certificate) \(|curl: \(60\) SSL(?: certificate problem)?: (?:certificate has expired|self[- ]signed certificate$|no alternative certificate subject name matches))/,
  },
];
const ADDRESS = /^\* {1,3}(?:Trying |Connected to \S{1,253} \()\[?(?<address>[\d.]{7,15}|[\da-fA-F:]{3,45})[\]:).]/;
const LOOPBACK = /^(?:localhost|127\.|::1)/;

/** What was told of the machine that was asked, where that is not Cloudflare. */
export interface ToldByCurl {
  readonly signal: SignalId;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * What curl's talk tells of an origin that somebody asked past Cloudflare (`--resolve`, an address, localhost). Of a host that is
 * reached through Cloudflare the same lines tell of the visitor's own network.
 */
export class CurlFailures {
  private address = '';
  private readonly told = new Set<SignalId>();

  /** A request begins. */
  begin(): void {
    this.address = '';
    this.told.clear();
  }

  /** Null where the line tells nothing, or nothing new. */
  read(text: string): ToldByCurl | null {
    this.address = ADDRESS.exec(text)?.groups?.address ?? this.address;
    for (const { signal, pattern } of FAILURES) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const { address, port, reason } = found.groups ?? {};
      const asked = address !== undefined && isNumber(address) ? address : this.address;
      const isPast = asked !== '' && (LOOPBACK.test(asked) || !isCloudflareAddress(asked));
      const isWeb = port === undefined || isWebPort(port);
      if (!isPast || !isWeb || this.told.has(signal)) return null;
      this.told.add(signal);
      return {
        signal,
        values: { ...(port === undefined ? {} : { port }), ...(reason === undefined ? {} : { reason }) },
      };
    }
    return null;
  }
}

/** Names could be anybody's; an address says whose it is. */
const isNumber = (address: string): boolean => LOOPBACK.test(address) || /^[\d.]{7,15}$|:/.test(address);
