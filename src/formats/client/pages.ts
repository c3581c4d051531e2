import type { SignalId } from '../../vocabulary/signals.ts';
import { APPLICATION_PAGE } from './application-page.ts';

/** Part of a body that is looked at; Cloudflare's longest page has about 6 KB. */
const LOOKED_AT = 65_536;

/** A mark in the body of an error answer that tells who made it. */
export interface PageMark {
  readonly id: string;
  readonly maker: 'cloudflare-page' | 'edge' | 'origin-or-tunnel' | 'client' | 'origin';
  readonly pattern: RegExp;
}

/** What people write above the words of a page: a few lines without digits, so none of a log. */
export const WRITTEN_ABOVE = String.raw`^\uFEFF?(?:[^\n\d]{0,200}\n){0,6}\s{0,40}`;
/** The line across a page, as it is copied into Markdown. */
export const RULE = String.raw`(?:[-*_=]{3,80}\s{1,8})?`;

/** A page of nothing but the status and the program's name, as it is copied out of a browser. */
const shortCopy = (program: string): string =>
  String.raw`${WRITTEN_ABOVE}5\d\d [A-Za-z -]{2,40}\s{1,8}${RULE}${program}\s{0,40}$`;

/** The mark of Cloudflare's pages that refuse a visitor, or ask what they are; sent with 403 (developers.cloudflare.com, custom errors: error page types). */
export const REFUSAL_PAGE = 'cf-refusal';

/** Marks in the order in which they are looked for; those of the boxes also as the words of a page that was copied (reference: data/cloudflare-body-markers.tsv). */
export const PAGE_MARKS: readonly PageMark[] = [
  {
    // A rule's block and a challenge: pages without a code, and of a block no header tells either.
    id: REFUSAL_PAGE,
    maker: 'cloudflare-page',
    pattern:
      /<title>(?:Attention Required! \| Cloudflare|Just a moment\.\.\.)<\/title>|data-translate="block_headline"|\b_cf_chl_opt\b|^\s{0,8}Sorry, you have been blocked\s{0,8}$/m,
  },
  {
    id: 'cf-host-error',
    maker: 'origin-or-tunnel',
    pattern: /id="cf-host-status" class="cf-error-source|^\s{0,8}Host\s{1,8}Error\b/m,
  },
  {
    id: 'cf-edge-error',
    maker: 'edge',
    pattern:
      /id="cf-cloudflare-status" class="cf-error-source|^\s{0,8}Cloudflare\s{1,8}Error\b|\binternal server error on Cloudflare['\u2019]s network\b/m,
  },
  {
    id: 'cf-client-error',
    maker: 'client',
    pattern: /id="cf-browser-status" class="cf-error-source|^\s{0,8}Browser\s{1,8}Error\b/m,
  },
  {
    id: 'cf-502-origin-text',
    maker: 'origin-or-tunnel',
    pattern: /The web server reported a (?:bad gateway|gateway time-?out) error/i,
  },
  { id: 'cf-branded-code', maker: 'cloudflare-page', pattern: /<span class="code-label">Error code 5\d\d<\/span>/ },
  { id: 'cf-branded-title', maker: 'cloudflare-page', pattern: /<title>[^<|]{0,300}\| 5\d\d: [^<]{1,100}<\/title>/ },
  {
    id: 'cf-unbranded',
    maker: 'edge',
    pattern: new RegExp(
      String.raw`<hr>\s{0,4}<center>cloudflare(?:-nginx)?</center>|${shortCopy('cloudflare(?:-nginx)?')}`,
      'i',
    ),
  },
  {
    id: 'nginx-page',
    maker: 'origin',
    pattern: new RegExp(
      String.raw`<hr>\s{0,4}<center>nginx(?:/[\d.]{1,20}[^<]{0,80})?</center>|${shortCopy(String.raw`nginx(?:/[\d.]{1,20}[^\n]{0,40})?`)}`,
      'i',
    ),
  },
  {
    id: 'openresty-page',
    maker: 'origin',
    pattern: new RegExp(
      String.raw`<center>(?:openresty|tengine|angie|freenginx)(?:/[\d.]{1,20})?</center>|${shortCopy(String.raw`openresty(?:/[\d.]{1,20})?`)}`,
      'i',
    ),
  },
  { id: 'apache-page', maker: 'origin', pattern: /<address>Apache/ },
  {
    id: 'apache-proxy-text',
    maker: 'origin',
    pattern:
      /The proxy server received an invalid\b|The server is temporarily unable to service your\b|The gateway did not receive a timely response\b/,
  },
  { id: 'apache-reason', maker: 'origin', pattern: /Reason: <strong>[^<]{1,200}<\/strong>/ },
  {
    id: 'haproxy-page',
    maker: 'origin',
    pattern:
      /<h1>50\d [A-Za-z- ]{1,40}<\/h1>\s{0,4}(?:The server returned an invalid or incomplete response|No server is available to handle this request|The server didn't respond in time)/,
  },
  {
    id: 'iis-arr',
    maker: 'origin',
    pattern: /502 - Web server received an invalid response while acting as a gateway or proxy server/,
  },
  {
    id: 'iis-detailed',
    maker: 'origin',
    pattern: /\bHTTP Error 50\d\.\d{1,2} - [A-Z]|\bHTTP Error 503\. The service is unavailable\./,
  },
  {
    id: 'kong-text',
    maker: 'origin',
    pattern:
      /"?message"?\s{0,4}:\s{0,4}"(?:An invalid response was received from the upstream server|The upstream server is (?:currently unavailable|timing out)|failure to get a peer from the ring-balancer|name resolution failed")|^\s{0,8}(?:An invalid response was received from the upstream server|The upstream server is (?:currently unavailable|timing out))\b/,
  },
  { id: 'azure-gateway', maker: 'origin', pattern: /<center>Microsoft-Azure-Application-Gateway/ },
  { id: 'litespeed-page', maker: 'origin', pattern: /Proudly powered by (?:<a[^>]{0,200}>)?LiteSpeed/ },
  {
    id: 'caddy-traefik-text',
    maker: 'origin',
    pattern:
      /^\s{0,8}(?:Bad Gateway|Gateway Timeout|Service Unavailable|no available server|upstream connect error)(?![^\n]{1,60} 50\d\n)/i,
  },
  { id: 'awselb-page', maker: 'origin', pattern: /<center>awselb\/|<center>CloudFront|Varnish cache server/ },
  { id: 'application-page', maker: 'origin', pattern: APPLICATION_PAGE },
  { id: 'ngrok', maker: 'origin', pattern: /ERR_NGROK_3\d{3}/ },
];

