import { openRedaction } from '../result/redact.ts';
import type { LogOptions } from './task.ts';

const LONGEST = 120;

/** What may be a host in the name of a folder or archive, where nothing around it tells. */
const DOTTED = /[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,10}\.[a-z]{2,24}(?![a-z0-9])/gi;
const PACKED = /(?:\.(?:tar|t?gz|zst|zip))+$/i;

/** A name as it may leave: without addresses of visitors, mail addresses and secrets, as all texts of a report. */
export function maskedName(name: string, { redact, redactKey, redactHosts }: LogOptions): string {
  if (redact === false) return name;
  const redaction = openRedaction({ key: redactKey, hosts: redactHosts });
  redaction.see(name);
  for (const [word] of name.matchAll(DOTTED)) {
    const host = word.replace(PACKED, '');
    if (host.includes('.')) redaction.seeHost(host);
  }
  return redaction.mask(name);
}

/**
 * A folder for each name, in their order: letters, digits, dots and dashes, unique where capitals do not count. A name of
 * such letters is its own folder.
 */
export function foldersFor(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '');
    const wanted = [...(plain === '' ? 'incident' : plain)].slice(0, LONGEST).join('');
    let folder = wanted;
    for (let number = 2; taken.has(folder.toLowerCase()); number++) folder = `${wanted}-${number}`;
    taken.add(folder.toLowerCase());
    return folder;
  });
}
