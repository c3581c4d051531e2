import type { Lacking, Remedy } from './remedy.ts';
import type { Want, WantedOf } from './want.ts';

/** What Envoy's access log ought to hold. Source: its documentation (“Access logging”, command operators); Istio's (MeshConfig). */

/** A field under the name that Istio's JSON gives to it. */
interface Operator extends Want {
  readonly operator: string;
}

const OPERATORS: readonly Operator[] = [
  {
    field: 'start_time',
    or: ['timestamp', 'time'],
    operator: '%START_TIME%',
    why: 'The time lays the row beside the rows of Cloudflare.',
  },
  { field: 'authority', or: ['host'], operator: '%REQ(:AUTHORITY)%', why: 'It tells which of several sites failed.' },
  {
    field: 'method',
    operator: '%REQ(:METHOD)%',
    why: 'With path and time it finds the request where no Ray ID is logged.',
  },
  {
    field: 'path',
    or: ['x_envoy_origin_path', 'x_envoy_original_path'],
    operator: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    why: 'It tells which pages failed.',
  },
  {
    field: 'cf_ray',
    operator: '%REQ(CF-RAY)%',
    why: 'The Ray ID finds the row of Cloudflare for the very same request.',
  },
  { field: 'response_code', or: ['status'], operator: '%RESPONSE_CODE%', why: 'It is what the visitor got.' },
  { field: 'response_flags', operator: '%RESPONSE_FLAGS%', why: 'They say who made the status, and why.' },
  {
    field: 'response_code_details',
    operator: '%RESPONSE_CODE_DETAILS%',
    why: 'They tell an answer of the backend from one that Envoy made.',
  },
  {
    field: 'upstream_transport_failure_reason',
    operator: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
    why: 'It tells a refused connection from one without answer and from a broken TLS.',
  },
  {
    field: 'duration',
    operator: '%DURATION%',
    why: 'It tells a time-out from a refused connection, and when the answer was given.',
  },
  {
    field: 'upstream_service_time',
    or: ['x_envoy_upstream_service_time'],
    operator: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
    why: 'It parts time in the application from time on the way.',
  },
  { field: 'upstream_host', operator: '%UPSTREAM_HOST%', why: 'It tells which backend was asked, or that none was.' },
];

/** Not asked for, and kept where rows have them. */
const USUAL: readonly (readonly [name: string, operator: string])[] = [
  ['bytes_sent', '%BYTES_SENT%'],
  ['x_forwarded_for', '%REQ(X-FORWARDED-FOR)%'],
  ['user_agent', '%REQ(USER-AGENT)%'],
];

export const ENVOY_WANTED: readonly WantedOf[] = [{ formats: ['envoy'], by: 'envoy', wants: OPERATORS, ofRows: true }];

/** Rows in JSON get what they lack; the text forms have no place for it, and give way to JSON. */
export function envoyRemedy({ wants, example }: Lacking): Remedy {
  const isJson = example?.startsWith('{') === true;
  const lacking = new Set(wants.map(({ field }) => field));
  const all = OPERATORS.map(({ field, operator }) => [field, operator] as const);
  const pairs = isJson ? all.filter(([field]) => lacking.has(field)) : [...all, ...USUAL];
  return {
    where: `Envoy: ${isJson ? 'to be added to json_format' : 'as log_format of the access log, in place of the text form'}. Istio: the same names and operators as one JSON object in meshConfig.accessLogFormat, with accessLogEncoding: JSON. Then: envoy --mode validate -c <file>, or istioctl analyze`,
    configuration: ['json_format:', ...pairs.map(([field, operator]) => `  ${field}: "${operator}"`)].join('\n'),
  };
}
