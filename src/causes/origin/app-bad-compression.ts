import type { Cause } from '../cause.ts';
import { pastCloudflare } from '../commands.ts';
import { COMPRESSION_WORDS, PLAIN_ANSWERS } from '../server-topics.ts';
import { failedRequestsFirst, MISSING_EDGE_LOG, MISSING_NGINX_ERROR, onPath } from '../texts.ts';
import { forServer, searchConfig, whereServerHas } from '../web-servers.ts';

/** The origin answered with success and the body cannot be unpacked, or its length is wrong. */
export const appBadCompression: Cause = {
  id: 'app-bad-compression',
  title: 'Broken compression or a wrong Content-Length (at the origin, or two compressors on the way)',
  place: 'origin',
  hop: 'app',
  broader: [],
  aliases: [
    'origin-broken-compression',
    'origin-bad-compression',
    'origin-wrong-content-length',
    'edge-compression',
    'edge-compression-mismatch',
  ],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.refused-origin-answer', weight: 'decisive', why: 'Cloudflare got a success and made a 502 of it' },
    { signal: 'nginx.inflate', weight: 'strong', why: 'the compressed data is broken' },
    { signal: 'derived.compressed-only', weight: 'strong', why: 'what is not compressed gets through' },
    { signal: 'nginx.more-data', weight: 'medium', why: 'Content-Length does not fit the body' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'a broken body is a documented reason of this 502' },
    { signal: 'derived.reached-origin', weight: 'weak', why: 'the origin took the requests' },
    { signal: 'access.no-answer-502', weight: 'strong', against: true, why: 'the application gave no answer at all' },
    {
      signal: 'access.answered-5xx',
      weight: 'strong',
      against: true,
      why: 'the application answered an error, no success',
    },
    {
      signal: 'edge.origin-answered-5xx',
      weight: 'strong',
      against: true,
      why: 'the origin answered an error, no success',
    },
  ],
  summary: (facts) =>
    `The origin answered with success, and Cloudflare could not use the body: broken gzip or Brotli data, or a Content-Length that does not fit. ${failedRequestsFirst(facts)}${onPath(facts)} became 502; the origin’s log says 200.`,
  missing: [
    {
      what: 'the answer of the origin with compression, past Cloudflare',
      why: 'gunzip says whether the data is whole',
      command: (facts) => `curl -sk -H 'Accept-Encoding: gzip' -D /dev/stderr ${pastCloudflare(facts)} | gunzip -t`,
      unless: { signals: ['nginx.inflate'] },
    },
    MISSING_EDGE_LOG,
    MISSING_NGINX_ERROR,
  ],
  fix: [
    {
      text: 'Test the compressed answer of the origin. "unexpected end of file" or "invalid compressed data" proves it; so does success with Accept-Encoding: identity.',
      command: (facts) => `curl -sk -H 'Accept-Encoding: gzip' -D /dev/stderr ${pastCloudflare(facts)} | gunzip -t`,
      risk: 'None: it only reads.',
    },
    {
      text: whereServerHas(
        PLAIN_ANSWERS,
        'Relief at once: have the web server ask the application for plain answers. Cloudflare still compresses towards visitors.',
      ),
      config: forServer(PLAIN_ANSWERS),
      risk: 'More bytes between the web server and the application.',
    },
    {
      text: 'Then compress in one place only: the web server, or PHP (zlib.output_compression, a cache plugin), or middleware; and never set Content-Length by hand before compression.',
      command: (facts) =>
        ["grep -rn 'zlib.output_compression' /etc/php/*/fpm/", searchConfig(facts, COMPRESSION_WORDS)]
          .filter((command) => command !== '')
          .join('; '),
      risk: 'The command only reads.',
    },
    {
      text: 'Delete compressed files that the application or a plugin keeps (page cache, .gz beside the file): a broken one is served again and again.',
      risk: 'Pages are slow until the cache is filled again.',
    },
  ],
  avoid: [
    'Purging Cloudflare’s cache alone: the broken answer comes from the origin.',
    'Looking for 5xx in the origin’s log: it says 200 for these requests.',
  ],
  verify: [
    'gunzip -t is silent for the compressed answer.',
    'In Cloudflare’s HTTP logs rows with EdgeResponseStatus 502 and OriginResponseStatus 200 stop.',
  ],
  prevent: ['A test in the deployment that fetches a page with Accept-Encoding: gzip and unpacks it.'],
  difficulty: 'moderate',
  sources: ['developers.cloudflare.com: error 502', 'nginx source: ngx_http_gunzip_filter_inflate'],
};
