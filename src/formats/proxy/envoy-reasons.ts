import type { SignalId } from '../../vocabulary/signals.ts';

/** Why a connection to the backend failed, by Envoy's words, with `_` where its logs of lines have blanks. First match wins. */
const REASONS: readonly (readonly [pattern: RegExp, signal: SignalId])[] = [
  [/CERTIFICATE_VERIFY|certificate verify/i, 'proxy.backend-cert'],
  [/WRONG_VERSION_NUMBER/i, 'proxy.scheme-mismatch'],
  [/TLS_error|TLS error|SSL/i, 'proxy.backend-tls'],
  [/connection_timeout|connect_timeout|_110\b|timed.out/i, 'proxy.connect-timeout'],
  [/_111\b|refused/i, 'proxy.backend-refused'],
  [/_113\b|_101\b|No_route|unreachable/i, 'proxy.backend-unreachable'],
  [/_2\b|No_such_file/i, 'proxy.socket-missing'],
  [/_104\b|remote_reset|reset_by_peer/i, 'proxy.backend-reset'],
];

/** What such words tell; undefined where no row knows them. */
export function connectionReason(said: string): SignalId | undefined {
  const words = said.replaceAll(' ', '_');
  return REASONS.find(([pattern]) => pattern.test(words))?.[1];
}

/** Why a request to the backend was reset (`Http::Utility::resetReasonToString`), where the connection's own reason tells no more. */
const RESETS: readonly (readonly [pattern: RegExp, signal: SignalId])[] = [
  [/^connection termination/, 'proxy.backend-closed'],
  [/^remote (?:refused stream )?reset/, 'proxy.backend-reset'],
  [/^(?:local |remote )?connection failure/, 'proxy.backend-refused'],
  [/^connection timeout/, 'proxy.connect-timeout'],
  [/^overflow/, 'proxy.queue-timeout'],
  [/^protocol error/, 'proxy.backend-invalid'],
];

/** What a reset means, by its reason and that of the connection. */
export function resetSignal(reason: string, transport: string): SignalId {
  return connectionReason(transport) ?? RESETS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'proxy.own-error';
}
