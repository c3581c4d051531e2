/** Remembers what was made of the last texts, at most `most` of them: the entries of a log name the same things again and again. */
export function remembered(most: number, make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) {
      made = make(text);
      if (known.size >= most) known.clear();
      known.set(text, made);
    }
    return made;
  };
}
