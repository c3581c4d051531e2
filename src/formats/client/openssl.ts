import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * What `openssl s_client` prints of a handshake (openssl apps/s_client.c, apps/lib/s_cb.c; run with 1.1.1 and 3.0): which certificate
 * the web server showed and whether it is valid, or why there was no handshake.
 */

const BEGIN = /^(?:CONNECTED\([\dA-F]{8}\)|verify (?:error:num|return|depth)\b)/;
const VERIFIED = /^ {0,4}Verify return code: (\d{1,3}) \(/;
/** `…:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:…`. */
const FAILED =
  /^[\dA-F]{1,20}:error:[\dA-F]{8}:SSL routines:\w{0,60}:(.{0,60}(?:alert (?:handshake failure|internal error|protocol version|unrecognized name)|unrecognized name|wrong version number|unsupported protocol|no protocols available|packet length too long|unexpected eof while reading))/;
/** Other lines of the same output: the certificates, the session. */
const BELONGS =
  /^(?:---$|depth=\d|-----(?:BEGIN|END) |[A-Za-z\d+/]{20,76}={0,2}$|(?:subject|issuer|notBefore|notAfter)=|Certificate chain$|Server certificate$|(?:No client|Client) |no peer certificate|Peer (?:signing|signature|Temp)|Server Temp Key|SSL handshake has read|Verification(?: error)?: |(?:New|Reused), |Server public key|Secure Renegotiation|Compression: |Expansion: |(?:No )?ALPN |Early data |SSL-Session:$|Post-Handshake |This TLS version|Acceptable client|Requested |Shared |Can't use SSL_|Connecting to |Negotiated |DONE$|closed$|read R BLOCK$|(?:read|write|connect):errno=| {1,4}(?:\d{1,2} s:|[iav]:|\w[\w -]{1,30}: |[\da-f]{4} - |0{4}))/;

/**
 * Results that mean refusal by Full (strict) too: expired, self-signed, another name (openssl include/openssl/x509_vfy.h). Not that an
 * issuer is unknown (20, 21): Cloudflare's Origin CA is none that openssl knows.
 */
const REFUSED: ReadonlySet<number> = new Set([10, 18, 62]);

class OpensslParser implements LineParser {
  private readonly emit: Emit;
  private isOpen = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.wrapper !== null) return this.leave();
    const text = line.text.slice(0, 2000).trimEnd();
    if (text === '') return this.isOpen;
    const verified = VERIFIED.exec(text);
    const signal = signalIn(text);
    if (signal !== null || verified !== null || BEGIN.test(text)) this.isOpen = true;
    if (signal !== null) this.say(line, signal, verified === null ? (FAILED.exec(text)?.[1] ?? '') : '');
    return (
      this.isOpen && (signal !== null || verified !== null || BEGIN.test(text) || BELONGS.test(text) || this.leave())
    );
  }

  end(): void {}

  private leave(): Taken {
    this.isOpen = false;
    return false;
  }

  private say(line: Line, signal: SignalId, reason: string): void {
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, NO_STAMP),
      ...(reason === '' ? {} : { values: { reason } }),
    });
  }
}

function signalIn(text: string): SignalId | null {
  if (FAILED.test(text)) return 'host.shown-tls-failure';
  const code = VERIFIED.exec(text)?.[1];
  return code !== undefined && REFUSED.has(Number(code)) ? 'host.shown-certificate' : null;
}

/** What `openssl s_client` printed. */
export const openssl: LineFormat = {
  id: 'openssl',
  title: 'Output of openssl s_client',
  hop: 'client',
  shape: 'lines',
  foundAt: ['openssl s_client -connect 127.0.0.1:443 -servername host </dev/null'],
  limits: [
    'It does not say whom it asked, nor when.',
    'An unknown issuer tells nothing: Cloudflare’s Origin CA is none that openssl knows.',
  ],
  examples: () => [
    {
      shows: 'a certificate that has expired',
      input: [
        'CONNECTED(00000003)',
        'depth=0 CN = www.example.com',
        'verify error:num=10:certificate has expired',
        'notAfter=Mar 10 12:00:00 2024 GMT',
        'verify return:1',
        '---',
        'Certificate chain',
        ' 0 s:CN = www.example.com',
        '   i:C = US, O = Let’s Encrypt, CN = R3',
        '---',
        'Verify return code: 10 (certificate has expired)',
      ].join('\n'),
      records: [{ hop: 'proxy', signal: 'host.shown-certificate', stamp: NO_STAMP, line: 11 }],
    },
    {
      shows: 'no handshake: the server has no certificate for that name',
      input: [
        'CONNECTED(00000003)',
        '140735:error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:ssl/record/rec_layer_s3.c:1544:SSL alert number 40',
        '---',
        'no peer certificate available',
        'Verify return code: 0 (ok)',
      ].join('\n'),
      records: [{ signal: 'host.shown-tls-failure', values: { reason: 'sslv3 alert handshake failure' } }],
    },
  ],
  score: ({ text, wrapper }) => {
    const part = text.slice(0, 400).trimEnd();
    return wrapper === null && (BEGIN.test(part) || VERIFIED.test(part) || FAILED.test(part)) ? 0.9 : 0;
  },
  open: (emit) => new OpensslParser(emit),
};
