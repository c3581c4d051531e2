import type { Facts } from '../correlate/facts.ts';
import type { Text } from './cause.ts';
import { addressInCommand, hostInCommand, isPhpFpm, portInCommand, serverInConfig, tunnelService } from './commands.ts';
import { FLY, HEROKU, WINDOWS } from './runtimes.ts';

/**
 * What differs from web server to web server in texts, commands and configurations. Where a server has no such thing the text is
 * empty, and what is built on it is left out. A table, and as long as there are servers.
 */
interface Manual {
  /** Where its errors are logged, as Debian or its image has it. */
  readonly log: string;
  /** Copies what it logged of the errors. */
  readonly fetchErrors: string;
  /** Copies its access log. */
  readonly fetchAccess: string;
  /** Tests its configuration. */
  readonly test: string;
  readonly unit: string;
  /** Puts a changed configuration in force, where it passes the test. */
  readonly reload: string;
  /** Shows the backends of its configuration. */
  readonly backends: string;
  /** Shows the lines of its configuration that match a pattern (of `grep -E`); empty where there is no file to look into. */
  readonly search: (pattern: string) => string;
  /** Its processes, as `pgrep` and `ps` take them; empty where they are on no host of one's own. */
  readonly process: string;
  /** The paths of the requests with this status, most frequent first. */
  readonly paths: (status: number) => string;
  /** How long the backend may take for its answer, in seconds. */
  readonly readTimeout: (seconds: number, facts: Facts) => string;
  /** Gives up early on a backend that takes no connection, and tries another. */
  readonly nextBackend: Text;
  readonly twoBackends: Text;
  /** Keeps idle connections to the backend for a shorter time than the backend does. */
  readonly shortIdle: Text;
  /** Sends a name in the TLS handshake with the backend. */
  readonly tlsName: Text;
  /** Trusts the issuer of the backend's certificate. */
  readonly tlsTrust: Text;
  /** Speaks plain HTTP to the backend. */
  readonly plainHttp: Text;
  /** Takes larger headers from the backend. */
  readonly largeHeaders: Text;
  /** Follows the backend's name to its present address. */
  readonly followName: Text;
  /** Takes the visitor's address from Cloudflare's header where it comes from these ranges (words of a shell); absent where it is set otherwise. */
  readonly realIp?: (ranges: string) => string;
}

const mostFrequent = 'sort | uniq -c | sort -rn | head';
const combined = (log: string) => (status: number) => `sudo awk '$9==${status} {print $7}' ${log} | ${mostFrequent}`;

const nginx: Manual = {
  log: '/var/log/nginx/error.log',
  fetchErrors: 'sudo zcat -f /var/log/nginx/error.log.1 /var/log/nginx/error.log > web-server-error.log',
  fetchAccess: 'sudo zcat -f /var/log/nginx/access.log.1 /var/log/nginx/access.log > web-server-access.log',
  test: 'sudo nginx -t',
  unit: 'nginx',
  reload: 'sudo nginx -t && sudo systemctl reload nginx',
  search: (pattern) => `sudo nginx -T 2>/dev/null | grep -nE '${pattern}'`,
  process: 'nginx',
  backends: "sudo nginx -T 2>/dev/null | grep -nE '(proxy|fastcgi|uwsgi|grpc)_pass|server [0-9a-z]'",
  paths: combined('/var/log/nginx/access.log'),
  readTimeout: (seconds, facts) => `${isPhpFpm(facts) ? 'fastcgi_read_timeout' : 'proxy_read_timeout'} ${seconds}s;`,
  nextBackend: 'proxy_connect_timeout 3s;\nproxy_next_upstream error timeout;\nproxy_next_upstream_tries 2;',
  twoBackends:
    'upstream app {\n    server 127.0.0.1:3000 max_fails=1 fail_timeout=5s;\n    server 127.0.0.1:3001 max_fails=1 fail_timeout=5s;\n}\nproxy_next_upstream error timeout;',
  shortIdle: (facts) =>
    `upstream app {\n    server ${serverInConfig(facts)};\n    keepalive 32;\n    keepalive_timeout 4s;  # shorter than the application’s own (Node: 5 s by default)\n}`,
  tlsName: (facts) => `proxy_ssl_server_name on;\nproxy_ssl_name ${hostInCommand(facts)};`,
  tlsTrust: (facts) =>
    `proxy_ssl_trusted_certificate /etc/nginx/app-ca.pem;\nproxy_ssl_verify_depth 2;\nproxy_ssl_server_name on;\nproxy_ssl_name ${hostInCommand(facts)};`,
  plainHttp: (facts) =>
    `proxy_pass http://${addressInCommand(facts)};   # plain port\n# or the application’s TLS port with https://`,
  largeHeaders: (facts) => {
    const prefix = isPhpFpm(facts) ? 'fastcgi' : 'proxy';
    return `# the busy size must fit between one buffer and all but one of them\n${prefix}_buffer_size 32k;\n${prefix}_buffers 8 32k;\n${prefix}_busy_buffers_size 64k;`;
  },
  followName: (facts) =>
    `resolver 127.0.0.11 valid=10s ipv6=off;   # Docker; elsewhere the host’s resolver\nlocation / {\n    set $app http://app:${portInCommand(facts)};\n    proxy_pass $app;\n}`,
  realIp: (ranges) =>
    `{ for r in ${ranges}; do echo "set_real_ip_from $r;"; done; echo 'real_ip_header CF-Connecting-IP;'; } | sudo tee /etc/nginx/conf.d/cloudflare-realip.conf && sudo nginx -t && sudo systemctl reload nginx`,
};

