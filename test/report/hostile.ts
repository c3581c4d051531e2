import { type Result, resultSchema } from '../../src/result/schema.ts';

/** Log text as an attacker would write it, for every output at once. */
export const HOSTILE = [
  '=HYPERLINK("http://evil.example/","x")',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">x</a>',
  "' onmouseover='alert(1)",
  '</style></pre></title><svg/onload=alert(1)>',
  '[click](javascript:alert(1)) ![x](http://evil.example/p.png) @admin #42 !7 owner/repo#1 GH-9 www.evil.example',
  '```\n# heading\n| a | b |\n``` `code` ~~~ $x$ :smile: <!-- -->',
  '\x1b[2J\x1b]0;title\x07\x9b31m\r\b\x00\x7f\u0085',
  '\u202eesrever\u2066\u200b\ufeff\u{e0041}\u2028',
  '\ud800 lone',
].join(' ');

/** Strings that the schema or the links within a page depend on. */
const FIXED = new Set([
  'time',
  'start',
  'end',
  'firstRequest',
  'first',
  'last',
  'at',
  'startedAt',
  'since',
  'hop',
  'place',
  'kind',
  'madeBy',
  'direction',
  'word',
  'difficulty',
  'change',
  'joinedBy',
  'coverage',
  'id',
  'burst',
]);

function poisoned(value: unknown, key: string): unknown {
  if (typeof value === 'string') return FIXED.has(key) || key === 'method' ? value : HOSTILE;
  if (Array.isArray(value)) return value.map((inner) => poisoned(inner, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poisoned(inner, name)]));
}

/** The result with hostile text in every field that log text can reach. */
export function hostile(result: Result): Result {
  const poison = resultSchema.parse(poisoned(result, ''));
  return {
    ...poison,
    bursts: poison.bursts.map((burst) => ({ ...burst, statuses: { [HOSTILE]: 3 } })),
    requests: poison.requests.map((request) => ({ ...request, method: HOSTILE })),
    redaction: { enabled: true, masked: { [HOSTILE]: 2 } },
    options: { [HOSTILE]: HOSTILE },
  };
}

/** Characters that no output may hold raw, line ends apart. */
export const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\p{Cs}]/u;
