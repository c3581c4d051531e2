import type { Facts } from '../correlate/facts.ts';
import { addressInCommand, hostInCommand, isPhpFpm, serverInConfig, socketInCommand } from './commands.ts';
import type { Topic } from './web-servers.ts';

/**
 * Settings by subject, with what each web server has for it in its own words; a server without an entry has no such setting. Sources:
 * nginx.org, httpd.apache.org, caddyserver.com, doc.traefik.io, docs.haproxy.org, envoyproxy.io, varnish-cache.org, docs.litespeedtech.com,
 * Microsoft's reference of IIS and of Azure, the guides of AWS and Google Cloud. All data, one subject after the other.
 */

const twoDigits = (n: number): string => String(n).padStart(2, '0');
const clock = (seconds: number): string =>
  `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;

/** Keeps idle connections of clients (Cloudflare, cloudflared) for so many seconds. */
export const idleConnections = (seconds: number): Topic => ({
  nginx: `# http block\nkeepalive_timeout ${seconds}s;\nkeepalive_requests 10000;`,
  Apache: `# with the event MPM; prefork would hold a worker for each\nKeepAlive On\nKeepAliveTimeout ${seconds}\nMaxKeepAliveRequests 0`,
  Caddy: `# global options; 5 minutes by default\n{\n    servers {\n        timeouts {\n            idle ${seconds}s\n        }\n    }\n}`,
  Traefik: `# static configuration; 180 s by default\nentryPoints:\n  websecure:\n    transport:\n      respondingTimeouts:\n        idleTimeout: ${seconds}s`,
  HAProxy: `timeout http-keep-alive ${seconds}s`,
  Envoy: `# HttpConnectionManager; 1 hour by default\ncommon_http_protocol_options:\n  idle_timeout: ${seconds}s`,
  'AWS load balancer': `idle_timeout.timeout_seconds=${seconds}   # attribute of the load balancer; 60 by default`,
  'Google load balancer': `gcloud compute target-https-proxies update <proxy> --http-keep-alive-timeout-sec=${seconds}   # 610 by default`,
  IIS: `<limits connectionTimeout="${clock(seconds)}" />   <!-- of the site in applicationHost.config; 2 minutes by default -->`,
  Varnish: `# varnishd … -p timeout_idle=${seconds}   # 5 s by default`,
  LiteSpeed: `# WebAdmin > Server Configuration > Tuning\nKeep-Alive Timeout (secs): ${seconds}\nMax Keep-Alive Requests: 10000`,
});

/** Words of that setting. */
export const IDLE_WORDS: Topic = {
  nginx: 'keepalive_(timeout|requests)|http2_idle_timeout',
  Apache: 'KeepAlive(Timeout)?|MaxKeepAliveRequests',
  Caddy: 'timeouts|idle',
  Traefik: 'idleTimeout',
  HAProxy: 'timeout (client|http-keep-alive|http-request)',
  Envoy: 'idle_timeout',
  IIS: 'connectionTimeout',
  Varnish: 'timeout_idle',
  LiteSpeed: 'keepAliveTimeout|maxKeepAliveReq',
};

/** Asks the backend for answers that are not compressed. */
export const PLAIN_ANSWERS: Topic = {
  nginx: 'proxy_set_header Accept-Encoding "";   # fastcgi: fastcgi_param HTTP_ACCEPT_ENCODING "";',
  Apache: 'RequestHeader unset Accept-Encoding   # mod_headers',
  Caddy: (facts) =>
    `reverse_proxy ${addressInCommand(facts)} {\n    header_up -Accept-Encoding\n    transport http {\n        compression off\n    }\n}`,
  Traefik:
    'http:\n  middlewares:\n    plain:\n      headers:\n        customRequestHeaders:\n          Accept-Encoding: "identity"',
  HAProxy: 'http-request del-header Accept-Encoding',
  Envoy: 'request_headers_to_remove: [accept-encoding]   # of the route',
  Varnish: 'sub vcl_backend_fetch {\n    set bereq.http.Accept-Encoding = "identity";\n}',
};

/** Words for what compresses in the web server itself. */
export const COMPRESSION_WORDS: Topic = {
  nginx: 'gzip|brotli|gunzip',
  Apache: 'DEFLATE|BROTLI|zlib',
  Caddy: 'encode',
  Traefik: 'compress',
  HAProxy: 'compression',
  Envoy: 'compressor',
  IIS: 'httpCompression|urlCompression',
  Varnish: 'do_gzip|do_gunzip|http_gzip_support',
  LiteSpeed: 'enableGzipCompress|enableBrCompress',
};

