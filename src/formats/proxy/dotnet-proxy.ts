import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { textEntry } from '../app/app-entry.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';

/**
 * What .NET says of a request to a backend that failed (System.Net.Http’s and System.Net.Security’s Strings.resx, and the system’s words
 * for a socket’s number in SocketException). First match wins.
 */
export const DOTNET_ERRORS: readonly {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}[] = [
  {
    signal: 'proxy.backend-dns',
    pattern: /Name or service not known|No such host is known|nodename nor servname provided/,
    sample: 'System.Net.Http.HttpRequestException: Name or service not known (app:5000)',
  },
  {
    signal: 'proxy.backend-refused',
    pattern: /Connection refused|actively refused it/,
    sample: 'System.Net.Http.HttpRequestException: Connection refused (127.0.0.1:5000)',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern: /No route to host|Network is unreachable|unreachable (?:host|network)/,
    sample: 'System.Net.Http.HttpRequestException: No route to host (192.0.2.5:5000)',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern:
      /Connection timed out|connected party did not properly respond|A connection could not be established within/,
    sample: 'System.Net.Http.HttpRequestException: Connection timed out (192.0.2.5:5000)',
  },
  {
    signal: 'proxy.backend-cert',
    pattern: /remote certificate (?:is invalid|was rejected)/,
    sample:
      ' ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot',
  },
  {
    signal: 'proxy.scheme-mismatch',
    pattern: /Cannot determine the frame size or a corrupted frame was received/,
    sample:
      ' ---> System.Security.Authentication.AuthenticationException: Cannot determine the frame size or a corrupted frame was received.',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern:
      /invalid or unrecognized response|HTTP\/2 (?:handshake|error code 'HTTP_1_1_REQUIRED')|response headers length exceeded/,
    sample: ' ---> System.Net.Http.HttpRequestException: The server returned an invalid or unrecognized response.',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /Connection reset by peer|forcibly closed by the remote host|server reset the stream|Broken pipe/,
    sample: ' ---> System.Net.Sockets.SocketException (104): Connection reset by peer',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /response ended prematurely/,
    sample: ' ---> System.Net.Http.HttpIOException: The response ended prematurely. (ResponseEnded)',
  },
  {
    // The umbrella of what stands below it.
    signal: 'proxy.backend-tls',
    pattern: /SSL connection could not be established/,
    sample: 'System.Net.Http.HttpRequestException: The SSL connection could not be established, see inner exception.',
  },
];

/** YARP’s kinds of errors that need no exception to be understood (src/ReverseProxy/Forwarder/ForwarderError.cs, ForwarderLogger.cs). */
const KINDS: Readonly<Record<string, SignalId>> = {
  RequestTimedOut: 'proxy.backend-timeout',
  RequestCanceled: 'proxy.client-abort',
  RequestBodyCanceled: 'proxy.client-abort',
  RequestBodyClient: 'proxy.client-abort',
  ResponseBodyCanceled: 'proxy.client-abort',
  ResponseBodyClient: 'proxy.client-abort',
  ResponseBodyDestination: 'proxy.backend-cut',
  NoAvailableDestinations: 'proxy.no-backend',
};
const YARP =
  /\b(Request|RequestTimedOut|RequestCanceled|RequestBody(?:Canceled|Client|Destination)|ResponseHeaders|ResponseBody(?:Canceled|Client|Destination)|NoAvailableDestinations): "?(?:An error was encountered before receiving|The request (?:timed out|was canceled) before receiving|Copying the re|The (?:client|destination) reported an error when copying|The destination returned a response that cannot be proxied)/;
const YARP_LOGGER = /^(?:trce|dbug|info|warn|fail|crit): (?:Yarp|Microsoft)\.ReverseProxy\.[\w.]{1,80}\[\d{1,4}\]$/;
/** Ocelot, src/Ocelot/Requester: what it says of an exception of HttpClient, which stands in the same line. */
const OCELOT =
  /\bError (?:making http request|connecting to downstream service), exception: (?:[\w.]{1,100}Exception: .{1,3000})/;
/** Lines of the exception: its name and text, the inner ones, calls. */
const EXCEPTION = /^\s{0,12}(?:---> )?[\w.]{1,100}Exception(?: \([\w, ]{1,60}\))?: |^\s{0,12}(?:at \S|--- End of )/;
const BACKEND = /\(([\w.-]{1,253}:\d{1,5})\)/;
const LONGEST = 4096;

