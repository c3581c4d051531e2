import type { Seen } from './seen.ts';

/** The name under which the check has access logs of Apache; the readers know rows that nginx and Apache write alike as nginx's. */
export const APACHE_ACCESS = 'apache-access';
const NGINX_ACCESS = 'nginx-access';

type Server = 'nginx' | 'Apache';

/** Names that a server's packages, images and panels give to its logs and folders; the first that fits tells. */
const BY_PATH: readonly (readonly [pattern: RegExp, server: Server])[] = [
  [/nginx|openresty/i, 'nginx'],
  [/apache|httpd|(?:^|[/_-])access_log|other_vhosts_access/i, 'Apache'],
];

/** Logs and configurations that only one of them has. */
const BY_FORMAT: Readonly<Record<string, Server>> = {
  'nginx-error': 'nginx',
  'apache-error': 'Apache',
  [APACHE_ACCESS]: 'Apache',
};

const folderOf = (source: string): string => source.slice(0, source.lastIndexOf('/') + 1);

/** What only one of them can write: Apache knows no upstream, nginx no microseconds and no id of error lines. */
const OF_NGINX = /^\$(?:upstream_|connection$)/;
const OF_APACHE = /^\$(?:\w{1,40}_us|error_id)$/;

const named = (path: string): readonly Server[] =>
  BY_PATH.filter(([pattern]) => pattern.test(path))
    .slice(0, 1)
    .map(([, server]) => server);

/** The server that wrote an access log: by what only one of them writes, by its name, by the logs beside it, by its path, by all others. */
function serverOf(one: Seen, all: readonly Seen[]): Server {
  const writes = (pattern: RegExp): boolean => [...one.fields].some((name) => pattern.test(name));
  if (writes(OF_NGINX)) return 'nginx';
  if (writes(OF_APACHE)) return 'Apache';
  const folder = folderOf(one.source);
  const among = (isNear: (other: Seen) => boolean): readonly Server[] =>
    all.filter(isNear).flatMap(({ format }) => BY_FORMAT[format] ?? []);
  const signs = [
    named(one.source),
    among(({ source }) => source === one.source),
    among(({ source }) => folderOf(source) === folder),
    named(one.path ?? ''),
    among(() => true),
  ];
  return signs.find((servers) => new Set(servers).size === 1)?.[0] ?? 'nginx';
}

/** The same, with the access logs of Apache under their own name. What a configuration says is left as it is. */
export function servedBy(seen: readonly Seen[]): Seen[] {
  return seen.map((one) =>
    one.format === NGINX_ACCESS && one.example !== null && serverOf(one, seen) === 'Apache'
      ? { ...one, format: APACHE_ACCESS }
      : one,
  );
}
