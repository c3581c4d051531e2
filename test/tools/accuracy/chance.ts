/** Numbers that look random and are the same for the same seed: 0 ≤ x < 1. */
export type Chance = () => number;

/** Chance from a text: FNV-1a for the seed, mulberry32 for the numbers. */
export function chanceOf(seed: string): Chance {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(chance: Chance, items: readonly [T, ...T[]]): T {
  return items[Math.floor(chance() * items.length)] ?? items[0];
}

/** A whole number, `from` ≤ n < `to`. */
export function whole(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from));
}
