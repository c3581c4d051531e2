import { app } from './app/app.ts';
import { appAccess } from './app/app-access.ts';
import { gunicorn } from './app/gunicorn.ts';
import { phpError } from './app/php-error.ts';
import { phpFpm } from './app/php-fpm.ts';
import { phpFpmAccess } from './app/php-fpm-access.ts';
import { phpFpmSlow } from './app/php-fpm-slow.ts';
import { uwsgi } from './app/uwsgi.ts';
import { browserConsole } from './client/browser-console.ts';
import { curl } from './client/curl.ts';
import { devtoolsHeaders } from './client/devtools-headers.ts';
import { dnsLookup } from './client/dns-lookup.ts';
import { errorPage } from './client/error-page.ts';
import { har } from './client/har.ts';
import { openssl } from './client/openssl.ts';
import { pageWords } from './client/page-words.ts';
import { probes } from './client/probes.ts';
import { programWords } from './client/program-words.ts';
import { uptimeKuma } from './client/uptime-kuma.ts';
import { wget } from './client/wget.ts';
import { db } from './dependency/db.ts';
import { cdnTrace } from './edge/cdn-trace.ts';
import { cloudflareCsv, cloudflareCsvWith } from './edge/cloudflare-csv.ts';
import { cloudflareEvents } from './edge/cloudflare-events.ts';
import { cloudflareFirewall } from './edge/cloudflare-firewall.ts';
import { cloudflareGraphql } from './edge/cloudflare-graphql.ts';
import { cloudflareHttp } from './edge/cloudflare-http.ts';
import { cloudflareHttpList } from './edge/cloudflare-http-list.ts';
import { cloudflareStatus } from './edge/cloudflare-status.ts';
import { cloudflareWorkers } from './edge/cloudflare-workers.ts';
import { cloudflareWorkersLogs } from './edge/cloudflare-workers-logs.ts';
import type { Format } from './format.ts';
import { changes } from './host/changes.ts';
import { containerState } from './host/container-state.ts';
import { containers } from './host/containers.ts';
import { diskUse } from './host/disk-use.ts';
import { firewallRules } from './host/firewall-rules.ts';
import { homeAssistant } from './host/home-assistant.ts';
import { hubble } from './host/hubble.ts';
import { journal } from './host/journal.ts';
import { kernel } from './host/kernel.ts';
import { kubernetesList } from './host/kubernetes-list.ts';
import { listeners } from './host/listeners.ts';
import { load } from './host/load.ts';
import { pm2List } from './host/pm2-list.ts';
import { processEnds } from './host/process-ends.ts';
import { runit } from './host/runit.ts';
import { s6 } from './host/s6.ts';
import { supervisor } from './host/supervisor.ts';
import { unitStatus } from './host/unit-status.ts';
import { windowsEvents } from './host/windows-events.ts';
import { windowsServices } from './host/windows-services.ts';
import { apacheError } from './proxy/apache-error.ts';
import { awsLoadBalancer } from './proxy/aws-load-balancer.ts';
import { azureGateway, azureGatewayList } from './proxy/azure-gateway.ts';
import { caddy } from './proxy/caddy.ts';
import { caddyAccess } from './proxy/caddy-access.ts';
import { dotnetProxy } from './proxy/dotnet-proxy.ts';
import { envoy } from './proxy/envoy.ts';
import { envoyLog } from './proxy/envoy-log.ts';
import { flyProxy } from './proxy/fly-proxy.ts';
import { googleLoadBalancer } from './proxy/google-load-balancer.ts';
import { haproxy, haproxyWith } from './proxy/haproxy.ts';
import { parseHaproxyFormat } from './proxy/haproxy-format.ts';
import { herokuRouter } from './proxy/heroku-router.ts';
import { iis } from './proxy/iis.ts';
import { iisTrace } from './proxy/iis-trace.ts';
import { innerProxy } from './proxy/inner-proxy.ts';
import { lighttpd } from './proxy/lighttpd.ts';
import { linkerd } from './proxy/linkerd.ts';
import { litespeed } from './proxy/litespeed.ts';
import { parseLogFormat } from './proxy/log-format.ts';
import { modJk } from './proxy/mod-jk.ts';
import { modsecurityAudit } from './proxy/modsecurity-audit.ts';
import { nginxAccess, nginxAccessWith } from './proxy/nginx-access.ts';
import { nginxConf } from './proxy/nginx-conf.ts';
import { nginxError } from './proxy/nginx-error.ts';
import { nodeProxy } from './proxy/node-proxy.ts';
import { sentences } from './proxy/sentences.ts';
import { apacheConf, caddyfile, haproxyConf } from './proxy/server-conf.ts';
import { squid } from './proxy/squid.ts';
import { tcpForwarders } from './proxy/tcp-forwarders.ts';
import { traefik } from './proxy/traefik.ts';
import { traefikAccess } from './proxy/traefik-access.ts';
import { varnish } from './proxy/varnish.ts';
import { varnishRequests } from './proxy/varnish-requests.ts';
import { cloudflared } from './tunnel/cloudflared.ts';
import { tunnelDiag } from './tunnel/tunnel-diag.ts';
import { tunnelInfo } from './tunnel/tunnel-info.ts';
import { tunnelJson } from './tunnel/tunnel-json.ts';
import { tunnelMetrics } from './tunnel/tunnel-metrics.ts';
import { tunnelReady } from './tunnel/tunnel-ready.ts';

