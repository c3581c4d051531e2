/** Method and path (without query) of `GET /index.php?page=2`, as far as they are written. */
export function methodAndPath(request: string): { method?: string; path?: string } {
  const blank = request.indexOf(' ');
  if (blank <= 0) return {};
  const method = request.slice(0, blank);
  const target = request.slice(blank + 1).split(' ', 1)[0] ?? '';
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  if (!/^[A-Z]{1,20}$/.test(method)) return {};
  return path === '' ? { method } : { method, path };
}