/** Lets a stream pause for so many seconds. */
export const longStream = (seconds: number): Topic => ({
  nginx: `location /events/ {\n    proxy_read_timeout ${seconds}s;\n    proxy_buffering off;\n}`,
  Apache: (facts) => `ProxyPass /events/ http://${addressInCommand(facts)}/events/ timeout=${seconds} flushpackets=on`,
  Caddy: (facts) =>
    `reverse_proxy /events/* ${addressInCommand(facts)} {\n    flush_interval -1\n    transport http {\n        read_timeout ${seconds}s\n    }\n}`,
  HAProxy: `# a backend of its own for the stream\ntimeout server ${seconds}s`,
  Envoy: `# of the route: the first bounds the whole answer, 15 s by default\ntimeout: 0s\nidle_timeout: ${seconds}s`,
  'AWS load balancer': `idle_timeout.timeout_seconds=${seconds}   # attribute of the load balancer`,
  'Google load balancer': `gcloud compute backend-services update <backend service> --global --timeout=${seconds}s`,
  IIS: `<proxy timeout="${clock(seconds)}" />   <!-- Application Request Routing -->`,
  Varnish: `backend app { .between_bytes_timeout = ${seconds}s; }   # or return (pipe) for the stream`,
});

/** Refuses bodies larger than so many MB with 413. */
export const bodyLimit = (mb: number): Topic => ({
  nginx: `client_max_body_size ${mb}m;`,
  Apache: `LimitRequestBody ${mb * 1_048_576}`,
  Caddy: `request_body {\n    max_size ${mb}MB\n}`,
  Traefik: `http:\n  middlewares:\n    limit:\n      buffering:\n        maxRequestBodyBytes: ${mb * 1_048_576}`,
  HAProxy: `http-request deny deny_status 413 if { req.body_size gt ${mb * 1_048_576} }`,
  Envoy: `# filter envoy.filters.http.buffer\nmax_request_bytes: ${mb * 1_048_576}`,
  IIS: `<requestLimits maxAllowedContentLength="${mb * 1_048_576}" />`,
  LiteSpeed: `# WebAdmin > Server Configuration > Tuning\nMax Request Body Size (bytes): ${mb}M`,
});

const limitNoFile = (unit: string): string => `# sudo systemctl edit ${unit}\n[Service]\nLimitNOFILE=65535`;
const inCompose = '# docker-compose.yml, of the service\nulimits:\n  nofile: 65535';

/** Lets the web server open more files and connections. */
export const MORE_FILES: Topic = {
  nginx:
    '# Debian: /etc/nginx/nginx.conf, main level\nworker_rlimit_nofile 65535;\nevents { worker_connections 16384; }',
  Apache: limitNoFile('apache2'),
  Caddy: limitNoFile('caddy'),
  Traefik: inCompose,
  HAProxy: 'global\n    maxconn 20000   # HAProxy sets the files that it needs by it',
  Envoy: inCompose,
  Varnish: limitNoFile('varnish'),
  LiteSpeed: limitNoFile('lsws'),
  lighttpd: '# /etc/lighttpd/lighttpd.conf\nserver.max-fds = 16384',
};

/** Lets the web server hold more connections at a time. */
export const moreConnections = (connections: number): Topic => ({
  ...MORE_FILES,
  nginx: `# Debian: /etc/nginx/nginx.conf\nworker_processes auto;\nworker_rlimit_nofile ${connections * 2};\nevents {\n    worker_connections ${connections};\n}`,
  Apache:
    '# event MPM; MaxRequestWorkers is at most ServerLimit × ThreadsPerChild\nServerLimit 16\nThreadsPerChild 64\nMaxRequestWorkers 1024',
  HAProxy: `global\n    maxconn ${connections}\nfrontend www\n    maxconn ${connections}`,
  IIS: 'C:/Windows/System32/inetsrv/appcmd set apppool <pool> /queueLength:5000',
  Varnish: '# varnishd … -p thread_pool_max=10000   # threads of each pool, 5000 by default',
  LiteSpeed: `# WebAdmin > Server Configuration > Tuning\nMax Connections: ${connections}`,
  lighttpd: `# a connection to PHP takes a file, too\nserver.max-connections = ${connections}\nserver.max-fds = ${connections * 2}`,
});

