import type { Cause } from './cause.ts';
import { edgeColoIncident } from './edge/edge-colo-incident.ts';
import { edgeInternalError } from './edge/edge-internal-error.ts';
import { wafBlock } from './edge/waf-block.ts';
import { workerException } from './edge/worker-exception.ts';
import { workerLimits } from './edge/worker-limits.ts';
import { networkLoss } from './network/network-loss.ts';
import { originUnreachable } from './network/origin-unreachable.ts';
import { clientAbort } from './none/client-abort.ts';
import { earlyHints504 } from './none/early-hints-504.ts';
import { noise } from './none/noise.ts';
import { accessPolicyDenied } from './origin/access-policy-denied.ts';
import { appAllDown } from './origin/app-all-down.ts';
import { appBacklogFull } from './origin/app-backlog-full.ts';
import { appBadCompression } from './origin/app-bad-compression.ts';
import { appClosedEarly } from './origin/app-closed-early.ts';
import { appConnectTimeout } from './origin/app-connect-timeout.ts';
import { appCrash } from './origin/app-crash.ts';
import { appCutBody } from './origin/app-cut-body.ts';
import { appDns } from './origin/app-dns.ts';
import { appDown } from './origin/app-down.ts';
import { appErrorResponse } from './origin/app-error-response.ts';
import { appHeaderTooBig } from './origin/app-header-too-big.ts';
import { appInvalidResponse } from './origin/app-invalid-response.ts';
import { appKeepaliveRace } from './origin/app-keepalive-race.ts';
import { appLocalhostIpv6 } from './origin/app-localhost-ipv6.ts';
import { appRequestTooBig } from './origin/app-request-too-big.ts';
import { appReset } from './origin/app-reset.ts';
import { appRestart } from './origin/app-restart.ts';
import { appSchemeMismatch } from './origin/app-scheme-mismatch.ts';
import { appSocketDenied } from './origin/app-socket-denied.ts';
import { appSocketMissing } from './origin/app-socket-missing.ts';
import { appStaleAddress } from './origin/app-stale-address.ts';
import { appTimeout } from './origin/app-timeout.ts';
import { appTlsCert } from './origin/app-tls-cert.ts';
import { appTlsHandshake } from './origin/app-tls-handshake.ts';
import { appUnreachable } from './origin/app-unreachable.ts';
import { appWorkerTimeout } from './origin/app-worker-timeout.ts';
import { cacheUnreachable } from './origin/cache-unreachable.ts';
import { corsPreflight } from './origin/cors-preflight.ts';
import { dbTooManyConnections } from './origin/db-too-many-connections.ts';
import { dbUnreachable } from './origin/db-unreachable.ts';
import { diskFull } from './origin/disk-full.ts';
import { fileDescriptorsExhausted } from './origin/file-descriptors-exhausted.ts';
import { firewallBlocksCloudflare } from './origin/firewall-blocks-cloudflare.ts';
import { hostNetworkLimits } from './origin/host-network-limits.ts';
import { hostOutOfMemory } from './origin/host-out-of-memory.ts';
import { httpDependency } from './origin/http-dependency.ts';
import { localPortsExhausted } from './origin/local-ports-exhausted.ts';
import { maintenance } from './origin/maintenance.ts';
import { originAccessRule } from './origin/origin-access-rule.ts';
import { originDnsWrong } from './origin/origin-dns-wrong.ts';
import { originEmptyReply } from './origin/origin-empty-reply.ts';
import { originErrorResponse } from './origin/origin-error-response.ts';
import { originH2Broken } from './origin/origin-h2-broken.ts';
import { originHeadersTooLarge } from './origin/origin-headers-too-large.ts';
import { originKeepaliveRace } from './origin/origin-keepalive-race.ts';
import { originOverload } from './origin/origin-overload.ts';
import { originReadTimeout } from './origin/origin-read-timeout.ts';
import { originTlsCert } from './origin/origin-tls-cert.ts';
import { originTlsHandshake } from './origin/origin-tls-handshake.ts';
import { originWrongPort } from './origin/origin-wrong-port.ts';
import { phpExecutionTime } from './origin/php-execution-time.ts';
import { phpFatal } from './origin/php-fatal.ts';
import { phpFpmConfigError } from './origin/php-fpm-config-error.ts';
import { phpFpmCrash } from './origin/php-fpm-crash.ts';
import { phpFpmMaxChildren } from './origin/php-fpm-max-children.ts';
import { phpFpmRequestTimeout } from './origin/php-fpm-request-timeout.ts';
import { phpFpmSpawnSlow } from './origin/php-fpm-spawn-slow.ts';
import { phpMemoryLimit } from './origin/php-memory-limit.ts';
import { phpPluginFault } from './origin/php-plugin-fault.ts';
import { phpSlowScript } from './origin/php-slow-script.ts';
import { tunnelServiceRestart } from './origin/tunnel-service-restart.ts';
import { webServerConfigError } from './origin/web-server-config-error.ts';
import { webServerConnectionsExhausted } from './origin/web-server-connections-exhausted.ts';
import { webServerCrash } from './origin/web-server-crash.ts';
import { webServerDown } from './origin/web-server-down.ts';
import { webServerRateLimit } from './origin/web-server-rate-limit.ts';
import { webServerRestart } from './origin/web-server-restart.ts';
import { tunnelConfigError } from './tunnel/tunnel-config-error.ts';
import { tunnelCrash } from './tunnel/tunnel-crash.ts';
import { tunnelDisconnected } from './tunnel/tunnel-disconnected.ts';
import { tunnelEdgeBlocked } from './tunnel/tunnel-edge-blocked.ts';
import { tunnelHostLimits } from './tunnel/tunnel-host-limits.ts';
import { tunnelSchemeMismatch } from './tunnel/tunnel-scheme-mismatch.ts';
import { tunnelServiceCert } from './tunnel/tunnel-service-cert.ts';
import { tunnelServiceClosed } from './tunnel/tunnel-service-closed.ts';
import { tunnelServiceRefused } from './tunnel/tunnel-service-refused.ts';
import { tunnelServiceTimeout } from './tunnel/tunnel-service-timeout.ts';
import { tunnelServiceTls } from './tunnel/tunnel-service-tls.ts';
import { tunnelServiceUnreachable } from './tunnel/tunnel-service-unreachable.ts';
import { tunnelStopped } from './tunnel/tunnel-stopped.ts';
import { tunnelWrongPort } from './tunnel/tunnel-wrong-port.ts';

