import type { RequestRecord } from '../../vocabulary/records.ts';
import type { DocumentFormat, DocumentReader, Emit, Example, Line, LineFormat } from '../format.ts';
import type { EntryLists } from '../json-entries.ts';
import { ListedRows } from '../listed-rows.ts';
import { parseObject } from '../wrappers/json.ts';
import { AZURE_ROW, azureRecord } from './azure-row.ts';

/** Where the category of a row stands, or that of the first row of a line. */
const BEGINNING = 16_384;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows of a line: one, or those of a batch as an event hub has them. */
function rowsIn(line: Line): RequestRecord[] {
  if (!line.text.startsWith('{') || !AZURE_ROW.test(line.text.slice(0, BEGINNING))) return [];
  const object = parseObject(line.text);
  if (object === null) return [];
  const rows = Array.isArray(object.records) ? object.records.filter(isObject) : [object];
  return rows.flatMap((row) => azureRecord(row, line) ?? []);
}

const gateway = (properties: string): string =>
  `{"timeStamp":"2026-11-20T08:14:38+00:00","resourceId":"/SUBSCRIPTIONS/X/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.NETWORK/APPLICATIONGATEWAYS/SHOP","listenerName":"https","ruleName":"shop","backendPoolName":"shop","backendSettingName":"http","operationName":"ApplicationGatewayAccess","category":"ApplicationGatewayAccessLog","properties":{"instanceId":"appgw_2","clientIP":"172.70.1.2","httpMethod":"GET","originalRequestUriWithArgs":"/cart?id=1","requestUri":"/cart","userAgent":"curl/8.5.0",${properties},"sentBytes":272,"originalHost":"www.example.com","host":"10.0.3.14"}}`;
const frontDoor = (status: number, error: string): string =>
  `{"time":"2026-11-20T08:14:38.5430764Z","resourceId":"/SUBSCRIPTIONS/X/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.CDN/PROFILES/SHOP","category":"FrontDoorAccessLog","operationName":"Microsoft.Cdn/Profiles/AccessLog/Write","properties":{"trackingReference":"0mMxsXwAAAABEalek","httpMethod":"GET","httpVersion":"2.0.0.0","requestUri":"https://www.example.com:443/cart?id=1","responseBytes":"324","userAgent":"curl/8.5.0","clientIp":"198.51.100.7","socketIp":"172.70.1.2","timeToFirstByte":"30.01","timeTaken":"30.011","httpStatusCode":"${status}","errorInfo":"${error}","hostName":"www.example.com","originIp":"203.0.113.24:443","originName":"origin.example.com:443"}}`;

const examples = (): readonly Example[] => [
  {
    shows: 'Application Gateway: no backend that passes its probe',
    input: gateway(
      '"httpStatus":502,"timeTaken":0.012,"serverRouted":"","serverStatus":"","error_info":"ERRORINFO_UPSTREAM_NO_LIVE"',
    ),
    records: [
      {
        kind: 'request',
        hop: 'proxy',
        signal: 'proxy.no-backend',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38), offsetMinutes: 0 },
        status: 502,
        originStatus: 0,
        method: 'GET',
        path: '/cart',
        host: 'www.example.com',
        client: '172.70.1.2',
        durationMs: 12,
        bytes: 272,
      },
    ],
  },
  {
    shows: 'Application Gateway: no answer within the request time-out, and an error that the backend gave',
    input: [
      gateway(
        '"httpStatus":504,"timeTaken":20.004,"serverRouted":"10.0.3.14:80","serverStatus":"504","error_info":"ERRORINFO_UPSTREAM_TIMED_OUT"',
      ),
      gateway('"httpStatus":500,"timeTaken":0.031,"serverRouted":"10.0.3.14:80","serverStatus":"500"'),
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-timeout', status: 504, originStatus: 0, upstream: '10.0.3.14:80', durationMs: 20_004 },
      { signal: 'access.answered-5xx', status: 500, originStatus: 500 },
    ],
  },
  {
    shows: 'Front Door: the origin refuses, does not answer in time, answers 502 itself',
    input: [frontDoor(503, 'OriginConnectionRefused'), frontDoor(504, 'OriginTimeout'), frontDoor(502, 'NoError')].join(
      '\n',
    ),
    records: [
      {
        signal: 'proxy.backend-refused',
        status: 503,
        originStatus: 0,
        path: '/cart',
        host: 'www.example.com',
        client: '198.51.100.7',
        upstream: '203.0.113.24:443',
        durationMs: 30_011,
      },
      { signal: 'proxy.backend-timeout', status: 504 },
      { signal: 'access.answered-5xx', status: 502, originStatus: 502 },
    ],
  },
  {
    shows: 'several rows on a line, as an event hub has them',
    input: `{"records":[${frontDoor(200, 'NoError')},${frontDoor(504, 'DNSNameNotResolved')}]}`,
    records: [{ status: 200 }, { signal: 'proxy.backend-dns', status: 504 }],
  },
];