/** Codes of Cloudflare's 1xxx pages by what they mean for a failed request (reference 2.4, 6). */
export const CODES_1XXX: Readonly<Record<number, SignalId>> = {
  1000: 'edge.dns-error',
  1001: 'edge.dns-error',
  1002: 'edge.dns-error',
  1003: 'edge.dns-error',
  1004: 'edge.dns-error',
  1014: 'edge.dns-error',
  1016: 'edge.530-1016',
  1018: 'edge.dns-error',
  1023: 'edge.dns-error',
  1034: 'edge.dns-error',
  1033: 'edge.530-1033',
  1005: 'har.waf-block',
  1006: 'har.waf-block',
  1007: 'har.waf-block',
  1008: 'har.waf-block',
  1009: 'har.waf-block',
  1010: 'har.waf-block',
  1011: 'har.waf-block',
  1012: 'har.waf-block',
  1013: 'har.waf-block',
  1015: 'har.rate-limit',
  1020: 'har.waf-block',
  1106: 'har.waf-block',
  1019: 'har.worker-exception',
  1042: 'har.worker-exception',
  1101: 'har.worker-exception',
  1025: 'har.worker-limits',
  1027: 'har.worker-limits',
  1102: 'har.worker-limits',
};

/** The status with which Cloudflare sends a page of a 1xxx code, where it is not 403 (developers.cloudflare.com, 1xxx errors). */
const STATUS_OF_CODE: Readonly<Record<number, number>> = {
  1015: 429,
  1016: 530,
  1019: 500,
  1027: 429,
  1033: 530,
  1042: 404,
  1101: 500,
  1102: 503,
};

/** The status of such a page. */
export const statusOfCode = (code: number): number => STATUS_OF_CODE[code] ?? 403;

/** The head of a page of which the words were copied, with its code: nobody else writes it. */
export const COPIED_HEAD = new RegExp(String.raw`${WRITTEN_ABOVE}Error (5\d\d|1\d{3})\s{1,40}Ray ID: [\da-f]{16}\b`);

/** The 1xxx code of a page: the marked box, the plain text, or the problem document. */
const CODE_PATTERNS: readonly RegExp[] = [
  /class="cf-error-code"[^>]{0,100}>\s{0,40}(1\d{3})\s{0,40}</,
  /^\s{0,40}error code: (1\d{3})\s{0,40}$/,
  /\bError (1\d{3})\s{1,40}Ray ID: [\da-f]{16}\b/,
  /cloudflare-1xxx-errors\/error-(1\d{3})/,
];

/** What a body says of the one who made it. */
export interface PageReading {
  readonly kind: 'none' | 'code' | 'problem' | 'plain' | 'marked' | 'other';
  /** Of a page with a 1xxx code. */
  readonly code?: number;
  readonly mark?: PageMark;
  /** Of a problem document: `origin`, `ssl`, `cloudflare` …, else its error name. */
  readonly category?: string;
}

/** Reads the beginning of an error answer's body. */
export function readPage(body: string): PageReading {
  const text = body.length > LOOKED_AT ? body.slice(0, LOOKED_AT) : body;
  if (text.trim() === '') return { kind: 'none' };
  for (const pattern of CODE_PATTERNS) {
    const code = pattern.exec(text);
    if (code) return { kind: 'code', code: Number(code[1]) };
  }
  if (/"cloudflare_error"\s{0,4}:\s{0,4}true/.test(text)) {
    const code = /"error_code"\s{0,4}:\s{0,4}"?(1\d{3})\b/.exec(text);
    if (code) return { kind: 'code', code: Number(code[1]) };
    const category = /"error_category"\s{0,4}:\s{0,4}"([a-z_-]{1,40})"/i.exec(text);
    const name = /"error_name"\s{0,4}:\s{0,4}"([a-z_-]{1,60})"/i.exec(text);
    return { kind: 'problem', category: (category?.[1] ?? name?.[1] ?? '').toLowerCase() };
  }
  if (/^\s{0,40}error code: \d{3,4}\s{0,40}$/.test(text)) return { kind: 'plain' };
  const mark = PAGE_MARKS.find(({ pattern }) => pattern.test(text));
  return mark ? { kind: 'marked', mark } : { kind: 'other' };
}
