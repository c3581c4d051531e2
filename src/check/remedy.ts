import type { Want } from './want.ts';

/** A format of access rows as a configuration declares it. */
export interface NamedFormat {
  readonly name: string;
  readonly format: string;
  /** Of nginx's `escape=`. */
  readonly escape?: string | null;
}

/** What a remedy is made from. */
export interface Lacking {
  readonly wants: readonly Want[];
  /** Names of what is there. */
  readonly fields: ReadonlySet<string>;
  /** The log format that is in use, where it is known. */
  readonly declared: NamedFormat | null;
  /** A row as it is written. */
  readonly example: string | null;
  /** Label of the log. */
  readonly source: string;
  /** Where a configuration has it written to; null where a log tells. */
  readonly log: string | null;
}

/** How the fields are added. */
export interface Remedy {
  /** Where it goes and what to do afterwards, as sentences. */
  readonly where: string;
  /** To be copied as it is; null where there is nothing to copy. */
  readonly configuration: string | null;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The name under which a log is written, of one that was put away. */
export const unrotatedName = (path: string): string =>
  baseName(path).replace(/(?:[.-]\d{1,8})?(?:\.(?:gz|xz|zst|bz2))?$/, '');

/** The old format stays for whoever reads it. */
export const extendedName = ({ name }: { readonly name: string }): string => `${name}_full`;

/**
 * What is lacking as it is put at the end of a log format: as JSON, else as `name="value"`, which readers of the old format pass
 * over. `quote` is the quotation mark as the configuration takes it.
 */
export function addedPairs(wants: readonly Want[], isJson: boolean, quote = '"'): string {
  const pairs = wants.map(({ field, as }) => ({ name: as ?? field.slice(1), value: `${quote}${field}${quote}` }));
  return isJson
    ? `,${pairs.map(({ name, value }) => `${quote}${name}${quote}:${value}`).join(',')}`
    : pairs.map(({ name, value }) => ` ${name}=${value}`).join('');
}