/** A longer queue of connections in front of the web server. */
export const BACKLOG: Topic = {
  nginx: 'listen 443 ssl backlog=4096;',
  Apache: 'ListenBackLog 4096',
  Caddy: '# nothing to set: Caddy takes net.core.somaxconn as it is when it starts, so restart it',
  Traefik: '# nothing to set: Traefik takes net.core.somaxconn as it is when it starts, so restart it',
  HAProxy: 'frontend www\n    backlog 4096',
  Envoy: 'tcp_backlog_size: 4096   # of the listener',
  Varnish: '# varnishd … -p listen_depth=4096',
};

/** Reuses connections to the backend. */
export const BACKEND_POOL: Topic = {
  nginx: (facts) =>
    `upstream app {\n    server ${serverInConfig(facts)};\n    keepalive 64;\n}\n# in the location:\nproxy_pass http://app;\nproxy_http_version 1.1;\nproxy_set_header Connection "";`,
  Apache: (facts) =>
    `# kept by default, but for fcgi:// and where disablereuse=on stands\nProxyPass / http://${addressInCommand(facts)}/ enablereuse=on ttl=60`,
  Caddy: (facts) =>
    `# 32 idle ones for each backend by default\nreverse_proxy ${addressInCommand(facts)} {\n    transport http {\n        keepalive_idle_conns_per_host 256\n    }\n}`,
  Traefik:
    'http:\n  serversTransports:\n    app:\n      maxIdleConnsPerHost: 500   # 200 by default; without disableHTTP2 or a Connection header of the backend’s',
  HAProxy: 'backend app\n    http-reuse aggressive',
  Envoy: '# of the cluster: take max_requests_per_connection out, or speak HTTP/2 to the backend',
  Varnish: '# kept for 60 s by default (-p backend_idle_timeout); the backend must not answer Connection: close',
  LiteSpeed: '# WebAdmin > External App\nPersistent Connection: Yes\nConnection Keep-Alive Timeout: 60',
};

/** Reaches a backend on the same host over a socket. */
export const UNIX_SOCKET: Topic = {
  nginx: 'server unix:/run/app.sock;',
  Apache: 'ProxyPass / unix:/run/app.sock|http://localhost/',
  Caddy: 'reverse_proxy unix//run/app.sock',
  HAProxy: 'server app1 unix@/run/app.sock',
  Envoy: 'address: { pipe: { path: /run/app.sock } }',
  Varnish: 'backend app { .path = "/run/app.sock"; }',
  LiteSpeed: '# WebAdmin > External App\nAddress: uds://run/app.sock',
};

const byKind = (fpm: (socket: string) => string, http: (socket: string) => string) => (facts: Facts) =>
  (isPhpFpm(facts) ? fpm : http)(socketInCommand(facts));

/** The path of the application's socket. */
export const SOCKET_PATH: Topic = {
  nginx: byKind(
    (socket) => `fastcgi_pass unix:${socket};   # the path that listen of the pool names`,
    (socket) => `proxy_pass http://unix:${socket};   # the path on which the application listens`,
  ),
  Apache: byKind(
    (socket) => `SetHandler "proxy:unix:${socket}|fcgi://localhost"   # the path that listen of the pool names`,
    (socket) => `ProxyPass / unix:${socket}|http://localhost/   # the path on which the application listens`,
  ),
  Caddy: byKind(
    (socket) => `php_fastcgi unix/${socket}   # the path that listen of the pool names`,
    (socket) => `reverse_proxy unix/${socket}   # the path on which the application listens`,
  ),
  HAProxy: byKind(
    (socket) => `server php unix@${socket} proto fcgi   # with use-fcgi-app`,
    (socket) => `server app1 unix@${socket}`,
  ),
  Envoy: (facts) => `address: { pipe: { path: ${socketInCommand(facts)} } }`,
  Varnish: (facts) => `backend app { .path = "${socketInCommand(facts)}"; }`,
  LiteSpeed: (facts) => `# WebAdmin > External App\nAddress: uds:/${socketInCommand(facts)}`,
};

