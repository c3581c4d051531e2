import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../../../src/vocabulary/signals.ts';
import { MESSAGE_SAMPLES, REQUEST_SAMPLES, UNREACHABLE } from '../tunnel/cloudflared-samples.ts';
import { read, readTable, signalNamed, statusesIn, type TableRow } from './table.ts';

const ROWS = readTable('cloudflared');

/** An error of a failed request, for the lines that carry any. */
const REFUSED = `${UNREACHABLE}dial tcp 127.0.0.1:8080: connect: connection refused`;
const NO_NETWORK = 'timeout: no recent network activity';

/** Errors that the pattern of a row takes, by row. The errors of failed requests are among the samples of the format. */
const ERRORS: Readonly<Record<string, string>> = {
  'inner-reset-windows': `${UNREACHABLE}wsarecv: An existing connection was forcibly closed by the remote host.`,
  'inner-emfile': `${UNREACHABLE}dial tcp: lookup app.example.com on 192.0.2.53:53: dial udp 192.0.2.53:53: socket: too many open files`,
  'edge-lost-idle': `failed to accept QUIC stream: ${NO_NETWORK}`,
  'edge-lost-idle2': `failed to accept QUIC stream: ${NO_NETWORK}`,
  'edge-lost-dgram': NO_NETWORK,
  'edge-control-fail': 'rpc client: close',
  'edge-quic-refused': 'control stream encountered a failure while serving',
  'edge-lost-wrap': 'accept stream listener encountered a failure while serving',
  'edge-serve': 'unable to reconnect',
  'edge-terminated': 'unable to reconnect',
  'edge-h2-closed': 'connection with edge closed',
  'edge-h2-control': 'Error shutting down control stream: client disconnected',
  'edge-app0': 'failed to accept QUIC stream: Application error 0x0 (remote)',
  'edge-dial-quic': `failed to dial to edge with quic: ${NO_NETWORK}`,
  'edge-dial-quic-old': `failed to dial to edge with quic: ${NO_NETWORK}`,
  'edge-dial-quic-tls':
    'failed to dial to edge with quic: CRYPTO_ERROR 0x12a (local): tls: failed to verify certificate',
  'edge-dial-quic-perm':
    'failed to dial to edge with quic: write udp [::]:41000->198.41.192.7:7844: sendmsg: operation not permitted',
  'edge-dial-tcp': 'DialContext error: dial tcp 198.41.192.7:7844: i/o timeout',
  'edge-dial-tls': 'TLS handshake with edge error: read tcp 192.0.2.9:41000->198.41.192.7:7844: i/o timeout',
  'edge-dns': 'lookup _v2-origintunneld._tcp.argotunnel.com on 192.0.2.53:53: server misbehaving',
  'edge-noaddr': 'there are no free edge addresses left to resolve to',
  'edge-unauth': 'Unauthorized: Invalid tunnel secret',
  'edge-unauth-2': 'Unauthorized: Tunnel not found',
  'edge-dup': 'already connected to this server, trying another address',
  'edge-dup-2': 'already connected to this server, trying another address',
  'edge-register': 'Server error: try again later',
  'edge-init-fail': 'Unauthorized: Tunnel not found',
  'proc-shutdown-err': 'accept tcp 127.0.0.1:20241: use of closed network connection',
  'proc-couldnt': 'error parsing tunnel ID',
  'proc-config-fail': 'The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)',
  'proc-metrics-fail': 'listen tcp 127.0.0.1:20241: bind: address already in use',
  'noise-shutdown-dgram': 'context canceled',
  'noise-shutdown-control': 'control stream encountered a failure while serving',
  'noise-shutdown-quic-old': 'context canceled',
  'noise-shutdown-local': 'Application error 0x0 (local)',
  'noise-icmp': 'context canceled',
  'noise-ping-group': 'Group ID 65532 is not between ping group 1 to 0',
  'noise-icmp-off': 'cannot create ICMPv4 proxy: Group ID 65532 is not between ping group 1 to 0',
  'noise-update': 'Get "https://update.argotunnel.com": context deadline exceeded',
  'noise-features': 'lookup cfd-features.argotunnel.com on 192.0.2.53:53: i/o timeout',
  'noise-dnsrefresh': 'lookup region1.v2.argotunnel.com on 192.0.2.53:53: i/o timeout',
  'carrier-proxy': REFUSED,
  'carrier-quic': REFUSED,
  'carrier-http2': `Failed to proxy HTTP: ${REFUSED}`,
  'carrier-quic-old': REFUSED,
  'noise-jwt-bots': 'request filtered by middleware handler (AccessJWT) due to: no access token in request',
};

