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
  for (let i = 0; i < Math.min(text.length, LONGEST); i++) {
    const char = text.charAt(i);
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (--depth === 0) return null;
    } else if (char === ',' && depth === 1) end = i;
  }
  return end === 0 ? null : parseObject(`${text.slice(0, end)}}`);
}
