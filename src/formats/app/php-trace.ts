import type { SignalId } from '../../vocabulary/signals.ts';

/** Where PHP says that an error happened, and which WordPress extension its trace leads through. */

/** `in FILE on line N` ends a message; `in FILE:N` ends the first part of an uncaught exception. People shorten the path. */
const IN_FILE = / in ((?:\.{2,3}|\[[^\]\n]{1,40}\])?\/[^\n:]{1,1000}|[A-Z]:\\[^\n:]{1,1000}?)(?: on line |:)(\d{1,9})/;
const THROWN_IN = /\n {2}thrown in ([^\n]{1,1000}) on line (\d{1,9})/;
const FRAME = /(?:^|\n)#\d+ ([^\n]{1,1000}?)\((\d+)\): ([^\n(]{1,200})/g;
const EXTENSION = /[/\\]wp-content[/\\](mu-plugins|plugins|themes)[/\\]([^/\\\s:()'"]{1,100})/;

const KIND: Readonly<Record<string, string>> = { plugins: 'plugin', themes: 'theme', 'mu-plugins': 'mu-plugin' };

/** An outage of another service is not the fault of the plugin that met it first. */
const NOT_THE_PLUGINS: ReadonlySet<SignalId> = new Set<SignalId>([
  'php.db-many',
  'php.db-user-limit',
  'php.db-gone',
  'php.db-refused',
  'php.db-dns',
  'php.db-blocked',
  'php.db-auth',
  'php.db-greeting',
  'php.db-readonly',
  'php.redis',
  'php.disk',
  'php.opcache',
  'php.out-of-memory',
]);

/** Whether an error of this class can be the fault of the plugin or theme in whose code it happened. */
export function isPluginWitness(signal: SignalId): boolean {
  return !NOT_THE_PLUGINS.has(signal);
}

/** `file` and `lineNumber` of the error, and `function` of its innermost frame, as far as they are written. */
export function sourcePlace(message: string): Record<string, string | number> {
  const values: Record<string, string | number> = {};
  const place = IN_FILE.exec(message) ?? THROWN_IN.exec(message);
  if (place?.[1] !== undefined) {
    values.file = place[1];
    values.lineNumber = Number(place[2]);
  }
  for (const frame of message.matchAll(FRAME)) {
    if (frame[3] !== undefined) values.function = frame[3];
    break;
  }
  return values;
}

/** An extension named by a path: `{ plugin: 'woo-feed', pluginKind: 'plugin' }`, or null. */
export function extensionOf(path: string): { plugin: string; pluginKind: string } | null {
  const match = EXTENSION.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { plugin: match[2].replace(/\.php$/, ''), pluginKind: KIND[match[1]] ?? match[1] };
}

/**
 * The plugin or theme to name: the one whose own file failed; else the outermost plugin on the trace (it began the work
 * that ended in WordPress' own code), else the outermost theme. Empty where none is named.
 */
export function pluginOf(message: string): Record<string, string | number> {
  const own = extensionOf((IN_FILE.exec(message) ?? THROWN_IN.exec(message))?.[1] ?? '');
  if (own !== null) return own;
  let outermost: Record<string, string | number> = {};
  for (const frame of message.matchAll(FRAME)) {
    const extension = extensionOf(frame[1] ?? '');
    if (extension === null) continue;
    if (extension.pluginKind === 'plugin' || outermost.pluginKind !== 'plugin') outermost = extension;
  }
  return outermost;
}
