import type { StreamDigest } from '../digest/digest.ts';

/** Streams that share a machine's clock. `edge` is the reference; a HAR's clock is the browser's. */
export type ClockDomain = string;

/**
 * Which machine's clock each stream was written with. Wrappers name the machine. Where the same log lies in several folders
 * (`web1/nginx/error.log` and `web2/nginx/error.log`), each of these folders is a machine (or a site of one) of its own. All
 * other logs without a name belong to the machine whose named logs lie in the same folder, or to the only one there is.
 */
export class ClockDomains {
  private readonly domains = new Map<StreamDigest, ClockDomain>();
  /** Domains of folders that nobody names: a log outside of them may be any of theirs. */
  private readonly nameless = new Set<ClockDomain>();
  private readonly shared: ClockDomain;

  constructor(streams: readonly StreamDigest[]) {
    const origin = streams.filter(({ hop }) => hop !== 'edge' && hop !== 'client');
    const units = unitFolders(origin);
    const unitOf = ({ folder }: StreamDigest): string | undefined => units.find((unit) => liesIn(folder, unit));
    const outside = origin.filter((stream) => unitOf(stream) === undefined);
    // A machine that is named in a folder beside these is another one; one that is named above them may be all of theirs.
    const isAbove = ({ folder }: StreamDigest): boolean =>
      units.length === 0 || folder === '' || units.some((unit) => liesIn(unit, folder));
    const only = onlyName(outside.filter(isAbove));
    const byFolder = new Map<string, string>();
    for (const { folder, server } of outside)
      if (server !== null && !byFolder.has(folder)) byFolder.set(folder, server);
    this.shared = `origin ${only ?? ''}`;
    for (const stream of streams) {
      const unit = unitOf(stream);
      if (stream.hop === 'edge') this.domains.set(stream, 'edge');
      else if (stream.hop === 'client') this.domains.set(stream, `client ${stream.key}`);
      else if (stream.server !== null || unit === undefined)
        this.domains.set(stream, `origin ${stream.server ?? only ?? byFolder.get(stream.folder) ?? ''}`);
      else {
        const name = onlyName(origin.filter((other) => unitOf(other) === unit));
        const domain = name === undefined ? `folder ${unit}` : `origin ${name}`;
        if (name === undefined) this.nameless.add(domain);
        this.domains.set(stream, domain);
      }
    }
  }

  of(stream: StreamDigest): ClockDomain {
    return this.domains.get(stream) ?? '';
  }

  /** Domains whose logs may have a stream's clock: its own first; one that is confined to no folder may be any nameless folder's, and the other way round. */
  near(stream: StreamDigest): ClockDomain[] {
    const own = this.of(stream);
    if (own === this.shared) return [own, ...this.nameless];
    return this.nameless.has(own) ? [own, this.shared] : [own];
  }
}

/** The machine that all named logs among these name; undefined where none or several are named. */
function onlyName(streams: readonly StreamDigest[]): string | undefined {
  const names = new Set(streams.flatMap(({ server }) => (server === null ? [] : [server])));
  return names.size === 1 ? [...names][0] : undefined;
}

const liesIn = (folder: string, unit: string): boolean => folder === unit || folder.startsWith(`${unit}/`);

/** The folders that hold a log each of the same name and format: the first parts in which their paths differ, longest first. */
function unitFolders(streams: readonly StreamDigest[]): string[] {
  const bySameName = new Map<string, Set<string>>();
  for (const { format, key, folder, server } of streams) {
    if (server !== null) continue;
    const name = `${format} ${key.slice(key.lastIndexOf('/') + 1)}`;
    bySameName.set(name, (bySameName.get(name) ?? new Set()).add(folder));
  }
  const units = new Set<string>();
  for (const folders of bySameName.values()) {
    if (folders.size < 2) continue;
    const paths = [...folders].map((folder) => folder.split('/'));
    const common = commonLength(paths);
    for (const path of paths) if (path.length > common) units.add(path.slice(0, common + 1).join('/'));
  }
  units.delete('');
  return [...units].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** How many first parts all paths share. */
function commonLength(paths: readonly (readonly string[])[]): number {
  const [first = []] = paths;
  const differs = first.findIndex((part, i) => paths.some((path) => path[i] !== part));
  return differs === -1 ? first.length : differs;
}
