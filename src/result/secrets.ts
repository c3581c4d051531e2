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
  /**
   * Of each list a text must hold a word for the pattern to match, in whatever case; here in lower case. They are looked for first:
   * most texts hold none, and an expression that is not needed is not compiled.
   */
  readonly needs?: Words;
  /** Whether a match is one; absent: always. Gets the text after `keep`. */
  readonly when?: (secret: string) => boolean;
}

export type Words = readonly (readonly string[])[];

/** What gets a name of its own instead of a mask, so that a reader can tell one from the other. */
export type NamedKind = 'visitor' | 'user';

/** What a mask looks like; a value that is one already is left alone. */
export const MASK = '…';

/** A bare word is no value: `?preview`, `?wsdl`. Anything longer or with digits may be a token. */
const QUERY_WORD = /^[A-Za-z][A-Za-z_-]{0,19}$/;

/** Signs that end a sentence or a quotation around an address; they are no part of the last value. */
const AFTER_QUERY = '\'"`),.;:]}>';

/** A query with its values masked: `a=1&b=2` becomes `a=…&b=…`. */
export function maskedQuery(query: string, note: (value: string) => void): string {
  let end = query.length;
  while (end > 0 && AFTER_QUERY.includes(query.charAt(end - 1))) end -= 1;
  const parts = query.slice(0, end).split('&');
  return parts.map((part) => maskedPart(part, note)).join('&') + query.slice(end);
}

function maskedPart(part: string, note: (value: string) => void): string {
  const equals = part.indexOf('=');
  const value = part.slice(equals + 1);
  if (value === '' || value.startsWith(MASK) || (equals < 0 && QUERY_WORD.test(part))) return part;
  note(value);
  return part.slice(0, equals + 1) + MASK;
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

/** A time in the name of a file, as `cloudflared tunnel diag` names its bundle. */
const TIME_IN_NAME = /(?<!\d)\d{4}-\d\d-\d\d[T_]\d\d[-:]\d\d[-:]\d\d(?!\d)/g;

/**
 * Whether a long word looks like a key: 32 or more hexadecimal digits, or random letters of both cases with digits.
 * Kept are Ray IDs (16 digits), UUIDs of tunnels, names of pods, paths and class names.
 */
function looksRandom(name: string, shortest: number): boolean {
  if (EXPORT_NAME.test(name)) return false;
  const word = name.replace(TIME_IN_NAME, '');
  if (/^[0-9a-f]{32,}$/i.test(word)) return /\d/.test(word) && /[a-f]/i.test(word);
  if (word.length < shortest || !/\d/.test(word) || unrest(word) < RANDOM_UNREST) return false;
  if (/[a-z]/.test(word) && /[A-Z]/.test(word)) return true;
  return !SEPARATED.test(word) && word.length >= 24;
}

/** A hexadecimal digest behind or before a word: `reset-9f86d081…`. */
const DIGEST_PART = /(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])[0-9a-fA-F]{32,}(?![0-9A-Za-z])/g;

/** A container's files lie under its ID, of which its programs show as much as tells it from others. */
const CONTAINER_FILE =
  /(?:^|\/)containers\/|(?<![0-9a-f])[0-9a-f]{64}(?:-json$|\/(?:config|hostconfig|hostname|hosts|resolv)$)/;
const CONTAINER_ID = /(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])/g;

/** A long word with what looks like a key masked: a part of a path, or the whole where it is base64 with slashes. */
export function maskedWord(word: string): string {
  return withoutKeys(CONTAINER_FILE.test(word) ? word.replace(CONTAINER_ID, '$1') : word);
}

function withoutKeys(word: string): string {
  if (!word.includes('/')) return maskedPiece(word);
  const parts = word.split('/');
  const masked = parts.map(maskedPiece);
  if (masked.some((part, index) => part !== parts[index])) return masked.join('/');
  const joined = parts.join('');
  return !word.startsWith('/') && looksRandom(joined, 32) && unrest(joined) >= SLASHED_UNREST ? MASK : word;
}

function maskedPiece(piece: string): string {
  if (looksRandom(piece, 22)) return MASK;
  return piece.length > 32 && SEPARATED.test(piece) && !EXPORT_NAME.test(piece)
    ? piece.replace(DIGEST_PART, MASK)
    : piece;
}

