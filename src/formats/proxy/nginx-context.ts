import type { Draft } from '../../vocabulary/draft.ts';

/** The fields after the message of an error line (`, client: …, server: …, request: "…", upstream: "…", host: "…"`). */
export interface NginxContext {
  readonly client?: string;
  /** The matched server_name, or the listen address before the request was read. */
  readonly serverName?: string;
  readonly method?: string;
  /** Path without query. */
  readonly path?: string;
  /** Address of the peer or name of the group, without scheme and URI. */
  readonly upstream?: string;
  /** `http`, `https`, `fastcgi`, `uwsgi`, `scgi`, `grpc`, `grpcs`, `memcached`; absent for the stream module. */
  readonly scheme?: string;
  /** Host header without its port. */
  readonly host?: string;
  readonly subrequest?: string;
}

const AFTER_REQUEST = ['", subrequest: "', '", upstream: "', '", host: "', '", referrer: "'] as const;

/** The text from `from` up to the nearest of the marks, or to the end. */
function upTo(text: string, from: number, marks: readonly string[]): string {
  let end = text.length;
  for (const mark of marks) {
    const at = text.indexOf(mark, from);
    if (at >= 0 && at < end) end = at;
  }
  return text.slice(from, end);
}

/** A value without the separators that a cut line leaves behind it; a client over a socket is called `unix:`. */
function withoutTail(value: string): string {
  if (value === 'unix:') return value;
  let end = value.length;
  while (
    end > 0 &&
    (value[end - 1] === ',' || value[end - 1] === ' ' || (value[end - 1] === ':' && value[end - 2] !== ':'))
  )
    end--;
  return value.slice(0, end);
}

/** A field without quotes: it ends at the next field or at the end. */
function plainField(text: string, mark: string): string | undefined {
  const at = text.indexOf(mark);
  if (at < 0) return undefined;
  const value = upTo(text, at + mark.length, [
    ', server: ',
    ', request: "',
    ', upstream: "',
    ', host: "',
    ', bytes from/to',
  ]);
  return withoutTail(value) || undefined;
}

/** The last occurrence counts: what the visitor sends cannot stand after it, except in host and referrer. */
function lastQuoted(text: string, mark: string): string | undefined {
  const at = text.lastIndexOf(mark);
  if (at < 0) return undefined;
  const value = upTo(text, at + mark.length, ['", ']);
  return (value.endsWith('"') ? value.slice(0, -1) : value).trim() || undefined;
}

