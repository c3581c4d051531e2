import type { SignalId } from '../../vocabulary/signals.ts';

/**
 * A message of cloudflared, decided by the beginning of its text, by its error field, or by both. Rows are tried in
 * order; the first that fits wins, so narrow rows stand before broad ones.
 */
export interface CloudflaredMessage {
  /** Id of the row in the reference. */
  readonly id: string;
  readonly signal: SignalId;
  /** Beginnings of the message; null for rows that the error of a failed request decides. */
  readonly starts: readonly string[] | null;
  /** With one of which the message must end. */
  readonly ends?: readonly string[];
  /** What the error must hold (for failed requests: without the carriers' prefixes); absent: any or none. */
  readonly error?: RegExp;
  /** Names under which the error's captures go into the record's values. */
  readonly captures?: readonly string[];
  /** Only where the error says "Unable to reach the origin service", so that the visitor got a 502. */
  readonly prefixed?: true;
  /** `refused`: the connection was being set up and never registered; `stopping`: after a graceful shutdown began. */
  readonly when?: 'refused' | 'refused-beside-others' | 'stopping';
}

/**
 * Go's words for an answer of the resolver's that is a failure (SERVFAIL, REFUSED), for none, for no way to it, and for "there is no
 * such name", which is untrue of these: the same one is asked for the edge.
 */
const NO_RESOLVER =
  /\blookup \S{1,200} on \S{1,60}: (?:server misbehaving|no such host|(?:read|dial) udp \S{1,120}: (?:i\/o timeout|read: connection refused|connect: (?:network is unreachable|no route to host)))/;

