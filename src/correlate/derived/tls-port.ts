import type { SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { cluesDuring, pattern, quoted, type Scene } from '../scene.ts';

/** Ports that are for TLS by convention. */
const TLS_PORT = /:[89]?443$/;
/** nginx's words for a backend that hung up before it answered. */
const HUNG_UP: readonly SignalId[] = ['nginx.premature-header', 'nginx.recv-reset-header'];

/** OpenSSL's and Java's servers just close on plain HTTP; the port's number gives the mistake away. */
export function hungUpByTlsPort(scene: Scene, hungUp: readonly SignalId[], id: SignalId): SignalFact[] {
  const named = cluesDuring(scene, hungUp).filter(({ record }) => record.upstream !== undefined);
  const wrong = named.filter(({ record }) => record.values?.scheme === 'http' && TLS_PORT.test(record.upstream ?? ''));
  return wrong.length > 0 && wrong.length === named.length
    ? [
        pattern(id, {
          count: wrong.length,
          lines: quoted(wrong),
          values: { upstream: wrong[0]?.record.upstream ?? '' },
        }),
      ]
    : [];
}

/** The web server speaks plain HTTP to a port for TLS. */
export function deriveTlsPort(scene: Scene): SignalFact[] {
  return hungUpByTlsPort(scene, HUNG_UP, 'derived.proxied-to-tls-port');
}
