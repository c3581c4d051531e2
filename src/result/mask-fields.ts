import type { Field } from './mask-json.ts';
import { maskText } from './mask-text.ts';
import type { Redaction } from './redact.ts';
import { MASK } from './secrets.ts';

/** Fields of a HAR that are private whatever they hold: by the array or object they stand in and their own name. */
const PRIVATE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cookies: { value: 'cookie' },
  queryString: { value: 'query' },
  params: { value: 'body' },
  postData: { text: 'body' },
  _webSocketMessages: { data: 'body' },
};

/** The page of a failed answer says who failed; other pages are nobody's business. */
const FIRST_FAILURE = 500;

/** Masks the fields of JSON: by what they are called, then by what stands in them. */
export function maskField(redaction: Redaction, field: Field, text: string): string {
  const { key, under, name, status } = field;
  if (text === '' || text === MASK) return text;
  const own = PRIVATE[under]?.[key];
  if (own !== undefined) return hidden(redaction, own, text);
  if (under === 'content' && key === 'text') {
    if (status !== null && status !== 0 && status < FIRST_FAILURE) return hidden(redaction, 'body', text);
    return maskedPage(redaction, text);
  }
  // A header's value that comes before its name could be any header's.
  if (under === 'headers' && key === 'value' && name === '') return hidden(redaction, 'header', text);
  const kind = secretKind(key === 'value' && name !== '' ? name : key) ?? (under === '' ? null : secretKind(under));
  return kind === null || text === '-' ? redaction.mask(text) : hidden(redaction, kind, text);
}

/** A field as a line of a log would have it, so that its name can tell what its value is. */
export function asText({ key, name }: Field, text: string): string {
  return `"${key === 'value' && name !== '' ? name : key}":"${text}"`;
}

function hidden(redaction: Redaction, kind: string, text: string): string {
  redaction.count(kind);
  redaction.secrets.add(kind, text);
  return MASK;
}

const PROBE = 'x7y8z9w0';
const kinds = new Map<string, string | null>();
const MOST_KINDS = 10_000;

/** The kind of secret that a field of this name holds, by the same table that masks texts; null where the name tells none. */
function secretKind(name: string): string | null {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  let kind: string | null = null;
  const note = (noted: string, value: string): void => {
    if (value.includes(PROBE)) kind = noted;
  };
  maskText(`${JSON.stringify(name)}:"${PROBE}"`, { note, name: () => null });
  if (kinds.size < MOST_KINDS) kinds.set(name, kind);
  return kind;
}

/** A page, plain or in base64; in base64 it is masked and packed again. */
function maskedPage(redaction: Redaction, text: string): string {
  if (!/^[A-Za-z0-9+/\r\n]{16,}={0,2}$/.test(text)) return redaction.mask(text);
  const page = Buffer.from(text, 'base64');
  const plain = page.toString();
  if (!Buffer.from(plain).equals(page)) return hidden(redaction, 'body', text);
  const masked = redaction.mask(plain);
  return masked === plain ? text : Buffer.from(masked).toString('base64');
}
