import type { SignalId } from '../../vocabulary/signals.ts';

/** A message of cloudflared: by its message text, by its error field, or both. First match wins. */
export interface CloudflaredMessage {
  readonly id: string;
  readonly kind: string;
  readonly signal: SignalId;
  readonly message: string;
  readonly error: RegExp | null;
}

export const CLOUDFLARED_MESSAGES: readonly CloudflaredMessage[] = [
  {
    id: 'inner-refused',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-refused',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): connect: connection refused/,
  },
  {
    id: 'inner-refused-windows',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-refused-windows',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): connectex: No connection could be made because the target machine actively refused it\./,
  },
  {
    id: 'inner-refused-unix',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-refused-unix',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial unix (\S+): connect: connection refused/,
  },
  {
    id: 'inner-unix-missing',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-unix-missing',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial unix (\S+): connect: no such file or directory/,
  },
  {
    id: 'inner-unix-perm',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-unix-perm',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial unix (\S+): connect: permission denied/,
  },
  {
    id: 'inner-nxdomain-docker',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-nxdomain-docker',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp: lookup ([^\s.]+) on 127\.0\.0\.11:53: no such host/,
  },
  {
    id: 'inner-nxdomain-k8s',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-nxdomain-k8s',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp: lookup (\S+\.svc\.cluster\.local) on \S+: no such host/,
  },
  {
    id: 'inner-nxdomain',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-nxdomain',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp: lookup (\S+)( on \S+)?: no such host/,
  },
  {
    id: 'inner-servfail',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-servfail',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp: lookup (\S+)( on \S+)?: server misbehaving/,
  },
  {
    id: 'inner-dns-timeout',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-dns-timeout',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp: lookup (\S+)(?: on \S+)?: (?:read udp \S+: )?i\/o timeout/,
  },
  {
    id: 'inner-connect-timeout',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-connect-timeout',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): i\/o timeout/,
  },
  {
    id: 'inner-connect-timeout2',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-connect-timeout2',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): connect: connection timed out/,
  },
  {
    id: 'inner-noroute',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-noroute',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): connect: no route to host/,
  },
  {
    id: 'inner-netunreach',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-netunreach',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp (\S+:\d+): connect: network is unreachable/,
  },
  {
    id: 'inner-tls-plain',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-tls-plain',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: tls: first record does not look like a TLS handshake/,
  },
  {
    id: 'inner-scheme-client',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-scheme-client',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: http: server gave HTTP response to HTTPS client/,
  },
  {
    id: 'inner-alert-as-http',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-alert-as-http',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:net\/http: HTTP\/1\.x transport connection broken: )?malformed HTTP response "\\+x15\\+x03/,
  },
  {
    id: 'inner-h2-preface-as-http',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-h2-preface-as-http',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:net\/http: HTTP\/1\.x transport connection broken: )?malformed HTTP response "\\+x00\\+x00/,
  },
  {
    id: 'inner-malformed',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-malformed',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:net\/http: HTTP\/1\.x transport connection broken: )?malformed (HTTP response|HTTP status code|HTTP version|MIME header line)/,
  },
  {
    id: 'inner-x509-unknown-ca',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-unknown-ca',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: certificate signed by unknown authority/,
  },
  {
    id: 'inner-x509-name',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-name',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: certificate is valid for (.+), not (\S+)/,
  },
  {
    id: 'inner-x509-nonames',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-nonames',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: certificate is not valid for any names, but wanted to match (\S+)/,
  },
  {
    id: 'inner-x509-noip',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-noip',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: cannot validate certificate for (\S+) because it doesn't contain any IP SANs/,
  },
  {
    id: 'inner-x509-cn',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-cn',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: certificate relies on legacy Common Name field, use SANs instead/,
  },
  {
    id: 'inner-x509-expired',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-x509-expired',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:tls: failed to verify certificate: )?x509: certificate has expired or is not yet valid: current time (\S+) is (after|before) (\S+)/,
  },
  {
    id: 'inner-tls-alert',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-tls-alert',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: remote error: tls: (handshake failure|bad certificate|certificate required|unrecognized name|protocol version not supported|internal error|unknown certificate authority)/,
  },
  {
    id: 'inner-tls-timeout',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-tls-timeout',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: net\/http: TLS handshake timeout/,
  },
  {
    id: 'inner-eof',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-eof',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: EOF$/,
  },
  {
    id: 'inner-idle-closed',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-idle-closed',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: http: server closed idle connection/,
  },
  {
    id: 'inner-reset',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-reset',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:read|write) tcp \S+->\S+: (?:read|write): connection reset by peer/,
  },
  {
    id: 'inner-reset-windows',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-reset-windows',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: wsarecv: An existing connection was forcibly closed by the remote host\./,
  },
  {
    id: 'inner-closed-while-sending',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-closed-while-sending',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: readfrom tcp \S+->\S+: write tcp \S+->\S+: use of closed network connection/,
  },
  {
    id: 'inner-brokenpipe',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-brokenpipe',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: write tcp \S+->\S+: write: broken pipe/,
  },
  {
    id: 'inner-h2-stream',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-h2-stream',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: stream error: stream ID (\d+); (\S+?)(?:; received from peer)?$/,
  },
  {
    id: 'inner-h2-goaway',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-h2-goaway',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: http2: (?:server sent GOAWAY|Transport: cannot retry|client connection lost|timeout awaiting response headers)/,
  },
  {
    id: 'inner-headers-too-big',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-headers-too-big',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: net\/http: server response headers exceeded \d+ bytes; aborted/,
  },
  {
    id: 'inner-nohost',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-nohost',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: http: no Host in request URL/,
  },
  {
    id: 'inner-emfile',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-emfile',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: (?:dial tcp|socket): .*too many open files/,
  },
  {
    id: 'inner-addrnotavail',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-addrnotavail',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: dial tcp \S+: connect: cannot assign requested address/,
  },
  {
    id: 'inner-ctx-deadline',
    kind: 'proxy-inner',
    signal: 'cloudflared.inner-ctx-deadline',
    message: '(carrier line, see carrier-*)',
    error:
      /Unable to reach the origin service\. The service may be down or it may not be responding to traffic from cloudflared: context deadline exceeded/,
  },
  {
    id: 'ended-abruptly',
    kind: 'proxy-inner',
    signal: 'cloudflared.ended-abruptly',
    message: '(carrier line, see carrier-*)',
    error: /^Incoming request ended abruptly: context canceled/,
  },
  {
    id: 'ctx-canceled',
    kind: 'proxy-inner',
    signal: 'cloudflared.ctx-canceled',
    message: '(carrier line, see carrier-*)',
    error: /^context canceled$/,
  },
  {
    id: 'stream-canceled',
    kind: 'proxy-inner',
    signal: 'cloudflared.stream-canceled',
    message: '(carrier line, see carrier-*)',
    error: /^(?:Error writing response header: )?stream \d+ canceled (?:by remote )?with error code 0/,
  },
  {
    id: 'h2-stream-closed',
    kind: 'proxy-inner',
    signal: 'cloudflared.h2-stream-closed',
    message: '(carrier line, see carrier-*)',
    error: /^http2: stream closed$/,
  },
  {
    id: 'unexpected-eof',
    kind: 'proxy-inner',
    signal: 'cloudflared.unexpected-eof',
    message: '(carrier line, see carrier-*)',
    error: /^unexpected EOF/,
  },
  {
    id: 'midbody-reset',
    kind: 'proxy-inner',
    signal: 'cloudflared.midbody-reset',
    message: '(carrier line, see carrier-*)',
    error: /^read tcp \S+->\S+: read: connection reset by peer/,
  },
  {
    id: 'tcp-service',
    kind: 'proxy-inner',
    signal: 'cloudflared.tcp-service',
    message: '(carrier line, see carrier-*)',
    error: /^dial tcp (\S+): (.+)/,
  },
  {
    id: 'filtered',
    kind: 'proxy-inner',
    signal: 'cloudflared.filtered',
    message: '(carrier line, see carrier-*)',
    error: /^request filtered by middleware handler \((\w+)\) due to: (.+)/,
  },
  {
    id: 'flow-limit',
    kind: 'proxy-inner',
    signal: 'cloudflared.flow-limit',
    message: '(carrier line, see carrier-*)',
    error: /^failed to start tcp flow due to rate limiting: .*/,
  },
  {
    id: 'edge-lost-idle',
    kind: 'edge',
    signal: 'cloudflared.edge-lost-idle',
    message: 'Failed to serve quic connection',
    error: /(failed to accept QUIC stream: )?timeout: no recent network activity/,
  },
  {
    id: 'edge-lost-idle2',
    kind: 'edge',
    signal: 'cloudflared.edge-lost-idle2',
    message: 'failed to accept incoming stream requests',
    error: /failed to accept QUIC stream: timeout: no recent network activity/,
  },
  {
    id: 'edge-lost-dgram',
    kind: 'edge',
    signal: 'cloudflared.edge-lost-dgram',
    message: 'failed to run the datagram handler',
    error: /timeout: no recent network activity/,
  },
  {
    id: 'edge-control-fail',
    kind: 'edge',
    signal: 'cloudflared.edge-control-fail',
    message: 'failed to serve the control stream',
    error: /.+/,
  },
  {
    id: 'edge-quic-refused',
    kind: 'edge',
    signal: 'cloudflared.edge-quic-refused',
    message:
      'failed to run the datagram handler (context canceled) + failed to serve tunnel connection + Serve tunnel error, with no shutdown line before and no Registered line for that connIndex between',
    error: /control stream encountered a failure while serving/,
  },
  {
    id: 'edge-lost-wrap',
    kind: 'edge',
    signal: 'cloudflared.edge-lost-wrap',
    message: 'failed to serve tunnel connection | Serve tunnel error | Connection terminated',
    error: /(accept stream listener|control stream|datagram manager) encountered a failure while serving/,
  },
  { id: 'edge-serve', kind: 'edge', signal: 'cloudflared.edge-serve', message: 'Serve tunnel error', error: /.+/ },
  {
    id: 'edge-terminated',
    kind: 'edge',
    signal: 'cloudflared.edge-terminated',
    message: 'Connection terminated',
    error: /.*/,
  },
  {
    id: 'edge-h2-lost',
    kind: 'edge',
    signal: 'cloudflared.edge-h2-lost',
    message: 'Lost connection with the edge',
    error: null,
  },
  {
    id: 'edge-h2-closed',
    kind: 'edge',
    signal: 'cloudflared.edge-h2-closed',
    message: 'Serve tunnel error | Connection terminated',
    error: /connection with edge closed/,
  },
  {
    id: 'edge-h2-control',
    kind: 'edge',
    signal: 'cloudflared.edge-h2-control',
    message: 'failed to serve incoming request | Serve tunnel error | Connection terminated',
    error: /Error shutting down control stream: (client disconnected|context canceled|rpc: connection closed)/,
  },
  {
    id: 'edge-app0',
    kind: 'edge',
    signal: 'cloudflared.edge-app0',
    message:
      'Failed to serve quic connection | Serve tunnel error | Connection terminated | failed to accept incoming stream requests | failed to run the datagram handler',
    error: /(failed to accept QUIC stream: )?Application error 0x0 \(remote\)/,
  },
  {
    id: 'edge-dial-quic',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-quic',
    message: 'Failed to dial a quic connection',
    error: /failed to dial to edge with quic: timeout: no recent network activity/,
  },
  {
    id: 'edge-dial-quic-old',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-quic-old',
    message: 'Failed to create new quic connection',
    error: /failed to dial to edge with quic: timeout: no recent network activity/,
  },
  {
    id: 'edge-dial-quic-tls',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-quic-tls',
    message: 'Failed to dial a quic connection | Failed to create new quic connection',
    error: /failed to dial to edge with quic: CRYPTO_ERROR 0x1[0-9a-f]{2}.*/,
  },
  {
    id: 'edge-dial-quic-perm',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-quic-perm',
    message: 'Failed to dial a quic connection | Failed to create new quic connection',
    error: /.*sendmsg: (operation not permitted|network is unreachable|no route to host|invalid argument).*/,
  },
  {
    id: 'edge-dial-tcp',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-tcp',
    message: 'Unable to establish connection with Cloudflare edge',
    error: /DialContext error: dial tcp \S+:7844: (i\/o timeout|connect: .+)/,
  },
  {
    id: 'edge-dial-tls',
    kind: 'edge',
    signal: 'cloudflared.edge-dial-tls',
    message: 'Unable to establish connection with Cloudflare edge',
    error: /TLS handshake with edge error: .+/,
  },
  {
    id: 'edge-dns',
    kind: 'edge',
    signal: 'cloudflared.edge-dns',
    message: 'edge discovery: error looking up Cloudflare edge IPs: the DNS query failed',
    error: /lookup _v2-origintunneld\._tcp\.argotunnel\.com.*/,
  },
  {
    id: 'edge-noaddr',
    kind: 'edge',
    signal: 'cloudflared.edge-noaddr',
    message: 'Connection terminated',
    error: /there are no free edge addresses left to resolve to/,
  },
  {
    id: 'edge-quic-hint',
    kind: 'edge',
    signal: 'cloudflared.edge-quic-hint',
    message:
      'If this log occurs persistently, and cloudflared is unable to connect to Cloudflare Network with `quic` protocol, then most likely your machine/network is getting its egress UDP to port 7844 (or others) blocked or dropped. ...',
    error: null,
  },
  {
    id: 'edge-fallback',
    kind: 'edge',
    signal: 'cloudflared.edge-fallback',
    message: 'Switching to fallback protocol http2',
    error: null,
  },
  {
    id: 'edge-retry',
    kind: 'edge',
    signal: 'cloudflared.edge-retry',
    message: 'Retrying connection in up to <duration>[ seconds]',
    error: null,
  },
  {
    id: 'edge-rpc',
    kind: 'edge',
    signal: 'cloudflared.edge-rpc',
    message: 'writing release: timeout: no recent network activity',
    error: null,
  },
  {
    id: 'edge-unauth',
    kind: 'edge',
    signal: 'cloudflared.edge-unauth',
    message: 'Register tunnel error from server side',
    error: /Unauthorized: .+/,
  },
  {
    id: 'edge-unauth-2',
    kind: 'edge',
    signal: 'cloudflared.edge-unauth-2',
    message: 'Failed to serve quic connection | failed to serve incoming request',
    error: /Unauthorized: .+/,
  },
  {
    id: 'edge-dup-2',
    kind: 'edge',
    signal: 'cloudflared.edge-dup-2',
    message: 'Failed to serve quic connection | failed to serve incoming request | Connection terminated',
    error: /already connected to this server, trying another address/,
  },
  {
    id: 'edge-register',
    kind: 'edge',
    signal: 'cloudflared.edge-register',
    message: 'Register tunnel error from server side',
    error: /.+/,
  },
  {
    id: 'edge-dup',
    kind: 'edge',
    signal: 'cloudflared.edge-dup',
    message: 'Unable to establish connection.',
    error: /already connected to this server, trying another address/,
  },
  {
    id: 'edge-init-fail',
    kind: 'edge',
    signal: 'cloudflared.edge-init-fail',
    message: 'initial tunnel connection failed',
    error: /.+/,
  },
  {
    id: 'edge-reg',
    kind: 'edge',
    signal: 'cloudflared.edge-reg',
    message: 'Registered tunnel connection',
    error: null,
  },
  {
    id: 'edge-reg-old',
    kind: 'edge',
    signal: 'cloudflared.edge-reg-old',
    message: 'Connection <uuid> registered',
    error: null,
  },
  {
    id: 'edge-unreg',
    kind: 'edge',
    signal: 'cloudflared.edge-unreg',
    message: 'Unregistered tunnel connection',
    error: null,
  },
  { id: 'proc-start', kind: 'process', signal: 'cloudflared.proc-start', message: 'Starting tunnel', error: null },
  {
    id: 'proc-version',
    kind: 'process',
    signal: 'cloudflared.proc-version',
    message: 'Version <v> [(Checksum <sha256>)]',
    error: null,
  },
  {
    id: 'proc-sigterm',
    kind: 'process',
    signal: 'cloudflared.proc-sigterm',
    message: 'Initiating graceful shutdown due to signal <signal> ...',
    error: null,
  },
  {
    id: 'proc-shutdown-err',
    kind: 'process',
    signal: 'cloudflared.proc-shutdown-err',
    message: 'Initiating shutdown',
    error: /.+/,
  },
  {
    id: 'proc-stopped',
    kind: 'process',
    signal: 'cloudflared.proc-stopped',
    message: 'Tunnel server stopped | Metrics server stopped',
    error: null,
  },
  {
    id: 'proc-couldnt',
    kind: 'process',
    signal: 'cloudflared.proc-couldnt',
    message: "Couldn't start tunnel",
    error: /.+/,
  },
  {
    id: 'proc-last-rule',
    kind: 'process',
    signal: 'cloudflared.proc-last-rule',
    message: '',
    error: /The last ingress rule must match all URLs \(i\.e\. it should not have a hostname or path filter\)/,
  },
  {
    id: 'proc-noingress',
    kind: 'process',
    signal: 'cloudflared.proc-noingress',
    message:
      'No ingress rules were defined in provided config (if any) nor from the cli, cloudflared will return 503 for all incoming HTTP requests',
    error: null,
  },
  {
    id: 'proc-config',
    kind: 'process',
    signal: 'cloudflared.proc-config',
    message: 'Updated to new configuration',
    error: null,
  },
  {
    id: 'proc-config-fail',
    kind: 'process',
    signal: 'cloudflared.proc-config-fail',
    message: 'Failed to update ingress | Failed to deserialize new configuration',
    error: /.+/,
  },
  {
    id: 'proc-metrics',
    kind: 'process',
    signal: 'cloudflared.proc-metrics',
    message: 'Starting metrics server on <addr>/metrics',
    error: null,
  },
  {
    id: 'proc-metrics-fail',
    kind: 'process',
    signal: 'cloudflared.proc-metrics-fail',
    message: 'Error opening metrics server listener',
    error: /listen tcp \S+: bind: address already in use/,
  },
  {
    id: 'proc-update',
    kind: 'process',
    signal: 'cloudflared.proc-update',
    message: 'cloudflared has been updated',
    error: null,
  },
  { id: 'proc-exit-text', kind: 'process', signal: 'cloudflared.proc-exit-text', message: '', error: /.+/ },
  {
    id: 'proc-gostack',
    kind: 'process',
    signal: 'cloudflared.proc-gostack',
    message: 'goroutine <n> [<state>]: | panic: <text> | fatal error: <text> | SIGQUIT: quit | [signal SIGSEGV: ...]',
    error: null,
  },
  {
    id: 'noise-shutdown-dgram',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-dgram',
    message: 'failed to run the datagram handler',
    error: /context canceled/,
  },
  {
    id: 'noise-shutdown-control',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-control',
    message: 'failed to serve tunnel connection | Serve tunnel error | Connection terminated',
    error: /control stream encountered a failure while serving/,
  },
  {
    id: 'noise-shutdown-quic-old',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-quic-old',
    message: 'Failed to serve quic connection',
    error: /context canceled/,
  },
  {
    id: 'noise-shutdown-local',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-local',
    message: 'Failed to serve quic connection | Serve tunnel error',
    error: /Application error 0x0 \(local\)/,
  },
  {
    id: 'noise-shutdown-nomore',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-nomore',
    message: 'no more connections active and exiting',
    error: null,
  },
  {
    id: 'noise-shutdown-terminated',
    kind: 'noise',
    signal: 'cloudflared.noise-shutdown-terminated',
    message: 'Connection terminated',
    error: /^$/,
  },
  {
    id: 'noise-icmp',
    kind: 'noise',
    signal: 'cloudflared.noise-icmp',
    message: 'icmp router terminated',
    error: /context canceled|use of closed network connection/,
  },
  {
    id: 'noise-ping-group',
    kind: 'noise',
    signal: 'cloudflared.noise-ping-group',
    message: 'The user running cloudflared process has a GID (group ID) that is not within ping_group_range. ...',
    error: /Group ID \d+ is not between ping group \d+ to \d+/,
  },
  {
    id: 'noise-icmp-off',
    kind: 'noise',
    signal: 'cloudflared.noise-icmp-off',
    message: 'ICMP proxy feature is disabled',
    error: /.+/,
  },
  {
    id: 'noise-udpbuf',
    kind: 'noise',
    signal: 'cloudflared.noise-udpbuf',
    message:
      '<yyyy/mm/dd hh:mm:ss local time> failed to sufficiently increase (receive|send) buffer size (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB). ...',
    error: null,
  },
  {
    id: 'noise-update',
    kind: 'noise',
    signal: 'cloudflared.noise-update',
    message: 'update check failed',
    error: /.+/,
  },
  {
    id: 'noise-features',
    kind: 'noise',
    signal: 'cloudflared.noise-features',
    message: 'Failed to fetch features, default to disable',
    error: /lookup cfd-features\.argotunnel\.com.*/,
  },
  {
    id: 'noise-dnsrefresh',
    kind: 'noise',
    signal: 'cloudflared.noise-dnsrefresh',
    message: 'Failed to initialize DNS local resolver | Failed to refresh DNS local resolver',
    error: /lookup region1\.v2\.argotunnel\.com.*/,
  },
  {
    id: 'noise-pkgmgr',
    kind: 'noise',
    signal: 'cloudflared.noise-pkgmgr',
    message: 'cloudflared will not automatically update if installed by a package manager.',
    error: null,
  },
  {
    id: 'noise-precheck',
    kind: 'noise',
    signal: 'cloudflared.noise-precheck',
    message:
      'rows of the CONNECTIVITY PRE-CHECKS table (they may contain the words ERROR: and FAIL at level INF); precheck; precheck complete',
    error: null,
  },
  {
    id: 'noise-ha',
    kind: 'noise',
    signal: 'cloudflared.noise-ha',
    message: 'You requested <n> HA connections but I can give you at most <m>.',
    error: null,
  },
  {
    id: 'noise-observer',
    kind: 'noise',
    signal: 'cloudflared.noise-observer',
    message: 'observer channel buffer is full',
    error: null,
  },
  {
    id: 'noise-cfgpath',
    kind: 'noise',
    signal: 'cloudflared.noise-cfgpath',
    message: 'Cannot determine default configuration path. No file [config.yml config.yaml] in [...]',
    error: null,
  },
  {
    id: 'noise-jwt-bots',
    kind: 'noise',
    signal: 'cloudflared.noise-jwt-bots',
    message: '(empty)',
    error: /request filtered by middleware handler .*/,
  },
];
