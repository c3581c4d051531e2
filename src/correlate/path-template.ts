import { remembered } from './remembered.ts';

/** More than a stream keeps rows: each burst asks for the templates of them all. */
const MOST_PATHS = 60_000;
/** Parts of a path that tell which operation it belongs to, where operations are spread over many paths. */
const PREFIX_PARTS = 2;

/** A part with a digit, from its beginning; that of a version (`v2`) stays. */
const VARYING = /(?<![^/])(?!v\d{1,2}(?![^/]))[^/]*\d[^/]*/g;

/** A path whose varying parts (numbers, ids) are written `*`, so that requests to one operation count as one path. */
export const pathTemplate = remembered(MOST_PATHS, (path) => path.replace(VARYING, '*'));

/** The first two parts of a path's template; what is below them is `*`. */
export const pathPrefix = remembered(MOST_PATHS, (path) => {
  const template = pathTemplate(path);
  let end = -1;
  for (let part = 0; part <= PREFIX_PARTS; part++) {
    end = template.indexOf('/', end + 1);
    if (end === -1) return template;
  }
  return `${template.slice(0, end)}/*`;
});

/** The part of a site that a path lies in: its first part, where there is another below it. */
export const pathArea = remembered(MOST_PATHS, (path) => {
  const end = path.indexOf('/', 1);
  return end === -1 ? pathTemplate(path) : `${pathTemplate(path.slice(0, end))}/*`;
});

const STATIC = /\.(?:css|js|mjs|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|txt|xml)$/i;

/** Whether a path is a file that a web server hands out itself. */
export function isStaticPath(path: string | undefined): boolean {
  return path !== undefined && STATIC.test(path);
}
