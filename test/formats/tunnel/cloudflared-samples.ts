/**
 * For every row of the message tables a line that it must take: real wordings with neutral names. `before`: lines that
 * must stand before it where the row depends on what happened (a stop, a connection being dialled).
 */
export interface RowSample {
  readonly line: string;
  readonly before?: readonly string[];
  /** The error of a failed request; the line is then built around it. */
  readonly error?: string;
}

const CONNECTION = 'connIndex=0 event=0 ip=198.41.192.7';
const stamped = (level: string, rest: string): string => `2026-11-20T08:23:16Z ${level} ${rest}`;
const err = (rest: string): RowSample => ({ line: stamped('ERR', rest) });
const inf = (rest: string): RowSample => ({ line: stamped('INF', rest) });
const lost = (message: string, error: string): RowSample => err(`${message} error="${error}" ${CONNECTION}`);

export const UNREACHABLE =
  'Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ';
/** A request that failed before any answer: the visitor got a 502. */
const inner = (error: string): RowSample => requestLine(UNREACHABLE + error);
/** A request that failed later, or of a service that is no web service. */
const late = (error: string): RowSample => requestLine(error);
function requestLine(error: string): RowSample {
  const quoted = JSON.stringify(error);
  return {
    line: stamped('ERR', ` error=${quoted} connIndex=2 event=1 ingressRule=0 originService=http://localhost:8080`),
    error,
  };
}

const REFUSAL = 'control stream encountered a failure while serving';
const DIALLING = stamped('INF', `Tunnel connection curve preferences: [X25519MLKEM768 CurveP256] ${CONNECTION}`);
const OTHER_UP = stamped(
  'INF',
  'Registered tunnel connection connIndex=1 connection=d469b277-5424-4ff9-9bc1-b2fbd400faed event=0 ip=198.41.200.13 location=fra15 protocol=quic',
);
const STOPPING = stamped('INF', 'Initiating graceful shutdown due to signal terminated ...');

