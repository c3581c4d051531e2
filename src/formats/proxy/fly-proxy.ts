import type { ClueRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { rowPerLine } from './one-row.ts';

/*
 * What Fly.io's proxy, which stands between Cloudflare and the application, says of a request that it could not pass on. Sources:
 * Fly.io's documentation ("Error codes and troubleshooting"); the codes stand before the words since 2024.
 */

/** A look that spares other lines the rest. */
const MARK = /\[P[A-Z]\d\d\] |instance refused connection\. /;
/** `[PC01] `, or the words of an older line; flyctl prints them as a field where there are others. */
const SAID = /^(?:.{0,1000}?\berror\.message=")?(?:\[(P[A-Z]\d\d)\] |(?=instance refused connection\. is your app ))/;
const ADDRESS = /\bis your app listening on ([\d.:[\]a-f]{3,60}:\d{1,5})\b/;

/** Of a request that broke off the words behind the code tell how. */
const BROKEN_OFF = 'PU02';
const HOW: readonly (readonly [pattern: RegExp, signal: SignalId])[] = [
  [/stream no longer needed|operation was canceled/, 'proxy.client-abort'],
  [/connection reset|os error 104/, 'proxy.backend-reset'],
  [/timed out|os error 110/, 'proxy.backend-timeout'],
];

const BY_CODE: Readonly<Record<string, SignalId>> = {
  PU01: 'proxy.backend-invalid',
  PU02: 'proxy.backend-closed',
  PU03: 'proxy.backend-unreachable',
  PC01: 'proxy.backend-refused',
  PC02: 'proxy.backend-refused',
  PC03: 'proxy.backend-reset',
  PC04: 'proxy.backend-closed',
  PC05: 'proxy.connect-timeout',
  PC07: 'proxy.no-backend',
  PM05: 'proxy.no-backend',
  PM06: 'proxy.no-backend',
  PM09: 'proxy.no-backend',
  PM13: 'proxy.no-backend',
  PR01: 'proxy.no-backend',
  PR02: 'proxy.no-backend',
  PR03: 'proxy.no-backend',
  PR04: 'proxy.no-backend',
};

function signalOf(code: string | undefined, text: string): SignalId {
  if (code === undefined) return 'proxy.backend-refused';
  const how = code === BROKEN_OFF ? HOW.find(([pattern]) => pattern.test(text))?.[1] : undefined;
  return how ?? BY_CODE[code] ?? 'proxy.own-error';
}

function read(line: Line): ClueRecord | null {
  const text = line.text.slice(0, LONGEST_MATCHED);
  const said = MARK.test(text) ? SAID.exec(text) : null;
  if (said === null) return null;
  const upstream = ADDRESS.exec(text)?.[1];
  return {
    kind: 'clue',
    hop: 'proxy',
    signal: signalOf(said[1], text),
    ...entryFields(line, line.wrapper?.stamp ?? { kind: 'none' }),
    level: 'error',
    ...(upstream === undefined ? {} : { upstream }),
    values: { program: 'Fly Proxy', scheme: 'http' },
  };
}

const at = (second: number, rest: string): string => `2026-11-20T08:14:${second}Z proxy[0a1b2c3d4e5f60] fra ${rest}`;

const examples = (): readonly Example[] => [
  {
    shows: 'an application that listens on another port or address, and what follows from it',
    input: [
      at(
        38,
        '[error][PC01] instance refused connection. is your app listening on 0.0.0.0:8080? make sure it is not only listening on 127.0.0.1 (hint: look at your startup logs, servers often print the address they are listening on)',
      ),
      at(39, '[error][PR04] could not find a good candidate within 40 attempts at load balancing'),
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        upstream: '0.0.0.0:8080',
        values: { program: 'Fly Proxy' },
      },
      { signal: 'proxy.no-backend' },
    ],
  },
  {
    shows: 'requests that broke off: the application ended, a visitor went',
    input: [
      at(40, '[error][PU02] could not complete HTTP request to instance: connection closed before message completed'),
      at(
        41,
        '[error][PU02] could not complete HTTP request to instance: legacy hyper error: http2 error: stream error sent by user: stream no longer needed',
      ),
    ].join('\n'),
    records: [{ signal: 'proxy.backend-closed' }, { signal: 'proxy.client-abort' }],
  },
  {
    shows: 'as flyctl prints it with fields, and as it was without codes',
    input: [
      at(
        42,
        '[error]request.method="GET" request.id="01HG-fra" error.message="instance refused connection. is your app listening on 0.0.0.0:3000? make sure it is not only listening on 127.0.0.1"',
      ),
      'instance refused connection. is your app listening on 0.0.0.0:8080? make sure it is not only listening on 127.0.0.1',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', upstream: '0.0.0.0:3000' },
      { signal: 'proxy.backend-refused', stamp: { kind: 'none' } },
    ],
  },
];

/** Fly.io's proxy. */
export const flyProxy: LineFormat = {
  id: 'fly-proxy',
  title: 'Fly.io proxy messages',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['fly logs -a APP', 'the dashboard’s live logs, or a log shipper'],
  limits: ['Only requests that failed in the proxy have a line; answers of the application have none.'],
  examples,
  ...rowPerLine(read),
};
