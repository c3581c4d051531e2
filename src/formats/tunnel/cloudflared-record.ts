import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Line } from '../format.ts';
import type { CloudflaredLine } from './cloudflared-line.ts';
import type { FoundRay } from './debug-requests.ts';
import { ingressRules } from './ingress-rules.ts';

const LONGEST_TEXT = 2000;
const DEST = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]*)([^?#\s]*)/i;
/** Fields that go into a record's values as they are. */
const KEPT_FIELDS = ['connIndex', 'ip', 'location', 'protocol', 'ingressRule', 'tunnelID', 'version', 'type'] as const;

/** What a line means: its signal, what its row's pattern caught, and the Ray ID it names itself. */
export interface Meaning {
  readonly signal: SignalId;
  readonly caught: Readonly<Record<string, string>>;
  readonly ray?: string | undefined;
}

/** The record of a line. `rayOf` finds the Ray ID of a request by host and path, where the line names none. */
export function tunnelRecord(
  line: Line,
  parsed: CloudflaredLine,
  { signal, caught, ray }: Meaning,
  rayOf: (address: string) => FoundRay,
): ClueRecord {
  const { fields } = parsed;
  const values: Record<string, string | number> = {};
  for (const name of KEPT_FIELDS) if (fields[name] !== undefined) values[name] = fields[name].slice(0, 200);
  Object.assign(values, caught);
  if (signal === 'cloudflared.proc-config') values.rules = ingressRules(fields.config ?? '');
  if (signal === 'cloudflared.proc-version') values.version = parsed.message.split(' ')[1] ?? '';
  if (signal === 'cloudflared.proc-sigterm') values.signal = parsed.message.split(' ')[6] ?? '';
  const service = splitService(fields.originService);
  if (service?.scheme !== undefined) values.scheme = service.scheme;
  const dest = fields.dest === undefined ? null : DEST.exec(fields.dest);
  const found = ray === undefined && dest ? rayOf(`${dest[2]}${dest[3]}`) : {};
  if (found.colo !== undefined) values.colo = found.colo;
  const rayId = ray ?? found.ray;
  const outer = line.wrapper?.stamp;
  return {
    kind: 'clue',
    hop: 'tunnel',
    signal,
    line: line.number,
    stamp: stampOf(line, parsed),
    ...(outer && outer.kind !== 'none' && { outerStamp: outer }),
    ...(line.wrapper?.server !== undefined && { server: line.wrapper.server }),
    ...(parsed.level !== null && { level: parsed.level }),
    ...(dest?.[2] && { host: dest[2].toLowerCase(), path: dest[3] || '/' }),
    ...(service && { upstream: service.address }),
    ...(rayId !== undefined && { ray: rayId }),
    ...(fields.connIndex !== undefined && { connection: fields.connIndex }),
    subject: 'cloudflared',
    values,
    text: line.text.length > LONGEST_TEXT ? line.text.slice(0, LONGEST_TEXT) : line.text,
  };
}

/** The inner stamp; where a paste lost it, the wrapper's. */
export function stampOf(line: Line, parsed: CloudflaredLine): Stamp {
  return parsed.stamp.kind === 'none' && line.wrapper ? line.wrapper.stamp : parsed.stamp;
}

/** `http://localhost:3000` as scheme and address; `unix:/run/app.sock` and `http_status:404` stay whole. */
function splitService(service: string | undefined): { readonly scheme?: string; readonly address: string } | null {
  if (service === undefined || service === '') return null;
  const at = service.indexOf('://');
  if (at > 0)
    return {
      scheme: service.slice(0, at),
      address: service
        .slice(at + 3)
        .replace(/\/$/, '')
        .slice(0, 300),
    };
  const unix = /^(unix(?:\+tls)?):/.exec(service);
  return unix ? { scheme: unix[1] ?? 'unix', address: service.slice(0, 300) } : { address: service.slice(0, 300) };
}
