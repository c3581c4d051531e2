/** A sentence that only one of Cloudflare’s pages has, with the code of that page. */
interface PageSentence {
  readonly code: number;
  readonly pattern: RegExp;
}

/** The heading of the page of a rule that blocks, which has no code. */
export const BLOCKED = 'Sorry, you have been blocked';

/**
 * What stands below `What happened?` and `What can I do?`: people quote the sentence and leave the code out. The words are those of the
 * pages as they were saved and quoted in public; of 1016, 1033 and 1034 also developers.cloudflare.com, 1xxx errors.
 */
const PAGE_SENTENCES: readonly PageSentence[] = [
  { code: 403, pattern: new RegExp(`^(?:${BLOCKED}|Attention Required! \\| Cloudflare)$`) },
  { code: 403, pattern: /^Access denied \| \S{1,253} used Cloudflare to restrict access$/ },
  { code: 500, pattern: /^There is an internal server error on Cloudflare['\u2019]s network(?:[.,]|$)/ },
  { code: 502, pattern: /^The web server reported a bad gateway error(?:[.,]|$)/ },
  { code: 504, pattern: /^The web server reported a gateway time-?out error(?:[.,]|$)/ },
  {
    code: 520,
    pattern: /^There is an unknown connection issue between Cloudflare and (?:the origin web|your) server(?:[.,]|$)/i,
  },
  { code: 521, pattern: /^The web server is not returning a connection(?:[.,]|$)/ },
  {
    code: 522,
    pattern:
      /^The initial connection between Cloudflare['\u2019]s network and the origin web server timed out(?:[.,]|$)/,
  },
  { code: 523, pattern: /^The origin web server is not reachable(?:[.,]|$)/ },
  { code: 524, pattern: /^The origin web server timed out responding to this request(?:[.,]|$)/ },
  {
    code: 525,
    pattern: /^Cloudflare is unable to establish an SSL connection to the origin(?: web)?(?: server)?(?:[.,]|$)/i,
  },
  { code: 526, pattern: /^The origin web server does not have a valid SSL certificate(?:[.,]|$)/ },
  { code: 526, pattern: /^The SSL certificate presented by the server did not pass validation(?:[.,]|$)/ },
  {
    code: 1016,
    pattern: /^Check your DNS settings\. If you are using a CNAME origin record, make sure it is valid\b/,
  },
  {
    code: 1033,
    pattern: /\bis configured as an? (?:Argo|Cloudflare) Tunnel, and Cloudflare is currently unable to\b/,
  },
  {
    code: 1034,
    pattern: /\bresolved to an IP address that the owner of the website does not have access to(?:[.,]|$)/,
  },
];

/** The code of the page that a line is quoted from. */
export function quotedCodeIn(text: string): number | undefined {
  return PAGE_SENTENCES.find(({ pattern }) => pattern.test(text))?.code;
}