const apache: Manual = {
  log: '/var/log/apache2/error.log',
  fetchErrors: 'sudo zcat -f /var/log/apache2/error.log.1 /var/log/apache2/error.log > web-server-error.log',
  fetchAccess: 'sudo zcat -f /var/log/apache2/access.log.1 /var/log/apache2/access.log > web-server-access.log',
  test: 'sudo apachectl configtest',
  unit: 'apache2',
  reload: 'sudo apachectl configtest && sudo systemctl reload apache2',
  search: (pattern) => `sudo grep -rnE '${pattern}' /etc/apache2/*-enabled /etc/apache2/*.conf`,
  process: 'apache2',
  backends: "sudo grep -rnE 'ProxyPass|BalancerMember|proxy:(unix|fcgi|http)' /etc/apache2/*-enabled",
  paths: combined('/var/log/apache2/access.log'),
  readTimeout: (seconds) => `ProxyTimeout ${seconds}`,
  nextBackend: (facts) => `ProxyPass / http://${addressInCommand(facts)}/ connectiontimeout=3 retry=5`,
  twoBackends:
    '<Proxy balancer://app>\n    BalancerMember http://127.0.0.1:3000 retry=5\n    BalancerMember http://127.0.0.1:3001 retry=5\n</Proxy>\nProxyPass / balancer://app/',
  shortIdle: (facts) => `ProxyPass / http://${addressInCommand(facts)}/ ttl=4   # seconds; Node: 5 by default`,
  tlsName: 'ProxyPreserveHost On   # the name that is sent is then the visitor’s host',
  tlsTrust: 'SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyCACertificateFile /etc/apache2/app-ca.pem',
  plainHttp: (facts) => `ProxyPass / http://${addressInCommand(facts)}/`,
  largeHeaders: (facts) => `ProxyPass / http://${addressInCommand(facts)}/ responsefieldsize=32768`,
  followName: (facts) => `ProxyPass / http://app:${portInCommand(facts)}/ disablereuse=on`,
  realIp: (ranges) =>
    `{ echo 'RemoteIPHeader CF-Connecting-IP'; for r in ${ranges}; do echo "RemoteIPTrustedProxy $r"; done; } | sudo tee /etc/apache2/conf-available/cloudflare-realip.conf && sudo a2enmod remoteip && sudo a2enconf cloudflare-realip && sudo apachectl configtest && sudo systemctl reload apache2`,
};

const inCaddy = (facts: Facts, ...options: readonly string[]): string =>
  `reverse_proxy ${addressInCommand(facts)} {\n    transport http {\n${options.map((option) => `        ${option}\n`).join('')}    }\n}`;

const caddy: Manual = {
  log: '<log file of Caddy>',
  fetchErrors: 'journalctl -u caddy -o cat --since today > web-server-error.log',
  fetchAccess: 'sudo cat /var/log/caddy/access.log > web-server-access.log',
  test: 'sudo caddy validate --config /etc/caddy/Caddyfile',
  unit: 'caddy',
  reload: 'sudo caddy validate --config /etc/caddy/Caddyfile && sudo systemctl reload caddy',
  search: (pattern) => `grep -nE '${pattern}' /etc/caddy/Caddyfile`,
  process: 'caddy',
  backends: "grep -nE 'reverse_proxy|php_fastcgi|dynamic' /etc/caddy/Caddyfile",
  paths: (status) =>
    `sudo jq -r 'select(.status == ${status}) | .request.uri' /var/log/caddy/access.log | cut -d'?' -f1 | ${mostFrequent}`,
  readTimeout: (seconds, facts) => inCaddy(facts, `response_header_timeout ${seconds}s`),
  nextBackend: (facts) =>
    `reverse_proxy ${addressInCommand(facts)} 127.0.0.1:3001 {\n    lb_try_duration 5s\n    transport http {\n        dial_timeout 3s\n    }\n}`,
  twoBackends:
    'reverse_proxy 127.0.0.1:3000 127.0.0.1:3001 {\n    lb_try_duration 5s\n    fail_duration 5s\n    health_uri /\n}',
  shortIdle: (facts) => inCaddy(facts, 'keepalive 4s   # shorter than the application’s own (Node: 5 s by default)'),
  tlsName: (facts) => inCaddy(facts, 'tls', `tls_server_name ${hostInCommand(facts)}`),
  tlsTrust: (facts) =>
    inCaddy(facts, 'tls_trust_pool file /etc/caddy/app-ca.pem', `tls_server_name ${hostInCommand(facts)}`),
  plainHttp: (facts) => `reverse_proxy http://${addressInCommand(facts)}`,
  largeHeaders: (facts) => inCaddy(facts, 'max_response_header 2MiB'),
  followName: (facts) => `reverse_proxy {\n    dynamic a app ${portInCommand(facts)} {\n        refresh 10s\n    }\n}`,
};

