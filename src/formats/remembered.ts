/** Longer texts are hardly ever the same twice, and are not worth their memory. */
const LONGEST = 1000;

/**
 * A function of a text that remembers what it gave for the texts that came lately, as logs say the same again and again. What it
 * gives is shared: nobody may change it. `most`: so many texts are remembered at a time.
 */
export function remembered<Value>(read: (text: string) => Value, most: number): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    if (text.length > LONGEST) return read(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size >= most) known.clear();
    known.set(text, value);
    return value;
  };
}
