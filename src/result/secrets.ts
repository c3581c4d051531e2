/**
 * What must not leave the process, as data: one row per kind of secret, applied in this order. Every pattern is linear in
 * the length of the text: quantifiers are bounded or cannot overlap with what follows them. A replacement must not match
 * any pattern again, so that masking twice changes nothing.
 */

export interface SecretPattern {
  /** Kind under which the report counts it. */
  readonly kind: string;
  /** Global; the group `keep` is printed, all other text of the match is replaced. */
  readonly pattern: RegExp;
  /** What stands for the secret. */
  readonly mask: string;
  /** Whether a match is one; absent: always. Gets the text after `keep`. */
  readonly when?: (secret: string) => boolean;
}

/** What a mask looks like; a value that is one already is left alone. */
export const MASK = '…';

/** A bare word is no value: `?preview`, `?wsdl`. Anything longer or with digits may be a token. */
const QUERY_WORD = /^[A-Za-z][A-Za-z_-]{0,19}$/;

/** Signs that end a sentence or a quotation around an address; they are no part of the last value. */
const AFTER_QUERY = '\'"`),.;:]}>';

/** A query with its values masked: `a=1&b=2` becomes `a=…&b=…`. */
export function maskedQuery(query: string): string {
  let end = query.length;
  while (end > 0 && AFTER_QUERY.includes(query.charAt(end - 1))) end -= 1;
  return maskedParts(query.slice(0, end)) + query.slice(end);
}

function maskedParts(query: string): string {
  return query
    .split('&')
    .map((part) => {
      const equals = part.indexOf('=');
      if (equals < 0) return part === '' || part.startsWith(MASK) || QUERY_WORD.test(part) ? part : MASK;
      return equals === part.length - 1 ? part : `${part.slice(0, equals + 1)}${MASK}`;
    })
    .join('&');
}

/**
 * A question mark and all that follows up to white space or the quote that ends the field. A quote within the query
 * (nginx's error log prints the request line raw) does not end it: an ending quote is followed by a separator.
 * `(?:` is a regular expression in a piece of configuration.
 */
export const QUERY = /(?<!\()\?((?:[^\s"]|"(?![\s,}\]);:]|$))+)/g;

/** Base64 of `name:password`, as Basic credentials are. */
function isBasicCredential(secret: string): boolean {
  return Buffer.from(secret.trim(), 'base64').toString('latin1').includes(':');
}

/** How often neighbouring characters change between lower case, upper case and digits, per character. */
function unrest(token: string): number {
  let changes = 0;
  let last = 0;
  for (let index = 0; index < token.length; index += 1) {
    const code = token.charCodeAt(index);
    const kind = code >= 97 && code <= 122 ? 1 : code >= 65 && code <= 90 ? 2 : code >= 48 && code <= 57 ? 3 : 4;
    if (last !== 0 && kind !== last) changes += 1;
    last = kind;
  }
  return changes / token.length;
}

/** Random text changes its kind of character about every second place, names and paths about every fifth. */
const RANDOM_UNREST = 0.28;
/** Addresses and paths with capitals and numbers reach 0.3; base64 has about 0.6. */
const SLASHED_UNREST = 0.33;
const SEPARATED = /[-_/+]/;

/** Names of Logpush's objects: two compact times and a hash. They tell which file a line is in. */
const EXPORT_NAME = /^\d{8}T\d{6}Z_\d{8}T\d{6}Z_[0-9a-f]{6,12}(?:\.|$)/;

/**
 * Whether a long word looks like a key: 32 or more hexadecimal digits, or random letters of both cases with digits.
 * Kept are Ray IDs (16 digits), UUIDs of tunnels, names of pods, paths and class names.
 */
function looksRandom(word: string, shortest: number): boolean {
  if (EXPORT_NAME.test(word)) return false;
  if (/^[0-9a-f]{32,}$/i.test(word)) return /\d/.test(word) && /[a-f]/i.test(word);
  if (word.length < shortest || !/\d/.test(word) || unrest(word) < RANDOM_UNREST) return false;
  if (/[a-z]/.test(word) && /[A-Z]/.test(word)) return true;
  return !SEPARATED.test(word) && word.length >= 24;
}

/** A long word with what looks like a key masked: a part of a path, or the whole where it is base64 with slashes. */
export function maskedWord(word: string): string {
  if (!word.includes('/')) return looksRandom(word, 22) ? MASK : word;
  const parts = word.split('/');
  const masked = parts.map((part) => (looksRandom(part, 22) ? MASK : part));
  if (masked.some((part, index) => part !== parts[index])) return masked.join('/');
  const joined = parts.join('');
  return !word.startsWith('/') && looksRandom(joined, 32) && unrest(joined) >= SLASHED_UNREST ? MASK : word;
}

