/** More than a stream keeps rows: each burst asks for the templates of them all. */
const MOST_REMEMBERED = 60_000;
/** Parts of a path that tell which operation it belongs to, where operations are spread over many paths. */
const PREFIX_PARTS = 2;

/** Remembers what was made of a path: the rows of a log name the same ones again and again. */
function remembered(make: (path: string) => string): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    let made = known.get(path);
    if (made === undefined) {
      made = make(path);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(path, made);
    }
    return made;
  };
}

/** A path whose varying parts (numbers, ids) are written `*`, so that requests to one operation count as one path. */
export const pathTemplate = remembered((path) =>
  path
    .split('/')
    .map((part) => (/\d/.test(part) && !/^v\d{1,2}$/.test(part) ? '*' : part))
    .join('/'),
);

/** The first two parts of a path's template; what is below them is `*`. */
export const pathPrefix = remembered((path) => {
  const parts = pathTemplate(path).split('/');
  const head = parts.slice(0, PREFIX_PARTS + 1).join('/');
  return parts.length > PREFIX_PARTS + 1 ? `${head}/*` : head;
});

const STATIC = /\.(?:css|js|mjs|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|txt|xml)$/i;

/** Whether a path is a file that a web server hands out itself. */
export function isStaticPath(path: string | undefined): boolean {
  return path !== undefined && STATIC.test(path);
}