/** Whole messages, where the table's cell describes them, cuts them (`...`) or holds values (`<v>`). */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  'carrier-http2-old': [`Failed to proxy HTTP: ${REFUSED}`],
  'carrier-2021': [
    'CF-RAY: 65d1f0a1b2c3d4e5-AMS Proxying to ingress 0 error: Error proxying request to origin: dial tcp 127.0.0.1:8080: connect: connection refused',
  ],
  'carrier-2020': [
    'HTTP request error: Error proxying request to origin: dial tcp 127.0.0.1:8080: connect: connection refused',
    'HTTP request error: dial tcp 127.0.0.1:8080: connect: connection refused',
  ],
  'edge-quic-refused': ['failed to serve tunnel connection', 'Serve tunnel error'],
  'edge-quic-hint': [
    'If this log occurs persistently, and cloudflared is unable to connect to Cloudflare Network with `quic` protocol, then most likely your machine/network is getting its egress UDP to port 7844 (or others) blocked or dropped. Make sure to allow egress connectivity as per https://developers.cloudflare.com/cloudflare-one/connections/connect-apps/configuration/ports-and-ips/',
  ],
  'edge-retry': ['Retrying connection in up to 1m4s', 'Retrying connection in up to 2s seconds'],
  'edge-reg-old': ['Connection 00000000-0000-4000-8000-000000000510 registered'],
  'proc-version': [
    'Version 2026.3.0',
    'Version 2026.3.0 (Checksum 868664de8d8a2b1a8e1a4f0f6a5f6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d)',
  ],
  'proc-sigterm': ['Initiating graceful shutdown due to signal terminated ...'],
  'proc-metrics': ['Starting metrics server on 127.0.0.1:20241/metrics'],
  'proc-last-rule': ['The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)'],
  'proc-exit-text': ['Unauthorized: Tunnel not found', 'error running tunnel: Unauthorized: Tunnel not found'],
  'proc-gostack': [
    'goroutine 1 [running]:',
    'panic: runtime error: invalid memory address or nil pointer dereference',
    'fatal error: concurrent map writes',
    'SIGQUIT: quit',
    '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x8a3f21]',
  ],
  'sd-stop': [
    'Stopping cloudflared.service - Cloudflare Tunnel client...',
    'Stopped cloudflared.service - Cloudflare Tunnel client.',
  ],
  'k-oom': [
    'Out of memory: Killed process 812 (cloudflared) total-vm:1622385kB, anon-rss:1362385kB, file-rss:7027kB, shmem-rss:5213kB, UID:0 pgtables:3065kB oom_score_adj:0',
    'Memory cgroup out of memory: Killed process 812 (cloudflared) total-vm:1622385kB, anon-rss:1362385kB, file-rss:7027kB, shmem-rss:5213kB, UID:0 pgtables:3065kB oom_score_adj:0',
    'cloudflared invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
  ],
  'noise-ping-group': [
    'The user running cloudflared process has a GID (group ID) that is not within ping_group_range. You might need to add that user to a group within that range, or instead update the range to encompass a group the user is already in by modifying /proc/sys/net/ipv4/ping_group_range. Otherwise cloudflared will not be able to ping this network',
  ],
  'noise-udpbuf': [
    '2026/11/20 08:23:16 failed to sufficiently increase receive buffer size (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB). See https://github.com/quic-go/quic-go/wiki/UDP-Buffer-Sizes for details.',
  ],
  'noise-precheck': [
    '+---------------------- CONNECTIVITY PRE-CHECKS ----------------------+',
    'precheck component="UDP Connectivity" details="QUIC connection failed" status=FAIL',
    'precheck complete',
  ],
  'noise-ha': ['You requested 8 HA connections but I can give you at most 4.'],
  'noise-cfgpath': [
    'Cannot determine default configuration path. No file [config.yml config.yaml] in [~/.cloudflared ~/.cloudflare-warp]',
  ],
};

