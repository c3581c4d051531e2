import { APP_MESSAGES } from '../../src/formats/app/app-messages.ts';
import { GUNICORN_MESSAGES } from '../../src/formats/app/gunicorn.ts';
import { LSAPI_MESSAGES } from '../../src/formats/app/lsapi-messages.ts';
import { PHP_MESSAGES } from '../../src/formats/app/php-messages.ts';
import { UWSGI_MESSAGES } from '../../src/formats/app/uwsgi-messages.ts';
import { PROGRAM_WORDS } from '../../src/formats/client/program-words.ts';
import { DEPENDENCY_MESSAGES } from '../../src/formats/dependency/db-messages.ts';
import { CERTBOT_MESSAGES } from '../../src/formats/host/certbot.ts';
import { CONTAINER_MESSAGES } from '../../src/formats/host/container-messages.ts';
import { KERNEL_MESSAGES } from '../../src/formats/host/kernel-messages.ts';
import { UNIT_MESSAGES } from '../../src/formats/host/systemd-messages.ts';
import { WINDOWS_MESSAGES } from '../../src/formats/host/windows-messages.ts';
import { APACHE_MESSAGES } from '../../src/formats/proxy/apache-messages.ts';
import { CADDY_MESSAGES } from '../../src/formats/proxy/caddy.ts';
import { DOTNET_ERRORS } from '../../src/formats/proxy/dotnet-proxy.ts';
import { ENVOY_MESSAGES } from '../../src/formats/proxy/envoy-log.ts';
import { GO_ERRORS } from '../../src/formats/proxy/go-errors.ts';
import { HAPROXY_MESSAGES } from '../../src/formats/proxy/haproxy.ts';
import { LIGHTTPD_MESSAGES } from '../../src/formats/proxy/lighttpd.ts';
import { LINKERD_ERRORS } from '../../src/formats/proxy/linkerd.ts';
import { LITESPEED_MESSAGES } from '../../src/formats/proxy/litespeed.ts';
import { MOD_JK_MESSAGES } from '../../src/formats/proxy/mod-jk.ts';
import { NGINX_MESSAGES } from '../../src/formats/proxy/nginx-messages.ts';
import { SQUID_MESSAGES } from '../../src/formats/proxy/squid.ts';
import { TRAEFIK_MESSAGES } from '../../src/formats/proxy/traefik.ts';
import { FETCH_ERRORS, HEALTH, VARNISHD_MESSAGES } from '../../src/formats/proxy/varnish-messages.ts';
import { CLOUDFLARED_MESSAGES } from '../../src/formats/tunnel/cloudflared-messages.ts';
import { REQUEST_ERRORS } from '../../src/formats/tunnel/request-errors.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { MESSAGE_SAMPLES as NGINX_SAMPLES } from './proxy/nginx-message-samples.ts';
import {
  MESSAGE_SAMPLES as CLOUDFLARED_SAMPLES,
  REQUEST_SAMPLES,
  type RowSample,
} from './tunnel/cloudflared-samples.ts';

/** A line as it lies in a file, for one row of a table of messages. */
export interface SampleLine {
  /** The format that must take it. */
  readonly format: string;
  readonly signal: SignalId;
  readonly line: string;
  /** Lines that stand before it, where its meaning hangs on them. */
  readonly before: readonly string[];
}

const of = (format: string, signal: SignalId, line: string, before: readonly string[] = []): SampleLine => ({
  format,
  signal,
  line,
  before,
});

/** nginx: the peer is Cloudflare, so a refused handshake is one of Cloudflare's. */
const NGINX_CONTEXT = ', client: 172.70.1.2, server: example.com, request: "GET /p HTTP/1.1", host: "example.com"';

function nginxLines(): SampleLine[] {
  return NGINX_SAMPLES.flatMap(({ row, message, phase, level = 'error' }) => {
    const signal = NGINX_MESSAGES.find(({ id }) => id === row)?.signal;
    const step = phase === undefined ? '' : ` while ${phase}`;
    const line = `2026/11/20 08:10:14 [${level}] 7#7: *3 ${message}${step}${NGINX_CONTEXT}`;
    return signal === undefined ? [] : [of('nginx-error', signal, line)];
  });
}

