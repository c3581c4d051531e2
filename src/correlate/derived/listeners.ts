import type { TimedClue } from '../../clock/timeline.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { cluesDuring, cluesOf, pattern, quoted, type Scene } from '../scene.ts';

/** Lines that name an address at which nobody took the connection. */
const REFUSED: readonly SignalId[] = [
  'nginx.connect-refused',
  'nginx.connect-refused-sync',
  'apache.backend-refused',
  'proxy.backend-refused',
  'proxy.not-connected',
  'cloudflared.inner-refused',
];
/** A list with fewer ports than this may be the answer to a question about one. */
const WHOLE_LIST_PORTS = 3;
const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/;

/** What the list of listeners says of the addresses that refused, and of the ports that Cloudflare connects to. */
export function deriveListeners(scene: Scene): SignalFact[] {
  const listed = cluesOf(scene, ['host.shown-listener'], () => true);
  if (listed.length === 0) return [];
  return [...ofBackend(scene, listed), ...ofWebServer(scene, listed)];
}

/** What nobody listens on, where the whole list was printed: of part of it, silence tells nothing. */
function isWhole(listed: readonly TimedClue[]): boolean {
  const ports = new Set(listed.map(portOf));
  return (
    ports.size >= WHOLE_LIST_PORTS &&
    [...ports].every((port) => /^\d+$/.test(port)) &&
    listed.every(({ record }) => record.values?.table === 1)
  );
}

function ofBackend(scene: Scene, listed: readonly TimedClue[]): SignalFact[] {
  const refused = cluesDuring(scene, REFUSED);
  const dialled = new Set(refused.map(({ record }) => record.upstream ?? ''));
  const [address = '', port = ''] = dialled.size === 1 ? partsOf([...dialled][0] ?? '') : [];
  if (port === '') return [];
  const values = { upstream: `${address}:${port}` };
  const onPort = listed.filter((clue) => portOf(clue) === port);
  // Another host, or a container, has a list of its own.
  if (onPort.length === 0)
    return LOOPBACK.test(address) && isWhole(listed)
      ? [pattern('derived.nothing-listens', { lines: quoted(refused.slice(0, 1)), values })]
      : [];
  const there = (listens: string): boolean =>
    listens === '*' || listens === address || (address === 'localhost' && LOOPBACK.test(listens));
  const addresses = onPort.map(({ record }) => String(record.values?.address ?? ''));
  // A name may be that of any address.
  return addresses.includes('') || addresses.some(there)
    ? []
    : [
        pattern('derived.listens-elsewhere', {
          lines: quoted(onPort),
          values: { ...values, listens: addresses[0] ?? '' },
        }),
      ];
}

/** A refused connection of Cloudflare's, and nobody on the ports that it connects to by default. */
function ofWebServer(scene: Scene, listed: readonly TimedClue[]): SignalFact[] {
  const refused = cluesDuring(scene, ['edge.521']);
  const isRefused = refused.length > 0 || scene.failures.some(({ row }) => row?.record.status === 521);
  if (!isRefused || !isWhole(listed)) return [];
  const open = new Set(listed.filter(isPublic).map(portOf));
  if (open.has('443')) return [];
  return [pattern(open.has('80') ? 'derived.no-tls-listener' : 'derived.no-web-listener', { lines: quoted(listed) })];
}

const portOf = ({ record }: TimedClue): string => String(record.values?.port ?? '');
const isPublic = ({ record }: TimedClue): boolean => !LOOPBACK.test(String(record.values?.address ?? ''));

/** `http://localhost:3000/x`, `[::1]:3000` → address and port. */
function partsOf(upstream: string): readonly [address: string, port: string] | readonly [] {
  const [, address, port] = /^(?:\w{1,20}:\/\/)?\[?([\w.:-]{1,255}?)\]?:(\d{1,5})(?:\/|$)/.exec(upstream) ?? [];
  return address === undefined || port === undefined ? [] : [address, port];
}
