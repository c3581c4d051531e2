const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][\da-f]{2}:)/i;

/** Whether an address is of this host or of a private network (RFC 1918, RFC 4193): who comes from there is a proxy, not a visitor of Cloudflare's. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.test(address);
}