const LIMITS = [
  'Access logs are off unless a diagnostic setting sends them somewhere, and come minutes late.',
  'Without error_info (version 1, older rows) a 502 of the Application Gateway and one of the backend look alike.',
  'Behind Cloudflare the Application Gateway’s client is Cloudflare’s address; the Ray ID is not there.',
] as const;

/** Rows of Azure's Application Gateway and Front Door, one on a line, as storage accounts and event hubs have them. */
export const azureGateway: LineFormat = {
  id: 'azure-gateway',
  title: 'Azure Application Gateway and Front Door access log (JSON)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    'PT1H.json in the storage account, container insights-logs-applicationgatewayaccesslog or insights-logs-frontdooraccesslog',
    'an event hub’s messages',
  ],
  limits: LIMITS,
  examples,
  score: (line) => (rowsIn(line).length > 0 ? 0.98 : 0),
  open: (emit) => ({
    push: (line) => {
      const rows = rowsIn(line);
      for (const row of rows) emit(row);
      return rows.length > 0;
    },
    end: () => {},
  }),
};

const LISTS: EntryLists = {
  isList: (key, depth) => (key === '' ? depth === 0 : depth <= 2 && /^(?:records|value|rows|results)$/.test(key)),
  many: true,
};

function openRows(emit: Emit): DocumentReader {
  return new ListedRows(LISTS, (text, number) => {
    const object = parseObject(text);
    const line = { text: text.replace(/\s{1,200}/g, ' '), number, wrapper: null };
    const record = object === null ? null : azureRecord(object, line);
    if (record === null) return 1;
    emit(record);
    return 0;
  });
}

/** The same rows as one JSON document, printed over many lines: the answer of a query. */
export const azureGatewayList: DocumentFormat = {
  id: 'azure-gateway-list',
  title: 'Azure Application Gateway and Front Door access log as one JSON document',
  shape: 'document',
  hop: 'proxy',
  foundAt: [
    'az monitor log-analytics query --workspace ID --analytics-query \'AzureDiagnostics | where Category == "ApplicationGatewayAccessLog"\' -o json',
    'az monitor log-analytics query --workspace ID --analytics-query AGWAccessLogs -o json',
  ],
  limits: LIMITS,
  examples: () => [
    {
      shows: 'the answer of a query: the type stands behind each name',
      input: [
        '[',
        '  {',
        '    "Category": "ApplicationGatewayAccessLog",',
        '    "TimeGenerated": "2026-11-20T08:14:38Z",',
        '    "clientIP_s": "172.70.1.2",',
        '    "error_info_s": "ERRORINFO_UPSTREAM_CLOSED_CONNECTION",',
        '    "httpMethod_s": "GET",',
        '    "httpStatus_d": "502",',
        '    "originalHost_s": "www.example.com",',
        '    "requestUri_s": "/cart",',
        '    "serverRouted_s": "10.0.3.14:80",',
        '    "serverStatus_s": "502",',
        '    "timeTaken_d": "0.031"',
        '  }',
        ']',
      ].join('\n'),
      records: [
        { signal: 'proxy.backend-closed', status: 502, originStatus: 0, upstream: '10.0.3.14:80', durationMs: 31 },
      ],
    },
  ],
  scoreHead: (head) => (/^\uFEFF?\s{0,200}(?:\[|\{\s{0,200}\n)/.test(head) && AZURE_ROW.test(head) ? 0.96 : 0),
  read: (text, emit) => {
    const reader = openRows(emit);
    reader.push(text);
    return reader.end();
  },
  openPieces: (emit) => openRows(emit),
};
