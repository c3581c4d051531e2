import { ipVersion } from './addresses.ts';

/** Finds the host names that a result speaks of, and replaces them where that is asked for (`--redact-hosts`). */

/** What stands before a host name: a scheme, or the name of such a field. */
const BEFORE =
  /(?::\\?\/\\?\/|\b(?:host|server|server_name|sni|cn)\\?"?\s?[:=]\s?\\?"?|"(?:ClientRequestHost|ZoneName|http_host)"\s?:\s?"|\blookup |\bhost )((?:[a-z0-9_-]{1,63}\.){1,10}[a-z][a-z0-9-]{1,23})(?![\w@-])/gi;

/** Names of the field: services that every reader of such logs knows, and endings that are no names of the public net. */
const KNOWN =
  /(?:^|\.)(?:cloudflare\.com|cloudflarestatus\.com|argotunnel\.com|cftunnel\.com|php\.net|nginx\.org|github\.com|wordpress\.org|letsencrypt\.org|sock|service|socket|log|conf|php|html?|js|css|json)$/i;

/** Machines called like this could be anybody's, and the words stand in our own texts. */
const COMMON_MACHINES: ReadonlySet<string> = new Set(
  'localhost host server web www app api db nginx php apache proxy cache edge tunnel origin node worker docker'.split(
    ' ',
  ),
);

/** The part of a name that someone registered: two labels, three below `co.uk` and the like; a machine's name itself. */
export function domainOf(host: string): string {
  const labels = host.toLowerCase().split('.');
  const [second = '', last = ''] = labels.slice(-2);
  return labels.slice(last.length === 2 && second.length <= 3 && labels.length > 2 ? -3 : -2).join('.');
}

/** Host names in a text by what stands before them. */
export function hostsIn(text: string): readonly string[] {
  return [...text.matchAll(BEFORE)].flatMap((match) => (isHost(match[1] ?? '') ? [match[1] ?? ''] : []));
}

/** Whether a value names a host of somebody: no address, no name of the field, no word that every machine is called. */
export function isHost(value: string): boolean {
  if (value.length < 3 || value.length > 253 || ipVersion(value) !== 0 || KNOWN.test(value)) return false;
  if (!/^[\w.-]+$/.test(value) || /^host-(?:\d+|[0-9a-f]{10})$/.test(value)) return false;
  return /[a-z]/i.test(value) && !COMMON_MACHINES.has(value.toLowerCase());
}

/** Matches every name at or below those seen, wherever it stands; null where there is none. */
export function hostPattern(hosts: Iterable<string>): RegExp | null {
  const roots = new Set<string>();
  for (const host of hosts) roots.add(domainOf(host));
  if (roots.size === 0) return null;
  const longestFirst = [...roots].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const any = longestFirst.map((root) => root.replace(/[.\\+*?^$()[\]{}|-]/g, '\\$&')).join('|');
  return new RegExp(`(?<![A-Za-z0-9])(?:[A-Za-z0-9_-]{1,63}\\.){0,10}(?:${any})(?![A-Za-z0-9])`, 'gi');
}
