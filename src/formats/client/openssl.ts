import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * What `openssl s_client` prints of a handshake (openssl apps/s_client.c, apps/lib/s_cb.c; run with 1.1.1 and 3.0): which certificate
 * the web server showed and whether it is valid, or why there was no handshake. And what `openssl x509` prints of a certificate
 * (apps/x509.c): whose it is, from when to when.
 */

const BEGIN =
  /^(?:CONNECTED\([\dA-F]{8}\)|CONNECTION ESTABLISHED$|verify (?:error:num|return|depth)\b|not(?:Before|After)=[A-Z][a-z]{2} |(?:subject|issuer)= {0,2}\/?(?:C|ST|L|O|OU|CN) {0,2}=|Certificate will (?:not )?expire$)/;
const VERIFIED = /^ {0,4}Verify return code: (\d{1,3}) \(/;
/** The same in the words of `-brief`. */
const NOT_VERIFIED = /^Verification error: (?:certificate has expired|self[- ]signed certificate|hostname mismatch)$/i;
/** `$ openssl x509 -checkend 86400 …`: whether it ends within so many seconds. */
const CHECKED = /^\S{0,80}[$#] openssl x509 .{0,300}-checkend (\d{1,12})\b/;
const ENDS = 'Certificate will expire';
const NAME = /^(subject|issuer)= {0,2}(\S.{0,500})$/;
/** Certificates that Traefik and the Kubernetes ingress show where they have none for a name: made by themselves. */
const STAND_IN = /\bCN {0,2}= {0,2}(?:TRAEFIK DEFAULT CERT|Kubernetes Ingress Controller Fake Certificate)\b/;
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
  /** What was said of the certificate at hand: several lines say the same of it. */
  private isSaid = false;
  private subject = '';
  private checkedSeconds = Number.NaN;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.wrapper !== null) return this.leave();
    const text = line.text.slice(0, 2000).trimEnd();
    if (text === '') return this.isOpen;
    const begins = BEGIN.test(text) || VERIFIED.test(text) || CHECKED.test(text);
    if (text.startsWith('CONNECT')) this.forget();
    const signal = FAILED.test(text)
      ? 'host.shown-tls-failure'
      : this.isRefused(text)
        ? 'host.shown-certificate'
        : null;
    if (signal !== null || begins) this.isOpen = true;
    if (signal !== null) this.say(line, signal, FAILED.exec(text)?.[1] ?? '');
    return this.isOpen && (signal !== null || begins || BELONGS.test(text) || this.leave());
  }

  end(): void {}

  private leave(): Taken {
    this.isOpen = false;
    return false;
  }

  private forget(): void {
    this.isSaid = false;
    this.subject = '';
  }

  /** Whether a line says of the certificate that Full (strict) refuses it, too. */
  private isRefused(text: string): boolean {
    this.checkedSeconds = Number(CHECKED.exec(text)?.[1] ?? this.checkedSeconds);
    const [, role, name = ''] = NAME.exec(text) ?? [];
    if (role === 'subject') this.subject = name;
    const isOwnIssuer = role === 'issuer' && name === this.subject;
    const hasEnded = text === ENDS && this.checkedSeconds === 0;
    const code = VERIFIED.exec(text)?.[1];
    const isInvalid = (code !== undefined && REFUSED.has(Number(code))) || NOT_VERIFIED.test(text);
    return isOwnIssuer || hasEnded || isInvalid || STAND_IN.test(name);
  }

  private say(line: Line, signal: SignalId, reason: string): void {
    if (signal === 'host.shown-certificate') {
      if (this.isSaid) return;
      this.isSaid = true;
    }
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, NO_STAMP),
      ...(reason === '' ? {} : { values: { reason } }),
    });
  }
}

/** What `openssl s_client` and `openssl x509` printed. */
export const openssl: LineFormat = {
  id: 'openssl',
  title: 'Output of openssl s_client and x509',
  hop: 'client',
  shape: 'lines',
  foundAt: [
    'openssl s_client -connect 127.0.0.1:443 -servername host </dev/null',
    'openssl s_client … | openssl x509 -noout -subject -issuer -dates',
  ],
  limits: [
    'It does not say whom it asked, nor when: whether a certificate had ended by then is not told by its dates alone.',
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
    {
      shows: 'x509: a certificate that Traefik made for want of another',
      input: [
        'subject=CN = TRAEFIK DEFAULT CERT',
        'issuer=CN = TRAEFIK DEFAULT CERT',
        'notBefore=Jan  6 00:00:00 2024 GMT',
        'notAfter=Jan  5 00:00:00 2025 GMT',
      ].join('\n'),
      records: [{ signal: 'host.shown-certificate', line: 1 }],
    },
    {
      shows: 'x509: dates of one that is not told to have ended, and one that has',
      input: [
        'notBefore=Jan  6 00:00:00 2024 GMT',
        'notAfter=Apr  5 23:59:59 2024 GMT',
        '$ openssl x509 -checkend 0 -noout -in /etc/ssl/example.com.pem',
        'Certificate will expire',
      ].join('\n'),
      records: [{ signal: 'host.shown-certificate', line: 4 }],
    },
  ],
  score: ({ text, wrapper }) => {
    const part = text.slice(0, 400).trimEnd();
    return wrapper === null && (BEGIN.test(part) || VERIFIED.test(part) || FAILED.test(part)) ? 0.9 : 0;
  },
  open: (emit) => new OpensslParser(emit),
};
