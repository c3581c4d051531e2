import type { StreamDigest } from '../digest/digest.ts';

/** Streams that share a machine's clock. `edge` is the reference; a HAR's clock is the browser's. */
export type ClockDomain = string;

/**
 * Which machine's clock each stream was written with. Wrappers name the machine; logs without a name belong to the machine
 * whose named logs lie in the same folder, or to the only one there is.
 */
export function clockDomains(streams: readonly StreamDigest[]): ReadonlyMap<StreamDigest, ClockDomain> {
  const origin = streams.filter(({ hop }) => hop !== 'edge' && hop !== 'client');
  const servers = new Set(origin.flatMap(({ server }) => (server === null ? [] : [server])));
  const only = servers.size === 1 ? [...servers][0] : undefined;
  const byFolder = new Map<string, string>();
  for (const { folder, server } of origin) if (server !== null && !byFolder.has(folder)) byFolder.set(folder, server);
  const domains = new Map<StreamDigest, ClockDomain>();
  for (const stream of streams) {
    if (stream.hop === 'edge') domains.set(stream, 'edge');
    else if (stream.hop === 'client') domains.set(stream, `client ${stream.key}`);
    else domains.set(stream, `origin ${stream.server ?? only ?? byFolder.get(stream.folder) ?? ''}`);
  }
  return domains;
}