/** What was logged before, where a line means nothing without it; that of other rows is among the samples of the format. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'proc-exit-text': ['2026-11-20T08:23:15Z ERR Initiating shutdown error="Unauthorized: Tunnel not found"'],
};

/** Fields after the message, where the meaning or a value comes from them. */
const FIELDS: Readonly<Record<string, string>> = {
  'carrier-quic': 'connIndex=2 dest=https://app.example.com/p event=0 ip=198.41.192.7 type=http',
  'edge-reg': 'connection=d469b277-5424-4ff9-9bc1-b2fbd400faed event=0 ip=198.41.200.13 location=fra15 protocol=quic',
  'edge-reg-old': 'connIndex=2 location=AMS',
  'proc-start': 'tunnelID=6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23',
  'proc-config': 'config="{\\"ingress\\":[]}" version=2',
  'proc-update': 'version=2026.8.2',
};
const CONNECTION = 'connIndex=0 event=0 ip=198.41.192.7';
const REQUEST = 'connIndex=2 event=1 ingressRule=0 originService=http://localhost:8080';

/** Rows, or wordings of one, whose signal is not named as the row is, each with the reason. */
const OTHER_SIGNAL: Readonly<Record<string, string>> = {
  // A carrier means what the error in it means.
  'carrier-proxy': 'cloudflared.inner-refused',
  'carrier-quic': 'cloudflared.inner-refused',
  'carrier-http2': 'cloudflared.inner-refused',
  'carrier-http2-old': 'cloudflared.inner-refused',
  'carrier-quic-old': 'cloudflared.inner-refused',
  'carrier-2021': 'cloudflared.inner-refused',
  'carrier-2020': 'cloudflared.inner-refused',
  // The same line as in the row `filtered`: whether a bot or a visitor was refused is not in it.
  'noise-jwt-bots': 'cloudflared.filtered',
  // Lines of systemd and of the kernel about cloudflared.
  'sd-killed': 'unit.killed',
  'sd-exited': 'unit.exited',
  'Stopping cloudflared.service - Cloudflare Tunnel client...': 'unit.stopping',
  'Stopped cloudflared.service - Cloudflare Tunnel client.': 'unit.stopped',
  'k-oom': 'kernel.oom-kill',
  'cloudflared invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0':
    'kernel.oom-invoked',
};

/** Lines about cloudflared that others write: read by the formats that they belong to. */
const CARRIED: Readonly<Record<string, { readonly format: string; readonly hop: string; readonly lead: string }>> = {
  '(systemd[1])': { format: 'journal', hop: 'host', lead: 'Nov 20 08:23:16 web01 systemd[1]: ' },
  '(kernel)': { format: 'kernel', hop: 'host', lead: 'Nov 20 08:23:16 web01 kernel: ' },
};

/** A line that only cloudflared writes, before one that carries no stamp of cloudflared's. */
const OWN_LINE = '2026-11-20T08:23:10Z INF Version 2026.3.0';
/** The same of JSON, in which other programs write, too. */
const OWN_JSON =
  '{"level":"info","tunnelID":"6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23","time":"2026-11-20T08:23:09Z","message":"Starting tunnel"}';

const LEVELS: Readonly<Record<string, string>> = { ERR: 'error', WRN: 'warn', INF: 'info' };
const REQUEST_KINDS = new Set(['proxy-inner', 'carrier']);

interface TableLine {
  readonly id: string;
  readonly row: TableRow;
  /** The line's message, for the name of its test. */
  readonly shown: string;
  readonly error: string;
  readonly level: string | undefined;
  readonly before: readonly string[];
  readonly line: string;
}

function fieldsOf({ id = '', kind = '' }: TableRow): string {
  if (REQUEST_KINDS.has(kind) || id === 'noise-jwt-bots') return FIELDS[id] ?? REQUEST;
  return FIELDS[id] ?? (kind === 'edge' ? CONNECTION : '');
}

