import type { AccessFields } from './access-fields.ts';

/** `… - METHOD scheme host "uri" [Client address] [Length n] [Gzip r] [Sent-to server] "browser" "referrer"`. */
const AFTER_DASH = /^([A-Z][A-Z_-]{1,20}) (https?) (\S{1,300}) "/;

function bracketed(text: string, name: string): string | undefined {
  const mark = `[${name} `;
  const at = text.indexOf(mark);
  const end = at < 0 ? -1 : text.indexOf(']', at);
  return end < 0 ? undefined : text.slice(at + mark.length, end);
}

/**
 * Reads a row of Nginx Proxy Manager: `[time] cache upstream-status status - …` for proxied hosts, `[time] status - …`
 * for its other log. Null for any other line.
 */
export function readNpmRow(line: string): AccessFields | null {
  if (!line.startsWith('[') || !line.includes('[Client ')) return null;
  const close = line.indexOf(']');
  const head = line.slice(close + 1, close + 400);
  const m = / - (?=[A-Z][A-Z_-]{1,20} https?)/.exec(head);
  if (m === null) return null;
  const numbers = head.slice(0, m.index).trim();
  const status = /(?:^| )(\d{3})$/.exec(numbers)?.[1];
  const rest = line.slice(close + 1 + m.index + 3);
  const request = AFTER_DASH.exec(rest);
  if (status === undefined || request === null) return null;
  const uriAt = request[0].length;
  const uriEnd = rest.indexOf('" [Client ', uriAt);
  const upstreamStatus = /(?:^|\S{1,20} )((?:\d{3}|-)(?:, (?:\d{3}|-)){0,20}) \d{3}$/.exec(numbers)?.[1];
  const sentTo = bracketed(rest, 'Sent-to');
  const browserAt = rest.lastIndexOf('] "');
  return {
    time: line.slice(1, close),
    status,
    method: request[1] ?? '',
    host: request[3] ?? '',
    uri: rest.slice(uriAt, uriEnd < 0 ? undefined : uriEnd),
    remoteAddr: bracketed(rest, 'Client') ?? '',
    bytes: bracketed(rest, 'Length') ?? '',
    userAgent: browserAt < 0 ? '' : rest.slice(browserAt + 3, rest.indexOf('"', browserAt + 3)),
    ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
    ...(sentTo === undefined ? {} : { upstreamAddr: sentTo }),
  };
}
