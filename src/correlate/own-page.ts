import type { TimedRequest } from '../clock/timeline.ts';
import type { SignalId } from '../vocabulary/signals.ts';

/**
 * nginx's own page for a status: its bytes without the server's name at its foot, and what it tells where the row has no field that does.
 * Source: ngx_http_special_response.c (1.9 to 1.27); measured with 1.22: 177, 157 and 197 bytes with `nginx/1.22.1`. A 504 is
 * hardly ever an application's own, whatever its size.
 */
const PAGES: ReadonlyMap<number, { readonly bytes: number; readonly signal: SignalId }> = new Map([
  [500, { bytes: 165, signal: 'access.own-500' }],
  [502, { bytes: 145, signal: 'access.no-answer-502' }],
  [503, { bytes: 185, signal: 'access.own-503' }],
]);
/** Comments at the end of the page for Chrome, Edge and Internet Explorer (`msie_padding`), without which they would show pages of their own. */
const PADDING_BYTES = 402;
/** The server's name: `nginx` without its version, `nginx/1.9.9`, `nginx/1.22.1`, both with ` (Ubuntu)`; `openresty`, `openresty/1.25.3.1`. */
const NAME_LENGTHS: ReadonlySet<number> = new Set([5, 11, 12, 20, 21, 9, 18]);
const LONGEST_NAME = 30;
/** An answer that applications hardly ever give themselves: one size is enough. Of others the page must have been seen with the padding and without. */
const GATEWAY = 502;
const NEARLY_ALL = 0.95;
/** Fewer rows may have that size by chance. */
const FEWEST_ROWS = 3;

/**
 * What failed rows of a web server's access log tell by the size of the page, beside their status, where they lack the fields that would:
 * the signal by the status. All pages of a status must be nginx's own; those of an application differ in their size, or have another.
 */
export function ownPages(rows: readonly TimedRequest[]): ReadonlyMap<number, SignalId> {
  const bytesOf = new Map<number, number[]>();
  for (const { record } of rows) {
    const { status, bytes, signal, method } = record;
    // An answer to HEAD has no page, and a visitor who went away did not get all of it.
    if (signal !== 'access.5xx' || status === undefined || bytes === undefined || bytes === 0 || method === 'HEAD')
      continue;
    const list = bytesOf.get(status);
    if (list) list.push(bytes);
    else bytesOf.set(status, [bytes]);
  }
  const own = new Map<number, SignalId>();
  for (const [status, list] of bytesOf) {
    const page = PAGES.get(status);
    if (page !== undefined && areOwn(status, page.bytes, list)) own.set(status, page.signal);
  }
  return own;
}

function areOwn(status: number, pageBytes: number, list: readonly number[]): boolean {
  if (list.length < FEWEST_ROWS) return false;
  const counts = new Map<number, number>();
  for (const bytes of list) counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
  for (const [bytes, count] of counts) {
    const name = bytes - pageBytes;
    const padded = counts.get(bytes + PADDING_BYTES) ?? 0;
    const isOnce = padded === 0;
    const length = isOnce && name > PADDING_BYTES ? name - PADDING_BYTES : name;
    if (length < 1 || length > LONGEST_NAME || count + padded < NEARLY_ALL * list.length) continue;
    if (!isOnce || (status === GATEWAY && NAME_LENGTHS.has(length))) return true;
  }
  return false;
}
