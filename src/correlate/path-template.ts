/** Templates made before: the rows of a log name the same paths again and again. */
const templates = new Map<string, string>();
/** More than a stream keeps rows: each burst asks for the templates of them all. */
const MOST_TEMPLATES = 60_000;

/** A path whose varying parts (numbers, ids) are written `*`, so that requests to one operation count as one path. */
export function pathTemplate(path: string): string {
  const known = templates.get(path);
  if (known !== undefined) return known;
  const template = path
    .split('/')
    .map((part) => (/\d/.test(part) && !/^v\d{1,2}$/.test(part) ? '*' : part))
    .join('/');
  if (templates.size >= MOST_TEMPLATES) templates.clear();
  templates.set(path, template);
  return template;
}

const STATIC = /\.(?:css|js|mjs|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|txt|xml)$/i;

/** Whether a path is a file that a web server hands out itself. */
export function isStaticPath(path: string | undefined): boolean {
  return path !== undefined && STATIC.test(path);
}