/** Method and path of a raw request line; the rest of it may hold anything. */
export function splitRequest(request: string): { method?: string; path?: string } {
  const m = /^([A-Z][A-Z_-]{1,20}) +/.exec(request);
  if (!m) return {};
  const method = m[1] ?? '';
  const target = request.slice(m[0].length);
  const end = target.search(/[ "?#]/);
  let path = end < 0 ? target : target.slice(0, end);
  const absolute = /^https?:\/\/[^/]{1,255}/i.exec(path);
  if (absolute) path = path.slice(absolute[0].length) || '/';
  return path.startsWith('/') || path === '*' ? { method, path } : { method };
}

const SCHEME = /^"?([a-z]{3,10}) ?:\/\/ ?/;
const UNIX_END = /:(?=\/|$)/;
/** A peer's address or a group's name; what else stands there was mangled on its way. */
const ADDRESS = /^(?:\[[\da-fA-F:.%]{2,60}\]|[\w.*-]{1,255})(?::\w{1,6})?$/;

/** Splits `http://127.0.0.1:3000/path`, `fastcgi://unix:/run/php.sock:`, `http://group/x` into scheme and address. */
export function splitUpstream(value: string): { scheme?: string; upstream?: string } {
  const m = SCHEME.exec(value);
  const scheme = m?.[1];
  const rest = (m ? value.slice(m[0].length) : value).replace(/^unix: (?=\/)/, 'unix:');
  let address: string;
  if (rest.startsWith('unix:')) {
    const tail = rest.slice(5);
    const end = tail.search(UNIX_END);
    // uwsgi_pass is often written unix:///run/x.sock: three slashes name the same file as one.
    address = `unix:${(end < 0 ? tail : tail.slice(0, end)).replace(/^\/{2,3}(?=[^/])/, '/')}`;
  } else {
    const end = rest.search(/[/?" ]/);
    address = end < 0 ? rest : rest.slice(0, end);
    if (!ADDRESS.test(address)) address = '';
  }
  if (address === '') return scheme === undefined ? {} : { scheme };
  return scheme === undefined ? { upstream: address } : { scheme, upstream: address };
}

/** A host header without its port; undefined where nothing is left. */
function withoutPort(host: string): string | undefined {
  return host.replace(/:\d{1,5}$/, '').toLowerCase() || undefined;
}

/** Whether a server name is one that a visitor could have asked for, and no catch-all, pattern or listen address. */
function isName(name: string | undefined): name is string {
  return (
    name !== undefined &&
    /^[a-z\d*.-]{1,253}$/i.test(name) &&
    name !== '_' &&
    name !== 'localhost' &&
    !/^[\d.]*$/.test(name)
  );
}

/** A context as nginx writes it, with nothing in it that could end a field before its end: most are. */
const PLAIN =
  /^, client: ([\da-fA-F.:]{2,45}), server: ([^\s",]{1,255})(?:, request: "([^"]{1,4000})"(?:, upstream: "([^"]{1,2000})")?(?:, host: "([^"]{1,260})")?)?$/;

/** The fields of a context as they are written. */
interface WrittenFields {
  readonly client?: string | undefined;
  readonly serverName?: string | undefined;
  readonly request?: string | undefined;
  readonly upstream?: string | undefined;
  readonly host?: string | undefined;
  readonly subrequest?: string | undefined;
}

/** The same in one go; null where a context is not plain. */
export function plainFields(text: string): WrittenFields | null {
  const found = PLAIN.exec(text);
  if (found === null) return null;
  const [, client = '', serverName = '', request, upstream, host] = found;
  return {
    client: withoutTail(client) || undefined,
    serverName: withoutTail(serverName) || undefined,
    request,
    upstream: upstream?.trim() || undefined,
    host: host?.trim() || undefined,
  };
}

/**
 * Finds the fields of any context: client, server and request from the left, upstream and host from the right, since
 * nothing in it is escaped and a visitor may forge what follows the request.
 */
export function foundFields(text: string): WrittenFields {
  const requestAt = text.indexOf('request: "');
  return {
    client: plainField(text, ', client: ') ?? plainField(text, ', udp client: '),
    serverName: plainField(text, ', server: '),
    request: requestAt < 0 ? undefined : upTo(text, requestAt + 10, AFTER_REQUEST),
    upstream: lastQuoted(text, 'pstream: "') ?? /^: ?"?([a-z]{4,10}:\/\/[^"]{1,2000})/.exec(text)?.[1],
    host: lastQuoted(text, ', host: "'),
    subrequest: lastQuoted(text, ', subrequest: "'),
  };
}

/** Reads the context of an entry. */
export function readContext(text: string): NginxContext {
  return contextOf(plainFields(text) ?? foundFields(text));
}

/** What the fields of a context say. */
export function contextOf({ client, serverName, request, upstream, host, subrequest }: WrittenFields): NginxContext {
  // Fields are added one by one: an object that begins with `...` has a hidden class of its own, which is slow to make.
  const context: Draft<NginxContext> = {};
  if (client !== undefined && !client.startsWith('Upstream')) context.client = client;
  if (serverName !== undefined) context.serverName = serverName;
  if (request !== undefined) Object.assign(context, splitRequest(request));
  if (upstream !== undefined) Object.assign(context, splitUpstream(upstream));
  const headerHost = host === undefined ? undefined : withoutPort(host);
  const named = isName(headerHost) ? headerHost : isName(serverName) ? serverName.toLowerCase() : headerHost;
  if (named !== undefined) context.host = named;
  if (subrequest !== undefined) context.subrequest = subrequest;
  return context;
}