/** Words for sockets of backends. */
export const SOCKET_WORDS: Topic = {
  nginx: '_pass .*unix:|server +unix:',
  Apache: 'unix:',
  Caddy: 'unix/',
  HAProxy: 'server .*(unix@|[ /]run/)',
  Envoy: 'pipe',
  Varnish: '[.]path',
  LiteSpeed: 'uds://',
};

const ALLOWED = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/** Answers the preflights of browsers. */
export const PREFLIGHT: Topic = {
  nginx:
    'if ($request_method = OPTIONS) {\n    add_header Access-Control-Allow-Origin https://app.example.com always;\n    add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE" always;\n    add_header Access-Control-Allow-Headers "Content-Type, Authorization" always;\n    add_header Access-Control-Max-Age 600 always;\n    return 204;\n}',
  Apache:
    'Header always set Access-Control-Allow-Origin "https://app.example.com"\nHeader always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE"\nHeader always set Access-Control-Allow-Headers "Content-Type, Authorization"\nRewriteEngine On\nRewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [R=204,L]',
  Caddy:
    '@preflight method OPTIONS\nhandle @preflight {\n    header Access-Control-Allow-Origin https://app.example.com\n    header Access-Control-Allow-Methods "GET, POST, PUT, DELETE"\n    header Access-Control-Allow-Headers "Content-Type, Authorization"\n    respond 204\n}',
  Traefik: `http:\n  middlewares:\n    cors:\n      headers:\n        accessControlAllowOriginList: ["https://app.example.com"]\n        accessControlAllowMethods: [${ALLOWED.join(', ')}]\n        accessControlAllowHeaders: [Content-Type, Authorization]`,
  HAProxy:
    'http-request return status 204 hdr Access-Control-Allow-Origin https://app.example.com hdr Access-Control-Allow-Methods "GET, POST, PUT, DELETE" hdr Access-Control-Allow-Headers "Content-Type, Authorization" if METH_OPTIONS',
  Envoy:
    '# filter envoy.filters.http.cors, and of the route typed_per_filter_config\nallow_origin_string_match: [{ exact: "https://app.example.com" }]\nallow_methods: "GET, POST, PUT, DELETE"\nallow_headers: "content-type, authorization"',
  IIS: '<!-- IIS CORS module -->\n<cors enabled="true"><add origin="https://app.example.com"><allowHeaders allowAllRequestedHeaders="true" /></add></cors>',
  Varnish:
    'sub vcl_recv {\n    if (req.method == "OPTIONS") { return (synth(204)); }\n}\nsub vcl_synth {\n    set resp.http.Access-Control-Allow-Origin = "https://app.example.com";\n    set resp.http.Access-Control-Allow-Methods = "GET, POST, PUT, DELETE";\n    set resp.http.Access-Control-Allow-Headers = "Content-Type, Authorization";\n}',
};

/** Words for a switch that answers 503. */
export const MAINTENANCE_WORDS: Topic = {
  nginx: 'return 503|maintenance',
  Apache: 'R=503|maintenance',
  Caddy: '503|maintenance',
  Traefik: 'maintenance|errors',
  HAProxy: 'status 503|errorfile 503|maintenance|disabled',
  Envoy: 'direct_response|fault',
  IIS: 'statusCode="503"|maintenance',
  Varnish: 'synth[(]503|maintenance',
  LiteSpeed: 'R=503|maintenance',
};

/** Words for rules that turn people away. */
export const ACCESS_WORDS: Topic = {
  nginx: '(allow|deny|return 403)',
  Apache: 'Require |Deny from|SecRule|\\[.*F.*\\]',
  Caddy: 'remote_ip|client_ip|abort|403',
  Traefik: 'ipAllowList|ipWhiteList|basicAuth|forwardAuth',
  HAProxy: 'http-request (deny|reject|tarpit)|tcp-request .*reject',
  Envoy: 'rbac|ext_authz',
  IIS: 'ipSecurity|denyUrlSequences|requestFiltering',
  Varnish: 'synth[(]403|acl ',
  LiteSpeed: 'accessControl|deny|modsecurity',
};

