import type { Example } from '../format.ts';

/** Rows as Cloudflare writes them, with visitors' addresses replaced. */
export const HTTP_EXAMPLES = (): readonly Example[] => [
  {
    input:
      '{"CacheCacheStatus":"miss","CacheResponseStatus":521,"ClientIP":"198.51.100.1","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestPath":"/favicon.ico","ClientRequestURI":"/favicon.ico","EdgeColoID":134,"EdgeEndTimestamp":"2019-01-03T06:33:55Z","EdgePathingOp":"wl","EdgePathingSrc":"macro","EdgePathingStatus":"nr","EdgeResponseBytes":5177,"EdgeResponseContentType":"text/html","EdgeResponseStatus":521,"EdgeServerIP":"172.69.98.148","EdgeStartTimestamp":"2019-01-03T06:33:55Z","OriginIP":"203.0.113.2","OriginResponseStatus":0,"OriginResponseTime":3000000,"ParentRayID":"00","RayID":"49336fc9397ab080","WorkerStatus":"unknown","WorkerSubrequest":false,"WorkerSubrequestCount":0}',
    shows: 'an origin that refused the connection; its time in nanoseconds',
    records: [
      {
        kind: 'request',
        hop: 'edge',
        status: 521,
        originStatus: 0,
        signal: 'edge.521',
        stamp: { kind: 'utc', ms: Date.UTC(2019, 0, 3, 6, 33, 55), offsetMinutes: 0 },
        host: 'www.example.com',
        path: '/favicon.ico',
        ray: '49336fc9397ab080',
        upstream: '203.0.113.2',
        durationMs: 3,
        visitor: true,
      },
    ],
  },
  {
    input:
      '{"ClientIP":"198.51.100.8","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/cart?item=7","EdgeEndTimestamp":1545155129703000000,"EdgeResponseBytes":1935,"EdgeResponseStatus":502,"EdgeStartTimestamp":1545155129696000000,"RayID":"48b371889c489b2c"}',
    shows: 'the default columns of Logpull, times in nanoseconds, no origin status',
    records: [
      {
        status: 502,
        signal: 'edge.5xx-origin-unknown',
        path: '/cart',
        durationMs: 7,
        stamp: { kind: 'utc', ms: 1545155129703, offsetMinutes: 0 },
      },
    ],
  },
  {
    input:
      '{"json":{"edge_response_status":"502","origin_response_status":"502","edge_start_timestamp":"1653974623","edge_end_timestamp":"1653974624","client_request_host":"api.example.com","client_request_path":"/v1","client_request_source":"edgeWorkerFetch","origin_ip":"203.0.113.9","parent_ray_id":"66b9d9f88b5b4c4f","ray_id":"66B9D9F890AE4C4F","sample_interval":10}}',
    shows: 'a row that another system renamed and wrapped: a Worker’s own request',
    records: [
      {
        status: 502,
        originStatus: 502,
        signal: 'edge.origin-answered-5xx',
        ray: '66b9d9f890ae4c4f',
        parentRay: '66b9d9f88b5b4c4f',
        weight: 10,
        visitor: false,
      },
    ],
  },
  {
    input:
      '{"ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeEndTimestamp":"2022-10-30T00:00:02Z","EdgeResponseStatus":301,"EdgeStartTimestamp":"2022-10-30T00:00:02Z","OriginResponseStatus":0,"RayID":"761fde4e984e5ab2","ClientRequestSource":"eyeball"}',
    shows: 'an ordinary answer',
    records: [{ status: 301 }],
  },
  {
    input: [
      '{"events":[{"info":{"EdgeEndTimestamp":"2022-10-30T00:00:02Z","EdgeResponseStatus":502,"OriginResponseStatus":502,"RayID":"761fde4e984e5ab3"}},',
      '{"info":{"EdgeEndTimestamp":"2022-10-30T00:00:03Z","EdgeResponseStatus":200,"OriginResponseStatus":200,"RayID":"761fde4e984e5ab4"}}]}',
    ].join('\n'),
    shows: 'one document made by prefixes and suffixes of a Logpush job',
    records: [
      { status: 502, ray: '761fde4e984e5ab3' },
      { status: 200, ray: '761fde4e984e5ab4' },
    ],
  },
  {
    input:
      '{"_index":"cf","_source":{"json.EdgeResponseStatus":524,"json.OriginResponseStatus":0,"json.EdgeEndTimestamp":"2026-03-04T10:02:05Z","json.EdgeStartTimestamp":"2026-03-04T10:00:00Z","json.RayID":"761fde4e984e5ab5"}}',
    shows: 'a row from a search index that flattened it',
    records: [{ status: 524, signal: 'edge.524', ray: '761fde4e984e5ab5', durationMs: 125000 }],
  },
  {
    input:
      '{"EdgeResponseStatus_d":502,"ClientIP_s":"203.0.113.7","ClientRequestHost_s":"shop.example.com","ClientRequestURI_s":"/x","EdgeEndTimestamp_t":"2026-03-04T10:02:05Z","RayID_s":"761fde4e984e5ab6","OriginResponseStatus_d":502,"OriginIP_s":"192.0.2.10"}',
    shows: 'a row from Azure’s Log Analytics, which puts the type behind each name',
    records: [
      { status: 502, originStatus: 502, client: '203.0.113.7', upstream: '192.0.2.10', ray: '761fde4e984e5ab6' },
    ],
  },
];
