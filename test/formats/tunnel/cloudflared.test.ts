import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudflared } from '../../../src/formats/tunnel/cloudflared.ts';
import { splitFields } from '../../../src/formats/tunnel/cloudflared-line.ts';
import { bareError, matchMessage, matchRequestError } from '../../../src/formats/tunnel/cloudflared-match.ts';
import { CLOUDFLARED_MESSAGES } from '../../../src/formats/tunnel/cloudflared-messages.ts';
import { REQUEST_ERRORS } from '../../../src/formats/tunnel/request-errors.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { expectExamples, read } from '../app/read-lines.ts';
import { MESSAGE_SAMPLES, REQUEST_SAMPLES, UNREACHABLE } from './cloudflared-samples.ts';

const signals = (text: string): string[] => read(cloudflared, text).records.map((record) => record.signal ?? '');

describe('cloudflared', () => {
  it('reads its examples', () => expectExamples(cloudflared));

  it('merges the quic pair of a failed request into one record with host and service', () => {
    const [record, ...more] = read(
      cloudflared,
      [
        `2026-11-20T08:23:16Z ERR Request failed error="${UNREACHABLE}EOF" connIndex=3 dest=https://app.example.com/a?b=c event=0 ip=198.41.192.27 type=http`,
        `2026-11-20T08:23:16Z ERR  error="${UNREACHABLE}EOF" connIndex=3 event=1 ingressRule=0 originService=http://localhost:8080`,
      ].join('\n'),
    ).records;
    expect(more).toEqual([]);
    expect(record).toMatchObject({ host: 'app.example.com', path: '/a', upstream: 'localhost:8080', line: 1 });
    expect(record).toMatchObject({ values: { scheme: 'http', connIndex: '3', ip: '198.41.192.27', ingressRule: '0' } });
  });

  it('counts n origin lines and n transport lines of a second as n requests', () => {
    const origin = `2023-07-30T08:23:16Z ERR  error="${UNREACHABLE}EOF" cfRay=9e04e6d766d9e043-AMS event=1 ingressRule=1 originService=http://127.0.0.1:8080`;
    const transport = `2023-07-30T08:23:16Z ERR failed to serve incoming request error="Failed to proxy HTTP: ${UNREACHABLE}EOF"`;
    const { records } = read(cloudflared, [origin, origin, transport, origin, transport, transport].join('\n'));
    expect(records.map((record) => record.ray)).toEqual(['9e04e6d766d9e043', '9e04e6d766d9e043', '9e04e6d766d9e043']);
  });

  it('keeps requests of different connections apart', () => {
    const line = (connIndex: number, rest: string): string =>
      `2026-11-20T08:23:16Z ERR ${rest.startsWith('dest') ? 'Request failed' : ''} error="EOF" connIndex=${connIndex} ${rest}`;
    expect(
      signals([line(1, 'originService=http://a:80'), line(2, 'dest=https://app.example.com/')].join('\n')),
    ).toHaveLength(2);
  });

  it('does not join lines that are seconds apart', () => {
    const text = [
      `2026-11-20T08:23:16Z ERR  error="${UNREACHABLE}EOF" originService=http://a:80`,
      `2026-11-20T08:23:19Z ERR Request failed error="${UNREACHABLE}EOF" dest=https://app.example.com/`,
    ].join('\n');
    expect(signals(text)).toEqual(['cloudflared.inner-eof', 'cloudflared.inner-eof']);
  });

  it('takes "context canceled" before an answer for a visitor that left, in the old wording too', () => {
    expect(signals(`2022-05-01T10:00:00Z ERR  error="${UNREACHABLE}context canceled" originService=http://a`)).toEqual([
      'cloudflared.ended-abruptly',
    ]);
  });

  it('calls the missing rules noise when a pushed configuration follows', () => {
    const noRules = MESSAGE_SAMPLES['proc-noingress']?.line ?? '';
    const pushed = MESSAGE_SAMPLES['proc-config']?.line ?? '';
    expect(signals(`${noRules}\n${pushed}`)).toEqual(['cloudflared.noise-noingress', 'cloudflared.proc-config']);
    expect(signals(noRules)).toEqual(['cloudflared.proc-noingress']);
  });

  it('tells an orderly stop also in a journal printed newest first', () => {
    const lines = [
      '2026-11-20T08:27:48Z INF Initiating graceful shutdown due to signal terminated ...',
      '2026-11-20T08:27:50Z ERR Serve tunnel error error="control stream encountered a failure while serving" connIndex=0 event=0 ip=198.41.192.27',
      '2026-11-20T08:27:50Z INF Tunnel server stopped',
    ];
    expect(signals(lines.join('\n'))).toContain('cloudflared.noise-shutdown-control');
    expect(signals(lines.reverse().join('\n'))).toContain('cloudflared.noise-shutdown-control');
  });

  it('finds the Ray ID of a failed request in the request line of debug level', () => {
    const [record] = read(
      cloudflared,
      [
        '2026-11-20T08:22:39Z DBG GET https://www.example.com/wp-login.php HTTP/1.1 connIndex=1 content-length=0 event=1 headers={"Cf-Ray":["904329da6b2a5d0c-AMS"],"User-Agent":["a b"]} host=www.example.com',
        `2026-11-20T08:22:40Z ERR Request failed error="${UNREACHABLE}EOF" connIndex=1 dest=https://www.example.com/wp-login.php event=0 ip=198.41.192.7 type=http`,
      ].join('\n'),
    ).records;
    expect(record).toMatchObject({ ray: '904329da6b2a5d0c', values: { colo: 'AMS' } });
  });

  it('counts a crash once, however long its trace', () => {
    const text = [
      MESSAGE_SAMPLES['edge-reg']?.line,
      'panic: runtime error: index out of range',
      '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7d]',
      '',
      'goroutine 1 [running]:',
      'github.com/cloudflare/cloudflared/connection.(*x).Serve(0xc000)',
      '\t/app/connection/x.go:12 +0x1d',
    ].join('\n');
    expect(read(cloudflared, text)).toMatchObject({ refused: [] });
    expect(signals(text).filter((signal) => signal === 'cloudflared.proc-gostack')).toHaveLength(1);
  });

  it('tells a pre-check that failed as a whole from one that found a way', () => {
    const table = (...rows: readonly string[]): string =>
      ['CONNECTIVITY PRE-CHECKS', ...rows].map((row) => `2026-06-02T09:58:47Z INF |  ${row}  |`).join('\n');
    expect(
      signals(
        table(
          'UDP Connectivity  region1.v2.argotunnel.com  FAIL    QUIC connection failed',
          'TCP Connectivity  region1.v2.argotunnel.com  PASS    HTTP/2 connection successful',
          'WARNING: Allow outbound QUIC traffic on port 7844 or use HTTP2.',
          "SUMMARY: Environment ready with degraded transport. cloudflared will proceed using 'http2'.",
        ),
      ),
    ).toEqual([]);
    expect(
      signals(
        table(
          'TCP Connectivity  region1.v2.argotunnel.com  FAIL    HTTP/2 connection is blocked or unreachable',
          'ERROR: Allow outbound QUIC traffic on port 7844 or use HTTP2.',
        ),
      ),
    ).toEqual(['cloudflared.precheck-failed']);
    const pasted = [
      'UDP Connectivity region2.v2.argotunnel.com FAIL',
      'SUMMARY: Environment has critical failures. cloudflared may not be able to establish a tunnel.',
    ];
    expect(signals(pasted.join('\n'))).toEqual(['cloudflared.precheck-failed']);
    const complete = (fail: boolean): string =>
      `{"level":"info","run_id":"00000000-0000-4000-8000-000000000001","hard_fail":${fail},"time":"2026-06-02T09:58:47Z","message":"precheck complete"}`;
    expect(signals(complete(true))).toEqual(['cloudflared.precheck-failed']);
    expect(signals(complete(false))).toEqual([]);
  });

  it('sees a connection come up in the wording of 2023, with its protocol', () => {
    const up = 'INF Connection 28718f04-7968-4952-a1d3-41cfee0131d5 registered with protocol: quic connIndex=0';
    expect(signals(`2023-04-10T08:08:27Z ${up} ip=198.41.192.167 location=FRA`)).toEqual(['cloudflared.edge-reg-old']);
  });

  it('tells a fault that it caught from a crash', () => {
    const trace = [
      'runtime/debug.Stack()',
      '\t/usr/local/go/src/runtime/debug/stack.go:24 +0x88',
      'github.com/cloudflare/cloudflared/connection.(*http2RespWriter).Write.func1()',
      '        /go/src/github.com/cloudflare/cloudflared/connection/http2.go:236 +0x38',
    ];
    const caught = ['Recover from http2 response writer panic, error goroutine 184115 [running]:', ...trace].join('\n');
    const up =
      '2022-01-20T19:02:10Z INF Connection 2d6693ed-ccce-4752-84b5-e414af665fc8 registered connIndex=2 location=AMS';
    expect(signals(`${up}\n${caught}\n${up}`)).toEqual([
      'cloudflared.edge-reg-old',
      'cloudflared.noise-recovered',
      'cloudflared.edge-reg-old',
    ]);
    const crash = ['panic: runtime error: index out of range [-1]', 'goroutine 215 [running]:', ...trace].join('\n');
    expect(signals(crash)).toEqual(['cloudflared.proc-gostack']);
  });

  it('knows a resolver that is silent from one that was not asked', () => {
    const fetched = (error: string): string =>
      `2024-04-02T22:50:54Z ERR Failed to fetch features, default to disable error="lookup cfd-features.argotunnel.com${error}"`;
    expect(signals(fetched(' on 127.0.0.11:53: read udp 127.0.0.1:41168->127.0.0.11:53: i/o timeout'))).toEqual([
      'cloudflared.own-dns',
    ]);
    expect(signals(fetched(': i/o timeout'))).toEqual(['cloudflared.noise-features']);
  });

  it('reads the wordings of older generations', () => {
    expect(
      signals(
        'CF-RAY: MIA Proxying to ingress 0 error: Error proxying request to origin: dial tcp [::1]:8080: connect: connection refused',
      ),
    ).toEqual(['cloudflared.inner-refused']);
    expect(
      signals(
        'ERRO[0000] unable to connect to the origin               error="Get http://localhost:8888: dial tcp [::1]:8888: connect: connection refused"',
      ),
    ).toEqual(['cloudflared.inner-refused']);
    expect(
      signals(
        `ERRO[0000] unable to connect to the origin               error="localhost:8888 doesn't seem to work over https, but does seem to work over http. Reason: Get https://localhost:8888: http: server gave HTTP response to HTTPS client. Consider changing the origin URL to http://localhost:8888"`,
      ),
    ).toEqual(['cloudflared.inner-scheme-client']);
    expect(
      signals(
        'ERROR[2021-01-13T01:07:59Z] CF-RAY: 610b364a0b8d1fa1-EWR Proxying to ingress 0 error: Error proxying request to origin: EOF',
      ),
    ).toEqual(['cloudflared.inner-eof']);
    expect(
      signals(
        'time="2019-10-08T12:00:00Z" level=error msg="HTTP request error" error="dial tcp 127.0.0.1:80: connect: connection refused"',
      ),
    ).toEqual(['cloudflared.inner-refused']);
    expect(
      signals(
        '2021-11-17T01:24:45Z ERR Failed to serve quic connection, err: failed to accept QUIC stream: timeout: no recent network activity',
      ),
    ).toEqual(['cloudflared.edge-lost-idle']);
    expect(signals('Serve tunnel error error="failed to accept QUIC stream: Application error 0x0 (remote)')).toEqual([
      'cloudflared.edge-app0',
    ]);
  });

  it('knows a command line that is refused, and a certificate that is not needed', () => {
    for (const line of [
      '"cloudflared tunnel run" requires exactly 1 argument, the ID of the tunnel to run.',
      'Use `cloudflared tunnel run` to start tunnel 6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23',
      'time="2019-01-14T15:28:01+08:00" level=error msg="You need to specify the origin certificate path by specifying the origincert option in the configuration file, or set TUNNEL_ORIGIN_CERT environment variable."',
    ])
      expect(signals(line), line).toEqual(['cloudflared.proc-couldnt']);
    expect(
      signals(
        '2021-05-01T10:00:00Z INF Cannot determine default origin certificate path. No file cert.pem in [~/.cloudflared /etc/cloudflared]',
      ),
    ).toEqual(['cloudflared.noise-cfgpath']);
    expect(
      signals(
        '2023-08-04T10:00:00Z ERR Cannot determine default origin certificate path. No file cert.pem in [~/.cloudflared /etc/cloudflared]. You need to specify the origin certificate path by specifying the origincert option in the configuration file, or set TUNNEL_ORIGIN_CERT environment variable originCertPath=',
      ),
    ).toEqual(['cloudflared.proc-origincert']);
    expect(read(cloudflared, 'Incorrect Usage: flag provided but not defined: -token').refused).toHaveLength(1);
  });

  it('reads what its service of Windows writes into the event log', () => {
    expect(
      signals(
        [
          'Cloudflared service starting',
          'Cloudflared service arguments: [C:\\cloudflared\\cloudflared.exe tunnel run]',
          'cloudflared terminated with error Unauthorized: Invalid tunnel secret',
          'Cloudflared service stopped',
        ].join('\n'),
      ),
    ).toEqual(['cloudflared.proc-start', 'cloudflared.proc-shutdown-err', 'cloudflared.proc-stopped']);
  });

  it('reads the status of an answer as it was logged until 2022', () => {
    const status = (text: string): string[] =>
      signals(`2022-05-01T10:00:00Z DBG CF-RAY: 7ba3a4d0dbfe76ee-LHR Status: ${text} served by ingress 0`);
    expect(status('502 Bad Gateway')).toEqual(['cloudflared.service-answered-5xx']);
    expect(status('200 OK')).toEqual([]);
  });

  it('leaves the lines of other programs alone', () => {
    const others = [
      '{"level":"error","time":"2026-11-20T08:23:16Z","message":"database is gone"}',
      'GET / 502 error="EOF"',
      'Version 3 of something',
      '',
    ];
    for (const line of others) expect(read(cloudflared, line).refused, line).toHaveLength(1);
    const traefik = '2024-05-01T12:00:00Z ERR error="service not found" entryPointName=web routerName=a@docker';
    expect(cloudflared.score({ text: traefik, number: 1, wrapper: null })).toBeLessThan(0.5);
  });
});

