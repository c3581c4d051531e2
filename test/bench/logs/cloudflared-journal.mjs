import { ISO, inBurst } from './span.mjs';
import { AGENTS, COLOS, HOSTS, PATHS } from './visitors.mjs';

const UNREACHABLE =
  'Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ';

/** Why the service behind the tunnel gave no answer. */
const REASONS = [
  'dial tcp 127.0.0.1:8080: connect: connection refused',
  'dial tcp 192.0.2.10:8080: i/o timeout',
  'EOF',
  'read tcp 127.0.0.1:51514->127.0.0.1:8080: read: connection reset by peer',
  'dial tcp: lookup app on 127.0.0.11:53: no such host',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
];

/** What cloudflared says of itself and of its connections: level, text. */
const OWN = [
  [
    'INF',
    'Registered tunnel connection connIndex=1 connection=0f9a3a2e-6c1b-4a51-9d0e-3b1f0c7a9d11 event=0 ip=198.41.192.27 location=fra08 protocol=quic',
  ],
  ['INF', 'Retrying connection in up to 4s connIndex=1 event=0 ip=198.41.192.27'],
  ['WRN', 'Your version 2025.2.0 is outdated. We recommend upgrading it to 2025.4.0'],
  ['INF', 'ICMP proxy will use 192.0.2.20 as source for IPv4'],
];

/**
 * cloudflared's log as `journalctl -u cloudflared -o short-iso` prints it, at level debug. A failed request is two lines: one
 * that names the service, one that names the address asked for.
 */
export function openCloudflaredJournal({ int, pick, hex16 }) {
  const tally = { lines: 0, failedLines: 0, errorLines: { tunnel: 0 } };
  const row = (second) => {
    const time = ISO[second];
    const head = `${time}+0000 web1 cloudflared[731]: ${time}Z `;
    const host = pick(HOSTS);
    const path = pick(PATHS);
    const connection = int(4);
    const kind = int(1000);
    if (kind < (inBurst(second) ? 700 : 120)) {
      const error = `error="${UNREACHABLE}${pick(REASONS)}" connIndex=${connection}`;
      tally.lines += 2;
      tally.failedLines += 2;
      tally.errorLines.tunnel++;
      return `${head}ERR  ${error} event=1 ingressRule=0 originService=http://localhost:8080\n${head}ERR Request failed ${error} dest=https://${host}${path} event=0 ip=198.41.200.${1 + int(250)} type=http\n`;
    }
    tally.lines++;
    if (kind > 990) {
      const [level, text] = pick(OWN);
      return `${head}${level} ${text}\n`;
    }
    if (kind > 960)
      return `${head}ERR  error="stream ${int(9000)} canceled by remote with error code 0" connIndex=${connection} event=1 ingressRule=0 originService=http://localhost:8080\n`;
    if (kind % 2 === 0)
      return `${head}DBG 200 OK connIndex=${connection} content-length=${int(90_000)} event=1 ingressRule=0 originService=http://localhost:8080\n`;
    return `${head}DBG GET https://${host}${path} HTTP/1.1 connIndex=${connection} content-length=0 event=1 headers={"Cf-Ray":["${hex16()}-${pick(COLOS)}"],"User-Agent":["${pick(AGENTS)}"]} host=${host} ingressRule=0 originService=http://localhost:8080 path=${path}\n`;
  };
  return { row, tally };
}