/** Words for the TLS that the web server speaks to Cloudflare. */
export const TLS_WORDS: Topic = {
  nginx: 'ssl_(protocols|ciphers|reject_handshake|certificate|verify_client)|server_name|listen .*443',
  Apache: 'SSL(Engine|Protocol|CipherSuite|Certificate|VerifyClient|CACertificate)|ServerName|VirtualHost .*443',
  Caddy: 'tls|client_auth|protocols|ciphers',
  Traefik: 'tls|minVersion|cipherSuites|clientAuth|sniStrict',
  HAProxy: 'bind .*ssl|ssl-default-bind|verify required|strict-sni',
  Envoy: 'tls_minimum_protocol_version|cipher_suites|require_client_certificate|server_names',
  LiteSpeed: 'sslProtocol|ciphers|keyFile|certFile|clientVerify',
};

/** Serves a name on 443 with a certificate. */
export const TLS_SITE: Topic = {
  nginx: (facts) =>
    `server {\n  listen 443 ssl;\n  listen [::]:443 ssl;\n  server_name ${hostInCommand(facts)};\n  ssl_certificate     /etc/ssl/origin/example.com.pem;\n  ssl_certificate_key /etc/ssl/origin/example.com.key;\n  ssl_protocols TLSv1.2 TLSv1.3;\n}`,
  Apache: (facts) =>
    `<VirtualHost *:443>\n  ServerName ${hostInCommand(facts)}\n  SSLEngine on\n  SSLCertificateFile    /etc/ssl/origin/example.com.pem\n  SSLCertificateKeyFile /etc/ssl/origin/example.com.key\n</VirtualHost>`,
  Caddy: (facts) =>
    `${hostInCommand(facts)} {\n    tls /etc/ssl/origin/example.com.pem /etc/ssl/origin/example.com.key\n}`,
  Traefik:
    '# dynamic configuration, and tls: {} at the router\ntls:\n  certificates:\n    - certFile: /etc/ssl/origin/example.com.pem\n      keyFile: /etc/ssl/origin/example.com.key',
  HAProxy: '# certificate and key in one file\nbind :443 ssl crt /etc/ssl/origin/example.com.pem alpn h2,http/1.1',
  Envoy:
    '# of the listener’s filter chain\ntransport_socket:\n  name: envoy.transport_sockets.tls\n  typed_config:\n    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext\n    common_tls_context:\n      tls_certificates:\n        - certificate_chain: { filename: /etc/ssl/origin/example.com.pem }\n          private_key: { filename: /etc/ssl/origin/example.com.key }',
  IIS: (facts) =>
    `New-WebBinding -Name <site> -Protocol https -Port 443 -HostHeader ${hostInCommand(facts)} -SslFlags 1`,
  Varnish: '# Varnish speaks no TLS: hitch or HAProxy in front of it takes 443 and hands on with the PROXY protocol',
  LiteSpeed:
    '# WebAdmin > Listeners > 443 > SSL\nSecure: Yes\nPrivate Key File: /etc/ssl/origin/example.com.key\nCertificate File: /etc/ssl/origin/example.com.pem',
};

/** Limits the requests of one visitor, and answers 429. */
export const rateLimit = (zone: string | null): Topic => ({
  nginx: [
    ...(zone === null ? ['limit_req_zone $binary_remote_addr zone=perip:10m rate=10r/s;   # http block'] : []),
    `limit_req zone=${zone ?? 'perip'} burst=40 nodelay;`,
    'limit_req_status 429;',
    'limit_conn_status 429;',
  ].join('\n'),
  Traefik:
    'http:\n  middlewares:\n    perip:\n      rateLimit:\n        average: 10\n        burst: 40\n        sourceCriterion:\n          requestHeaderName: CF-Connecting-IP',
  HAProxy:
    'stick-table type ipv6 size 1m expire 1m store http_req_rate(10s)\nhttp-request track-sc0 hdr_ip(cf-connecting-ip)\nhttp-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }',
  Envoy:
    '# filter envoy.filters.http.local_ratelimit; it counts all visitors together\ntoken_bucket: { max_tokens: 1000, tokens_per_fill: 1000, fill_interval: 1s }',
  LiteSpeed:
    '# WebAdmin > Server Configuration > Security > Per Client Throttling\nDynamic Requests/Second: 10\nConnection Soft Limit: 40\n# and General Settings > Use Client IP in Header: Trusted IP Only',
});

