/** Longer texts are hardly ever the same twice, and are not worth their memory. */
const LONGEST = 1000;
/** So many of a text's characters, from its first to its last, decide where it is remembered. */
const LOOKED_AT = 16;

/**
 * A function of a text that remembers what it gave for texts that came before, as logs say the same again and again. What it gives is
 * shared: nobody may change it. `most`: so many texts are remembered at a time, each in the place of an earlier one.
 */
export function remembered<Value>(read: (text: string) => Value, most: number): (text: string) => Value {
  // Two lists, and no map: where no text comes twice, they cost no memory that has to be collected.
  const texts: string[] = [];
  const values: Value[] = [];
  return (text) => {
    if (text.length > LONGEST) return read(text);
    const place = hashOf(text) % most;
    const known = values[place];
    if (known !== undefined && texts[place] === text) return known;
    const value = read(text);
    texts[place] = text;
    values[place] = value;
    return value;
  };
}

function hashOf(text: string): number {
  const { length } = text;
  const step = Math.max(1, Math.floor(length / LOOKED_AT));
  let hash = length;
  for (let at = length - 1; at >= 0; at -= step) hash = Math.imul(hash, 31) + text.charCodeAt(at);
  return hash >>> 0;
}