describe('message tables', () => {
  const calm = { stopping: false, unregistered: false, othersUp: false };

  it.each(REQUEST_ERRORS)('has a line that the request row $id takes', ({ id, signal }) => {
    const sample = REQUEST_SAMPLES[id];
    expect(sample, 'a sample is missing').toBeDefined();
    expect(matchRequestError(bareError(sample?.error ?? ''))?.row.id).toBe(id);
    expect(signals(sample?.line ?? '')).toEqual([signal]);
  });

  it.each(CLOUDFLARED_MESSAGES)('has a line that the row $id takes', ({ id, signal, when }) => {
    const sample = MESSAGE_SAMPLES[id];
    expect(sample, 'a sample is missing').toBeDefined();
    const found = signals([...(sample?.before ?? []), sample?.line ?? ''].join('\n'));
    if (id === 'noise-precheck') expect(found).toEqual([]);
    else expect(found.at(-1)).toBe(signal);
    if (when !== undefined || sample?.before) return;
    const { message, fields } = splitFields((sample?.line ?? '').replace(/^(?:\S+Z [A-Z]{3}|\d{4}\/\S+ \S+) /, ''));
    expect(matchMessage(message, fields.error ?? '', calm)?.row.id).toBe(id);
  });

  it('has no sample without a row', () => {
    const ids = new Set([...REQUEST_ERRORS, ...CLOUDFLARED_MESSAGES].map((row) => row.id));
    expect([...Object.keys(REQUEST_SAMPLES), ...Object.keys(MESSAGE_SAMPLES)].filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('hostile lines', () => {
  it('never throws on any text', () => {
    const pieces = fc.constantFrom(
      'ERR ',
      '2026-11-20T08:23:16Z ',
      'error="',
      ' connIndex=',
      '\\',
      '"',
      '{',
      'dial tcp ',
      UNREACHABLE,
      '->',
      'x509: ',
    );
    const text = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (line) => {
        read(cloudflared, line);
        cloudflared.score({ text: line, number: 1, wrapper: null });
      }),
      { numRuns: 2000 },
    );
  });

  it.each([' ', '"', '\\', 'a', '=', 'a=', ' a=', '->', '{', '[', ':', '1:', 'x509: ', 'CF-RAY: '])(
    'reads ten megabytes of %j in good time',
    (unit) => {
      const body = unit.repeat(Math.ceil(10_000_000 / unit.length));
      for (const head of ['', '2026-11-20T08:23:16Z ERR ', `2026-11-20T08:23:16Z ERR  error="${UNREACHABLE}`]) {
        inGoodTime(() => {
          const parser = cloudflared.open(() => {});
          parser.push({ text: head + body, number: 1, wrapper: null });
          parser.end();
        });
      }
    },
    60_000,
  );
});
