import { openRedaction } from '../result/redact.ts';
import type { LogOptions } from './task.ts';

const LONGEST = 120;

/** A name as it may leave: without addresses of visitors, mail addresses and secrets, as all texts of a report. */
export function maskedName(name: string, { redact, redactKey, redactHosts }: LogOptions): string {
  if (redact === false) return name;
  const redaction = openRedaction({ key: redactKey, hosts: redactHosts });
  redaction.see(name);
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
