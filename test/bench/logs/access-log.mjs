import { COMMON, failedShare } from './span.mjs';
import { AGENTS, CLIENTS, HOSTS, PATHS } from './visitors.mjs';

const GOOD = [200, 200, 200, 200, 200, 200, 200, 200, 200, 204, 206, 301, 302, 304, 304, 404, 404, 403];
const BAD = [502, 502, 502, 502, 502, 502, 502, 504, 504, 503];

/** Request lines that are none: a TLS hello on a plain port, and a connection that said nothing. */
const ODD_REQUESTS = [String.raw`\x16\x03\x01\x00\xCA\x01\x00`, ''];

/** nginx's access log: the combined format with the upstream's times, address and status behind it. */
export function openAccessLog({ int, pick, chance }, share) {
  const tally = { lines: 0, requests: 0, failedLines: 0 };
  const row = (second) => {
    const bad = chance(failedShare(second, share));
    const kind = int(1000);
    const odd = !bad && kind >= 997;
    const status = bad ? pick(BAD) : odd ? 400 : pick(GOOD);
    tally.lines++;
    tally.requests++;
    if (bad) tally.failedLines++;
    const query = kind < 300 ? `?page=${int(60)}&q=item${int(100_000)}` : '';
    const request = odd ? ODD_REQUESTS[kind % 2] : `${kind % 6 === 0 ? 'POST' : 'GET'} ${pick(PATHS)}${query} HTTP/1.1`;
    const millis = String(int(1000)).padStart(3, '0');
    const seconds = `${status === 504 ? 60 : int(3)}.${millis}`;
    const passed = bad || (!odd && kind < 750);
    const upstream = passed
      ? `uct="0.00${int(10)}" uht="${seconds}" urt="${seconds}" addr="192.0.2.${10 + int(3)}:8080" us="${status}"`
      : 'uct="-" uht="-" urt="-" addr="-" us="-"';
    const referer = kind < 600 ? `https://${pick(HOSTS)}${pick(PATHS)}` : '-';
    return `${pick(CLIENTS)} - - [${COMMON[second]}] "${request}" ${status} ${int(200_000)} "${referer}" "${pick(AGENTS)}" rt=${seconds} ${upstream}\n`;
  };
  return { row, tally };
}
