import { parseObject } from './wrappers/json.ts';

const LONGEST = 65_536;

/**
 * The members of a JSON object that stand whole before the place where a terminal, a pager or a page cut the text off; null where the
 * object is not cut, or nothing of it is whole.
 */
export function wholeMembers(text: string): Readonly<Record<string, unknown>> | null {
  let depth = 0;
  let inString = false;
  let end = 0;
  /** Behind the last string of the object itself. */
  let closed = 0;
  for (let i = 0; i < Math.min(text.length, LONGEST); i++) {
    const char = text.charAt(i);
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') {
        inString = false;
        if (depth === 1) closed = i + 1;
      }
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (--depth === 0) return null;
    } else if (char === ',' && depth === 1) end = i;
  }
  // Of a last member that is a string nothing need be missing.
  const whole = closed > end ? parseObject(`${text.slice(0, closed)}}`) : null;
  return whole ?? (end === 0 ? null : parseObject(`${text.slice(0, end)}}`));
}

/**
 * A JSON text of many lines whose end was cut off, up to the last member or element that stands whole at any depth, with what is open
 * closed; null where the text is not cut, or nothing of it is whole.
 */
export function closedJson(text: string): string | null {
  const open: string[] = [];
  let inString = false;
  let found: { readonly end: number; readonly closing: string } | null = null;
  for (let i = 0; i < Math.min(text.length, LONGEST); i++) {
    const char = text.charAt(i);
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if (char === '}' || char === ']') {
      if (open.pop() !== char) return null;
      if (open.length === 0) return null;
    } else if (char === ',' && open.length > 0) found = { end: i, closing: open.toReversed().join('') };
  }
  return found === null ? null : text.slice(0, found.end) + found.closing;
}
