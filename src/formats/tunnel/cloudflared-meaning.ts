import type { CloudflaredLine } from './cloudflared-line.ts';
import { bareError, type Circumstances, type Match, matchMessage, matchRequestError } from './cloudflared-match.ts';
import type { Meaning } from './cloudflared-record.ts';
import { isChatter } from './cloudflared-words.ts';
import { type RequestLine, readRequestLine } from './request-line.ts';

/** What a line of cloudflared says. */
export type Said =
  | { readonly kind: 'request'; readonly side: RequestLine['side']; readonly error: string; readonly meaning: Meaning }
  | { readonly kind: 'message'; readonly match: Match }
  /** An error that no table knows. */
  | { readonly kind: 'error' }
  | { readonly kind: 'talk' };

/** How the status line of an answer began until 2022 (proxy/proxy.go logOriginResponse); later it stands alone. */
const OLD_ANSWER = /^(?:CF-RAY: \S{1,40} )?Status: (?=5\d\d )/;
const SEVERE = new Set(['error', 'fatal', 'panic']);

/**
 * Message and error; lines of 2021 put the error into the message after `err: `, the end of the pre-checks says `hard_fail` instead
 * (cloudflared prechecks/result.go, LogEvent).
 */
export function withError(parsed: CloudflaredLine): { readonly message: string; readonly error: string } {
  const { fields } = parsed;
  const message = parsed.message.replace(OLD_ANSWER, '');
  if (fields.error !== undefined) return { message, error: fields.error };
  if (fields.hard_fail === 'true') return { message, error: 'hard_fail' };
  const at = message.indexOf(', err: ');
  if (at > 0) return { message: message.slice(0, at), error: message.slice(at + 7) };
  return { message, error: '' };
}

/** Reads the meaning of a line by the tables of messages and of request errors. */
export function saidBy(parsed: CloudflaredLine, now: Circumstances): Said {
  const { message, error } = withError(parsed);
  const match = matchMessage(message, error, now);
  if (match) return { kind: 'message', match };
  const request = readRequestLine(parsed);
  if (request) return requestSaid(parsed, request);
  const severe = parsed.level !== null && SEVERE.has(parsed.level) && !isChatter(message);
  return { kind: severe ? 'error' : 'talk' };
}

/** The meaning of a failed request's line. */
export function requestSaid(parsed: CloudflaredLine, request: RequestLine): Said & { readonly kind: 'request' } {
  const error = bareError(request.error);
  const privateNetwork = parsed.fields.originService === 'warp-routing';
  const match = privateNetwork ? null : matchRequestError(error);
  const signal = privateNetwork ? 'cloudflared.tcp-service' : (match?.row.signal ?? 'cloudflared.carrier-other');
  const caught: Record<string, string> = Object.assign({}, match?.values);
  if (request.ingressRule !== undefined) caught.ingressRule = request.ingressRule;
  if (request.colo !== undefined) caught.colo = request.colo;
  return { kind: 'request', side: request.side, error: error.text, meaning: { signal, caught, ray: request.ray } };
}