export const REQUEST_SAMPLES: Readonly<Record<string, RowSample>> = {
  'inner-emfile': inner('dial tcp 127.0.0.1:8080: socket: too many open files'),
  'inner-addrnotavail': inner('dial tcp 127.0.0.1:8080: connect: cannot assign requested address'),
  'inner-no-ipv6-loopback': inner('dial tcp [::1]:8080: connect: cannot assign requested address'),
  'inner-refused': inner('dial tcp [::1]:8080: connect: connection refused'),
  'inner-refused-windows': inner(
    'dial tcp 127.0.0.1:8080: connectex: No connection could be made because the target machine actively refused it.',
  ),
  'inner-refused-unix': inner('dial unix /run/app.sock: connect: connection refused'),
  'inner-unix-missing': inner('dial unix /run/app.sock: connect: no such file or directory'),
  'inner-unix-perm': inner('dial unix /run/app.sock: connect: permission denied'),
  'inner-nxdomain-docker': inner('dial tcp: lookup webapp on 127.0.0.11:53: no such host'),
  'inner-nxdomain-k8s': inner('dial tcp: lookup web.shop.svc.cluster.local on 10.96.0.10:53: no such host'),
  'inner-nxdomain': inner('dial tcp: lookup web.example.com on 192.0.2.53:53: no such host'),
  'inner-servfail': inner('dial tcp: lookup web.example.com on 192.0.2.53:53: server misbehaving'),
  'inner-dns-timeout': inner(
    'dial tcp: lookup web.example.com on 192.0.2.53:53: read udp 192.0.2.9:41000->192.0.2.53:53: i/o timeout',
  ),
  'inner-connect-timeout': inner('dial tcp 192.0.2.10:80: i/o timeout'),
  'inner-connect-timeout2': inner('dial tcp 192.0.2.10:80: connect: connection timed out'),
  'inner-noroute': inner('dial tcp 192.0.2.10:80: connect: no route to host'),
  'inner-netunreach': inner('dial tcp 192.0.2.10:80: connect: network is unreachable'),
  'inner-tls-plain': inner('tls: first record does not look like a TLS handshake'),
  'inner-scheme-client': inner('http: server gave HTTP response to HTTPS client'),
  'inner-alert-as-http': inner(
    'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02("',
  ),
  'inner-h2-preface-as-http': inner(
    'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00\\x00\\x12\\x04"',
  ),
  'inner-malformed': inner('net/http: HTTP/1.x transport connection broken: malformed HTTP status code "SSH-2.0"'),
  'inner-x509-unknown-ca': inner('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
  'inner-x509-name': inner('x509: certificate is valid for app.example.com, www.example.com, not localhost'),
  'inner-x509-nonames': inner('x509: certificate is not valid for any names, but wanted to match app.example.com'),
  'inner-x509-noip': inner("x509: cannot validate certificate for 192.0.2.10 because it doesn't contain any IP SANs"),
  'inner-x509-cn': inner('x509: certificate relies on legacy Common Name field, use SANs instead'),
  'inner-x509-expired': inner(
    'x509: certificate has expired or is not yet valid: current time 2026-11-20T08:20:16Z is after 2026-01-01T00:00:00Z',
  ),
  'inner-tls-alert': inner('remote error: tls: handshake failure'),
  'inner-tls-timeout': inner('net/http: TLS handshake timeout'),
  'inner-eof': inner('EOF'),
  'inner-header-cut': inner('net/http: HTTP/1.x transport connection broken: unexpected EOF'),
  'inner-idle-closed': inner('http: server closed idle connection'),
  'inner-reset': inner('read tcp 127.0.0.1:41000->127.0.0.1:8080: read: connection reset by peer'),
  'inner-reset-windows': inner(
    'read tcp 127.0.0.1:41000->127.0.0.1:8080: wsarecv: An existing connection was forcibly closed by the remote host.',
  ),
  'inner-closed-while-sending': inner(
    'readfrom tcp 127.0.0.1:41000->127.0.0.1:8080: write tcp 127.0.0.1:41000->127.0.0.1:8080: use of closed network connection',
  ),
  'inner-brokenpipe': inner('write tcp 127.0.0.1:41000->127.0.0.1:8080: write: broken pipe'),
  'inner-h2-stream': inner('stream error: stream ID 3; INTERNAL_ERROR; received from peer'),
  'inner-h2-goaway': inner(
    'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug=""',
  ),
  'inner-headers-too-big': inner('net/http: server response headers exceeded 10485760 bytes; aborted'),
  'inner-nohost': inner('http: no Host in request URL'),
  'inner-ctx-deadline': inner('context deadline exceeded'),
  'ended-abruptly': late('Incoming request ended abruptly: context canceled'),
  'ctx-canceled': late('context canceled'),
  'stream-canceled': late('stream 41 canceled by remote with error code 0'),
  'h2-stream-closed': late('http2: stream closed'),
  'unexpected-eof': late('unexpected EOF'),
  'midbody-reset': late('read tcp 127.0.0.1:41000->127.0.0.1:8080: read: connection reset by peer'),
  filtered: late('request filtered by middleware handler (AccessJWT) due to: no access token in request'),
  'flow-limit': late('failed to start tcp flow due to rate limiting: too many active flows'),
  'tcp-service': late('dial tcp 127.0.0.1:22: socket: operation not supported'),
  'inner-other': inner('something nobody has seen yet'),
};

export const MESSAGE_SAMPLES: Readonly<Record<string, RowSample>> = {
  'noise-shutdown-local': lost('Serve tunnel error', 'Application error 0x0 (local)'),
  'noise-shutdown-dgram': lost('failed to run the datagram handler', 'context canceled'),
  'noise-shutdown-quic-old': lost('Failed to serve quic connection', 'context canceled'),
  'noise-shutdown-nomore': err('no more connections active and exiting'),
  'noise-icmp': err('icmp router terminated error="context canceled"'),
  'noise-shutdown-control': { ...lost('Serve tunnel error', REFUSAL), before: [OTHER_UP, STOPPING] },
  'noise-shutdown-terminated': err('Connection terminated connIndex=0'),
  'edge-unauth': lost('Register tunnel error from server side', 'Unauthorized: Invalid tunnel secret'),
  'edge-unauth-2': err('failed to serve incoming request error="Unauthorized: Tunnel not found"'),
  'edge-dup': lost('Unable to establish connection.', 'already connected to this server, trying another address'),
  'edge-dup-2': err(
    'Connection terminated error="already connected to this server, trying another address" connIndex=0',
  ),
  'edge-dup-quic': { ...lost('Serve tunnel error', REFUSAL), before: [OTHER_UP, DIALLING] },
  'edge-quic-refused': { ...lost('failed to serve tunnel connection', REFUSAL), before: [DIALLING] },
  'edge-register': lost('Register tunnel error from server side', 'something else'),
  'edge-h2-control': lost('Serve tunnel error', 'Error shutting down control stream: client disconnected'),
  'edge-h2-closed': err('Connection terminated error="connection with edge closed" connIndex=1'),
  'edge-app0': lost('Serve tunnel error', 'failed to accept QUIC stream: Application error 0x0 (remote)'),
  'edge-dial-quic-perm': lost(
    'Failed to dial a quic connection',
    'failed to dial to edge with quic: write udp [::]:41000->198.41.192.7:7844: sendmsg: operation not permitted',
  ),
  'edge-dial-quic-tls': lost(
    'Failed to dial a quic connection',
    'failed to dial to edge with quic: CRYPTO_ERROR 0x12a (local): tls: failed to verify certificate',
  ),
  'edge-quic-size': lost(
    'Failed to dial a quic connection',
    'failed to dial to edge with quic: INTERNAL_ERROR (local): write udp [::]:38372->198.41.200.193:7844: sendmsg: message too long',
  ),
  'noise-udp-session': err(
    'Failed to send session payload from destination to transport error="origin UDP payload has 1440 bytes, which exceeds transport MTU 1280" connIndex=2 event=3',
  ),
  'edge-dial-quic': lost(
    'Failed to dial a quic connection',
    'failed to dial to edge with quic: timeout: no recent network activity',
  ),
  'edge-dial-quic-old': lost(
    'Failed to create new quic connection',
    'failed to dial to edge with quic: timeout: no recent network activity',
  ),
  'edge-dial-tcp': lost(
    'Unable to establish connection with Cloudflare edge',
    'DialContext error: dial tcp 198.41.192.7:7844: i/o timeout',
  ),
  'edge-dial-tls': lost(
    'Unable to establish connection with Cloudflare edge',
    'TLS handshake with edge error: read tcp: i/o timeout',
  ),
  'edge-dial-quic-follow': err(
    'Serve tunnel error error="failed to dial to edge: timeout: no recent network activity" connIndex=0',
  ),
  'edge-lost-idle': lost(
    'Failed to serve quic connection',
    'failed to accept QUIC stream: timeout: no recent network activity',
  ),
  'edge-lost-idle2': lost(
    'failed to accept incoming stream requests',
    'failed to accept QUIC stream: timeout: no recent network activity',
  ),
  'edge-lost-dgram': lost('failed to run the datagram handler', 'timeout: no recent network activity'),
  'edge-control-fail': lost('failed to serve the control stream', 'some failure'),
  'edge-lost-wrap': lost(
    'failed to serve tunnel connection',
    'accept stream listener encountered a failure while serving',
  ),
  'edge-noaddr': err('Connection terminated error="there are no free edge addresses left to resolve to" connIndex=3'),
  'edge-dns': err(
    'edge discovery: error looking up Cloudflare edge IPs: the DNS query failed error="lookup _v2-origintunneld._tcp.argotunnel.com on 192.0.2.53:53: server misbehaving" event=0',
  ),
  'edge-serve': lost('Serve tunnel error', 'some other failure'),
  'edge-terminated': err('Connection terminated error="some other failure" connIndex=3'),
  'edge-dial-other': lost('Unable to establish connection with Cloudflare edge', 'some other failure'),
  'edge-h2-lost': inf('Lost connection with the edge connIndex=1'),
  'edge-quic-hint': {
    line: stamped(
      'WRN',
      'If this log occurs persistently, and cloudflared is unable to connect to Cloudflare Network with `quic` protocol, then most likely your machine/network is getting its egress UDP to port 7844 (or others) blocked or dropped.',
    ),
  },
  'edge-fallback': inf(`Switching to fallback protocol http2 ${CONNECTION}`),
  'edge-retry': inf(`Retrying connection in up to 1m4s seconds ${CONNECTION}`),
  'edge-rpc': err('writing release: timeout: no recent network activity'),
  'edge-init-fail': err('initial tunnel connection failed error="Unauthorized"'),
  'edge-reg': { line: OTHER_UP },
  'edge-reg-old': inf('Connection 00000000-0000-4000-8000-000000000510 registered connIndex=2 location=AMS'),
  'edge-unreg': inf(`Unregistered tunnel connection ${CONNECTION}`),
  'proc-start': inf('Starting tunnel tunnelID=6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23'),
  'proc-version': inf('Version 2026.3.0 (Checksum 868664de)'),
  'proc-sigterm': { line: STOPPING },
  'proc-shutdown-err': err('Initiating shutdown error="some failure"'),
  'proc-stopped': inf('Tunnel server stopped'),
  'proc-last-rule': {
    line: 'The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)',
  },
  'proc-bad-token': { line: 'Provided Tunnel token is not valid.' },
  'proc-origincert': err(
    'Cannot determine default origin certificate path. No file cert.pem in [~/.cloudflared /etc/cloudflared]. You need to specify the origin certificate path by specifying the origincert option in the configuration file, or set TUNNEL_ORIGIN_CERT environment variable originCertPath=',
  ),
  'proc-couldnt': err('Couldn\'t start tunnel error="some failure"'),
  'proc-noingress': {
    line: stamped(
      'WRN',
      'No ingress rules were defined in provided config (if any) nor from the cli, cloudflared will return 503 for all incoming HTTP requests',
    ),
  },
  'proc-config': inf('Updated to new configuration config="{\\"ingress\\":[]}" version=2'),
  'proc-config-fail': err('Failed to update ingress error="some failure" version=2'),
  'proc-metrics': inf('Starting metrics server on 127.0.0.1:20241/metrics'),
  'proc-metrics-fail': err(
    'Error opening metrics server listener error="listen tcp 127.0.0.1:20241: bind: address already in use"',
  ),
  'proc-update': inf('cloudflared has been updated version=2026.8.2'),
  'edge-dns-end': err(
    'Initiating shutdown error="Couldn\'t resolve SRV record &{region2.v2.argotunnel.com. 7844 2 1}: EOF"',
  ),
  'edge-none-end': err('Initiating shutdown error="there are no free edge addresses left to resolve to"'),
  'edge-none': inf('You requested 4 HA connections but I can give you at most 0.'),
  'noise-recovered': {
    line: 'Recover from http2 response writer panic, error goroutine 184115 [running]:',
    before: [OTHER_UP],
  },
  'proc-gostack-own': {
    line: 'github.com/cloudflare/cloudflared/ingress.Ingress.FindMatchingRule({{0x0, 0x0, 0x0}, ...}, ...)',
  },
  'proc-update-end': err('Initiating shutdown error="cloudflared has been updated to version 2021.9.0"'),
  'proc-gostack': {
    line: 'panic: runtime error: invalid memory address or nil pointer dereference',
    before: [OTHER_UP],
  },
  'proc-gostack-cut': { line: 'goroutine 1 [running]:', before: [OTHER_UP] },
  'service-answered-5xx': {
    line: stamped(
      'DBG',
      '502 Bad Gateway connIndex=1 content-length=42 event=1 ingressRule=1 originService=http://127.0.0.1:8080',
    ),
  },
  'noise-ping-group': {
    line: stamped(
      'WRN',
      'The user running cloudflared process has a GID (group ID) that is not within ping_group_range. error="Group ID 65532 is not between ping group 1 to 0"',
    ),
  },
  'noise-icmp-off': { line: stamped('WRN', 'ICMP proxy feature is disabled error="cannot create ICMPv4 proxy"') },
  'noise-udpbuf': {
    line: '2023/04/13 02:21:21 failed to sufficiently increase receive buffer size (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB).',
  },
  'start-dns': err(
    `Couldn't start tunnel error="lookup protocol.argotunnel.com on [::1]:53: read udp [::1]:57267->[::1]:53: read: connection refused"`,
  ),
  'own-dns': err(
    'Failed to fetch features, default to disable error="lookup cfd-features.argotunnel.com on 127.0.0.11:53: server misbehaving"',
  ),
  'dns-emfile': err(
    'failed to connect to an HTTPS backend "https://192.0.2.53/dns-query" error="failed to perform an HTTPS request: Post https://192.0.2.53/dns-query: dial tcp 192.0.2.53:443: socket: too many open files"',
  ),
  'noise-update': err('update check failed error="no such host"'),
  'noise-features': err(
    'Failed to fetch features, default to disable error="lookup cfd-features.argotunnel.com: i/o timeout"',
  ),
  'noise-dnsrefresh': err('Failed to refresh DNS local resolver error="lookup region1.v2.argotunnel.com: i/o timeout"'),
  'noise-pkgmgr': inf('cloudflared will not automatically update if installed by a package manager.'),
  'precheck-failed': inf(
    '|  SUMMARY: Environment has critical failures. cloudflared may not be able to establish a tunnel.  |',
  ),
  'noise-precheck': inf('precheck component="UDP Connectivity" details="QUIC connection failed" status=FAIL'),
  'noise-ha': inf('You requested 8 HA connections but I can give you at most 4.'),
  'noise-observer': { line: stamped('WRN', 'observer channel buffer is full') },
  'noise-cfgpath': inf(
    'Cannot determine default configuration path. No file [config.yml config.yaml] in [~/.cloudflared]',
  ),
};