/** `name=value`, `name: value`, `"name":"value"`, `name => 'value'`; quotes may be escaped (JSON within JSON). */
const ASSIGNED = String.raw`\\?["']?\]?\s{0,3}(?:=>|[:=](?!>))\s{0,3}`;
const VALUE = String.raw`(?:\\?"[^"\n]{1,400}"|'[^'\n]{1,400}'|\\?["']?[^\s"',;&}…][^\s"',;&}]*)`;

function named(names: string): RegExp {
  return new RegExp(
    `(?<keep>(?:${names})${ASSIGNED})(?!\\\\?["']?(?:…|(?:null|true|false|yes|no)\\b|$))${VALUE}`,
    'gi',
  );
}

/** A header whose whole value is secret, up to the quote or line end that closes it. */
function header(names: string): RegExp {
  const entry = String.raw`(?:${names})\\?"\s{0,3},\s{0,3}\\?"value\\?"\s{0,3}:\s{0,3}\\?"`;
  return new RegExp(
    `(?<keep>${entry}|(?<![A-Za-z])(?:${names})\\\\?["']?\\s{0,3}[:=]\\s{0,3}\\\\?["']?)(?=[^\\s"'…\\\\])(?:[^"\\\\\\r\\n]|\\\\.)*`,
    'gi',
  );
}

export const SECRETS: readonly SecretPattern[] = [
  {
    kind: 'key',
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?!…)[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    mask: `-----BEGIN PRIVATE KEY-----${MASK}`,
  },
  { kind: 'cookie', pattern: header('(?:set-)?cookies?'), mask: MASK },
  {
    kind: 'authorization',
    pattern: header('(?:proxy-)?authorization|x-api-key|x-auth-token|cf-access-client-secret|cf-access-jwt-assertion'),
    mask: MASK,
  },
  {
    kind: 'authorization',
    pattern:
      /(?<keep>(?<![A-Za-z])(?:Bearer|Token)(?:\s{1,3}|%20|\+))(?=[A-Za-z._~+/-]{0,200}[0-9=]|[A-Za-z._~+/-]{20})[A-Za-z0-9._~+/=-]{8,}/gi,
    mask: MASK,
  },
  {
    kind: 'authorization',
    pattern: /(?<keep>(?<![A-Za-z])Basic\s{1,3})[A-Za-z0-9+/=_-]{6,}/gi,
    mask: MASK,
    when: isBasicCredential,
  },
  { kind: 'userinfo', pattern: /(?<keep>:\/\/)[^\s/@"'<>?#…]{1,200}(?=@)/g, mask: MASK },
  { kind: 'jwt', pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}/g, mask: MASK },
  {
    kind: 'session',
    pattern: named(
      'PHPSESSID|JSESSIONID|ASP\\.NET_SessionId|connect\\.sid|laravel_session|wordpress_(?:logged_in|sec)_[0-9a-z]{0,40}|cf_clearance|__cf_bm|CF_Authorization|XSRF-TOKEN|csrf_?token|sess(?:ion)?[_-]?id|session_?key|(?<![A-Za-z])sid|(?<![A-Za-z])session',
    ),
    mask: MASK,
  },
  { kind: 'session', pattern: /(?<keep>(?<![A-Za-z0-9])sess_)[A-Za-z0-9,-]{16,}/g, mask: MASK },
  {
    kind: 'secret',
    pattern: named(
      'pass(?:word|wd|phrase)|(?<![A-Za-z])pwd|(?<![A-Za-z])pass|secret|client_secret|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|private[_-]?key|(?:access|refresh|id|auth|api|bot|reset|bearer|tunnel)[_-]?token|(?<![A-Za-z])token|credentials?',
    ),
    mask: MASK,
  },
  {
    kind: 'key',
    pattern:
      /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9]{8,}|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{12,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{20,}|SG\.[\w-]{8,}(?:\.[\w-]*)?|npm_[A-Za-z0-9]{20,}|dop_v1_[0-9a-f]{16,})/g,
    mask: MASK,
  },
];

/** Words long enough to be a key; each is judged by `maskedWord`. */
export const LONG_WORD = /[A-Za-z0-9+/_-]{22,}={0,2}/g;

/** Endings of systemd units (`user@1000.service`), which are no mail domains. */
export const UNIT_ENDINGS: ReadonlySet<string> = new Set([
  'service',
  'socket',
  'timer',
  'target',
  'mount',
  'slice',
  'scope',
  'device',
  'swap',
  'automount',
]);

/** What stands before an address that is a server's, not a visitor's: nginx, cloudflared, netfilter, exports, resolvers. */
export const SERVER_ADDRESS =
  /(?:upstream: \\?"?(?:[a-z]{2,10}:\/\/)?|originService=\S{0,20}?:\/\/|dial (?:tcp|udp)[46]? (?:\S{1,60}->)?|connect(?:ing|\(\))? to |"OriginIP"\s?:\s?"|(?<![A-Za-z])DST=|\blisten (?:tcp |udp )?|bind\(\) to |lookup \S{1,255} on )\[?([0-9A-Fa-f:.]{3,60})/g;