/** Words of such limits. */
export const LIMIT_WORDS: Topic = {
  nginx: 'limit_(req|conn)|real_ip',
  Apache: 'mod_evasive|DOSPageCount|QS_|RemoteIP',
  Caddy: 'rate_limit|trusted_proxies',
  Traefik: 'rateLimit|inFlightReq|forwardedHeaders',
  HAProxy: 'stick-table|track-sc|deny_status|maxconn',
  Envoy: 'ratelimit|max_connections|xff_num_trusted_hops',
  IIS: 'dynamicIpSecurity',
  Varnish: 'vsthrottle|tarpit',
  LiteSpeed: 'perClientConnLimit|softLimit|hardLimit|useIpInProxyHeader',
};

/** Shows which modules the web server holds, and its version. */
export const MODULES: Topic = {
  nginx: 'sudo nginx -T 2>/dev/null | grep -n load_module; nginx -V 2>&1',
  Apache: 'apachectl -M; apache2 -v',
  Caddy: 'caddy list-modules --skip-standard --versions; caddy version',
  HAProxy: 'haproxy -vv | head -20; sudo grep -n lua-load /etc/haproxy/haproxy.cfg',
  Varnish: 'sudo varnishadm panic.show | head -40; varnishd -V; grep -rn import /etc/varnish',
  LiteSpeed: '/usr/local/lsws/bin/lshttpd -v',
};

/** Upgrades the web server from the distribution's packages. */
export const UPGRADE: Topic = {
  nginx: 'sudo apt-get install --only-upgrade nginx && sudo nginx -t && sudo systemctl restart nginx',
  Apache: 'sudo apt-get install --only-upgrade apache2 && sudo apachectl configtest && sudo systemctl restart apache2',
  Caddy: 'sudo apt-get install --only-upgrade caddy && sudo systemctl restart caddy',
  HAProxy:
    'sudo apt-get install --only-upgrade haproxy && sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl restart haproxy',
  Varnish: 'sudo apt-get install --only-upgrade varnish && sudo systemctl restart varnish',
  LiteSpeed: 'sudo apt-get install --only-upgrade openlitespeed; sudo systemctl restart lsws',
};

/** Keeps a core dump of the next crash. */
export const CORE_DUMP: Topic = {
  nginx: 'worker_rlimit_core 500M;\nworking_directory /var/tmp;',
  Apache: 'CoreDumpDirectory /var/tmp',
  Caddy: '# sudo systemctl edit caddy; Go writes its stacks to the journal without it\n[Service]\nLimitCORE=infinity',
  HAProxy: 'global\n    set-dumpable',
  Varnish:
    '# sudo systemctl edit varnish; the stack stands in varnishadm panic.show without it\n[Service]\nLimitCORE=infinity',
};

/** Tells the application that visitors come over HTTPS; what does it without being asked is left out. */
export const FORWARDED_PROTO: Topic = {
  nginx: 'proxy_set_header X-Forwarded-Proto $scheme;',
  Apache: 'RequestHeader set X-Forwarded-Proto "https"',
  HAProxy: 'http-request set-header X-Forwarded-Proto https if { ssl_fc }',
  Varnish: 'sub vcl_recv {\n    set req.http.X-Forwarded-Proto = "https";\n}',
};

/** Counts the requests by client and by path. */
export const WHO_ASKS: Topic = {
  nginx: byColumns('/var/log/nginx/access.log'),
  Apache: byColumns('/var/log/apache2/access.log'),
  LiteSpeed: byColumns('/usr/local/lsws/logs/access.log'),
  Varnish: byColumns('/var/log/varnish/varnishncsa.log'),
  Caddy: ['.request.client_ip', '.request.uri']
    .map(
      (field) => `sudo jq -r '${field}' /var/log/caddy/access.log | cut -d'?' -f1 | sort | uniq -c | sort -rn | head`,
    )
    .join('; '),
  Traefik: [1, 7]
    .map(
      (field) =>
        `docker logs <traefik container> 2>/dev/null | awk '{print $${field}}' | sort | uniq -c | sort -rn | head`,
    )
    .join('; '),
  HAProxy: `sudo grep -oE '[0-9a-f.:]+:[0-9]+ \\[' /var/log/haproxy.log | sed 's/:[0-9]* \\[//' | sort | uniq -c | sort -rn | head; sudo grep -oE '"[A-Z]+ [^ ?"]+' /var/log/haproxy.log | sort | uniq -c | sort -rn | head`,
};

function byColumns(log: string): string {
  return [1, 7].map((field) => `sudo awk '{print $${field}}' ${log} | sort | uniq -c | sort -rn | head`).join('; ');
}

