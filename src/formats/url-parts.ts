const URL_PARTS = /^(?:http|ws)s?:\/\/([^/?#]{1,300})([^?#]*)/i;

/** Host and path, without the query, of an address as a log writes it; nothing of what is no web address. */
export function hostAndPath(url: string | undefined): { readonly host?: string; readonly path?: string } {
  const parts = url === undefined ? null : URL_PARTS.exec(url);
  return parts ? { host: (parts[1] ?? '').toLowerCase(), path: parts[2] || '/' } : {};
}