const inTransport = (...options: readonly string[]): string =>
  `http:\n  serversTransports:\n    app:\n${options.map((option) => `      ${option}\n`).join('')}# and serversTransport: app at the service’s loadBalancer`;

const traefik: Manual = {
  log: '<log file of Traefik>',
  fetchErrors: 'docker logs <traefik container> > web-server-error.log 2>&1',
  fetchAccess: 'docker logs <traefik container> > web-server-access.log 2>&1',
  test: 'docker logs --tail 20 <traefik container>',
  unit: 'traefik',
  reload:
    'docker logs --since 1m <traefik container>   # Traefik takes dynamic configuration by itself, and says here what it refuses',
  search: (pattern) =>
    `docker inspect $(docker ps -q) | grep -E 'traefik\\.' | grep -nE '${pattern}'; grep -rnE '${pattern}' /etc/traefik 2>/dev/null`,
  process: 'traefik',
  backends:
    "curl -s http://127.0.0.1:8080/api/http/services | jq -c '.[] | {name, status, serverStatus, servers: .loadBalancer.servers}'",
  paths: (status) => `docker logs <traefik container> 2>/dev/null | awk '$9==${status} {print $7}' | ${mostFrequent}`,
  readTimeout: (seconds) => inTransport('forwardingTimeouts:', `  responseHeaderTimeout: ${seconds}s`),
  nextBackend: `${inTransport('forwardingTimeouts:', '  dialTimeout: 3s')}\n  middlewares:\n    again:\n      retry:\n        attempts: 2`,
  twoBackends:
    'http:\n  services:\n    app:\n      loadBalancer:\n        servers:\n          - url: http://127.0.0.1:3000\n          - url: http://127.0.0.1:3001\n        healthCheck:\n          path: /\n          interval: 5s',
  shortIdle: inTransport(
    'forwardingTimeouts:',
    '  idleConnTimeout: 4s   # shorter than the application’s own (Node: 5 s by default)',
  ),
  tlsName: (facts) => inTransport(`serverName: ${hostInCommand(facts)}`),
  tlsTrust: (facts) => inTransport(`serverName: ${hostInCommand(facts)}`, 'rootCAs:', '  - /etc/traefik/app-ca.pem'),
  plainHttp: (facts) =>
    `http:\n  services:\n    app:\n      loadBalancer:\n        servers:\n          - url: http://${addressInCommand(facts)}   # with Docker the label traefik.http.services.app.loadbalancer.server.scheme`,
  largeHeaders: '',
  followName: '',
};

const inHaproxy = (facts: Facts, options: string): string =>
  `backend app\n    server app1 ${serverInConfig(facts).replace(/^unix:/, 'unix@')} ${options}`;

