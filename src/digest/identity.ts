import type { Format } from '../formats/format.ts';
import type { Hop } from '../vocabulary/hops.ts';

/**
 * What logrotate appends: a number (`error.log.2.gz`) or a date (`error.log-20250304`, `-2025030417` by the hour,
 * `-2025-03-04` and `-20250304-1741079520` by its own `dateformat`).
 */
const ROTATION = /(?:\.\d{1,4}|-\d{4}-?\d\d-?\d\d(?:-?\d{2,6}|-\d{10})?)?(?:\.(?:gz|zst|bz2|xz))?$/;

/** The file's name without what log rotation appends. */
export function familyName(name: string): string {
  return name.replace(/\.(?:gz|zst|bz2|xz)$/, '').replace(ROTATION, '');
}

/**
 * Which stream a record belongs to: one log of one program on one host, with its rotated pieces. Exports of Cloudflare are
 * one stream however many objects they were cut into.
 */
export function streamIdentity(
  format: Format,
  server: string | null,
  label: string,
): { key: string; format: string; hop: Hop; server: string | null; folder: string } {
  const slash = label.lastIndexOf('/');
  const folder = slash === -1 ? '' : label.slice(0, slash);
  const family = format.hop === 'edge' ? '' : `${folder}/${familyName(label.slice(slash + 1))}`;
  return { key: `${format.id} ${server ?? ''} ${family}`, format: format.id, hop: format.hop, server, folder };
}
