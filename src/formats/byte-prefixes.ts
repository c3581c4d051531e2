/** Beginnings are ASCII: they are compared byte by byte. */
const ASCII = 128;

interface Nodes {
  /** Next node by node and byte; 0 = none. */
  readonly next: Uint16Array;
  /** Index + 1 of the text that ends at a node; 0 = none. */
  readonly ends: Uint16Array;
}

function nodesOf(texts: readonly string[]): Nodes {
  const room = texts.reduce((sum, text) => sum + text.length, 2);
  const next = new Uint16Array(room * ASCII);
  const ends = new Uint16Array(room);
  let nodes = 2;
  texts.forEach((text, index) => {
    let node = 1;
    for (let i = 0; i < text.length; i++) {
      const at = node * ASCII + text.charCodeAt(i);
      if (next[at] === 0) next[at] = nodes++;
      node = next[at] ?? 0;
    }
    ends[node] = index + 1;
  });
  return { next, ends };
}

/**
 * Finds which of many literal texts begin at a place in bytes, in one walk over them. A text is known by its index; of
 * several that begin there the longest is given, since the shorter ones are its beginnings.
 */
export class BytePrefixes {
  private readonly texts: readonly string[];
  /** Made when first asked: of a large table it is megabytes, and most runs read no log that needs it. */
  private nodes: Nodes | undefined;
  /** Where the text found last ends. */
  end = 0;

  /** `texts` are different from each other, not empty, and ASCII. */
  constructor(texts: readonly string[]) {
    this.texts = texts;
  }

  /** Index of the longest text that `bytes[start, end)` begins with, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    this.nodes ??= nodesOf(this.texts);
    const { next, ends } = this.nodes;
    let node = 1;
    let found = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= ASCII) break;
      node = next[(node << 7) | byte] ?? 0;
      if (node === 0) break;
      const ended = ends[node] ?? 0;
      if (ended !== 0) {
        found = ended;
        this.end = i + 1;
      }
    }
    return found - 1;
  }
}
