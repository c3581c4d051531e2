import type { Result } from '../../../src/result/schema.ts';
import { chanceOf, whole } from './chance.ts';
import type { Files } from './folder.ts';
import type { Variant } from './variants.ts';

/**
 * The folder with other names for the same things: hosts, visitors' addresses, words of paths, and folders in another order.
 * What happened stays the same, so that a verdict that moves rests on a name. Addresses keep their first three parts, for
 * the ranges they lie in (Cloudflare's, private ones) mean something; so do words of paths that name software.
 */
export function varied(id: string, files: Files, base: Result, seed: number): readonly Variant[] {
  const chance = chanceOf(`${seed} ${id} names`);
  const hosts = namesOf(base, 'hosts')
    .concat(namesOf(base, 'servers'))
    .filter((name) => /^[\w-]+(?:\.[\w-]+)+$/.test(name));
  const words = namesOf(base, 'paths')
    .flatMap((path) => path.split('/'))
    .filter((word) => /^[a-z]{4,}$/.test(word) && !SOFTWARE.test(word));
  const renamed = new Map([...new Set([...hosts, ...words])].map((name) => [name, name.replace(/[a-z]/g, rotated)]));
  const step = whole(chance, 1, 200);
  const names = [...renamed.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.-]/g, '\\$&'));
  const known = names.length === 0 ? null : new RegExp(`(?<![\\w.-])(?:${names.join('|')})(?![\\w-])`, 'g');
  const changed = new Map<string, Buffer>();
  const families = [...new Set([...files.keys()].map(familyOf))].sort();
  for (const [name, bytes] of files) {
    const text = bytes
      .toString('latin1')
      .replace(known ?? /$^/g, (found) => renamed.get(found) ?? found)
      .replace(VISITOR, (_, range: string, last: string) => `${range}.${((Number(last) + step) % 254) + 1}`);
    const order = String(families.length - families.indexOf(familyOf(name))).padStart(3, '0');
    changed.set(`${order}/${name}`, Buffer.from(text, 'latin1'));
  }
  return [{ kind: 'varied', what: 'other hosts, addresses, paths and order of files', files: changed }];
}

/** Words of paths by which software is known. */
const SOFTWARE =
  /^(?:index|admin|static|assets|health|healthz|favicon|robots|login|cgi|xmlrpc|graphql|checkout|upload|uploads)$/;

/** A visitor's or an edge server's address: the first field of a row, or the value of a field that is named for it. */
const VISITOR = /(?<=^|\bclient: |"ClientIP":"|"remote_addr":"|\n)(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})(?=[ ,"])/g;

/** Rotated pieces of one log belong together: `error.log`, `error.log.1`, `error.log.2.gz`. */
const familyOf = (name: string): string =>
  name.replace(/(?:\.\d+)?(?:\.gz)?$/, '').replace(/[^/]*$/, (last) => last.replace(/\d{6,}.*/, ''));

const rotated = (letter: string): string => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97);

function namesOf(base: Result, dimension: 'hosts' | 'servers' | 'paths'): string[] {
  return base.bursts.flatMap(({ scope }) => scope[dimension].values.map(({ value }) => value));
}
