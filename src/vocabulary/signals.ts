import { APP_SIGNALS } from './signals/app.ts';
import { CLOUDFLARED_SIGNALS } from './signals/cloudflared.ts';
import { DERIVED_SIGNALS } from './signals/derived.ts';
import { EDGE_SIGNALS } from './signals/edge.ts';
import { HOST_SIGNALS } from './signals/host.ts';
import { NGINX_SIGNALS } from './signals/nginx.ts';
import { PHP_SIGNALS } from './signals/php.ts';
import { PROXY_SIGNALS } from './signals/proxy.ts';
import type { Signal } from './signals/signal.ts';

export type { Signal, SignalRole } from './signals/signal.ts';

type Declared = typeof EDGE_SIGNALS &
  typeof CLOUDFLARED_SIGNALS &
  typeof NGINX_SIGNALS &
  typeof PROXY_SIGNALS &
  typeof PHP_SIGNALS &
  typeof APP_SIGNALS &
  typeof HOST_SIGNALS &
  typeof DERIVED_SIGNALS;

/** Stable name of a class of events, shared by formats, correlation and causes. */
export type SignalId = keyof Declared;

/**
 * Every signal there is, by name. Line signals are set by formats, `derived.*` by correlation. Without a prototype, and so a dictionary
 * from its first entry on: V8 would make a shape for each of the 650, in 1.5 ms of the start.
 */
export const SIGNALS: Readonly<Record<SignalId, Signal>> = Object.assign(
  Object.create(null),
  EDGE_SIGNALS,
  CLOUDFLARED_SIGNALS,
  NGINX_SIGNALS,
  PROXY_SIGNALS,
  PHP_SIGNALS,
  APP_SIGNALS,
  HOST_SIGNALS,
  DERIVED_SIGNALS,
);

/** Whether a text read from outside names a signal. */
export function isSignalId(text: string): text is SignalId {
  return Object.hasOwn(SIGNALS, text);
}
