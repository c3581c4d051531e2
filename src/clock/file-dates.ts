import type { SourceDigest } from '../digest/digest.ts';

/** `-20250304`, `2025-03-04`, `.2025_03_04`: what log rotation (logrotate `dateext`) and people put into a name. */
const DATE = /(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)/g;
/** A date in a name is followed by the hour in some. */
const STAMPED = /(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=T?\d{2,6})/g;

function dateIn(text: string): number {
  const found = [...text.matchAll(DATE), ...text.matchAll(STAMPED)];
  const times = found.map(([, year, month, day]) => Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return times.length === 0 ? Number.NaN : Math.max(...times);
}

/** The date in the name of a file itself: its lines were written about then. Milliseconds since 1970; NaN where there is none. */
export function dateOfName({ label }: Pick<SourceDigest, 'label'>): number {
  return dateIn(label.slice(label.lastIndexOf('/') + 1));
}

/**
 * About when the logs were written, by names of files and folders and by what archives say of their members: the latest of
 * these dates, as logs are fetched soon. Dates of files on disk are not looked at: copies have that of the copying.
 */
export function dateOfFiles(sources: readonly Pick<SourceDigest, 'label' | 'modifiedMs'>[]): number {
  const named = sources.map(({ label }) => dateIn(label)).filter((ms) => !Number.isNaN(ms));
  const times = named.length > 0 ? named : sources.flatMap(({ modifiedMs }) => modifiedMs ?? []);
  return times.reduce((a, b) => (Number.isNaN(a) || b > a ? b : a), Number.NaN);
}