/** `name=value`, `name: value`, `"name":"value"`, `name => 'value'`, `"name","value":"value"`; quotes may be escaped (JSON within JSON). */
const ASSIGNED = String.raw`(?:\\{0,7}["']?\]?\s{0,3}(?:=>|[:=](?!>))\s{0,3}|\\{0,7}"\s{0,3},\s{0,3}\\{0,7}"value\\{0,7}"\s{0,3}:\s{0,3})`;
/** A value up to the quote that opened it, or without quotes to the next separator. The quotes stay: JSON remains JSON. */
const VALUE = String.raw`(?:(?<=\\")[^"\\\n]+|(?<=(?<!\\)")(?:[^"\\\n]|\\[^\n])+|(?<=')[^'\n]+|[^\s"',;&}\u2026\\][^\s"',;&}\\]*)`;

/** A bracket of JSON, which is no value. */
const BRACKET = String.raw`[{\[]\s{0,3}[{\[\\"}\]]`;

/** Names of the fields that hold sessions, secrets and users, wherever they are written. */
const SESSION_NAMES =
  'PHPSESSID|JSESSIONID|ASP\\.NET_SessionId|connect\\.sid|laravel_session|wordpress_(?:logged_in|sec)_[0-9a-z]{0,40}|cf_clearance|__cf_bm|CF_Authorization|XSRF-TOKEN|csrf_?token|sess(?:ion)?[_-]?id|session_?key|remember_[a-z]{2,10}(?:_[0-9a-z]{0,40})?|(?:wp_?)?nonce|(?<![A-Za-z])sid|(?<![A-Za-z])session';
const SECRET_NAMES =
  'pass(?:word|wd|phrase)|(?<![A-Za-z])pwd|(?<![A-Za-z])pass|secret(?:[_-]?key)?|account[_-]?key|client_secret|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|private[_-]?key|(?:access|refresh|id|auth|api|bot|reset|bearer|tunnel)[_-]?token|(?<![A-Za-z])token|credentials?|(?<![A-Za-z])(?:otp|passcode|signature)';
/** What stands in each of those names, in lower case. */
const SESSION_WORDS = ['sess', 'sid', 'wordpress_', 'cf_clearance', '__cf_bm', 'cf_auth', 'srf', 'remember_', 'nonce'];
const SECRET_WORDS = ['pass', 'pwd', 'secret', 'key', 'token', 'credential', 'otp', 'signature'];
const USER_NAMES = '(?:remote|forwarded|request)[_-]?user|user_?name|user_?login|user_?id|customer_?id';

const PERSONAL_NAMES =
  '(?<![A-Za-z])(?:ssn|dob|cv[vc]2?|iban)|social[_-]?security(?:[_-]?(?:no|number))?|date[_-]?of[_-]?birth|birth[_-]?(?:date|day)|passport[_-]?(?:no|number)|tax[_-]?id|card[_-]?number|(?:first|last|given|family|full)[_-]?name';

const PERSONAL_WORDS = ['ssn', 'dob', 'cv', 'iban', 'social', 'birth', 'passport', 'tax', 'card'].concat(
  ['first', 'last', 'given', 'family', 'full'].flatMap((name) => [`${name}name`, `${name}_name`, `${name}-name`]),
);

/** A name where a value is due: its own value is the secret. */
const NAME_AGAIN = `[\\w-]{0,20}(?:${SESSION_NAMES}|${SECRET_NAMES}|${PERSONAL_NAMES}|${USER_NAMES}):\\s`;

function named(names: string): RegExp {
  return new RegExp(
    `(?<keep>(?:${names})${ASSIGNED}(?:\\\\{0,7}["']|))(?!…|(?:null|true|false|yes|no)\\b|$|["'\\\\]|${BRACKET}|${NAME_AGAIN})${VALUE}`,
    'gi',
  );
}

/** A header whose whole value is secret, up to the quote or line end that closes it. */
function header(names: string): RegExp {
  const entry = String.raw`(?:${names})\\{0,7}"\s{0,3},\s{0,3}\\{0,7}"value\\{0,7}"\s{0,3}:\s{0,3}\\{0,7}"`;
  return new RegExp(
    `(?<keep>${entry}|(?<![A-Za-z])(?:${names})\\\\{0,7}["']?\\s{0,3}[:=]\\s{0,3}\\\\{0,7}["']?)(?=[^\\s"'…\\\\])(?!${BRACKET})(?:[^"\\\\\\r\\n]|\\\\.)*`,
    'gi',
  );
}

