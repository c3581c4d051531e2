import type { SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { cluesDuring, pattern, quoted, type Scene } from '../scene.ts';

/** Errors over a connection that nginx makes. */
const CONNECTING: readonly SignalId[] = [
  'nginx.connect-refused',
  'nginx.connect-refused-sync',
  'nginx.connect-other',
  'nginx.connect-unix-refused',
  'nginx.connect-unix-missing',
  'nginx.timeout-connect',
];
const FEWEST = 3;

/**
 * nginx writes of its upstreams which step failed (`while connecting to upstream`) and which one it was. A line with the request and
 * without either is of a connection that a script inside it opened (Lua's cosockets): to a cache, a database, another service.
 */
export function ownConnection(scene: Scene): SignalFact[] {
  const clues = cluesDuring(scene, CONNECTING);
  const own = clues.filter(
    ({ record: { upstream, client, path, text } }) =>
      upstream === undefined && client !== undefined && path !== undefined && !text.includes(' while '),
  );
  return own.length >= FEWEST && own.length === clues.length
    ? [pattern('derived.own-connection', { count: own.length, lines: quoted(own) })]
    : [];
}