/** The catalogue: every cause there is, by place. */
export const CAUSES: readonly Cause[] = [
  accessPolicyDenied,
  appAllDown,
  appBacklogFull,
  appBadCompression,
  appClosedEarly,
  appConnectTimeout,
  appCrash,
  appCutBody,
  appDns,
  appDown,
  appErrorResponse,
  appHeaderTooBig,
  appInvalidResponse,
  appKeepaliveRace,
  appLocalhostIpv6,
  appRequestTooBig,
  appReset,
  appRestart,
  appSchemeMismatch,
  appSocketDenied,
  appSocketMissing,
  appStaleAddress,
  appTimeout,
  appTlsCert,
  appTlsHandshake,
  appUnreachable,
  appWorkerTimeout,
  cacheUnreachable,
  corsPreflight,
  dbTooManyConnections,
  dbUnreachable,
  diskFull,
  fileDescriptorsExhausted,
  firewallBlocksCloudflare,
  hostNetworkLimits,
  hostOutOfMemory,
  httpDependency,
  localPortsExhausted,
  maintenance,
  originAccessRule,
  originDnsWrong,
  originEmptyReply,
  originErrorResponse,
  originH2Broken,
  originHeadersTooLarge,
  originKeepaliveRace,
  originOverload,
  originReadTimeout,
  originTlsCert,
  originTlsHandshake,
  originWrongPort,
  phpExecutionTime,
  phpFatal,
  phpFpmConfigError,
  phpFpmCrash,
  phpFpmMaxChildren,
  phpFpmRequestTimeout,
  phpFpmSpawnSlow,
  phpMemoryLimit,
  phpPluginFault,
  phpSlowScript,
  tunnelServiceRestart,
  webServerConfigError,
  webServerConnectionsExhausted,
  webServerCrash,
  webServerDown,
  webServerRateLimit,
  webServerRestart,
  networkLoss,
  originUnreachable,
  tunnelConfigError,
  tunnelCrash,
  tunnelDisconnected,
  tunnelEdgeBlocked,
  tunnelHostLimits,
  tunnelSchemeMismatch,
  tunnelServiceCert,
  tunnelServiceClosed,
  tunnelServiceRefused,
  tunnelServiceTimeout,
  tunnelServiceTls,
  tunnelServiceUnreachable,
  tunnelStopped,
  tunnelWrongPort,
  edgeColoIncident,
  edgeInternalError,
  wafBlock,
  workerException,
  workerLimits,
  clientAbort,
  earlyHints504,
  noise,
];
