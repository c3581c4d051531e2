import { isCloudflareAddress } from '../vocabulary/cloudflare-ranges.ts';
import { isPrivateAddress } from '../vocabulary/private-address.ts';

/** cloudflared or a proxy on the same host, by another name than its address. */
const LOCAL = /^(?:localhost$|unix:)/;

/** Whether an address that stands for the client is Cloudflare's, this host's or of its network: visitors come from behind it. */
export function isPeer(client: string): boolean {
  return LOCAL.test(client) || isPrivateAddress(client) || isCloudflareAddress(client);
}
