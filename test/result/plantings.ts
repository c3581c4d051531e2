import { CANARIES } from './canaries.ts';

/** A line with a secret planted in one of its fields. */
export interface Planting {
  readonly line: string;
  readonly secret: string;
}

/** Each line of a log with a secret behind each of its words and in each of its strings: every kind in turn. */
export function plantings(input: string, encode: (text: string) => string): Planting[] {
  return fieldsOf(input).map((put, turn) => {
    const [, text, secret] = CANARIES[turn % CANARIES.length] ?? ['', '', ''];
    return { line: put(encode(text)), secret };
  });
}

/** The places of a log where a text may stand: one function each, which gives the line (or JSON document) with it there. */
export function fieldsOf(input: string): ((planted: string) => string)[] {
  const json = leavesOf(input);
  if (json !== null) return json;
  return input.split('\n').flatMap(
    (line) =>
      leavesOf(line) ??
      [...line.matchAll(/(?<=\S)(?= |$)/g)].map(
        ({ index }) =>
          (planted: string) =>
            `${line.slice(0, index)} ${planted} ${line.slice(index)}`,
      ),
  );
}

/** For a JSON document: one function for each string in it, which appends a text there. Null for anything else. */
function leavesOf(text: string): ((planted: string) => string)[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  let leaves = 0;
  JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'string') leaves += 1;
    return inner;
  });
  return Array.from({ length: leaves }, (_, wanted) => (planted: string) => {
    let seen = -1;
    return JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner !== 'string') return inner;
      seen += 1;
      return seen === wanted ? `${inner} ${planted}` : inner;
    });
  });
}
