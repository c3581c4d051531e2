/**
 * Numbers that look random and are the same on every machine: Marsaglia's xorshift with 32 bits. Every state comes once in
 * 2^32 - 1 draws, so that two draws side by side, written as 16 hexadecimal digits, never repeat within one log.
 */
export function openDice(seed) {
  let state = seed >>> 0 || 1;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 16; i++) draw();
  const int = (below) => draw() % below;
  return {
    /** A whole number from 0 to below - 1. */
    int,
    /** One of a list. */
    pick: (list) => list[draw() % list.length],
    /** True with this probability. */
    chance: (probability) => draw() < probability * 4294967296,
    /** 16 hexadecimal digits, as in a Ray ID; never the same twice. */
    hex16: () => hex8(draw()) + hex8(draw()),
  };
}

const HEX4 = Array.from({ length: 65536 }, (_, i) => i.toString(16).padStart(4, '0'));

function hex8(value) {
  return HEX4[value >>> 16] + HEX4[value & 65535];
}