/** Every format there is, in the order in which ties are broken: by hop, from the outside inwards. */
export const FORMATS: readonly Format[] = [
  cloudflareFirewall,
  cloudflareHttp,
  cloudflareCsv,
  cloudflareWorkers,
  cloudflareWorkersLogs,
  cloudflareHttpList,
  cloudflareEvents,
  cloudflareGraphql,
  cloudflareStatus,
  cdnTrace,
  curl,
  wget,
  openssl,
  dnsLookup,
  probes,
  browserConsole,
  devtoolsHeaders,
  har,
  errorPage,
  pageWords,
  programWords,
  uptimeKuma,
  // Before those whose lines they resemble: Traefik's rows are nginx's with more behind, its lines are cloudflared's with more in front.
  traefikAccess,
  traefik,
  haproxy,
  envoy,
  envoyLog,
  linkerd,
  awsLoadBalancer,
  herokuRouter,
  flyProxy,
  azureGateway,
  azureGatewayList,
  googleLoadBalancer,
  iis,
  iisTrace,
  litespeed,
  lighttpd,
  modJk,
  modsecurityAudit,
  varnishRequests,
  varnish,
  caddyAccess,
  caddy,
  innerProxy,
  nodeProxy,
  tcpForwarders,
  squid,
  dotnetProxy,
  cloudflared,
  tunnelInfo,
  tunnelJson,
  tunnelMetrics,
  tunnelReady,
  tunnelDiag,
  apacheError,
  nginxAccess,
  nginxError,
  nginxConf,
  haproxyConf,
  apacheConf,
  caddyfile,
  gunicorn,
  uwsgi,
  appAccess,
  phpError,
  phpFpmAccess,
  phpFpmSlow,
  phpFpm,
  db,
  containers,
  kubernetesList,
  containerState,
  processEnds,
  hubble,
  unitStatus,
  windowsEvents,
  windowsServices,
  firewallRules,
  supervisor,
  pm2List,
  listeners,
  diskUse,
  load,
  homeAssistant,
  s6,
  runit,
  journal,
  kernel,
  changes,
  sentences,
  app,
];

/**
 * The formats where log formats of nginx and HAProxy (`log_format`, `log-format`, as their configurations write them) and the columns
 * of a CSV without head are known.
 */
export function formatsWith(logFormats: readonly string[], csvFields: readonly string[] = []): readonly Format[] {
  const known = logFormats.flatMap((text) => parseLogFormat(text) ?? []);
  const ofHaproxy = logFormats.flatMap((text) => parseHaproxyFormat(text) ?? []);
  return FORMATS.map((format) => {
    if (format === haproxy && ofHaproxy.length > 0) return haproxyWith(ofHaproxy);
    if (format === nginxAccess && known.length > 0) return nginxAccessWith(known);
    return format === cloudflareCsv && csvFields.length > 0 ? cloudflareCsvWith(csvFields) : format;
  });
}
