import type { Stamp } from '../../vocabulary/records.ts';
import type { Peeled } from './peeled.ts';
import { isoStamp } from './syslog.ts';

/** Prefixes of container runtimes and process managers (reference: cloudflared section 2.5). */

const CRI = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9})(Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] ?/;
/** The runtime writes nanoseconds; kubectl drops trailing zeros. Applications write at most microseconds. */
const NANO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9})(Z|[+-]\d\d:\d\d) /;
/** `docker service logs` names the node, too. */
const COMPOSE = /^([A-Za-z0-9][\w.-]{0,100}(?:@[\w.-]{1,100})?) {1,60}\| ?/;
const PM2 =
  /^(\d{1,4}\|[\w.-]{1,60}) {0,40}\| (?:(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z| ?[+-]\d\d:?\d\d)?:(?: |$))?/;
const POD = /^\[(pod\/[^\]\s]{1,300})\] /;

/** `2026-11-20T08:19:33.987154321Z stderr F `: files under /var/log/pods. */
export function peelCri(text: string): Peeled | null {
  return withStamp(text, CRI.exec(text));
}

/** `2026-11-20T08:19:33.987154321Z `: docker logs -t, kubectl logs --timestamps. */
export function peelContainerStamp(text: string): Peeled | null {
  return withStamp(text, NANO.exec(text));
}

/** `web-1  | `: docker compose logs; `0|api | `: pm2 logs, with the time where it was told to write one (`God/ForkMode.js`). */
export function peelCompose(text: string): Peeled | null {
  return named(text, COMPOSE.exec(text) ?? PM2.exec(text));
}

/** `[pod/web-7d9c/web] `: kubectl logs --prefix. */
export function peelPod(text: string): Peeled | null {
  return named(text, POD.exec(text));
}

function named(text: string, head: RegExpExecArray | null): Peeled | null {
  if (head === null) return null;
  const [, container, clock, zone] = head;
  const stamp = clock === undefined ? undefined : isoStamp(clock, zone);
  return { rest: text.slice(head[0].length), container, stamp };
}

function withStamp(text: string, head: RegExpExecArray | null): Peeled | null {
  if (head?.[1] === undefined) return null;
  const stamp: Stamp | undefined = isoStamp(head[1], head[2]);
  return stamp === undefined ? null : { rest: text.slice(head[0].length), stamp };
}