const haproxy: Manual = {
  log: '/var/log/haproxy.log',
  fetchErrors: 'sudo zcat -f /var/log/haproxy.log.1 /var/log/haproxy.log > web-server-error.log',
  fetchAccess: 'sudo zcat -f /var/log/haproxy.log.1 /var/log/haproxy.log > web-server-access.log',
  test: 'sudo haproxy -c -f /etc/haproxy/haproxy.cfg',
  unit: 'haproxy',
  reload: 'sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl reload haproxy',
  search: (pattern) => `sudo grep -nE '${pattern}' /etc/haproxy/haproxy.cfg`,
  process: 'haproxy',
  backends:
    "sudo grep -nE '^(backend|listen|frontend)|^ +(server|use_backend|default_backend) ' /etc/haproxy/haproxy.cfg",
  paths: (status) =>
    `sudo grep -E '/[0-9+]+ ${status} [0-9]+ ' /var/log/haproxy.log | grep -oE '"[A-Z]+ [^ ?"]+' | ${mostFrequent}`,
  readTimeout: (seconds) => `timeout server ${seconds}s`,
  nextBackend: 'timeout connect 3s\nretries 2\noption redispatch',
  twoBackends:
    'backend app\n    option httpchk GET /\n    server app1 127.0.0.1:3000 check\n    server app2 127.0.0.1:3001 check',
  shortIdle: (facts) =>
    `${inHaproxy(facts, 'pool-purge-delay 4s')}   # shorter than the application’s own (Node: 5 s by default)`,
  tlsName: (facts) => inHaproxy(facts, `ssl sni str(${hostInCommand(facts)})`),
  tlsTrust: (facts) =>
    inHaproxy(facts, `ssl verify required ca-file /etc/haproxy/app-ca.pem sni str(${hostInCommand(facts)})`),
  plainHttp: (facts) => `${inHaproxy(facts, 'check')}   # without ssl`,
  largeHeaders: 'global\n    tune.bufsize 32768',
  followName: (facts) =>
    `resolvers docker\n    nameserver dns 127.0.0.11:53\n    hold valid 10s\nbackend app\n    server app1 app:${portInCommand(facts)} check resolvers docker init-addr last,libc,none`,
};

const envoy: Manual = {
  log: '<access log of Envoy>',
  fetchErrors: 'kubectl logs <pod> -c istio-proxy > web-server-error.log   # or docker logs <envoy container>',
  fetchAccess: 'kubectl logs <pod> -c istio-proxy > web-server-access.log   # or docker logs <envoy container>',
  test: 'envoy --mode validate -c /etc/envoy/envoy.yaml   # Istio: istioctl analyze',
  unit: 'envoy',
  reload: 'kubectl apply -f <manifest>   # Envoy without a control plane is restarted',
  search: (pattern) =>
    `curl -s http://127.0.0.1:15000/config_dump | grep -nE '${pattern}'   # port of Envoy’s admin interface`,
  process: 'envoy',
  backends:
    "curl -s http://127.0.0.1:15000/clusters | grep -E 'health_flags|cx_connect_fail|rq_error'   # port of Envoy’s admin interface",
  paths: (status) => `kubectl logs <pod> -c istio-proxy | awk '$5==${status} {print $3}' | ${mostFrequent}`,
  readTimeout: (seconds) => `route:\n  timeout: ${seconds}s   # 15 s by default; Istio: timeout in the VirtualService`,
  nextBackend: 'connect_timeout: 3s\nretry_policy:\n  retry_on: connect-failure,refused-stream\n  num_retries: 2',
  twoBackends: '',
  shortIdle:
    'common_http_protocol_options:\n  idle_timeout: 4s   # shorter than the application’s own (Node: 5 s by default)',
  tlsName: (facts) => `# UpstreamTlsContext; Istio: tls in the DestinationRule\nsni: ${hostInCommand(facts)}`,
  tlsTrust: (facts) =>
    `# UpstreamTlsContext; Istio: tls in the DestinationRule\nsni: ${hostInCommand(facts)}\ncommon_tls_context:\n  validation_context:\n    trusted_ca: { filename: /etc/envoy/app-ca.pem }`,
  plainHttp: '# take transport_socket out of the cluster; Istio: DestinationRule with tls mode DISABLE',
  largeHeaders: 'max_response_headers_kb: 96   # in the cluster’s HttpProtocolOptions; 60 by default',
  followName: 'type: STRICT_DNS\ndns_refresh_rate: 5s',
};

/** What nobody sets in a file: a service of a cloud, or a part of Windows. */
const WITHOUT_SETTINGS = {
  nextBackend: '',
  twoBackends: '',
  shortIdle: '',
  tlsName: '',
  tlsTrust: '',
  plainHttp: '',
  largeHeaders: '',
  followName: '',
} as const;

const targetHealth = 'aws elbv2 describe-target-health --target-group-arn <arn>';

const awsLoadBalancer: Manual = {
  ...WITHOUT_SETTINGS,
  search: () => '',
  process: '',
  log: '<error log on the target>',
  fetchErrors: targetHealth,
  fetchAccess: 'aws s3 cp --recursive s3://<bucket>/AWSLogs/<account>/elasticloadbalancing/ .',
  test: targetHealth,
  unit: '<unit>',
  reload: targetHealth,
  backends: targetHealth,
  paths: (status) => `zcat *.log.gz | awk '$9==${status} {print $14}' | cut -d'?' -f1 | ${mostFrequent}`,
  readTimeout: (seconds) => `idle_timeout.timeout_seconds=${seconds}   # attribute of the load balancer`,
};