/** Lines about the connections to Cloudflare, the process and its configuration (reference: sections 5 to 7). */
export const CLOUDFLARED_MESSAGES: readonly CloudflaredMessage[] = [
  // While it stops, cloudflared reports the end of every connection as an error (section 1, fact 5).
  {
    id: 'noise-shutdown-local',
    signal: 'cloudflared.noise-shutdown-local',
    starts: ['Failed to serve quic connection', 'Serve tunnel error'],
    error: /Application error 0x0 \(local\)/,
  },
  {
    id: 'noise-shutdown-dgram',
    signal: 'cloudflared.noise-shutdown-dgram',
    starts: ['failed to run the datagram handler'],
    error: /context canceled/,
  },
  {
    id: 'noise-shutdown-quic-old',
    signal: 'cloudflared.noise-shutdown-quic-old',
    starts: ['Failed to serve quic connection'],
    error: /context canceled/,
  },
  {
    id: 'noise-shutdown-nomore',
    signal: 'cloudflared.noise-shutdown-nomore',
    starts: ['no more connections active and exiting'],
  },
  { id: 'noise-icmp', signal: 'cloudflared.noise-icmp', starts: ['icmp router terminated'] },
  {
    id: 'noise-shutdown-control',
    signal: 'cloudflared.noise-shutdown-control',
    starts: [
      'failed to serve tunnel connection',
      'Serve tunnel error',
      'Connection terminated',
      'failed to run the datagram handler',
      'failed to accept incoming stream requests',
      'failed to serve the control stream',
      'Failed to serve quic connection',
      'Lost connection with the edge',
      'Failed to dial a quic connection',
      'Failed to create new quic connection',
      'Unable to establish connection with Cloudflare edge',
    ],
    when: 'stopping',
  },
  {
    id: 'noise-shutdown-terminated',
    signal: 'cloudflared.noise-shutdown-terminated',
    starts: ['Connection terminated'],
    error: /^$/,
  },

  {
    id: 'edge-unauth',
    signal: 'cloudflared.edge-unauth',
    starts: ['Register tunnel error from server side'],
    error: /Unauthorized: (.+)/,
    captures: ['reason'],
  },
  {
    id: 'edge-unauth-2',
    signal: 'cloudflared.edge-unauth-2',
    starts: [
      'Failed to serve quic connection',
      'failed to serve incoming request',
      'Serve tunnel error',
      'Connection terminated',
    ],
    error: /Unauthorized: (.+)/,
    captures: ['reason'],
  },
  {
    id: 'edge-dup',
    signal: 'cloudflared.edge-dup',
    starts: ['Unable to establish connection.', 'Register tunnel error from server side'],
    error: /already connected to this server, trying another address/,
  },
  {
    id: 'edge-dup-2',
    signal: 'cloudflared.edge-dup-2',
    starts: [
      'Failed to serve quic connection',
      'failed to serve incoming request',
      'Connection terminated',
      'Serve tunnel error',
    ],
    error: /already connected to this server, trying another address/,
  },
  // From 2025.8.1 on the reason of a refused registration is lost (section 5, row edge-quic-refused).
  {
    id: 'edge-dup-quic',
    signal: 'cloudflared.edge-dup-2',
    starts: ['failed to serve tunnel connection', 'Serve tunnel error'],
    error: /control stream encountered a failure while serving/,
    when: 'refused-beside-others',
  },
  {
    id: 'edge-quic-refused',
    signal: 'cloudflared.edge-quic-refused',
    starts: ['failed to serve tunnel connection', 'Serve tunnel error'],
    error: /control stream encountered a failure while serving/,
    when: 'refused',
  },
  {
    id: 'edge-register',
    signal: 'cloudflared.edge-register',
    starts: ['Register tunnel error from server side', 'failed to serve incoming request'],
    error: /^(?:Server error: |Quota exceeded|Internal server error|Failed to register|rpc: )/i,
  },
  {
    id: 'edge-register',
    signal: 'cloudflared.edge-register',
    starts: ['Register tunnel error from server side'],
    error: /./,
  },
  {
    id: 'edge-h2-control',
    signal: 'cloudflared.edge-h2-control',
    starts: ['failed to serve incoming request', 'Serve tunnel error', 'Connection terminated'],
    error: /Error shutting down control stream: /,
  },
  {
    id: 'edge-h2-closed',
    signal: 'cloudflared.edge-h2-closed',
    starts: ['Serve tunnel error', 'Connection terminated'],
    error: /connection with edge closed/,
  },
  {
    id: 'edge-app0',
    signal: 'cloudflared.edge-app0',
    starts: [
      'Failed to serve quic connection',
      'Serve tunnel error',
      'Connection terminated',
      'failed to accept incoming stream requests',
      'failed to run the datagram handler',
    ],
    error: /Application error 0x0 \(remote\)/,
  },
  {
    // EMSGSIZE in the words of Linux and of Windows: a VPN, or another small MTU on this host. QUIC's packets are not split.
    id: 'edge-quic-size',
    signal: 'cloudflared.edge-quic-size',
    starts: [
      'Failed to dial a quic connection',
      'Failed to create new quic connection',
      'Failed to serve quic connection',
      'Serve tunnel error',
    ],
    error: /: message too long|larger than the internal message buffer/,
  },
  {
    id: 'edge-dial-quic-perm',
    signal: 'cloudflared.edge-dial-quic-perm',
    starts: ['Failed to dial a quic connection', 'Failed to create new quic connection', 'Serve tunnel error'],
    error: /sendmsg: (operation not permitted|network is unreachable|no route to host|invalid argument)/,
    captures: ['reason'],
  },
  {
    id: 'edge-dial-quic-tls',
    signal: 'cloudflared.edge-dial-quic-tls',
    starts: ['Failed to dial a quic connection', 'Failed to create new quic connection', 'Serve tunnel error'],
    error: /CRYPTO_ERROR (?:0x1[0-9a-f]{2}|\()/,
  },
  {
    id: 'edge-dial-quic',
    signal: 'cloudflared.edge-dial-quic',
    starts: ['Failed to dial a quic connection'],
    error: /./,
  },
  {
    id: 'edge-dial-quic-old',
    signal: 'cloudflared.edge-dial-quic-old',
    starts: ['Failed to create new quic connection'],
    error: /./,
  },
  {
    id: 'edge-dial-tcp',
    signal: 'cloudflared.edge-dial-tcp',
    starts: ['Unable to establish connection with Cloudflare edge', 'Serve tunnel error', 'Connection terminated'],
    error: /DialContext error: dial tcp (\S+): /,
    captures: ['address'],
  },
  {
    id: 'edge-dial-tls',
    signal: 'cloudflared.edge-dial-tls',
    starts: ['Unable to establish connection with Cloudflare edge', 'Serve tunnel error', 'Connection terminated'],
    error: /TLS handshake with edge error: (.+)/,
    captures: ['reason'],
  },
  {
    id: 'edge-dial-quic-follow',
    signal: 'cloudflared.edge-dial-quic',
    starts: ['Serve tunnel error', 'Connection terminated'],
    error: /failed to dial to edge/,
  },
  {
    id: 'edge-lost-idle',
    signal: 'cloudflared.edge-lost-idle',
    starts: ['Failed to serve quic connection'],
    error: /timeout: (?:no recent network activity|handshake did not complete)/,
  },
  {
    id: 'edge-lost-idle2',
    signal: 'cloudflared.edge-lost-idle2',
    starts: ['failed to accept incoming stream requests'],
    error: /./,
  },
  {
    id: 'edge-lost-dgram',
    signal: 'cloudflared.edge-lost-dgram',
    starts: ['failed to run the datagram handler'],
    error: /./,
  },
  {
    id: 'edge-control-fail',
    signal: 'cloudflared.edge-control-fail',
    starts: ['failed to serve the control stream'],
  },
  {
    id: 'edge-lost-wrap',
    signal: 'cloudflared.edge-lost-wrap',
    starts: ['failed to serve tunnel connection', 'Serve tunnel error', 'Connection terminated'],
    error: /encountered a failure while serving/,
  },
  {
    id: 'edge-noaddr',
    signal: 'cloudflared.edge-noaddr',
    starts: ['Connection terminated', 'Serve tunnel error'],
    error: /there are no free edge addresses left/,
  },
  {
    id: 'edge-dns',
    signal: 'cloudflared.edge-dns',
    starts: [
      'edge discovery: error looking up Cloudflare edge IPs',
      'Error looking up Cloudflare edge IPs',
      'Unable to lookup edge',
      'Could not lookup srv records on _',
      // The error that ends it, pasted alone (edgediscovery/allregions/discovery.go).
      "Couldn't resolve SRV record &",
    ],
  },
  {
    id: 'edge-serve',
    signal: 'cloudflared.edge-serve',
    starts: ['Serve tunnel error', 'Failed to serve quic connection', 'failed to serve tunnel connection'],
    error: /./,
  },
  {
    id: 'edge-terminated',
    signal: 'cloudflared.edge-terminated',
    starts: ['Connection terminated'],
    error: /./,
  },
  {
    id: 'edge-dial-other',
    signal: 'cloudflared.edge-dial-tcp',
    starts: ['Unable to establish connection with Cloudflare edge', 'Unable to establish connection.'],
  },
  { id: 'edge-h2-lost', signal: 'cloudflared.edge-h2-lost', starts: ['Lost connection with the edge'] },
  { id: 'edge-quic-hint', signal: 'cloudflared.edge-quic-hint', starts: ['If this log occurs persistently'] },
  { id: 'edge-fallback', signal: 'cloudflared.edge-fallback', starts: ['Switching to fallback protocol'] },
  { id: 'edge-retry', signal: 'cloudflared.edge-retry', starts: ['Retrying connection in up to', 'Retrying in '] },
  { id: 'edge-rpc', signal: 'cloudflared.edge-rpc', starts: ['writing release: '] },
  {
    id: 'edge-init-fail',
    signal: 'cloudflared.edge-init-fail',
    starts: ['initial tunnel connection failed', 'Initial tunnel connection failed'],
  },
  { id: 'edge-reg', signal: 'cloudflared.edge-reg', starts: ['Registered tunnel connection'] },
  {
    id: 'edge-reg-old',
    signal: 'cloudflared.edge-reg-old',
    starts: ['Connection '],
    // The protocol stands behind it in 2022 and 2023 (connection/observer.go).
    ends: [
      ' registered',
      ' registered with protocol: quic',
      ' registered with protocol: http2',
      ' registered with protocol: h2mux',
    ],
  },
  { id: 'edge-unreg', signal: 'cloudflared.edge-unreg', starts: ['Unregistered tunnel connection'] },

  {
    id: 'proc-start',
    signal: 'cloudflared.proc-start',
    starts: ['Starting tunnel', 'Cloudflared service starting'],
  },
  { id: 'proc-version', signal: 'cloudflared.proc-version', starts: ['Version '] },
  { id: 'proc-sigterm', signal: 'cloudflared.proc-sigterm', starts: ['Initiating graceful shutdown'] },
  // The addresses behind the edge's names did not resolve when it began (edgediscovery/allregions/discovery.go).
  {
    id: 'edge-dns-end',
    signal: 'cloudflared.edge-dns',
    // Until 2020 it quit, since then it initiates its shutdown.
    starts: ['Initiating shutdown', 'Quitting due to error'],
    error: /^(?:Couldn't resolve SRV record|Could not lookup srv records on) /,
  },
  // It ends at its start where not one address of the edge was found or could be used (supervisor/supervisor.go: initialize).
  {
    id: 'edge-none-end',
    signal: 'cloudflared.edge-none',
    starts: ['Initiating shutdown'],
    error: /^there are no free edge addresses left/,
  },
  {
    id: 'edge-none',
    signal: 'cloudflared.edge-none',
    starts: ['You requested '],
    ends: [' but I can give you at most 0.'],
  },
  // The end of a service that will be started anew with the new version.
  {
    id: 'proc-update-end',
    signal: 'cloudflared.proc-update',
    starts: ['Initiating shutdown'],
    error: /^cloudflared has been updated to version /,
  },
  {
    id: 'proc-shutdown-err',
    signal: 'cloudflared.proc-shutdown-err',
    // The last is what its service of Windows writes into the event log (cmd/cloudflared/windows_service.go).
    starts: ['Initiating shutdown', 'Quitting due to error', 'cloudflared terminated with error '],
  },
  {
    id: 'proc-stopped',
    signal: 'cloudflared.proc-stopped',
    starts: ['Tunnel server stopped', 'Metrics server stopped', 'Cloudflared service stopped'],
  },
  {
    id: 'proc-last-rule',
    signal: 'cloudflared.proc-last-rule',
    starts: [''],
    error: /The last ingress rule must match all URLs/,
  },
  {
    id: 'proc-last-rule',
    signal: 'cloudflared.proc-last-rule',
    starts: [
      'The last ingress rule must match all URLs',
      'Validation failed: The last ingress rule must match all URLs',
    ],
  },
  {
    id: 'proc-bad-token',
    signal: 'cloudflared.proc-couldnt',
    // The last two as a service is installed with it (cmd/cloudflared/common_service.go, windows_service.go).
    starts: [
      'Provided Tunnel token is not valid',
      'Tunnel token is not valid',
      'Provided tunnel token is not valid',
      'Unable to determine extra arguments for windows service',
    ],
  },
  {
    // It looks for one at every start since 2023, also with a token or credentials, which need none (issue 1037 of cloudflared).
    id: 'proc-origincert',
    signal: 'cloudflared.proc-origincert',
    starts: ['Cannot determine default origin certificate path'],
    ends: ['TUNNEL_ORIGIN_CERT environment variable'],
  },
  {
    // Before it connects it asks for the protocol's share by name (edgediscovery/protocol.go); until 2021 it did not start without.
    id: 'start-dns',
    signal: 'cloudflared.edge-dns',
    starts: ["Couldn't start tunnel"],
    error: NO_RESOLVER,
  },
  {
    id: 'proc-couldnt',
    signal: 'cloudflared.proc-couldnt',
    starts: [
      "Couldn't start tunnel",
      "couldn't read tunnel credentials from ",
      'error parsing tunnel ID',
      'error parsing YAML in config file at ',
      'Tunnel credentials file ',
      'tunnel credentials file ',
      'error running tunnel',
      'Error validating ingress',
      'Validation failed: ',
      'Cannot determine origin certificate path',
      'You need to specify the origin certificate path',
      'Error locating origin cert: ',
      'Cannot load configuration from ',
      'Cannot apply configuration from ',
      'Use `cloudflared tunnel run` to start tunnel ',
      'You did not specify any valid additional argument to the cloudflared tunnel command',
      'You must give a tunnel name or ID',
      '"cloudflared tunnel run" requires ',
      '"cloudflared tunnel run" accepts only one argument',
      // The library that reads its command line (urfave/cli): it is many programs’.
      'Incorrect Usage: ',
      'Incorrect Usage. ',
      // Its service of Windows was registered and not started (cmd/cloudflared/windows_service.go, installWindowsService).
      'Cannot install event logger: ',
    ],
  },
  {
    id: 'proc-noingress',
    signal: 'cloudflared.proc-noingress',
    starts: ['No ingress rules were defined in provided config'],
  },
  { id: 'proc-config', signal: 'cloudflared.proc-config', starts: ['Updated to new configuration'] },
  {
    id: 'proc-config-fail',
    signal: 'cloudflared.proc-config-fail',
    starts: ['Failed to update ingress', 'Failed to deserialize new configuration', 'Failed to update configuration'],
  },
  { id: 'proc-metrics', signal: 'cloudflared.proc-metrics', starts: ['Starting metrics server on'] },
  {
    id: 'proc-metrics-fail',
    signal: 'cloudflared.proc-metrics-fail',
    starts: ['Error opening metrics server listener', 'Failed to open the metrics listener'],
  },
  { id: 'proc-update', signal: 'cloudflared.proc-update', starts: ['cloudflared has been updated'] },
  {
    id: 'proc-gostack',
    signal: 'cloudflared.proc-gostack',
    starts: ['panic: ', 'fatal error: ', 'SIGQUIT: quit', '[signal SIG', 'unexpected fault address'],
  },
  {
    // Caught, and printed with a stack all the same: the edge had closed the connection (connection/http2.go, 2021 and 2022).
    id: 'noise-recovered',
    signal: 'cloudflared.noise-recovered',
    starts: ['Recover from http2 response writer panic'],
  },
  // Traces whose first line was cut off, or is any Go program's: `goroutine 1 [running]:`, or a function of cloudflared's.
  { id: 'proc-gostack-own', signal: 'cloudflared.proc-gostack', starts: ['github.com/cloudflare/cloudflared/'] },
  { id: 'proc-gostack-cut', signal: 'cloudflared.proc-gostack', starts: ['goroutine '], ends: [']:'] },

  {
    // The status line of each answer, at level debug: `502 Bad Gateway connIndex=1 … originService=http://localhost:8080`.
    id: 'service-answered-5xx',
    signal: 'cloudflared.service-answered-5xx',
    starts: ['500 ', '501 ', '502 ', '503 ', '504 ', '505 ', '507 ', '508 ', '511 '],
  },

  {
    id: 'noise-ping-group',
    signal: 'cloudflared.noise-ping-group',
    starts: ['The user running cloudflared process has a GID'],
  },
  { id: 'noise-icmp-off', signal: 'cloudflared.noise-icmp-off', starts: ['ICMP proxy feature is disabled'] },
  {
    id: 'noise-udpbuf',
    signal: 'cloudflared.noise-udpbuf',
    starts: ['failed to sufficiently increase '],
  },
  {
    id: 'own-dns',
    signal: 'cloudflared.own-dns',
    starts: ['update check failed', 'Failed to fetch features'],
    error: NO_RESOLVER,
  },
  {
    id: 'own-dns',
    signal: 'cloudflared.own-dns',
    starts: [
      'Unable to lookup protocol percentage',
      'lookup protocol.argotunnel.com on ',
      'lookup protocol-v2.argotunnel.com on ',
    ],
  },
  // As a proxy of DNS (`cloudflared proxy-dns`) it opens a connection for each question (tunneldns/https_upstream.go).
  {
    id: 'dns-emfile',
    signal: 'cloudflared.own-emfile',
    starts: ['failed to connect to an HTTPS backend '],
    error: /: too many open files/,
  },
  { id: 'noise-update', signal: 'cloudflared.noise-update', starts: ['update check failed'] },
  { id: 'noise-features', signal: 'cloudflared.noise-features', starts: ['Failed to fetch features'] },
  {
    id: 'noise-dnsrefresh',
    signal: 'cloudflared.noise-dnsrefresh',
    starts: ['Failed to initialize DNS local resolver', 'Failed to refresh DNS local resolver'],
  },
  {
    id: 'noise-pkgmgr',
    signal: 'cloudflared.noise-pkgmgr',
    starts: ['cloudflared will not automatically update'],
  },
  // Only a test that fails as a whole (no name resolves, or neither transport passes) writes ERROR and this summary; `withError`
  // reads the same of the structured form.
  {
    id: 'precheck-failed',
    signal: 'cloudflared.precheck-failed',
    starts: [
      '|  SUMMARY: Environment has critical failures',
      'SUMMARY: Environment has critical failures',
      '|  ERROR: Allow outbound ',
      'ERROR: Allow outbound ',
      '|  ERROR: Ensure your DNS resolver can resolve ',
      'ERROR: Ensure your DNS resolver can resolve ',
    ],
  },
  {
    id: 'precheck-failed',
    signal: 'cloudflared.precheck-failed',
    starts: ['precheck complete'],
    error: /^hard_fail$/,
  },
  {
    id: 'noise-precheck',
    signal: 'cloudflared.noise-precheck',
    starts: [
      'precheck complete',
      'precheck',
      '|  ',
      '+---',
      '--- CONNECTIVITY PRE-CHECKS',
      'UDP Connectivity  region',
      'UDP Connectivity region',
      'TCP Connectivity  region',
      'TCP Connectivity region',
      'DNS Resolution    region',
      'DNS Resolution region',
    ],
  },
  {
    // UDP of a private network (datagramsession/session.go): requests of web sites do not go this way.
    id: 'noise-udp-session',
    signal: 'cloudflared.noise-udp-session',
    starts: ['Failed to send session payload from destination to transport', 'Failed to write payload to session'],
  },
  { id: 'noise-ha', signal: 'cloudflared.noise-ha', starts: ['You requested '] },
  { id: 'noise-observer', signal: 'cloudflared.noise-observer', starts: ['observer channel buffer is full'] },
  {
    id: 'noise-cfgpath',
    signal: 'cloudflared.noise-cfgpath',
    starts: ['Cannot determine default configuration path', 'Cannot determine default origin certificate path'],
  },
];
