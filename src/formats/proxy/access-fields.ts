/** What of an access row is used, as written: values of nginx's variables by one name each. */
export type AccessField =
  | 'status'
  | 'request'
  | 'method'
  | 'uri'
  | 'time'
  | 'msec'
  | 'requestTime'
  | 'requestTimeMs'
  | 'requestTimeUs'
  | 'upstreamAddr'
  | 'upstreamStatus'
  | 'upstreamConnectTime'
  | 'upstreamHeaderTime'
  | 'upstreamResponseTime'
  | 'ray'
  | 'remoteAddr'
  | 'visitorAddr'
  | 'forwardedFor'
  | 'host'
  | 'serverName'
  | 'bytes'
  | 'userAgent'
  | 'contentType';

/** Undefined, empty or `-`: the row does not have it. */
export type AccessFields = Partial<Record<AccessField, string | undefined>>;

/** Names that people give to nginx's variables in their log formats, in lower case with `_`. */
const NAMES: Readonly<Record<AccessField, readonly string[]>> = {
  status: ['status', 'status_code', 'response_code', 'http_status', 'response_status', 'response', 'code', 'st'],
  request: ['request', 'request_line', 'req', 'req_line', 'http_request'],
  method: ['method', 'request_method', 'http_method', 'verb', 'req_method'],
  uri: ['uri', 'request_uri', 'path', 'url', 'request_path', 'request_url', 'document_uri', 'http_uri', 'req_uri'],
  time: [
    'time',
    'time_local',
    'time_iso8601',
    'timestamp',
    '@timestamp',
    'ts',
    'date',
    'datetime',
    'local_time',
    'access_time',
    'localtime',
  ],
  msec: ['msec', 'time_msec', 'epoch', 'unix_time', 'time_epoch'],
  requestTime: [
    'request_time',
    'rt',
    'reqtime',
    'req_time',
    'responsetime',
    'duration',
    'total_time',
    'request_duration',
    'response_time',
    'request_time_sec',
    'time_taken',
    'rtime',
  ],
  // Apache counts in these units (`%{ms}T`, `%D`), and so do libraries of applications.
  requestTimeMs: [
    'request_time_ms',
    'duration_ms',
    'response_time_ms',
    'time_taken_ms',
    'elapsed_ms',
    'rt_ms',
    'request_time_msec',
    'duration_msec',
  ],
  requestTimeUs: [
    'request_time_us',
    'duration_us',
    'response_time_us',
    'time_taken_us',
    'elapsed_us',
    'rt_us',
    'request_time_usec',
    'duration_usec',
    'microseconds',
  ],
  upstreamAddr: [
    'upstream_addr',
    'upstream_address',
    'upstreamaddr',
    'upstreamhost',
    'upstream_host',
    'upstream',
    'uaddr',
    'upaddr',
    'backend',
    'uadr',
    'upstream_server',
  ],
  upstreamStatus: [
    'upstream_status',
    'upstreamstatus',
    'us',
    'ustatus',
    'upstatus',
    'up_status',
    'upstream_status_code',
    'ust',
  ],
  upstreamConnectTime: ['upstream_connect_time', 'uct', 'upstream_connect', 'connect_time', 'upconnect', 'uconn'],
  upstreamHeaderTime: ['upstream_header_time', 'uht', 'upstream_header', 'header_time', 'upheader'],
  upstreamResponseTime: [
    'upstream_response_time',
    'urt',
    'upstream_response',
    'upstreamtime',
    'upstream_time',
    'ut',
    'uresp',
    'upresponse',
    'backend_time',
    'apptime',
  ],
  ray: ['cf_ray', 'http_cf_ray', 'ray', 'cfray', 'ray_id', 'rayid', 'cf_ray_id', 'cf-ray'],
  remoteAddr: [
    'remote_addr',
    'remote_ip',
    'remote',
    'ip',
    'client',
    'client_ip',
    'clientip',
    'remoteaddr',
    'addr',
    'host_ip',
    'realip_remote_addr',
  ],
  visitorAddr: [
    'cf_connecting_ip',
    'http_cf_connecting_ip',
    'ccip',
    'cfip',
    'cf_ip',
    'real_ip',
    'x_real_ip',
    'http_x_real_ip',
    'visitor',
    'visitor_ip',
    'cip',
  ],
  forwardedFor: ['http_x_forwarded_for', 'x_forwarded_for', 'xff', 'forwarded_for', 'xforwardedfor', 'x_forward_for'],
  host: ['host', 'http_host', 'vhost', 'domain', 'hostname', 'h', 'request_host'],
  serverName: ['server_name', 'sn', 'server', 'servername'],
  bytes: ['body_bytes_sent', 'bytes', 'bytes_sent', 'size', 'body_bytes', 'bbs', 'length', 'response_size'],
  userAgent: ['http_user_agent', 'user_agent', 'agent', 'uagent', 'useragent', 'http_agent', 'browser'],
  contentType: ['sent_http_content_type', 'content_type', 'ct'],
};