const googleHealth = 'gcloud compute backend-services get-health <backend service> --global';

const googleLoadBalancer: Manual = {
  ...awsLoadBalancer,
  log: '<error log on the backend>',
  fetchErrors: googleHealth,
  fetchAccess:
    "gcloud logging read 'resource.type=http_load_balancer' --freshness=1d --format=json | jq -c '.[]' > web-server-access.log",
  test: googleHealth,
  reload: googleHealth,
  backends: googleHealth,
  paths: (status) =>
    `gcloud logging read 'resource.type=http_load_balancer AND httpRequest.status=${status}' --freshness=1d --format='value(httpRequest.requestUrl)' | cut -d'?' -f1 | ${mostFrequent}`,
  readTimeout: (seconds) => `timeoutSec: ${seconds}   # of the backend service; 30 by default`,
};

const twoDigits = (n: number): string => String(Math.floor(n)).padStart(2, '0');

const iis: Manual = {
  ...WITHOUT_SETTINGS,
  search: (pattern) => `Select-String -Path C:/inetpub/wwwroot/web.config -Pattern '${pattern}'`,
  process: 'w3wp',
  log: 'C:/Windows/System32/LogFiles/HTTPERR/httperr1.log',
  fetchErrors: 'Get-Content C:/Windows/System32/LogFiles/HTTPERR/httperr*.log > web-server-error.log',
  fetchAccess: 'Get-Content C:/inetpub/logs/LogFiles/W3SVC1/u_ex*.log > web-server-access.log',
  test: WINDOWS.state,
  unit: 'W3SVC',
  reload: WINDOWS.restart,
  backends: 'C:/Windows/System32/inetsrv/appcmd list config -section:webFarms',
  paths: (status) =>
    `Select-String -Path C:/inetpub/logs/LogFiles/W3SVC1/u_ex*.log -Pattern ' ${status} ' | ForEach-Object { ($_.Line -split ' ')[4] } | Group-Object | Sort-Object Count -Descending | Select-Object -First 10`,
  readTimeout: (seconds) =>
    `<proxy timeout="00:${twoDigits(seconds / 60)}:${twoDigits(seconds % 60)}" />   <!-- Application Request Routing -->`,
};

const azureHealth = 'az network application-gateway show-backend-health --resource-group <group> --name <gateway>';

const azureGateway: Manual = {
  ...awsLoadBalancer,
  log: '<error log on the backend>',
  fetchErrors: azureHealth,
  fetchAccess:
    'az monitor log-analytics query --workspace <id> --analytics-query AGWAccessLogs -o json > web-server-access.json',
  test: azureHealth,
  reload: azureHealth,
  backends: azureHealth,
  paths: (status) =>
    `az monitor log-analytics query --workspace <id> --analytics-query 'AGWAccessLogs | where HttpStatus == ${status} | summarize count() by RequestUri | top 10 by count_'`,
  readTimeout: (seconds) =>
    `az network application-gateway http-settings update --timeout ${seconds} --resource-group <group> --gateway-name <gateway> --name <setting>   # Front Door: az afd profile update --origin-response-timeout-seconds ${seconds}`,
};

const inVarnish = (facts: Facts, ...options: readonly string[]): string => {
  const [host = '127.0.0.1', port = '80'] = serverInConfig(facts).split(/:(?=\d+$)/);
  const lines = [`.host = "${host}";`, `.port = "${port}";`, ...options];
  return `backend app {\n${lines.map((line) => `    ${line}\n`).join('')}}`;
};

/** Sources: Varnish's reference manual (VCL, varnishd), measured with 7.1.1. It speaks no TLS. */
const varnish: Manual = {
  ...WITHOUT_SETTINGS,
  log: '<varnishlog keeps none>',
  fetchErrors: "sudo varnishlog -d -g request -q 'RespStatus >= 500 or FetchError' > web-server-error.log",
  fetchAccess: 'sudo cat /var/log/varnish/varnishncsa.log > web-server-access.log',
  test: 'sudo varnishd -C -f /etc/varnish/default.vcl > /dev/null',
  unit: 'varnish',
  reload: 'sudo systemctl reload varnish',
  search: (pattern) => `grep -rnE '${pattern}' /etc/varnish /etc/systemd/system/varnish.service.d 2>/dev/null`,
  process: 'varnishd',
  backends: 'sudo varnishadm backend.list; grep -nE "\\.(host|port|path)" /etc/varnish/default.vcl',
  paths: combined('/var/log/varnish/varnishncsa.log'),
  readTimeout: (seconds, facts) => inVarnish(facts, `.first_byte_timeout = ${seconds}s;`),
  nextBackend: (facts) =>
    `${inVarnish(facts, '.connect_timeout = 3s;')}\nsub vcl_backend_error {\n    if (bereq.retries < 1) { return (retry); }\n}`,
  twoBackends:
    'import directors;\nsub vcl_init {\n    new app = directors.round_robin();\n    app.add_backend(app1);\n    app.add_backend(app2);   # each with a .probe\n}\nsub vcl_recv {\n    set req.backend_hint = app.backend();\n}',
  shortIdle:
    '# varnishd … -p backend_idle_timeout=4   # seconds, 60 by default; shorter than the application’s own (Node: 5)',
  plainHttp: (facts) => inVarnish(facts),
  largeHeaders: '# varnishd … -p http_resp_hdr_len=32k -p http_resp_size=64k -p workspace_backend=128k',
};

