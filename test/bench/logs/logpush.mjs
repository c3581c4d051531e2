import { failedShare, ISO, SPAN_SECONDS } from './span.mjs';
import { AGENTS, CLIENTS, COLOS, COUNTRIES, FOREIGN_PATHS, HOSTS, PATHS } from './visitors.mjs';

/** Bad statuses by how often they come, in thousandths; 502 is the rest. */
const BAD = [
  [500, 20],
  [503, 30],
  [504, 60],
  [520, 15],
  [521, 10],
  [522, 10],
  [524, 5],
];
const GOOD = [200, 200, 200, 200, 200, 200, 200, 200, 200, 204, 206, 301, 302, 304, 304, 404, 404, 403];

/** An agent that holds what a careless reader takes for the status of the row. */
const MISLEADING_AGENT = String.raw`probe \"EdgeResponseStatus\":502, \\ end`;

/**
 * Cloudflare's Logpush, dataset http_requests, one JSON object of 45 fields a line, about 1.5 kB: as sites export it, with
 * cookies and headers as nested objects. Rows lie up to 20 s out of order, as Logpush does not sort.
 */
export function openLogpush({ int, pick, chance, hex16 }, share) {
  const tally = { lines: 0, requests: 0, failedLines: 0 };
  const badStatus = () => {
    let n = int(1000);
    for (const [status, per] of BAD) {
      if (n < per) return status;
      n -= per;
    }
    return 502;
  };
  /** What the origin answered: nothing where the edge made the status, or answered from its cache. */
  const originStatus = (status, bad) => {
    if (bad) return status >= 520 || (status === 502 && chance(0.3)) ? 0 : status;
    return chance(0.4) ? 0 : status;
  };
  const row = (atSecond) => {
    const second = Math.max(0, Math.min(SPAN_SECONDS - 1, atSecond + int(41) - 20));
    const bad = chance(failedShare(second, share));
    const status = bad ? badStatus() : pick(GOOD);
    const origin = originStatus(status, bad);
    tally.lines++;
    tally.requests++;
    if (bad) tally.failedLines++;
    const kind = int(1000);
    const host = pick(HOSTS);
    const path = kind < 8 ? `${pick(FOREIGN_PATHS)}/${int(900)}` : pick(PATHS);
    const query = kind < 350 ? `?page=${int(60)}&q=item${int(100_000)}` : '';
    const agent = kind === 900 ? MISLEADING_AGENT : pick(AGENTS);
    const firstByteMs = 8 + int(600);
    const colo = int(COLOS.length);
    const cache = origin > 0 ? pick(['miss', 'dynamic', 'bypass']) : 'hit';
    return `{"BotScore":${1 + int(99)},"CacheCacheStatus":"${cache}","CacheResponseBytes":${int(250_000)},"CacheResponseStatus":${status},"ClientASN":${64_496 + int(16)},"ClientCountry":"${pick(COUNTRIES)}","ClientDeviceType":"desktop","ClientIP":"${pick(CLIENTS)}","ClientRequestBytes":${300 + int(3000)},"ClientRequestHost":"${host}","ClientRequestMethod":"${kind % 6 === 0 ? 'POST' : 'GET'}","ClientRequestPath":"${path}","ClientRequestProtocol":"HTTP/2","ClientRequestReferer":"${kind < 600 ? `https://${host}/` : ''}","ClientRequestScheme":"https","ClientRequestURI":"${path}${query}","ClientRequestUserAgent":"${agent}","ClientSSLCipher":"AEAD-AES256-GCM-SHA384","ClientSSLProtocol":"TLSv1.3","ClientSrcPort":${1025 + int(64_000)},"Cookies":{"consent":"yes","visit":"${hex16()}"},"EdgeColoCode":"${COLOS[colo]}","EdgeColoID":${100 + colo},"EdgeEndTimestamp":"${ISO[second + (firstByteMs > 400 ? 1 : 0)]}Z","EdgePathingSrc":"undef","EdgePathingStatus":"nr","EdgeRequestHost":"${host}","EdgeResponseBytes":${400 + int(300_000)},"EdgeResponseContentType":"${pick(['text/html', 'text/css', 'application/json', 'image/avif'])}","EdgeResponseStatus":${status},"EdgeServerIP":"${origin > 0 ? '172.64.0.1' : ''}","EdgeStartTimestamp":"${ISO[second]}Z","EdgeTimeToFirstByteMs":${firstByteMs},"OriginDNSResponseTimeMs":${int(8)},"OriginIP":"203.0.113.${1 + int(3)}","OriginResponseDurationMs":${firstByteMs - 5},"OriginResponseStatus":${origin},"OriginSSLProtocol":"TLSv1.3","OriginTCPHandshakeDurationMs":${int(40)},"OriginTLSHandshakeDurationMs":${int(70)},"RayID":"${hex16()}","RequestHeaders":{"accept-language":"en-GB,en;q=0.8"},"ResponseHeaders":{"server":"nginx","vary":"Accept-Encoding"},"WorkerSubrequest":false,"ZoneName":"example.com"}\n`;
  };
  return { row, tally };
}
