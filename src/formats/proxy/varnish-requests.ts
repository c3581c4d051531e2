import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Example, LineFormat } from '../format.ts';
import { requestOf, sideIn, type Transaction, TransactionReader } from './varnish-block.ts';

/** What a request's transaction tells of its failure; why a fetch failed stands in that of the backend's side. */
function told({ status = 0, isOwn, isSynth }: Transaction): {
  readonly signal?: SignalId;
  readonly originStatus?: number;
} {
  if (status === 403 || status === 429) return { signal: 'access.refused-403' };
  if (status < 500) return {};
  if (isSynth) return { signal: status === 503 ? 'access.own-503' : 'access.5xx' };
  return isOwn
    ? { signal: 'access.no-answer-502', originStatus: 0 }
    : { signal: 'access.answered-5xx', originStatus: status };
}

function recordOf(entry: Transaction): RequestRecord | null {
  const { line, stamp, status, host, ray, colo, client, userAgent, bytes, durationMs } = entry;
  if (status === undefined || stamp.kind === 'none') return null;
  const { method = '', path = '' } = requestOf(entry);
  return {
    kind: 'request',
    hop: 'proxy',
    ...entryFields(line, stamp, `${method} ${host ?? ''}${path} ${status}`),
    ...told(entry),
    ...requestOf(entry),
    status,
    visitor: true,
    ...(host === undefined ? {} : { host }),
    ...(ray === undefined ? {} : { ray }),
    ...(colo === undefined ? {} : { colo }),
    ...(client === undefined ? {} : { client }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

const request = (tags: readonly string[]): string =>
  [
    '*   << Request  >> 32785     ',
    '-   Begin          req 32784 rxreq',
    '-   Timestamp      Start: 1795162478.891200 0.000000 0.000000',
    '-   ReqStart       172.70.1.2 52980 a0',
    '-   ReqMethod      GET',
    '-   ReqURL         /cart?id=1',
    '-   ReqProtocol    HTTP/1.1',
    '-   ReqHeader      Host: www.example.com',
    '-   ReqHeader      Cf-Ray: 90c403ce1d17c288-AMS',
    '-   ReqHeader      Cf-Connecting-Ip: 198.51.100.7',
    ...tags,
    '-   Timestamp      Resp: 1795162478.895200 0.004000 0.000018',
    '-   ReqAcct        155 0 155 246 278 524',
    '-   End            ',
  ].join('\n');

const examples = (): readonly Example[] => [
  {
    shows: 'a fetch failed: Varnish made the 503 itself',
    input: request([
      '-   VCL_call       PASS',
      '-   Link           bereq 32786 pass',
      '-   RespStatus     503',
      '-   RespReason     Backend fetch failed',
      '-   RespHeader     Server: Varnish',
    ]),
    records: [
      {
        kind: 'request',
        hop: 'proxy',
        signal: 'access.no-answer-502',
        stamp: { kind: 'utc', ms: 1_795_162_478_895 },
        status: 503,
        originStatus: 0,
        method: 'GET',
        path: '/cart',
        host: 'www.example.com',
        ray: '90c403ce1d17c288',
        colo: 'AMS',
        client: '198.51.100.7',
        bytes: 278,
        durationMs: 4,
      },
    ],
  },
  {
    shows: 'a 502 that the backend gave, and a 503 that the VCL ordered',
    input: [
      request(['-   VCL_call       PASS', '-   RespStatus     502', '-   RespReason     Bad Gateway']),
      request(['-   VCL_call       SYNTH', '-   RespStatus     503', '-   RespHeader     Server: Varnish']),
    ].join('\n\n'),
    records: [
      { signal: 'access.answered-5xx', status: 502, originStatus: 502 },
      { signal: 'access.own-503', status: 503 },
    ],
  },
];

/** The requests that Varnish answered, as varnishlog has them. */
export const varnishRequests: LineFormat = {
  id: 'varnish-requests',
  title: 'Varnish requests (varnishlog)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['varnishlog -d -g request', 'varnishlog -d -i ReqURL,RespStatus,… with Timestamp'],
  limits: [
    'What varnishncsa writes is read as an access log; unless its format has `%{Varnish:handling}x` and times it says neither who made an error nor when the answer was given.',
    'A request that Varnish restarted or split (ESI) is several.',
  ],
  examples,
  score: ({ text }) => (text.startsWith('*') && sideIn(text) === 'Request' ? 0.98 : 0),
  open: (emit) => {
    const transactions = new TransactionReader(['Request'], (entry) => {
      const record = recordOf(entry);
      if (record !== null) emit(record);
    });
    return {
      push: (line) => transactions.push(line),
      end: () => transactions.end(),
      isInside: () => transactions.isInside,
    };
  },
};