/** Sources: LiteSpeed's documentation (WebAdmin console: External App, Tuning), lswsctrl. Settings are made in its console. */
const litespeed: Manual = {
  ...WITHOUT_SETTINGS,
  log: '/usr/local/lsws/logs/error.log',
  fetchErrors: 'sudo cat /usr/local/lsws/logs/error.log /usr/local/lsws/logs/stderr.log > web-server-error.log',
  fetchAccess: 'sudo cat /usr/local/lsws/logs/access.log > web-server-access.log',
  test: 'sudo /usr/local/lsws/bin/lshttpd -t',
  unit: 'lsws',
  reload: 'sudo /usr/local/lsws/bin/lswsctrl restart   # graceful',
  search: (pattern) => `sudo grep -rnE '${pattern}' /usr/local/lsws/conf`,
  process: 'lshttpd',
  backends: "sudo grep -rnE 'extprocessor|^ *address|<address>' /usr/local/lsws/conf",
  paths: combined('/usr/local/lsws/logs/access.log'),
  readTimeout: (seconds) =>
    `# WebAdmin > Server Configuration > External App > the application\nInitial Request Timeout (secs): ${seconds}`,
  nextBackend: '# External App of type Load Balancer, with two workers\nRetry Timeout (secs): 0',
  twoBackends: '# External App of type Load Balancer\nWorkers: proxy::app1, proxy::app2',
  shortIdle:
    '# External App\nConnection Keep-Alive Timeout: 4   # shorter than the application’s own (Node: 5 s by default)',
  plainHttp: (facts) => `# External App\nAddress: ${addressInCommand(facts)}   # without https://`,
};

/** Sources: lighttpd's documentation (server.max-connections, fastcgi.server, proxy.server), Debian's package. */
const lighttpd: Manual = {
  ...WITHOUT_SETTINGS,
  log: '/var/log/lighttpd/error.log',
  fetchErrors: 'sudo zcat -f /var/log/lighttpd/error.log.1 /var/log/lighttpd/error.log > web-server-error.log',
  fetchAccess: 'sudo zcat -f /var/log/lighttpd/access.log.1 /var/log/lighttpd/access.log > web-server-access.log',
  test: 'sudo lighttpd -tt -f /etc/lighttpd/lighttpd.conf',
  unit: 'lighttpd',
  reload: 'sudo lighttpd -tt -f /etc/lighttpd/lighttpd.conf && sudo systemctl reload lighttpd',
  search: (pattern) => `sudo grep -rnE '${pattern}' /etc/lighttpd`,
  process: 'lighttpd',
  backends: 'sudo grep -rnE \'(fastcgi|proxy|scgi)\\.server|"(socket|host|port)"\' /etc/lighttpd',
  paths: combined('/var/log/lighttpd/access.log'),
  readTimeout: (seconds) => `"read-timeout" => ${seconds}   # in the backend's entry of fastcgi.server or proxy.server`,
};

/** Sources: GitLab's documentation (Linux package: logs, gitlab-ctl, gitlab_workhorse settings in gitlab.rb). Its backend is Puma on the same host. */
const gitlabWorkhorse: Manual = {
  ...WITHOUT_SETTINGS,
  log: '/var/log/gitlab/gitlab-workhorse/current',
  fetchErrors: "sudo grep -h 'badgateway' /var/log/gitlab/gitlab-workhorse/current > web-server-error.log",
  fetchAccess: 'sudo cat /var/log/gitlab/gitlab-workhorse/current > web-server-access.log',
  test: 'sudo gitlab-ctl status',
  unit: 'gitlab-runsvdir',
  reload: 'sudo gitlab-ctl reconfigure',
  search: (pattern) => `sudo grep -nE '${pattern}' /etc/gitlab/gitlab.rb`,
  process: 'gitlab-workhorse',
  backends: "sudo gitlab-ctl status puma; sudo grep -nE '^ *(puma|gitlab_workhorse)' /etc/gitlab/gitlab.rb",
  paths: (status) =>
    `sudo grep -h '"status":${status},' /var/log/gitlab/gitlab-workhorse/current | grep -oE '"uri":"[^"?]*' | ${mostFrequent}`,
  readTimeout: (seconds) =>
    `# /etc/gitlab/gitlab.rb, then sudo gitlab-ctl reconfigure\ngitlab_workhorse['proxy_headers_timeout'] = "${seconds}s"`,
};

