import type { Example } from '../format.ts';

const UNREACHABLE =
  'Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ';
const REFUSED = `error="${UNREACHABLE}dial tcp 127.0.0.1:8080: connect: connection refused"`;

/** Lines in the wording of real programs (reference: cloudflared section 2), with the fields that must come out. */
export const CLOUDFLARED_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      `2026-11-20T08:23:16Z ERR  ${REFUSED} connIndex=2 event=1 ingressRule=0 originService=http://localhost:8080`,
      `2026-11-20T08:23:16Z ERR Request failed ${REFUSED} connIndex=2 dest=https://app.example.com/cart?item=7 event=0 ip=198.41.200.193 type=http`,
    ].join('\n'),
    shows: 'the two lines of one failed request give one record',
    records: [
      {
        kind: 'clue',
        signal: 'cloudflared.inner-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 23, 16), offsetMinutes: 0 },
        level: 'error',
        host: 'app.example.com',
        path: '/cart',
        upstream: 'localhost:8080',
        connection: '2',
      },
    ],
  },
  {
    input: `${REFUSED} originService=http://localhost:8080`,
    shows: 'the fields alone: the time and the level were not copied',
    records: [{ signal: 'cloudflared.inner-refused', upstream: 'localhost:8080' }],
  },
  {
    input: `2024-02-20T09:22:43Z ERR  error="${UNREACHABLE}tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1, not 192.0.2.7" cfRay=8585afcd4f910d55-MXP event=1 ingressRule=0 originService=https://192.0.2.7:8006`,
    shows: 'the Ray ID of versions up to 2024.2.0, and a certificate for another name',
    records: [{ signal: 'cloudflared.inner-x509-name', ray: '8585afcd4f910d55', upstream: '192.0.2.7:8006' }],
  },
  {
    input: `{"level":"error","event":0,"ip":"198.41.192.27","connIndex":3,"error":"${UNREACHABLE}EOF","type":"http","dest":"https://app.example.com/","time":"2026-11-20T08:20:51Z","message":"Request failed"}`,
    shows: 'the JSON of a log file',
    records: [{ signal: 'cloudflared.inner-eof', host: 'app.example.com', path: '/', connection: '3' }],
  },
  {
    input:
      '2026-11-20T08:23:12Z INF Registered tunnel connection connIndex=0 connection=28c8b00b-9a5e-4b97-b5ba-f04adb73a9aa event=0 ip=198.41.192.7 location=ams07 protocol=quic',
    shows: 'a connection to Cloudflare that came up',
    records: [{ signal: 'cloudflared.edge-reg', connection: '0' }],
  },
  {
    input: [
      '2026-11-20T08:27:48Z INF Initiating graceful shutdown due to signal terminated ...',
      '2026-11-20T08:27:50Z ERR failed to serve tunnel connection error="control stream encountered a failure while serving" connIndex=1 event=0 ip=198.41.200.13',
    ].join('\n'),
    shows: 'an orderly stop, and the error that belongs to it',
    records: [{ signal: 'cloudflared.proc-sigterm' }, { signal: 'cloudflared.noise-shutdown-control' }],
  },
  {
    input:
      '2026-11-20T08:23:15Z INF Updated to new configuration config="{\\"ingress\\":[{\\"hostname\\":\\"app.example.com\\",\\"service\\":\\"http://localhost:3000\\"},{\\"service\\":\\"http_status:404\\"}]}" version=1',
    shows: 'ingress rules pushed from the dashboard',
    records: [
      {
        signal: 'cloudflared.proc-config',
        values: { version: '1', rules: 'app.example.com -> http://localhost:3000; * -> http_status:404' },
      },
    ],
  },
  {
    input:
      '2021-04-23T16:44:59Z ERR CF-RAY: 64488f45dd620cbd-EWR Proxying to ingress 17 error: Error proxying request to origin: x509: certificate signed by unknown authority',
    shows: 'the wording of 2020 and 2021',
    records: [{ signal: 'cloudflared.inner-x509-unknown-ca', ray: '64488f45dd620cbd' }],
  },
  {
    input: `ERR  error="${UNREACHABLE}dial tcp: lookup web.internal on 192.0.2.53:53: no such host"`,
    shows: 'a pasted line without stamp',
    records: [{ signal: 'cloudflared.inner-nxdomain', stamp: { kind: 'none' } }],
  },
  {
    input: [
      '2026-11-20T08:23:12Z INF Registered tunnel connection connIndex=0 connection=0c1d2e3f-0000-4000-8000-000000000001 event=0 ip=192.0.2.9 location=fra03 protocol=quic',
      'run: line 12:   345 Killed                  cloudflared tunnel run',
    ].join('\n'),
    shows: 'the shell that ran it has the last word',
    records: [{ signal: 'cloudflared.edge-reg' }, { signal: 'cloudflared.proc-killed' }],
  },
  {
    input: 'Provided Tunnel token is not valid.',
    shows: 'the last words of a start that failed',
    records: [{ signal: 'cloudflared.proc-couldnt' }],
  },
  {
    input:
      'failed to create new quic connection error="failed to dial to edge with quic: timeout: no recent network activity" connIndex=0 ip=192.0.2.9',
    shows: 'a retyped message that begins small',
    records: [{ signal: 'cloudflared.edge-dial-quic-old' }],
  },
  { input: '2026-11-20T08:23:12Z INF Initial protocol quic', shows: 'start-up talk', records: [] },
];