const signalOf = (text: string): SignalId | undefined =>
  DOTNET_ERRORS.find(({ pattern }) => pattern.test(text))?.signal;

/** A failure whose exception has not been read to its end; an inner exception says more than the one around it. */
interface Held {
  readonly line: Line;
  signal: SignalId | undefined;
  upstream: string | undefined;
}

class DotnetProxyParser implements LineParser {
  private readonly emit: Emit;
  private held: Held | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const { held } = this;
    if (held !== null && EXCEPTION.test(text)) {
      this.read(held, text);
      return true;
    }
    this.end();
    if (YARP_LOGGER.test(text)) return true;
    const kind = YARP.exec(text)?.[1];
    if (kind === undefined && !OCELOT.test(text)) return false;
    this.held = { line, signal: KINDS[kind ?? ''], upstream: undefined };
    if (kind === undefined) this.read(this.held, text);
    return true;
  }

  end(): void {
    const { held } = this;
    this.held = null;
    if (held === null) return;
    const { line, signal = 'proxy.own-error', upstream } = held;
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, textEntry(line.text)?.stamp ?? NO_STAMP),
      level: 'error',
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: '.NET’s proxy' },
    });
  }

  private read(held: Held, text: string): void {
    const found = signalOf(text);
    held.upstream ??= BACKEND.exec(text)?.[1];
    if (held.signal === undefined || held.signal === 'proxy.backend-tls') held.signal = found ?? held.signal;
  }
}

const examples = (): readonly Example[] => [
  {
    shows: 'YARP, as .NET writes to a terminal: refused; the certificate below what stands around it; a time-out',
    input: [
      'warn: Yarp.ReverseProxy.Forwarder.HttpForwarder[48]',
      '      Request: An error was encountered before receiving a response.',
      '      System.Net.Http.HttpRequestException: Connection refused (localhost:5000)',
      '       ---> System.Net.Sockets.SocketException (111): Connection refused',
      '         at System.Net.Sockets.Socket.AwaitableSocketAsyncEventArgs.ThrowException(SocketError error)',
      'warn: Yarp.ReverseProxy.Forwarder.HttpForwarder[48]',
      '      Request: An error was encountered before receiving a response.',
      '      System.Net.Http.HttpRequestException: The SSL connection could not be established, see inner exception.',
      '       ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot',
      'warn: Yarp.ReverseProxy.Forwarder.HttpForwarder[48]',
      '      RequestTimedOut: The request timed out before receiving a response.',
    ].join('\n'),
    records: [
      { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-refused', upstream: 'localhost:5000', line: 2 },
      { signal: 'proxy.backend-cert' },
      { signal: 'proxy.backend-timeout' },
    ],
  },
  {
    shows: 'YARP behind another logger; a visitor who went',
    input: [
      '2026-11-20 08:14:30,757 - INFO: Microsoft.ReverseProxy.Service.Proxy.HttpProxy Request: "An error was encountered before receiving a response."',
      'System.Net.Http.HttpRequestException: An error occurred while sending the request.',
      ' ---> System.IO.IOException: The response ended prematurely while waiting for the next frame from the server.',
      '      RequestCanceled: The request was canceled before receiving a response.',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-closed', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 30, 757) } },
      { signal: 'proxy.client-abort' },
    ],
  },
  {
    shows: 'Ocelot',
    input:
      '[07:46:00 WRN] requestId: 0HLER738MP3NG:00000001, previousRequestId: no previous request id, message: Error making http request, exception: System.Net.Http.HttpRequestException: Connection refused ---> System.Net.Sockets.SocketException: Connection refused',
    records: [{ signal: 'proxy.backend-refused' }],
  },
];

/** What the reverse proxies of .NET say of a backend that failed. */
export const dotnetProxy: LineFormat = {
  shape: 'lines',
  id: 'dotnet-proxy',
  title: 'Reverse proxies in .NET (YARP, Ocelot)',
  hop: 'proxy',
  foundAt: ['docker logs CONTAINER', 'journalctl -u UNIT', 'kubectl logs of the gateway'],
  limits: ['.NET writes no time to a terminal unless it is told to: without the wrapper’s such lines are undated.'],
  examples,
  score: ({ text }) => {
    const beginning = text.slice(0, LONGEST);
    return YARP_LOGGER.test(beginning) || YARP.test(beginning) || OCELOT.test(beginning) ? 0.95 : 0;
  },
  open: (emit) => new DotnetProxyParser(emit),
};
