/** Ports of an origin that Cloudflare connects to (developers.cloudflare.com, network ports). */
export const CLOUDFLARE_PORTS: ReadonlySet<number> = new Set([
  80, 443, 2052, 2053, 2082, 2083, 2086, 2087, 2095, 2096, 8080, 8443, 8880,
]);
