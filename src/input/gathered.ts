/**
 * Puts blocks together into pieces of `pieceBytes`; the last one may be shorter. A piece holds good while the next one is asked for,
 * and no longer. Throws what `blocks` throws.
 */
export async function* gathered(blocks: AsyncIterable<Buffer>, pieceBytes: number): AsyncGenerator<Buffer> {
  let memory = Buffer.allocUnsafeSlow(pieceBytes);
  let other = Buffer.allocUnsafeSlow(pieceBytes);
  let bytes = 0;
  for await (const block of blocks) {
    for (let at = 0; at < block.length; ) {
      const copied = block.copy(memory, bytes, at);
      at += copied;
      bytes += copied;
      if (bytes < pieceBytes) continue;
      yield memory;
      [memory, other] = [other, memory];
      bytes = 0;
    }
  }
  if (bytes > 0) yield memory.subarray(0, bytes);
}
