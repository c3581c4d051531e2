/** Above this length the nesting is looked at before a text is parsed. */
const LONG = 1_000_000;
const DEEP = /(?:[[{]\s{0,2}){64}/;

/**
 * The value of a JSON text, or undefined where it is none. Long texts that open bracket after bracket are refused: they
 * are no log, and V8 takes seconds over them.
 */
export function parseJson(text: string): unknown {
  if (text.length > LONG && DEEP.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