/** Its router stands before gunicorn in the same container; where it listens and how long it waits is not set by its users. */
const authentik: Manual = {
  ...WITHOUT_SETTINGS,
  log: '<log of authentik’s server>',
  fetchErrors: 'docker compose logs --no-color server > web-server-error.log',
  fetchAccess: 'docker compose logs --no-color server > web-server-access.log',
  test: 'docker compose config --quiet',
  unit: '<authentik’s server>',
  reload: 'docker compose up -d server',
  search: () => '',
  process: '',
  backends: 'docker compose ps -a; docker compose exec server ak healthcheck',
  paths: (status) =>
    `docker compose logs --no-log-prefix server | grep '"status": *${status}' | grep -oE '"event": *"[^"?]*' | ${mostFrequent}`,
  readTimeout: () => '',
};

/** A program that passes requests on with Go's library: what it is called and where its settings are the line does not tell. */
const goProxy: Manual = {
  ...WITHOUT_SETTINGS,
  log: '<log of the program>',
  fetchErrors: 'docker logs -t <container> > web-server-error.log 2>&1',
  fetchAccess: 'docker logs -t <container> > web-server-access.log 2>&1',
  test: 'docker ps -a',
  unit: '<program>',
  reload: 'docker restart <container>',
  search: () => '',
  process: '',
  backends: "docker inspect <container> --format '{{json .Config.Env}} {{json .Args}}'",
  paths: () => '',
  // It waits as long as the visitor does, unless the program sets a limit.
  readTimeout: () => '',
};

const heroku: Manual = {
  ...WITHOUT_SETTINGS,
  search: () => '',
  process: '',
  log: '<log of the application>',
  fetchErrors: `${HEROKU.log} > heroku.log`,
  fetchAccess: 'heroku logs --num 1500 --source heroku --dyno router --app <app> > web-server-access.log',
  test: HEROKU.state,
  unit: '<dyno>',
  reload: HEROKU.restart,
  backends: HEROKU.state,
  paths: (status) =>
    `heroku logs --num 1500 --dyno router --app <app> | grep 'status=${status}' | grep -oE 'path=\\S+' | cut -d'?' -f1 | ${mostFrequent}`,
  // The router gives up after 30 s, which cannot be set.
  readTimeout: () => '',
};

const flyProxy: Manual = {
  ...WITHOUT_SETTINGS,
  search: () => '',
  process: '',
  log: '<log of the application>',
  fetchErrors: `${FLY.log} > fly.log`,
  fetchAccess: `${FLY.log} > fly.log`,
  test: FLY.state,
  unit: '<machine>',
  reload: FLY.restart,
  // Port and address on which the application is asked: internal_port.
  backends: 'fly config show -a <app>',
  paths: () => '',
  readTimeout: () => '',
};

export const WEB_SERVERS = {
  nginx,
  Apache: apache,
  Caddy: caddy,
  Traefik: traefik,
  HAProxy: haproxy,
  Envoy: envoy,
  'AWS load balancer': awsLoadBalancer,
  'Google load balancer': googleLoadBalancer,
  'Azure gateway': azureGateway,
  IIS: iis,
  Varnish: varnish,
  LiteSpeed: litespeed,
  lighttpd,
  Heroku: heroku,
  'Fly Proxy': flyProxy,
  'GitLab Workhorse': gitlabWorkhorse,
  authentik,
  'Go’s reverse proxy': goProxy,
} as const satisfies Readonly<Record<string, Manual>>;

export type WebServer = keyof typeof WEB_SERVERS;

function isWebServer(name: unknown): name is WebServer {
  return typeof name === 'string' && Object.hasOwn(WEB_SERVERS, name);
}

/** By whose log format a web server is known; rows that nginx and Apache write alike tell nothing. */
const BY_FORMAT: Readonly<Record<string, WebServer>> = {
  'nginx-error': 'nginx',
  'apache-error': 'Apache',
  caddy: 'Caddy',
  'caddy-access': 'Caddy',
  traefik: 'Traefik',
  'traefik-access': 'Traefik',
  haproxy: 'HAProxy',
  envoy: 'Envoy',
  'aws-load-balancer': 'AWS load balancer',
  'google-load-balancer': 'Google load balancer',
  'azure-gateway': 'Azure gateway',
  'azure-gateway-list': 'Azure gateway',
  iis: 'IIS',
  varnish: 'Varnish',
  'varnish-requests': 'Varnish',
  litespeed: 'LiteSpeed',
  lighttpd: 'lighttpd',
  'heroku-router': 'Heroku',
  'fly-proxy': 'Fly Proxy',
};