/** A value that is an object or list of JSON: its brackets stay, what is in them goes, three levels deep. It may be cut off. */
function nested(names: string): RegExp {
  const flat = String.raw`[^{}[\]]`;
  const inner = String.raw`[{[]${flat}*[}\]]`;
  const outer = String.raw`[{[](?:${flat}|${inner})*[}\]]`;
  return new RegExp(
    `(?<keep>(?:${names})\\\\{0,7}"\\s{0,3}:\\s{0,3}[{[](?=\\s{0,3}[^\\s}\\]]))(?:${flat}|${outer})+`,
    'gi',
  );
}

/** What stands between a name and its value. */
const SIGNS = [':', '='];

/** The rows for fields of these names, which have one of `words` in them: one for objects and lists, one for plain values. */
function rows(
  kind: string,
  names: string,
  words: readonly string[],
  plain: (names: string) => RegExp,
): readonly SecretPattern[] {
  return [
    { kind, pattern: nested(names), mask: '', needs: [[':'], words] },
    { kind, pattern: plain(names), mask: MASK, needs: [SIGNS, words] },
  ];
}

/** The check of ISO 13616: letters count as two digits, the first four characters go last, and 97 leaves 1. */
function isBankAccount(text: string): boolean {
  const bare = text.replaceAll(' ', '');
  if (bare.length < 15 || bare.length > 34) return false;
  let rest = 0;
  for (const sign of bare.slice(4) + bare.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The check of ISO/IEC 7812 (Luhn): every second digit from the right counts twice, its digits are summed. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

export const SECRETS: readonly SecretPattern[] = [
  // First, as it is the only secret that goes on over lines: a row that takes a line to its end would leave the others.
  {
    kind: 'key',
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?!…)[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    mask: `-----BEGIN PRIVATE KEY-----${MASK}`,
    needs: [['-----begin ']],
  },
  // Apache ends a line of its error log with it, without quotes (`ErrorLogFormat`); within JSON the quote ends it.
  {
    kind: 'referrer',
    pattern: /(?<keep>^[^{\r\n][^\r\n]*?, referer: )(?!…)[^\r\n]+/gm,
    mask: MASK,
    needs: [[', referer: ']],
  },
  {
    // Apache quotes the header that it refuses, which is mostly a cookie, and cut short (AH10124): no end of it can be told.
    kind: 'cookie',
    pattern: /(?<keep>^[^{\r\n][^\r\n]*?Bad response header: '[\w-]{1,80}: )(?!…)[^\r\n]+/gm,
    mask: MASK,
    needs: [['bad response header: ']],
  },
  ...rows('cookie', '(?:set-)?cookies?', ['cookie'], header),
  {
    kind: 'authorization',
    pattern:
      /(?<keep>(?<![A-Za-z])Digest\s{1,3})(?:[a-z]{2,10}=(?:\\{0,7}"[^"\\]{0,500}\\{0,7}"|[^\s,"\\]{1,200}),?\s{0,2}){2,12}/gi,
    mask: MASK,
    needs: [['digest']],
  },
  ...rows(
    'authorization',
    '(?:proxy-)?authorization|x-(?:[a-z]{2,12}-){0,3}(?:token|key|secret|nonce|signature(?:-256)?)|x-auth-email|ocp-apim-subscription-key|cf-access-(?:client-(?:secret|id)|jwt-assertion|token)',
    ['authorization', 'x-', 'ocp-apim', 'cf-access'],
    header,
  ),
  {
    kind: 'referrer',
    pattern: named('(?<![A-Za-z])(?:http_)?referr?er|ClientRequestReferer'),
    mask: MASK,
    needs: [SIGNS, ['refer']],
    when: (value) => value !== '-',
  },
  {
    kind: 'authorization',
    pattern:
      /(?<keep>(?<![A-Za-z])(?:Bearer|Token)(?:\s{1,3}|%20|\+))(?=[A-Za-z._~+/-]{0,200}[0-9=]|[A-Za-z._~+/-]{20})[A-Za-z0-9._~+/=-]{8,}/gi,
    mask: MASK,
    needs: [['bearer', 'token']],
  },
  {
    kind: 'authorization',
    pattern: /(?<keep>(?<![A-Za-z])Basic\s{1,3})[A-Za-z0-9+/=_-]{6,}/gi,
    mask: MASK,
    needs: [['basic']],
    when: isBasicCredential,
  },
  {
    kind: 'userinfo',
    pattern: /(?<keep>:\\?\/\\?\/)[^\s/"'<>?#…\\]{1,200}(?=@)/g,
    mask: MASK,
    needs: [['@']],
  },
  {
    kind: 'jwt',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}/g,
    mask: MASK,
    needs: [['eyj']],
  },
  ...rows('session', SESSION_NAMES, SESSION_WORDS, named),
  {
    kind: 'session',
    pattern: /(?<keep>(?<![A-Za-z0-9])sess_)[A-Za-z0-9,-]{16,}/g,
    mask: MASK,
    needs: [['sess_']],
  },
  ...rows('secret', SECRET_NAMES, SECRET_WORDS, named),
  {
    kind: 'key',
    pattern:
      /(?<keep>(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks|\.webhook\.office\.com\/webhookb2)\/)[^\s"'<>…]{8,}/g,
    mask: MASK,
    needs: [['hook']],
  },
  {
    kind: 'key',
    pattern:
      /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9]{8,}|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl(?:pat|dt|rt|cbt|ptt|soat|ft)-[\w-]{12,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{20,}|SG\.[\w-]{8,}(?:\.[\w-]*)?|npm_[A-Za-z0-9]{20,}|dop_v1_[0-9a-f]{16,}|sk-[\w-]{16,}|shp(?:at|ss|ca|pa)_[0-9a-f]{16,}|hf_[A-Za-z0-9]{16,}|ya29\.[\w-]{16,}|key-[0-9a-f]{16,}|(?:bot)?\d{8,10}:AA[\w-]{30,}|(?:SK|AC)[0-9a-f]{16,32}(?![0-9A-Za-z])|GOCSPX-[\w-]{16,}|dckr_pat_[\w-]{12,}|pypi-[\w-]{16,}|xapp-\d-[\w-]{8,}|sq0[a-z]{3}-[\w-]{16,})/g,
    mask: MASK,
  },
  // Hashes of passwords: bcrypt, crypt, Argon2, WordPress.
  {
    kind: 'secret',
    pattern: /\$(?:2[abxy]?\$\d\d|[156y]|P|argon2id?\$v=\d{1,3}\$[a-z0-9=,]{1,40})\$[./A-Za-z0-9$]{8,}/g,
    mask: MASK,
    needs: [['$']],
  },
  // What a function was called with, as PHP's stack traces show it; that of `include` is a path of the code.
  {
    kind: 'arguments',
    pattern:
      /(?<keep>#\d{1,3} [^\s(][^\n(]{0,300}\(\d{1,7}\): (?!(?:include|require)(?:_once)?\()[\w\\:>{}-]{1,200}\()(?=[^\n'"]{0,500}['"])(?!…)[^\n]{1,2000}?(?=\)(?:$|[\s\\"]))/gm,
    mask: MASK,
    needs: [['#'], ['(']],
  },
  {
    kind: 'arguments',
    pattern:
      /(?<keep>(?:\b(?:PDO->__construct|mysqli(?:_real)?_connect|mysqli->(?:__construct|real_connect)|pg_p?connect|wp_(?:authenticate|signon|set_password|hash_password)|password_(?:verify|hash)|ldap_bind|imap_open|ftp_login|ssh2_auth_password)|->(?:auth|login|attempt|authenticate))\()(?=\\{0,3}['"]|Object\()[^\n]{1,500}?(?=\)(?:$|[\s,;"\\]))/gm,
    mask: MASK,
    needs: [
      [
        'pdo->',
        'mysqli',
        'pg_',
        'wp_',
        'password_',
        'ldap_',
        'imap_',
        'ftp_',
        'ssh2_',
        '->auth',
        '->login',
        '->attempt',
      ],
    ],
  },
  {
    kind: 'secret',
    pattern: /(?<keep>define\(\s?['"][A-Z_]{0,40}(?:PASSWORD|KEY|SALT|SECRET|TOKEN)[A-Z_]{0,20}['"],\s?['"])[^'"\n…]+/g,
    mask: MASK,
    needs: [['define(']],
  },
  // On command lines.
  {
    kind: 'secret',
    pattern:
      /(?<keep>(?<=\s)--(?:password|passwd|pass|token|secret|api-?key)\s{1,3}['"]?|\bcurl (?:[^\n]{0,200}?\s)?(?:-u|--user)\s?['"]?|\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,100}?\s-p)(?![-<$'"])[^\s'"…]+/g,
    mask: MASK,
    needs: [['--pass', '--token', '--secret', '--api', 'curl ', 'mysql', 'mariadb']],
    when: (value) => value !== MASK,
  },
  // Links that let in whoever has them.
  {
    kind: 'secret',
    pattern:
      /(?<keep>\/(?:(?:password|passwort)[-_/]?reset|reset(?:[-_]password)?|forgot[-_]password|magic(?:[-_]?link)?|verify(?:[-_/]e?mail)?|verification|invit(?:e|ation)s?|unsubscribe|activat(?:e|ion)|confirm(?:ation)?(?:[-_/]e?mail)?|token)\/)(?=[A-Za-z._~-]{0,60}\d)[A-Za-z0-9._~-]{6,}/gi,
    mask: MASK,
    needs: [
      [
        '/reset',
        '/password',
        '/passwort',
        '/forgot',
        '/magic',
        '/verif',
        '/invit',
        '/unsubscribe',
        '/activat',
        '/confirm',
        '/token',
      ],
    ],
  },
  // Of persons.
  {
    kind: 'personal',
    pattern:
      /(?<keep>(?<![A-Za-z])(?:phone(?:[_-]?number)?|telephone|tel|mobile(?:[_-]?number)?|msisdn|fax)\\{0,3}["']?\s{0,2}[:=]\s{0,2}\\{0,3}["']?)\+?\(?\d[\d ()/.-]{4,20}\d/gi,
    mask: MASK,
    needs: [SIGNS, ['phone', 'tel', 'mobile', 'msisdn', 'fax']],
  },
  ...rows('personal', PERSONAL_NAMES, PERSONAL_WORDS, named),
  // The United States' social security number: no area 000, 666 or above 899, no zeros alone (20 CFR 422.103).
  {
    kind: 'personal',
    pattern: /(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)/g,
    mask: MASK,
  },
  {
    kind: 'personal',
    pattern: /(?<![\w-])[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])/g,
    mask: MASK,
    when: isBankAccount,
  },
  {
    kind: 'personal',
    pattern: /(?<![\w.-])(?:[3-6]\d{3}(?:[ -]?\d{4}){3}|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w-]|\.\d)/g,
    mask: MASK,
    when: isCard,
  },
  { kind: 'hardware', pattern: /(?<![\w:])(?:[0-9a-f]{2}:){5,13}[0-9a-f]{2}(?![\w:])/gi, mask: MASK },
  // Behind all that is told by more than one word, of which this would take the first.
  { kind: 'user', pattern: named(USER_NAMES), mask: MASK, needs: [SIGNS, ['user', 'customer']] },
  // The field before the user agent in the combined log of nginx and Apache.
  {
    kind: 'referrer',
    pattern: /(?<keep>" [1-5]\d\d (?:\d{1,15}|-) ")(?!-?"|…)[^"\r\n]+(?=")/g,
    mask: MASK,
    needs: [[' "']],
  },
];

/** Accounts that every machine of their kind has; they name nobody. */
const KEPT_USERS =
  'chroot|jail|www|www-data|http|httpd|nginx|apache|web|webapp|app|node|deploy|deployer|forge|ubuntu|debian|centos|rocky|alma|fedora|admin|ec2-user|opc|vagrant|runner|git|root|user|users|public|shared|default|linuxbrew';
/** A name that is no pseudonym yet. */
const USER = `(?!(?:${KEPT_USERS})(?![\\w.@-])|user-(?:\\d+|[0-9a-f]{10})(?![\\w-])|…)[A-Za-z0-9_][\\w.@-]{0,63}`;
/** A path of the web, not of the disk: behind a method, a host or the name of such a field. */
const WEB_PATH = `(?<!(?:[\\w.]|\\b[A-Z]{3,7} |(?:[uU][rR][iIlL]|[pP]ath|[rR]equest)(?:\\\\?"\\s?:\\s?\\\\?"|="?)|^)/(?:home|Users)/)`;
/** A path that begins a text is one of the disk if it ends as files of a machine do. */
const DISK_PATH = `(?=[^\\s?]{1,400}\\.(?:log|err|out|gz|zst|zip|tar|tgz|har|json|txt|csv|sock|conf)(?:\\.\\d+)?(?::\\d+)?$)`;

/** The name of a host, of at least two labels. */
const HOST = '(?:[A-Za-z0-9_-]{1,63}\\.){1,8}[A-Za-z][A-Za-z0-9-]{1,23}';

/** Names of persons and of their machines, each replaced by a name of its own; the group `keep` stays. */
export const PERSONS: readonly { readonly kind: NamedKind; readonly pattern: RegExp; readonly needs: Words }[] = [
  // In the place of an address: Apache's with HostnameLookups, PAM's.
  {
    kind: 'visitor',
    pattern: new RegExp(`(?<![^\\s"])${HOST}(?= - \\S{1,64} \\[\\d\\d/[A-Z][a-z][a-z]/\\d{4}:)`, 'g'),
    needs: [[' - '], [' [']],
  },
  { kind: 'visitor', pattern: new RegExp(`(?<keep>\\brhost=)${HOST}(?![\\w-])`, 'g'), needs: [['rhost=']] },
  {
    kind: 'user',
    pattern: new RegExp(`(?<keep>/(?:home|Users)/${WEB_PATH})${USER}(?=/)`, 'g'),
    needs: [['/home/', '/users/']],
  },
  {
    kind: 'user',
    pattern: new RegExp(`^(?<keep>/(?:home|Users)/${DISK_PATH})${USER}(?=/)`, 'g'),
    needs: [['/home/', '/users/']],
  },
  {
    kind: 'user',
    pattern: new RegExp(`(?<keep>\\b[A-Za-z]:\\\\{1,16}Users\\\\{1,16})${USER}`, 'g'),
    needs: [['\\users\\']],
  },
  { kind: 'user', pattern: new RegExp(`(?<keep>/~)${USER}`, 'g'), needs: [['/~']] },
  // Who tried to log in: Apache, nginx, sshd, PAM, sudo.
  {
    kind: 'user',
    pattern: new RegExp(
      `(?<keep>\\buser \\\\{0,7}"?)${USER}(?=\\\\{0,7}"?(?:: (?:authentication failure|password mismatch)| (?:was )?not found))`,
      'gi',
    ),
    needs: [['user '], [': authentication failure', ': password mismatch', ' not found']],
  },
  {
    kind: 'user',
    pattern: new RegExp(
      `(?<keep>\\b(?:Failed|Accepted) \\S{1,30} for (?:invalid user )?|\\bInvalid user )${USER}(?= from )`,
      'g',
    ),
    needs: [['failed ', 'accepted ', 'invalid user '], [' from ']],
  },
  {
    kind: 'user',
    pattern: new RegExp(`(?<keep>\\bsession (?:opened|closed) for user )${USER}(?=\\(uid| by |["\\\\]|$)`, 'g'),
    needs: [[' for user ']],
  },
  { kind: 'user', pattern: new RegExp(`(?<keep>\\bsudo: {1,4})${USER}(?= : )`, 'g'), needs: [['sudo: ']] },
  // The third field of the common log format, as basic authentication names it.
  {
    kind: 'user',
    pattern: new RegExp(`(?<keep>(?<=^|\\s)\\S{1,64} )${USER}(?= \\[\\d\\d/[A-Z][a-z][a-z]/\\d{4}:)`, 'g'),
    needs: [[' [']],
  },
];

/** A user's folder within the path of a file, wherever it begins: an archive holds `home/jane/…`, and it may have been unpacked. */
export const HOME_OF_FILE = new RegExp(`(?<![\\w.-])(?<keep>(?:home|Users)/)(?<user>${USER})(?=/)`, 'g');

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
  /(?:upstream: \\?"?(?:[a-z]{2,10}:\/\/)?|originService=\S{0,20}?:\/\/|dial (?:tcp|udp)[46]? (?:\S{1,60}->)?|connect(?:ing|\(\))? to |OriginIP(?:"\s?:\s?"|=)|(?<![A-Za-z])DST=|\blisten (?:tcp |udp )?|bind\(\) to |lookup \S{1,255} on )\[?([0-9A-Fa-f:.]{3,60})/g;
