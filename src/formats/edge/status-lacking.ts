import { foldedName } from './row.ts';

/** Names of columns by which rows are known to be of Cloudflare's requests, lower case and without separators. */
const KNOWN: ReadonlySet<string> = new Set([
  'edgestarttimestamp',
  'edgeendtimestamp',
  'edgecolocode',
  'originresponsestatus',
  'rayid',
  'clientip',
  'clientrequesthost',
  'clientrequesturi',
  'clientrequestpath',
]);
const ENOUGH_KNOWN = 2;
/** Columns of other data sets, whose rows need no status: what a rule or a Worker did; and of an application's own log. */
const OTHERS =
  /^(?:action|actiontaken|outcome|scriptname|eventtimestampms|queryname|level|severity|msg|message|log|error)$/;

/** What to say of rows of Cloudflare's requests with these columns, where none of them is a status; undefined elsewhere. */
export function statusLacking(columns: readonly string[]): string | undefined {
  const names = columns.map(foldedName);
  if (names.filter((name) => KNOWN.has(name)).length < ENOUGH_KNOWN) return undefined;
  if (names.some((name) => OTHERS.test(name) || (name.endsWith('status') && name !== 'originresponsestatus')))
    return undefined;
  return 'rows of Cloudflare’s requests without EdgeResponseStatus: nothing in them tells which requests failed. Export them again with the columns EdgeResponseStatus and OriginResponseStatus: in a Logpush job under output_options.field_names, in Logpull with ?fields=';
}