/** The web server of which alone the lines speak, or whose log alone is there; nginx where none or several do. */
export function webServer(facts: Facts): WebServer {
  const spoken = [...facts.signals.values()];
  const speaks = (prefix: string): boolean => spoken.some(({ signal }) => signal.startsWith(prefix));
  // ModSecurity is part of several servers, and its audit log says of which.
  const isOfNginx = ({ signal }: { signal: string }): boolean =>
    signal.startsWith('nginx.') && signal !== 'nginx.modsecurity-denied';
  if (spoken.some(isOfNginx)) return 'nginx';
  const named = spoken
    .flatMap(({ signal, values }) => (/^(?:proxy|nginx)\./.test(signal) ? values.program : []))
    .find(isWebServer);
  if (named !== undefined) return named;
  const logs = new Set([...(facts.formats ?? [])].flatMap((format) => BY_FORMAT[format] ?? []));
  const [only] = logs;
  if (logs.size === 1 && only !== undefined) return only;
  // HAProxy's rows are requests and carry no values.
  if (speaks('proxy.')) return 'HAProxy';
  return speaks('apache.') ? 'Apache' : 'nginx';
}

type Subject = { readonly [K in keyof Manual]-?: Manual[K] extends Text ? K : never }[keyof Manual];

/** What the manual of the incident's web server has on a subject. */
export function ofWebServer(subject: Subject): (facts: Facts) => string {
  return (facts) => {
    const text: Text = WEB_SERVERS[webServer(facts)][subject];
    return typeof text === 'string' ? text : text(facts);
  };
}

/** Puts a changed configuration of the web server in force. */
export const reloadWebServer = ofWebServer('reload');

/** The web server's error log as Debian names it. */
export const errorLog = ofWebServer('log');

/** The paths of the requests with this status by the web server's access log. */
export function failingPaths(status: number): (facts: Facts) => string {
  return (facts) => WEB_SERVERS[webServer(facts)].paths(status);
}

/** The lines of the web server's configuration that hold these words; empty where it has no words for it, or no file. */
export function searchConfig(facts: Facts, words: Topic): string {
  const pattern = forServer(words)(facts);
  return pattern === '' ? '' : WEB_SERVERS[webServer(facts)].search(pattern);
}

/** The web server's processes, as `pgrep` takes them. */
export const serverProcess = (facts: Facts): string => WEB_SERVERS[webServer(facts)].process;

/** What each web server has on one subject (`server-topics.ts`). */
export type Topic = Readonly<Partial<Record<WebServer, Text>>>;

/** What a topic has for the incident's web server; empty where that has no such thing. */
export function forServer(topic: Topic): (facts: Facts) => string {
  return (facts) => {
    const text = topic[webServer(facts)] ?? '';
    return typeof text === 'string' ? text : text(facts);
  };
}

/** A step's text where the incident's web server has something on the topic; else empty, so that the step is left out. */
export const whereServerHas =
  (topic: Topic, text: string) =>
  (facts: Facts): string =>
    forServer(topic)(facts) === '' ? '' : text;

const SERVICES: ReadonlySet<WebServer> = new Set(['AWS load balancer', 'Google load balancer', 'Azure gateway']);

/** The web server as a sentence names it: “nginx”, “Caddy”, “the load balancer”. */
export function serverName(facts: Facts): string {
  const server = webServer(facts);
  return SERVICES.has(server) ? 'the load balancer' : server;
}

/** The same at a sentence's begin. */
export const ServerName = (facts: Facts): string => serverName(facts).replace(/^the /, 'The ');

/** How long the web server waits for its backend, as its configuration says it. */
export function readTimeout(facts: Facts, seconds: number): string {
  return WEB_SERVERS[webServer(facts)].readTimeout(seconds, facts);
}

/**
 * Has the web server take the visitor's address from Cloudflare's header, and trust that header from Cloudflare's published ranges
 * only; behind cloudflared from this host. Writes a file of its own and reloads where the check passes. Empty where it is set
 * otherwise.
 */
export function realIpCommand(facts: Facts): string {
  const ranges =
    tunnelService(facts) === null
      ? '$(curl -s https://www.cloudflare.com/ips-v4) $(curl -s https://www.cloudflare.com/ips-v6)'
      : '127.0.0.1 ::1';
  const manual: Manual = WEB_SERVERS[webServer(facts)];
  return manual.realIp?.(ranges) ?? '';
}