/** What stands before the message of an event of Windows. */
const WINDOWS_HEAD = ['Log Name:      System', 'Date:          11/20/2026 8:12:32 AM', 'Description:'];

/** A line that only cloudflared writes, before one that its libraries write alike in other programs. */
const OWN_LINE = '2023-04-13T02:21:20Z INF Version 2023.4.0';
/** Known chatter, of which no record is made. */
const NO_RECORD = 'noise-precheck';

function cloudflaredLines(): SampleLine[] {
  const lineOf = (id: string, signal: SignalId, sample: RowSample | undefined): SampleLine[] =>
    sample === undefined || id === NO_RECORD
      ? []
      : [of('cloudflared', signal, sample.line, sample.before ?? (id === 'noise-udpbuf' ? [OWN_LINE] : []))];
  return [
    ...REQUEST_ERRORS.flatMap(({ id, signal }) => lineOf(id, signal, REQUEST_SAMPLES[id])),
    ...CLOUDFLARED_MESSAGES.flatMap(({ id, signal }) => lineOf(id, signal, CLOUDFLARED_SAMPLES[id])),
  ];
}

/** A line that only uWSGI writes, before one that others may write alike. */
const UWSGI_LINE = '*** Starting uWSGI 2.0.21-debian (64bit) on [Fri Nov 20 08:12:30 2026] ***';

/** How each server that an application depends on begins a line. */
const DEPENDENCY_HEADS = {
  mongo: '{"t":{"$date":"2026-11-20T08:12:32.123+00:00"},"s":"I",  "c":"-",        "id":23016,   "ctx":"listener",',
  mysql: '2026-11-20  8:12:32 0 [ERROR] ',
  postgres: '2026-11-20 08:12:32.123 UTC [812] FATAL:  ',
  redis: '812:M 20 Nov 2026 08:12:32.123 # ',
} as const;

/** What an answer without its page tells, by its status; of Docker's lines one has the page. */
const ANSWERED: Readonly<Record<string, SignalId>> = {
  502: 'har.5xx-no-body',
  504: 'har.5xx-no-body',
  520: 'edge.520',
  521: 'edge.521',
  522: 'edge.522-connect',
  524: 'edge.524',
  525: 'edge.525',
};

