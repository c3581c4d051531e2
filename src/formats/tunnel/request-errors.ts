import type { CloudflaredMessage } from './cloudflared-messages.ts';

/**
 * Error texts of a failed request (reference: cloudflared section 4; wordings of Windows, macOS and older Go from Go's
 * standard library). They are matched against the bare text: `bareError` has taken the carriers' prefixes off. Order
 * matters: running out of descriptors is told before the look-up that failed for it.
 */
export const REQUEST_ERRORS: readonly CloudflaredMessage[] = [
  { id: 'inner-emfile', signal: 'cloudflared.inner-emfile', starts: null, error: /too many open files/ },
  {
    // Not a lack of ports: where IPv6 is off, as in most containers, the loopback has no ::1, and nobody can be asked there.
    id: 'inner-no-ipv6-loopback',
    signal: 'cloudflared.inner-refused',
    starts: null,
    error: /^dial tcp (\[::1\]:\d+): connect: (?:cannot|can't) assign requested address/,
    captures: ['address'],
  },
  {
    id: 'inner-addrnotavail',
    signal: 'cloudflared.inner-addrnotavail',
    starts: null,
    error:
      /^dial (?:tcp|udp) (\S+): (?:connect: (?:cannot|can't) assign requested address|connectex: Only one usage of each socket address)/,
    captures: ['address'],
  },
  {
    id: 'inner-refused',
    signal: 'cloudflared.inner-refused',
    starts: null,
    error: /^dial tcp (\S+:\d+): connect: connection refused/,
    captures: ['address'],
  },
  {
    id: 'inner-refused-windows',
    signal: 'cloudflared.inner-refused-windows',
    starts: null,
    error: /^dial tcp (\S+:\d+): connectex: No connection could be made because the target machine actively refused it/,
    captures: ['address'],
  },
  {
    id: 'inner-refused-unix',
    signal: 'cloudflared.inner-refused-unix',
    starts: null,
    error: /^dial unix (\S+): connect: (?:connection refused|resource temporarily unavailable)/,
    captures: ['address'],
  },
  {
    id: 'inner-unix-missing',
    signal: 'cloudflared.inner-unix-missing',
    starts: null,
    error: /^dial unix (\S+): connect: (?:no such file or directory|not a directory)/,
    captures: ['address'],
  },
  {
    id: 'inner-unix-perm',
    signal: 'cloudflared.inner-unix-perm',
    starts: null,
    error: /^dial unix (\S+): connect: permission denied/,
    captures: ['address'],
  },
  {
    id: 'inner-nxdomain-docker',
    signal: 'cloudflared.inner-nxdomain-docker',
    starts: null,
    error: /^(?:dial tcp: )?lookup ([^\s.]+) on 127\.0\.0\.11:53: no such host/,
    captures: ['name'],
  },
  {
    id: 'inner-nxdomain-k8s',
    signal: 'cloudflared.inner-nxdomain-k8s',
    starts: null,
    error: /^(?:dial tcp: )?lookup (\S+\.svc(?:\.[\w-]+(?:\.[\w-]+)?)?\.?)(?: on (\S+))?: no such host/,
    captures: ['name', 'resolver'],
  },
  {
    id: 'inner-nxdomain',
    signal: 'cloudflared.inner-nxdomain',
    starts: null,
    error: /^(?:dial tcp: )?lookup (\S+?)(?: on (\S+))?: (?:no such host|getaddrinfow: No such host is known)/,
    captures: ['name', 'resolver'],
  },
  {
    id: 'inner-servfail',
    signal: 'cloudflared.inner-servfail',
    starts: null,
    error:
      /^(?:dial tcp: )?lookup (\S+?)(?: on (\S+))?: (?:server misbehaving|Temporary failure in name resolution|device or resource busy|dnsquery: .*|getaddrinfow: .*|cannot unmarshal DNS message|(?:dial udp \S+: connect|(?:read|write) udp \S+: (?:read|write)): .*)/,
    captures: ['name', 'resolver'],
  },
  {
    id: 'inner-dns-timeout',
    signal: 'cloudflared.inner-dns-timeout',
    starts: null,
    error: /^(?:dial tcp: )?lookup (\S+?)(?: on (\S+))?: (?:(?:read|dial) udp \S+: )?i\/o timeout/,
    captures: ['name', 'resolver'],
  },
  {
    id: 'inner-connect-timeout',
    signal: 'cloudflared.inner-connect-timeout',
    starts: null,
    error: /^dial tcp (\S+:\d+): i\/o timeout/,
    captures: ['address'],
  },
  {
    id: 'inner-connect-timeout2',
    signal: 'cloudflared.inner-connect-timeout2',
    starts: null,
    error:
      /^dial tcp (\S+:\d+): (?:connect: (?:connection|operation) timed out|connectex: A connection attempt failed because the connected party did not properly respond)/,
    captures: ['address'],
  },
  {
    id: 'inner-noroute',
    signal: 'cloudflared.inner-noroute',
    starts: null,
    error:
      /^dial tcp (\S+:\d+): connect(?:ex)?: (?:no route to host|host is down|permission denied|operation not permitted)/,
    captures: ['address'],
  },
  {
    id: 'inner-netunreach',
    signal: 'cloudflared.inner-netunreach',
    starts: null,
    error:
      /^dial tcp (\S+:\d+): connect(?:ex)?: (?:network is (?:unreachable|down)|A socket operation was attempted to an unreachable)/,
    captures: ['address'],
  },
  {
    id: 'inner-tls-plain',
    signal: 'cloudflared.inner-tls-plain',
    starts: null,
    error: /^tls: (?:first record does not look like a TLS handshake|oversized record received)/,
  },
  {
    id: 'inner-scheme-client',
    signal: 'cloudflared.inner-scheme-client',
    starts: null,
    error: /^http: server gave HTTP response to HTTPS client/,
  },
  {
    id: 'inner-alert-as-http',
    signal: 'cloudflared.inner-alert-as-http',
    starts: null,
    error: /^malformed HTTP (?:response|version|status code) \\?"?\\+x15\\+x03/,
  },
  {
    id: 'inner-h2-preface-as-http',
    signal: 'cloudflared.inner-h2-preface-as-http',
    starts: null,
    error: /^malformed HTTP (?:response|version|status code) \\?"?\\+x00\\+x00/,
  },
  {
    id: 'inner-malformed',
    signal: 'cloudflared.inner-malformed',
    starts: null,
    error:
      /^(?:malformed (?:HTTP response|HTTP status code|HTTP version|MIME header|chunked encoding)|invalid (?:header|byte in chunk)|unsupported transfer encoding|too many transfer encodings|http: (?:unexpected|message cannot contain)|bad Content-Length)/,
  },
  {
    id: 'inner-x509-unknown-ca',
    signal: 'cloudflared.inner-x509-unknown-ca',
    starts: null,
    error:
      /^x509: (?:certificate signed by unknown authority|.{1,200} certificate is not (?:trusted|standards compliant)|(?:certificate|too many intermediates|invalid signature).*sign)/,
  },
  {
    id: 'inner-x509-name',
    signal: 'cloudflared.inner-x509-name',
    starts: null,
    error: /^x509: (?:certificate is valid for (?:.*, not (\S+))?|.{1,200} certificate name does not match input)/,
    captures: ['wantedName'],
  },
  {
    id: 'inner-x509-nonames',
    signal: 'cloudflared.inner-x509-nonames',
    starts: null,
    error: /^x509: certificate is not valid for any names(?:, but wanted to match (\S+))?/,
    captures: ['wantedName'],
  },
  {
    id: 'inner-x509-noip',
    signal: 'cloudflared.inner-x509-noip',
    starts: null,
    // Whoever pastes it puts words in the place of the address.
    error: /^x509: cannot validate certificate for (.{1,200}?) because it doesn't contain any IP SANs/,
    captures: ['wantedName'],
  },
  {
    id: 'inner-x509-cn',
    signal: 'cloudflared.inner-x509-cn',
    starts: null,
    error: /^x509: certificate relies on legacy Common Name field/,
  },
  {
    id: 'inner-x509-expired',
    signal: 'cloudflared.inner-x509-expired',
    starts: null,
    error:
      /^x509: (?:certificate has expired or is not yet valid(?:: current time \S+ is (after|before) (\S+))?|.{1,200} certificate (?:is|has) expired)/,
    captures: ['side', 'limit'],
  },
  {
    id: 'inner-tls-alert',
    signal: 'cloudflared.inner-tls-alert',
    starts: null,
    error:
      /^(?:remote error: tls: (.+)|local error: tls: (.+)|tls: (?:server selected unsupported|no supported versions|handshake failure|unsupported|internal error|received unexpected|server's certificate contains|server resumed|no cipher suite).*)/,
    captures: ['alert', 'alert'],
  },
  {
    id: 'inner-tls-timeout',
    signal: 'cloudflared.inner-tls-timeout',
    starts: null,
    error: /^(?:net\/http: )?TLS handshake timeout/,
  },
  { id: 'inner-eof', signal: 'cloudflared.inner-eof', starts: null, error: /^(?:readLoopPeekFailLocked: )?EOF$/ },
  {
    id: 'inner-header-cut',
    signal: 'cloudflared.inner-eof',
    starts: null,
    error: /^(?:net\/http: HTTP\/1\.x transport connection broken: )?unexpected EOF$/,
    prefixed: true,
  },
  {
    id: 'inner-idle-closed',
    signal: 'cloudflared.inner-idle-closed',
    starts: null,
    error: /^http: server closed idle connection/,
  },
  {
    id: 'inner-reset',
    signal: 'cloudflared.inner-reset',
    starts: null,
    error:
      /^(?:readfrom tcp [^\s>]+>\S+: )?(?:read|write) (?:tcp|unix) \S+ ?(?:read|write|splice|sendfile): connection reset by peer/,
    prefixed: true,
  },
  {
    id: 'inner-reset-windows',
    signal: 'cloudflared.inner-reset-windows',
    starts: null,
    error:
      /^(?:(?:read|write) tcp \S+ )?wsa(?:recv|send): (?:An existing connection was forcibly closed by the remote host|An established connection was aborted)/,
    prefixed: true,
  },
  {
    id: 'inner-closed-while-sending',
    signal: 'cloudflared.inner-closed-while-sending',
    starts: null,
    error:
      /^(?:readfrom tcp [^\s>]+>\S+: )?(?:(?:read|write) (?:tcp|unix) \S+ (?:(?:read|write): )?use of closed network connection|http: persistConn|http: can't write)/,
  },
  {
    id: 'inner-brokenpipe',
    signal: 'cloudflared.inner-brokenpipe',
    starts: null,
    error: /^(?:readfrom tcp [^\s>]+>\S+: )?write (?:tcp|unix) \S+ (?:write|splice|sendfile): broken pipe/,
  },
  {
    id: 'inner-h2-stream',
    signal: 'cloudflared.inner-h2-stream',
    starts: null,
    error: /^stream error: stream ID (\d+); ([^;\s]+)/,
    captures: ['stream', 'code'],
    prefixed: true,
  },
  {
    id: 'inner-h2-goaway',
    signal: 'cloudflared.inner-h2-goaway',
    starts: null,
    error:
      /^(?:http2: (?:server sent GOAWAY|Transport|client conn|timeout awaiting response headers|unexpected ALPN|server closed)|connection error: )/,
  },
  {
    id: 'inner-headers-too-big',
    signal: 'cloudflared.inner-headers-too-big',
    starts: null,
    error: /^(?:net\/http: server response headers exceeded (\d+) bytes|http2: response header list larger)/,
    captures: ['limitBytes'],
  },
  {
    id: 'inner-nohost',
    signal: 'cloudflared.inner-nohost',
    starts: null,
    error:
      /^(?:http: no Host in request URL|unsupported protocol scheme|dial tcp: address \S+ (?:missing port in address|invalid port)|dial tcp: address \S+: |dial tcp: lookup tcp\/)/,
  },
  {
    id: 'inner-ctx-deadline',
    signal: 'cloudflared.inner-ctx-deadline',
    starts: null,
    error: /^(?:dial tcp \S+: )?(?:context deadline exceeded|net\/http: timeout awaiting response headers)/,
  },
  {
    id: 'ended-abruptly',
    signal: 'cloudflared.ended-abruptly',
    starts: null,
    // Until 2022.6.3 the same event was worded "Unable to reach the origin service ... context canceled".
    error:
      /^(?:Incoming request ended abruptly: (?:context canceled|.*)|(?:dial tcp \S+: )?operation was canceled|net\/http: request canceled|http: request canceled)/,
  },
  {
    id: 'ended-abruptly',
    signal: 'cloudflared.ended-abruptly',
    starts: null,
    error: /^context canceled$/,
    prefixed: true,
  },
  { id: 'ctx-canceled', signal: 'cloudflared.ctx-canceled', starts: null, error: /^context canceled$/ },
  {
    id: 'stream-canceled',
    signal: 'cloudflared.stream-canceled',
    starts: null,
    error: /^(?:Error (?:writing|reading) [\w ]+: )?stream \d+ canceled (?:by (?:remote|local) )?with error code 0/,
  },
  { id: 'h2-stream-closed', signal: 'cloudflared.h2-stream-closed', starts: null, error: /^http2: stream closed$/ },
  { id: 'unexpected-eof', signal: 'cloudflared.unexpected-eof', starts: null, error: /^unexpected EOF/ },
  {
    id: 'midbody-reset',
    signal: 'cloudflared.midbody-reset',
    starts: null,
    error:
      /^(?:read (?:tcp|unix) \S+ (?:read: )?(?:connection reset by peer|wsarecv: An existing connection)|stream error: stream ID \d+; )/,
  },
  {
    id: 'filtered',
    signal: 'cloudflared.filtered',
    starts: null,
    error: /^request filtered by middleware handler \((\w+)\) due to: (.{1,200})/,
    captures: ['filter', 'reason'],
  },
  {
    id: 'flow-limit',
    signal: 'cloudflared.flow-limit',
    starts: null,
    error: /^failed to start (?:tcp|udp) flow due to rate limiting/,
  },
  {
    id: 'tcp-service',
    signal: 'cloudflared.tcp-service',
    starts: null,
    error: /^dial (?:tcp|udp|unix) (\S+): /,
    captures: ['address'],
  },
  {
    id: 'inner-other',
    signal: 'cloudflared.inner-other',
    starts: null,
    error: /^./,
    prefixed: true,
  },
];