/** `connIndex=0 event=0` as names and values; numbers stay numbers, as zerolog writes them. */
function pairsOf(fields: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...fields.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S+)/g)].map(([, name, value = '']) => [
      name,
      /^(?:"|\d+$)/.test(value) ? JSON.parse(value) : value,
    ]),
  );
}

/** One line for each wording of a row, each level that it is written at, and each output (text, JSON). */
function linesOf(row: TableRow): readonly TableLine[] {
  const { id = '', level: levels = '', message = '', error_regex: pattern = '' } = row;
  const error = ['', '^$'].includes(pattern) ? '' : (ERRORS[id] ?? REQUEST_SAMPLES[id]?.error ?? '');
  const cell = /^\((?:empty|carrier line)/.test(message) ? '' : message;
  const fields = fieldsOf(row);
  const tail = `${error && ` error=${JSON.stringify(error)}`}${fields && ` ${fields}`}`;
  const before = BEFORE[id] ?? (REQUEST_SAMPLES[id] ?? MESSAGE_SAMPLES[id])?.before ?? [];
  return (MESSAGES[id] ?? cell.split(' | ')).flatMap((text) => {
    const shared = { id, row, shown: `${text} ${error}`.slice(0, 100), error };
    const lead = CARRIED[levels]?.lead;
    if (lead !== undefined) return { ...shared, level: undefined, before, line: lead + text };
    if (levels.startsWith('(')) return { ...shared, level: undefined, before: [OWN_LINE, ...before], line: text };
    return levels.split('|').flatMap((word) => {
      const level = LEVELS[word];
      const json = { level, ...(error && { error }), ...pairsOf(fields), time: '2026-11-20T08:23:16Z', message: text };
      return [
        { ...shared, level, before, line: `2026-11-20T08:23:16Z ${word} ${text}${tail}` },
        { ...shared, level, before: [OWN_JSON, ...before], line: JSON.stringify(json) },
      ];
    });
  });
}

const LINES = ROWS.flatMap(linesOf);
/** Chatter of which no record is made. */
const NO_RECORD = 'noise-precheck';

describe('cloudflared: every row of the table of its messages', () => {
  it('has 127 rows, each with a line', () => {
    expect(new Set(LINES.map(({ id }) => id)).size).toBe(127);
    const named = [ERRORS, MESSAGES, BEFORE, FIELDS].flatMap((table) => Object.keys(table));
    expect(named.filter((id) => !ROWS.some((row) => row.id === id))).toEqual([]);
  });

  it.each(LINES)('$id: $level $shown', async ({ id, row, error, level, before, line }) => {
    const { error_regex: pattern = '', client_sees: status = '', weight = '' } = row;
    const said = error === '' ? line : error;
    if (pattern !== '' && pattern !== '^$') expect(new RegExp(pattern).test(said), 'an error of this row').toBe(true);
    const reading = await read([...before, line]);
    if (id === NO_RECORD) {
      expect(reading).toMatchObject({ format: 'cloudflared', signal: undefined, notUnderstood: 0 });
      return;
    }
    const wording = Object.keys(OTHER_SIGNAL).find((text) => text.includes(' ') && line.endsWith(text));
    const signal = signalNamed(OTHER_SIGNAL[wording ?? id] ?? `cloudflared.${id}`);
    const { format, hop } = CARRIED[row.level ?? ''] ?? { format: 'cloudflared', hop: 'tunnel' };
    expect(reading).toMatchObject({ format, signal, hop, notUnderstood: 0 });
    if (level !== undefined) expect(reading.level).toBe(level);
    const declared: (typeof SIGNALS)[keyof typeof SIGNALS] & { status?: number } = SIGNALS[signal];
    if (weight === 'noise' && OTHER_SIGNAL[id] === undefined)
      expect(['noise', 'context'], 'role').toContain(declared.role);
    if (statusesIn(status).length > 0 && declared.status !== undefined)
      expect(statusesIn(status), 'status').toContain(declared.status);
  });
});
