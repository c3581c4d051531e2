import type { AppMessage } from './app-message.ts';

/*
 * What the clients of other services throw, as the application that asked with them logs it: by HTTP, by mail, with the libraries
 * of such services. Each row is of one runtime. Answers count where they say that the other service failed or asks for fewer
 * requests (5xx, 429); what it refuses for the request's own fault (other 4xx) is the application's to mend.
 * A row that a program before the application might as well print of the application (a proxy, a visitor's browser, a command line)
 * is not certain: it counts where the log is known for an application's.
 */

const SIGNAL = 'app.http-dependency';

/** Sources: those of the libraries named; each was run against a service that was stopped, slow, hung up, or answered otherwise. */
export const CLIENT_MESSAGES: readonly AppMessage[] = [
  {
    // undici, which Node's fetch is: `lib/core/errors.js`, `lib/web/fetch/index.js`. Browsers have other words (“Failed to fetch”).
    signal: SIGNAL,
    pattern:
      /\bTypeError: fetch failed(?=$|[\s"'\\,])|: fetch failed(?=\n|$)|\bUND_ERR_(?:CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|SOCKET|HEADERS_OVERFLOW|RESPONSE|RES_CONTENT_LENGTH_MISMATCH)\b|\bSocketError: other side closed\b|\b(?:Headers|Body|Connect) Timeout Error\b|\bHeadersOverflowError: /,
    certain: true,
    sample: 'TypeError: fetch failed',
  },
  {
    // `AbortSignal.timeout` in Node; node-fetch (`src/index.js`, `src/body.js`); got (`source/core/timed-out.ts`).
    signal: SIGNAL,
    pattern:
      /\bThe operation was aborted due to timeout\b|\brequest to https?:\/\/\S{1,2000} failed, reason: |\binvalid json response body at https?:\/\/\S{1,2000} reason: |\bTimeout awaiting '(?:request|response|connect|secureConnect|socket|lookup|send|read)' for \d{1,9}ms\b/,
    certain: true,
    sample: 'FetchError: request to http://api.example.net/quote failed, reason: connect ECONNREFUSED 192.0.2.7:443',
  },
  {
    // axios (`lib/core/settle.js`, `lib/adapters/http.js`), superagent (`src/request-base.js`), ky (`source/errors`), Node's `http`.
    // mocha has superagent's first words, and more behind.
    signal: SIGNAL,
    pattern:
      /\b[Rr]equest failed with status code (?:5\d\d|429)\b|\b[Tt]imeout of \d{1,9}ms exceeded\b(?!\. For)|\bRequest timed out: [A-Z]{3,7} https?:\/\/|\bsocket hang up\b|\bResponse code (?:5\d\d|429) \(|\bMaximum number of redirects exceeded\b|\bERR_FR_TOO_MANY_REDIRECTS\b/,
    certain: false,
    sample: 'Could not get a quote: timeout of 2000ms exceeded',
  },
  {
    // A page came where JSON was asked for: V8's `JSON.parse` below such a client, or with the page's beginning; Go's encoding/json.
    signal: SIGNAL,
    pattern:
      /\bUnexpected token '?<'?(?:, "<| in JSON)|\bUnexpected (?:token|end of JSON)[^\n]{0,300}\n[\s\S]{0,800}?(?:\bResponse\.json\b|\bparseJSONFromBytes\b|\/node_modules\/(?:node-fetch|undici|got|axios|ky)\/)|\binvalid character '<' looking for beginning of value\b/,
    certain: false,
    sample: "quote: invalid character '<' looking for beginning of value",
  },
  {
    // The words of those who look at the status themselves, graphql-request's and Faraday's among them.
    signal: SIGNAL,
    pattern:
      /\bGraphQL Error \(Code: (?:5\d\d|429)\)|\b(?:unexpected|bad|non-200|invalid) (?:HTTP )?(?:status|response)(?: code)?:? (?:from \S{1,100} )?(?:5\d\d|429)\b|\b(?:service|server|API|api|endpoint|gateway|provider) (?:answered|returned|responded|replied)(?: with)?(?: HTTP)?(?: status)?(?: code)?:? (?:5\d\d|429)\b/,
    certain: false,
    sample: 'quote service: unexpected status 503 Service Unavailable',
  },
  {
    // Node's `tls`, of a certificate that it does not accept, and OpenSSL's word where plain HTTP came back.
    signal: SIGNAL,
    pattern:
      /\b(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b|\bERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)\b|ssl3_get_record:wrong version number|\bError: (?:certificate has expired|self-signed certificate|unable to verify the first certificate)\b/,
    certain: false,
    sample:
      "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: api.example.net. is not in the cert's altnames: DNS:www.example.net",
  },
  {
    // Services' own libraries: Stripe (`src/Error.ts`), OpenAI and Anthropic (`src/core/error.ts`, `_exceptions.py`).
    signal: SIGNAL,
    pattern:
      /\bStripe(?:Connection|API|RateLimit)Error\b|\bAn error occurred with our connection to Stripe\b|\bUnexpected error communicating with Stripe\b|\bAPIConnection(?:Timeout)?Error: |\b(?:openai|anthropic)\.(?:APIConnectionError|APITimeoutError|RateLimitError|InternalServerError|OverloadedError)\b|\b(?:InternalServer|RateLimit|Overloaded)Error: (?:Error code: )?(?:429|5\d\d)\b/,
    certain: true,
    sample: 'StripeConnectionError: An error occurred with our connection to Stripe.',
  },
  {
    // AWS: botocore (`exceptions.py`), the SDKs for JavaScript (smithy's `protocols`), Java (`AmazonHttpClient`) and Go.
    signal: SIGNAL,
    pattern:
      /\bCould not connect to the endpoint URL: "|\b(?:Connect|Read) timeout on endpoint URL: "|\bConnection was closed before we received a valid response from endpoint URL: "|\bbotocore\.exceptions\.(?:EndpointConnection|ConnectTimeout|ReadTimeout|ConnectionClosed|SSL|HTTPClient|ProxyConnection)Error\b|\bDeserialization error: to see the raw response, inspect the hidden field|\bAn error occurred \((?:5\d\d|SlowDown|ServiceUnavailable|InternalError|InternalServerError|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException)\) when calling the |\bSdkClientException: Unable to execute HTTP request: /,
    certain: true,
    sample:
      'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://s3.example.net/"',
  },
  {
    // Mail: nodemailer (`lib/smtp-connection`), Python's smtplib, Ruby's net/smtp, PHPMailer, Symfony's mailer, Jakarta Mail.
    signal: SIGNAL,
    pattern:
      /\bGreeting never received\b|\bsmtplib\.SMTP(?:ServerDisconnected|ConnectError|HeloError)\b|\bNet::SMTP(?:ServerBusy|FatalError|UnknownError)\b|\bSMTP (?:Error: Could not connect to SMTP host|connect\(\) failed)|\bConnection could not be established with host "|\bMailConnectException\b|\bCouldn't connect to host, port: /,
    certain: true,
    sample: 'smtplib.SMTPServerDisconnected: Connection unexpectedly closed',
  },
  {
    // Python: requests, urllib3 and what they pass on of http.client; other statuses are read where they are asked for.
    signal: SIGNAL,
    pattern:
      /\brequests\.exceptions\.(?:SSLError|ChunkedEncodingError|JSONDecodeError|InvalidJSONError|TooManyRedirects|ProxyError|RetryError|ContentDecodingError)\b|\b(?:429 Client|5\d\d Server) Error: [^\n]{0,100}? for url: |\burllib3\.exceptions\.(?:ProtocolError|SSLError|ResponseError|IncompleteRead|NewConnectionError|NameResolutionError|MaxRetryError|ReadTimeoutError|ConnectTimeoutError)\b|\bMax retries exceeded with url: |\bRemote end closed connection without response\b|\bRemoteDisconnected\(|\bhttp\.client\.(?:RemoteDisconnected|BadStatusLine|IncompleteRead|LineTooLong)\b|\bIncompleteRead\(\d{1,15} bytes read/,
    certain: false,
    sample: 'requests.exceptions.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
  },
  {
    // Python: urllib (`urllib/error.py`, `urllib/request.py`); its errors of files and unknown schemes are no service's.
    signal: SIGNAL,
    pattern:
      /<urlopen error (?!unknown url|no host|file )|<HTTPError (?:429|5\d\d): |\bHTTP Error (?:429|5\d\d): |\bsocket\.gaierror: \[Errno -\d/,
    certain: true,
    sample: 'quote failed: <urlopen error [Errno 111] Connection refused>',
  },
  {
    // Python: httpx and httpcore (`_exceptions.py`), with the words that have no class before them.
    signal: SIGNAL,
    pattern:
      /\b(?:httpx|httpcore)\.(?:ConnectError|ReadError|WriteError|CloseError|ConnectTimeout|ReadTimeout|WriteTimeout|PoolTimeout|ProxyError|RemoteProtocolError|TooManyRedirects|DecodingError)\b|\bServer error '5\d\d [^'\n]{1,60}' for url '|\bClient error '429 |\bServer disconnected without sending a response\b|\bpeer closed connection without sending complete message body\b|\bAll connection attempts failed\b/,
    certain: true,
    sample: "quote failed: RemoteProtocolError('Server disconnected without sending a response.')",
  },
  {
    // Python: aiohttp (`client_exceptions.py`, `client_reqrep.py`).
    signal: SIGNAL,
    pattern:
      /\baiohttp\.client_exceptions\.(?:ServerDisconnected|ServerTimeout|ClientOS|ClientPayload|ClientConnector\w{0,20}|ServerFingerprintMismatch|ClientConnectionReset|ContentType|ClientSSL)Error\b|\bTooManyRedirects: \d|\bCannot connect to host \S{1,260} ssl:|\bAttempt to decode JSON with unexpected mimetype: |\bClientResponseError: (?:429|5\d\d), message=|\bServerDisconnectedError\b|\bConnection timeout to host https?:\/\//,
    certain: true,
    sample: 'aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected',
  },
  {
    // A Python traceback that ends within the library that asks, whatever the system's error was.
    signal: SIGNAL,
    pattern:
      /\/(?:aiohttp\/client|http\/client|smtplib|urllib\/request)\.py", line \d[\s\S]{0,12000}?\n(?:[\w.]{1,80}\.)?(?:ConnectionRefused|ConnectionReset|ConnectionAborted|BrokenPipe|SSLCertVerification|SSL|SSLEOF|SSLZeroReturn|Timeout|gaierror|OS)?(?:Error|timeout|gaierror)(?=:|\n|$)/,
    certain: false,
    sample:
      'Exception on /mail [GET]\nTraceback (most recent call last):\n  File "/usr/lib/python3.11/smtplib.py", line 255, in __init__\n    (code, msg) = self.connect(host, port)\nConnectionRefusedError: [Errno 111] Connection refused',
  },
  {
    // Ruby: net/http, Faraday, HTTParty, RestClient, Excon, http.rb, OpenURI; OpenSSL's words for a service that it does not trust.
    signal: SIGNAL,
    pattern:
      /\bFailed to open TCP connection to \S{1,260}|\bNet::(?:Open|Read|Write)Timeout\b|\bNet::HTTPFatalError\b|\bFaraday::(?:ConnectionFailed|TimeoutError|ServerError|SSLError|TooManyRequestsError)\b|\bOpenURI::HTTPError\b[^\n]{0,40}? (?:429|5\d\d) |\bRestClient::(?:ServerBrokeConnection|ServiceUnavailable|BadGateway|GatewayTimeout|InternalServerError|TooManyRequests|Exceptions::(?:Open|Read)?Timeout|SSLCertificateNotVerified)\b|\bExcon::Errors?::(?:Socket|Timeout|Certificate|ServiceUnavailable|BadGateway|GatewayTimeout|InternalServerError)\b|\bHTTP::(?:ConnectionError|TimeoutError)\b|\bHTTParty::(?:RedirectionTooDeep|ResponseError)\b|\bSSL_connect (?:returned=\d|SYSCALL)[^\n]{0,300}? state=/,
    certain: true,
    sample:
      'Errno::ECONNREFUSED - Failed to open TCP connection to api.example.net:443 (Connection refused - connect(2) for "api.example.net" port 443):',
  },
  {
    // Ruby: the service closed the connection before it had answered; only the frames tell who read.
    signal: SIGNAL,
    pattern:
      /\b(?:EOFError|Errno::ECONNRESET|Errno::EPIPE)\b[^\n]{0,200}\n[\s\S]{0,1500}?\/net\/(?:protocol|http\w{0,20}|smtp)\b/,
    certain: false,
    sample: "EOFError - end of file reached:\n\t/usr/lib/ruby/3.1.0/net/protocol.rb:237:in `rbuf_fill'",
  },
  {
    // Java: java.net.http, HttpURLConnection, OkHttp, Apache's client; the words of JSSE for a service that it does not trust.
    signal: SIGNAL,
    pattern:
      /\bjava\.net\.http\.Http(?:Connect)?TimeoutException\b|\bHTTP connect timed out\b|\bHTTP\/1\.1 header parser received no bytes\b|\bNoHttpResponseException\b|\borg\.apache\.(?:http|hc)\.[\w.]{1,80}\.(?:ConnectTimeoutException|HttpHostConnectException|UnsupportedSchemeException)\b|\bServer returned HTTP response code: (?:429|5\d\d) for URL: |\bunexpected end of stream on (?:Connection\{|https?:)|\bPKIX path (?:building|validation) failed\b|\bUnsupported or unrecognized SSL message\b|\bSSLPeerUnverifiedException\b/,
    certain: true,
    sample: 'java.net.http.HttpTimeoutException: request timed out',
  },
  {
    // Go: net/url's `Error`, as net/http's client returns it. A visitor who left took the call with him; kubelet asks the application itself.
    signal: SIGNAL,
    pattern:
      /(?<!probe failed: )\b(?:Get|Head|Post|Put|Patch|Delete) "https?:\/\/[^"\s]{1,2000}": (?!context canceled\b)/,
    certain: false,
    sample:
      'quote: Get "http://api.example.net/quote": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  },
  {
    // Perl: LWP (`LWP/Protocol/http.pm`), Mojo::UserAgent, HTTP::Tiny.
    signal: SIGNAL,
    pattern:
      /\b500 (?:Can't connect to \S{1,260} \(|read timeout\b|Server closed connection without sending any data back\b|Status read failed: )|\b(?:Premature connection close|Inactivity timeout|Connect timeout|Request timeout) at \/\S{1,400} line \d|\bCould not connect to '[^'\n]{1,260}': /,
    certain: true,
    sample: "quote failed: 500 Can't connect to api.example.net:443 (Connection refused)",
  },
  {
    // PHP: Symfony's client (`TransportException`, `TimeoutException`), Guzzle, cURL's numbers, the SOAP client.
    signal: SIGNAL,
    pattern:
      /\bSymfony\\Component\\HttpClient\\Exception\\(?:Transport|Timeout|Server)Exception\b|\bIdle timeout reached for "https?:|\bGuzzleHttp\\Exception\\(?:Connect|Server)Exception\b|\bServer error: `[A-Z]{3,7} https?:\/\/\S{1,2000}` resulted in a `5\d\d |\bSoapFault exception: \[HTTP\] |\bOperation timed out after \d{1,9} milliseconds with \d{1,15} (?:out of \d{1,15} )?bytes received\b/,
    certain: false,
    sample:
      'Symfony\\Component\\HttpClient\\Exception\\TimeoutException: Idle timeout reached for "https://api.example.net/quote".',
  },
];
