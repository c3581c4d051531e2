import { isCloudflareAddress } from '../vocabulary/cloudflare-ranges.ts';

/** cloudflared or a proxy on the same host. */
const LOCAL = /^(?:127\.|::1$|localhost$|unix:)/;

/** Whether an address that stands for the client is Cloudflare's or this host's: visitors come from behind it. */
export function isPeer(client: string): boolean {
  return LOCAL.test(client) || isCloudflareAddress(client);
}