/** Which protocol the web server speaks to its backend. */
export const BACKEND_PROTOCOL: Topic = {
  nginx:
    'proxy_pass http://…;      # HTTP\nfastcgi_pass …;           # PHP-FPM\ngrpc_pass grpc://…;       # gRPC, HTTP/2\nuwsgi_pass …;             # uWSGI’s own protocol',
  Apache:
    'ProxyPass / http://…/     # HTTP\nProxyPass / fcgi://…/     # PHP-FPM\nProxyPass / h2c://…/      # gRPC, HTTP/2\nProxyPass / uwsgi://…/    # uWSGI’s own protocol',
  Caddy:
    'reverse_proxy …           # HTTP\nphp_fastcgi …             # PHP-FPM\nreverse_proxy h2c://…     # gRPC, HTTP/2',
  Traefik: '- url: http://…    # HTTP\n- url: h2c://…     # gRPC, HTTP/2',
  HAProxy:
    'server app1 …                # HTTP\nserver app1 … proto fcgi     # PHP-FPM, with use-fcgi-app\nserver app1 … proto h2       # gRPC, HTTP/2',
  Envoy: '# of the cluster, for gRPC and HTTP/2; without it HTTP/1.1\nhttp2_protocol_options: {}',
  LiteSpeed: '# WebAdmin > External App > Type\nWeb Server (Proxy), Fast CGI App, LiteSpeed SAPI App, uWSGI App',
};

/** The resolver that names of backends are looked up at. */
export const RESOLVER: Topic = {
  nginx: 'resolver 127.0.0.11 valid=10s ipv6=off;\nresolver_timeout 5s;',
  Caddy: 'reverse_proxy {\n    dynamic a app 3000 {\n        resolvers 127.0.0.11\n    }\n}',
  HAProxy: 'resolvers docker\n    nameserver dns 127.0.0.11:53\n    hold valid 10s',
  Envoy:
    '# of the cluster\ndns_resolution_config:\n  resolvers: [{ socket_address: { address: 127.0.0.11, port_value: 53 } }]',
};

/** Words for that; servers without them ask the host's (/etc/resolv.conf). */
export const RESOLVER_WORDS: Topic = {
  nginx: 'resolver',
  Caddy: 'resolvers|dynamic',
  HAProxy: 'resolvers|nameserver',
  Envoy: 'dns_resol',
};

/** Words for where errors are logged, and at which level. */
export const LOG_WORDS: Topic = {
  nginx: 'error_log',
  Apache: 'ErrorLog|LogLevel',
  Caddy: 'log|level',
  HAProxy: '^ *log ',
  Traefik: 'log.level|log:',
  LiteSpeed: 'logLevel|errorlog',
};

/** What an access log has to hold so that it tells next time who made an error. */
export const LOG_FIELDS: Topic = {
  nginx:
    'Log $upstream_status, $upstream_header_time, $request_time and $http_cf_ray in nginx: they tell next time who made the error.',
  Apache: 'Add %D and %{CF-Ray}i to Apache’s LogFormat; its error log tells next time who made the error.',
  Caddy:
    'Switch Caddy’s access log on (log, in the site): whether a row has a size and header fields tells who made the error.',
  Traefik:
    'Switch Traefik’s access log on in JSON, with the field request_Cf-Ray kept: OriginStatus tells who made the error.',
  HAProxy:
    'Log CF-Ray in HAProxy (capture request header CF-Ray len 32); the state in its rows tells who made the error.',
  Envoy:
    'Log %RESPONSE_FLAGS%, %UPSTREAM_TRANSPORT_FAILURE_REASON% and %REQ(CF-RAY)% in Envoy: they tell who made the error.',
  Varnish: 'Keep what fails: varnishlog -A -a -w FILE -g request -q "RespStatus >= 500 or FetchError", as a service.',
  IIS: 'Log sc-substatus, sc-win32-status and the request’s CF-Ray header in IIS: they tell who made the error.',
};

/** How to see that connections no longer run out. */
export const CONNECTIONS_LEFT: Topic = {
  nginx: 'stub_status: active connections stay well below worker_processes × worker_connections.',
  Apache: 'mod_status: idle workers remain at peak.',
  HAProxy: 'echo "show info" on the stats socket: CurrConns stays well below Maxconn.',
  Varnish: 'varnishstat: MAIN.sess_queued and MAIN.threads_limited no longer rise.',
};
