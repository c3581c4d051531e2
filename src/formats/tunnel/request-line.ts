import type { CloudflaredLine } from './cloudflared-line.ts';

/**
 * A line that carries the error of a failed request (reference: cloudflared section 3). `origin`: the proxy's line with
 * originService; `transport`: the line of the connection to the edge, with `dest` on quic.
 */
export interface RequestLine {
  readonly side: 'origin' | 'transport';
  readonly error: string;
  readonly ray?: string;
  readonly colo?: string;
  readonly ingressRule?: string;
}

const TRANSPORT_MESSAGES = ['Request failed', 'failed to serve incoming request', 'Failed to handle QUIC stream'];
const RAY = /^([0-9a-f]{16})(?:-([A-Z]{3}))?$/i;
// Whoever pasted the line may have cut the Ray ID.
const RAY_MESSAGE = /^CF-RAY: (\S{1,40}) (.*)$/s;
const INGRESS_MESSAGE = /^Proxying to ingress (\d{1,4}) error: (.*)$/s;
/** Found in every wording since 2021.5.8, also in pastes that lost their beginning. */
export const UNREACHABLE_WORDS = 'it may not be responding to traffic from cloudflared: ';

/** Reads a carrier line, or null where the line speaks of no request. */
export function readRequestLine(line: CloudflaredLine): RequestLine | null {
  const { message, fields } = line;
  const ray = splitRay(fields.cfRay ?? fields['CF-RAY']);
  const rule = fields.ingressRule === undefined ? {} : { ingressRule: fields.ingressRule };
  if (message === '') {
    if (fields.error === undefined || line.level === 'debug') return null;
    return { side: fields.dest === undefined ? 'origin' : 'transport', error: fields.error, ...ray, ...rule };
  }
  if (TRANSPORT_MESSAGES.includes(message) && fields.error !== undefined) {
    return { side: 'transport', error: fields.error, ...ray, ...rule };
  }
  if (message.startsWith('Failed to proxy HTTP: ')) return { side: 'transport', error: message, ...ray };
  const old = readOldMessage(message, fields.error);
  if (old) return { ...ray, ...old };
  const words = message.indexOf(UNREACHABLE_WORDS);
  if (words < 0) return null;
  const from = Math.max(
    message.lastIndexOf('Unable to reach', words),
    message.lastIndexOf('The service may be', words),
    0,
  );
  return { side: 'origin', error: message.slice(from).replace(/"$/, ''), ...ray, ...rule };
}

const OLD_STARTS = [
  'HTTP request error',
  'Error proxying request to origin: ',
  'Unable to reach the origin service',
  // The request with which cloudflared tried the service at its start, until 2020.
  'unable to connect to the origin',
];

/** The wordings of 2018 to 2021.4, with Ray ID and rule inside the message. */
function readOldMessage(message: string, error: string | undefined): RequestLine | null {
  const withRay = RAY_MESSAGE.exec(message);
  const rest = withRay ? (withRay[2] ?? '') : message;
  const ray = splitRay(withRay?.[1]);
  const ingress = INGRESS_MESSAGE.exec(rest);
  if (ingress) {
    return { side: 'origin', error: joined(ingress[2] ?? '', error), ...ray, ingressRule: ingress[1] ?? '' };
  }
  const isOld = OLD_STARTS.some((start) => rest.startsWith(start));
  return isOld ? { side: 'origin', error: joined(rest, error), ...ray } : null;
}

function joined(message: string, error: string | undefined): string {
  return error ?? message;
}

/** `9043…5d0c-AMS` as Ray ID and colo; empty where the text is neither. */
export function splitRay(text: string | undefined): { readonly ray?: string; readonly colo?: string } {
  const m = text === undefined ? null : RAY.exec(text);
  if (!m) return {};
  const ray = (m[1] ?? '').toLowerCase();
  return m[2] === undefined ? { ray } : { ray, colo: m[2].toUpperCase() };
}