/** A line for every row of every table of messages, in the order of the tables. */
export const SAMPLE_LINES: readonly SampleLine[] = [
  ...cloudflaredLines(),
  ...nginxLines(),
  // Apache 2.2 wrote neither fractions of a second nor its process.
  ...APACHE_MESSAGES.map(({ signal, sample }) =>
    of('apache-error', signal, `[Fri Nov 20 08:12:32${sample.includes(' [pid ') ? '.123456' : ''} 2026] ${sample}`),
  ),
  ...GO_ERRORS.map(({ signal, sample }) =>
    of(
      'caddy',
      signal,
      `{"level":"error","ts":1795202855.527,"logger":"http.log.error","msg":${JSON.stringify(sample)},"duration":0.002,"status":502}`,
    ),
  ),
  ...CADDY_MESSAGES.map(({ signal, sample }) => of('caddy', signal, `{${sample}}`)),
  ...TRAEFIK_MESSAGES.map(({ signal, sample }) => of('traefik', signal, `time="2026-11-20T08:12:32Z" ${sample}`)),
  ...HAPROXY_MESSAGES.map(({ signal, sample }) =>
    of('haproxy', signal, sample.startsWith('[') ? sample : `Nov 20 08:12:32 web01 haproxy[812]: ${sample}`),
  ),
  ...DOTNET_ERRORS.map(({ signal, sample }) =>
    of(
      'dotnet-proxy',
      signal,
      `[08:12:32 WRN] message: Error making http request, exception: System.Net.Http.HttpRequestException: An error occurred. ${sample}`,
    ),
  ),
  ...MOD_JK_MESSAGES.map(({ signal, sample }) =>
    of(
      'mod-jk',
      signal,
      `[Fri Nov 20 08:12:32.123 2026] [812:139] [error] ajp_service::jk_ajp_common.c (2796): (worker1) ${sample}`,
    ),
  ),
  ...SQUID_MESSAGES.map(({ signal, sample }) => of('squid', signal, `2026/11/20 08:12:32| ${sample}`)),
  ...LIGHTTPD_MESSAGES.map(({ signal, sample }) =>
    of('lighttpd', signal, `2026-11-20 08:12:32: (gw_backend.c.290) ${sample}`),
  ),
  ...LITESPEED_MESSAGES.map(({ signal, sample }) =>
    of('litespeed', signal, `2026-11-20 08:12:32.113201 [ERROR] [2211] [T0] ${sample}`),
  ),
  ...LSAPI_MESSAGES.map(({ signal, sample }) =>
    of('litespeed', signal, `2026-11-20 08:12:32.318 [STDERR] [UID:1000][812] ${sample}`),
  ),
  ...FETCH_ERRORS.map(({ signal, sample }) => of('varnish', signal, `     32786 FetchError     b ${sample}`)),
  ...HEALTH.map(({ signal, sample }) => of('varnish', signal, `         0 Backend_health - ${sample}`)),
  ...VARNISHD_MESSAGES.map(({ signal, sample }) => of('varnish', signal, sample)),
  ...PHP_MESSAGES.map(({ from, signal, sample }) =>
    from === 'fpm'
      ? of('php-fpm', signal, `[20-Nov-2026 08:12:32] WARNING: ${sample}`)
      : of('php-error', signal, `[20-Nov-2026 08:12:32 UTC] ${sample}`),
  ),
  ...GUNICORN_MESSAGES.map(({ signal, sample }) =>
    of('gunicorn', signal, `[2026-11-20 08:12:32 +0000] [6408] [ERROR] ${sample}`),
  ),
  ...ENVOY_MESSAGES.map(({ signal, sample }) =>
    of('envoy-log', signal, `[2026-11-20 08:10:14.123][7][info][main] [source/server/server.cc:1] ${sample}`),
  ),
  ...LINKERD_ERRORS.map(({ signal, sample }) =>
    of(
      'linkerd',
      signal,
      `[    10.296293s]  INFO ThreadId(01) inbound:server{port=8000}: linkerd_app_core::errors::respond: HTTP/1.1 request failed error=${sample} error.sources=[${sample}]`,
    ),
  ),
  ...UWSGI_MESSAGES.map(({ signal, sample, certain }) => of('uwsgi', signal, sample, certain ? [] : [UWSGI_LINE])),
  ...APP_MESSAGES.map(({ signal, sample, pattern, certain }) =>
    of('app', signal, certain && pattern.source.startsWith('^') ? sample : `2026-11-20T08:12:32.123Z ERROR ${sample}`),
  ),
  ...DEPENDENCY_MESSAGES.map(({ of: server, signal, sample }) =>
    of('db', signal, `${DEPENDENCY_HEADS[server]}${sample}`),
  ),
  ...UNIT_MESSAGES.map(({ signal, sample }) =>
    of('journal', signal, `Nov 20 08:12:32 web01 systemd[1]: shop.service: ${sample}`),
  ),
  ...WINDOWS_MESSAGES.map(({ signal, sample }) => of('windows-events', signal, sample, WINDOWS_HEAD)),
  ...CONTAINER_MESSAGES.map(({ signal, sample }) => {
    const space = sample.indexOf(' ');
    const line = sample.startsWith('"')
      ? `E1120 08:12:32.123456     812 kubelet.go:2467] ${sample}`
      : `2m11s   Warning   ${sample.slice(0, space)}   pod/web-7d9c5b6f4-x2x9q   ${sample.slice(space + 1)}`;
    return of('containers', signal, line);
  }),
  ...KERNEL_MESSAGES.map(({ signal, sample }) => of('kernel', signal, `Nov 20 08:12:32 web01 kernel: ${sample}`)),
  ...PROGRAM_WORDS.flatMap(({ sample }) => {
    const signal = sample.includes('<center>cloudflare<')
      ? 'har.blank-edge'
      : ANSWERED[/\b5\d\d\b/.exec(sample)?.[0] ?? ''];
    return signal === undefined ? [] : [of('program-words', signal, sample)];
  }),
  ...CERTBOT_MESSAGES.map(({ signal, sample }) =>
    of('changes', signal, `2026-11-20 16:23:20,001:INFO:certbot.compat.misc:${sample}`),
  ),
];