/** The variable of nginx whose value a field holds; of several the first that people name. */
const VARIABLES: Readonly<Record<AccessField, string>> = {
  status: '$status',
  request: '$request',
  method: '$request_method',
  uri: '$request_uri',
  time: '$time_local',
  msec: '$msec',
  requestTime: '$request_time',
  requestTimeMs: '$request_time',
  requestTimeUs: '$request_time',
  upstreamAddr: '$upstream_addr',
  upstreamStatus: '$upstream_status',
  upstreamConnectTime: '$upstream_connect_time',
  upstreamHeaderTime: '$upstream_header_time',
  upstreamResponseTime: '$upstream_response_time',
  ray: '$http_cf_ray',
  remoteAddr: '$remote_addr',
  visitorAddr: '$http_cf_connecting_ip',
  forwardedFor: '$http_x_forwarded_for',
  host: '$host',
  serverName: '$server_name',
  bytes: '$body_bytes_sent',
  userAgent: '$http_user_agent',
  contentType: '$sent_http_content_type',
};

/** The variables of nginx that the fields of a row hold. */
export function variablesOf(fields: AccessFields): string[] {
  return Object.keys(fields)
    .filter(isField)
    .filter((field) => fields[field] !== undefined)
    .map((field) => VARIABLES[field]);
}

const BY_NAME = new Map<string, AccessField>();
for (const [field, names] of Object.entries(NAMES)) {
  for (const name of names) if (isField(field)) BY_NAME.set(name, field);
}

function isField(name: string): name is AccessField {
  return Object.hasOwn(NAMES, name);
}

/** The field that a name stands for, or undefined. `ua` is told by its value: an address, or a browser. */
export function fieldOf(name: string, value: string, hasUserAgent: boolean): AccessField | undefined {
  const asWritten = BY_NAME.get(name);
  if (asWritten !== undefined) return asWritten;
  const key = name.toLowerCase().replace(/^\$/, '').replaceAll('-', '_');
  const field = BY_NAME.get(key);
  if (field !== undefined) return field;
  if (key !== 'ua') return undefined;
  if (isUpstreamList(value)) return 'upstreamAddr';
  return value === '-' || value === '' ? (hasUserAgent ? 'upstreamAddr' : undefined) : 'userAgent';
}

const PEER = /^(?:unix:\/\S{1,200}|\[[\da-fA-F:.%]{2,60}\]:\d{1,5}|[\w.-]{1,253}:\d{1,5}|[\w.-]{1,100}|-)$/;

/** Whether a value is `$upstream_addr`'s: addresses, sockets or a group's name, joined by `, ` or ` : `. */
export function isUpstreamList(value: string): boolean {
  if (value === '' || value === '-' || value.length > 2000) return false;
  return value.split(/, | : /).every((peer) => PEER.test(peer.replace(/:$/, '')));
}

/** Whether a value is surely an upstream's address: with a port, or a socket. */
export function isUpstreamAddress(value: string): boolean {
  return /^unix:|:\d{1,5}(?:$|,| )/.test(value) && isUpstreamList(value);
}
