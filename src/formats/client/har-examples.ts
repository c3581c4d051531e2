import type { Example } from '../format.ts';

/** Constructed captures with real pages (no public capture of a 5xx made by Cloudflare was found). */
export const HAR_EXAMPLES = (): readonly Example[] => [
  {
    input: JSON.stringify({
      log: {
        version: '1.2',
        creator: { name: 'WebInspector', version: '537.36' },
        entries: [
          {
            startedDateTime: '2025-09-30T12:31:44.500Z',
            time: 500.4,
            request: { method: 'POST', url: 'https://api.example.com/v1/orders?draft=1', headers: [] },
            response: {
              status: 502,
              headers: [
                { name: 'server', value: 'cloudflare' },
                { name: 'CF-Ray', value: 'a7c4bab370256a99-IAD' },
              ],
              content: {
                size: 1508,
                mimeType: 'text/html',
                text: '<span class="code-label">Error code 502</span><div id="cf-host-status" class="cf-error-source relative">',
              },
            },
          },
          {
            startedDateTime: '2025-09-30T14:31:50.0000000+02:00',
            time: 20,
            request: { method: 'GET', url: 'https://api.example.com/v1/orders' },
            response: {
              status: 502,
              headers: [{ name: 'cf-ray', value: 'a7c4bab370256aaa-IAD' }],
              content: {
                encoding: 'base64',
                text: Buffer.from('<html><hr><center>cloudflare</center></html>').toString('base64'),
              },
            },
          },
          {
            startedDateTime: '2025-09-30T12:31:52Z',
            time: 0,
            request: { method: 'GET', url: 'https://api.example.com/v1/items' },
            response: { status: 0, headers: [], content: {} },
          },
        ],
      },
    }),
    shows: 'a page that blames the host, a bare page of the edge in base64, and a request without any answer',
    records: [
      {
        kind: 'request',
        hop: 'client',
        line: 1,
        status: 502,
        signal: 'har.branded-origin',
        stamp: { kind: 'utc', ms: Date.UTC(2025, 8, 30, 12, 31, 45), offsetMinutes: 0 },
        method: 'POST',
        host: 'api.example.com',
        path: '/v1/orders',
        ray: 'a7c4bab370256a99',
        colo: 'IAD',
        durationMs: 500.4,
        visitor: true,
      },
      {
        line: 2,
        signal: 'har.blank-edge',
        stamp: { kind: 'utc', ms: Date.UTC(2025, 8, 30, 12, 31, 50, 20), offsetMinutes: 120 },
      },
      { line: 3, status: 0, signal: 'har.status-0', visitor: false },
    ],
  },
];
