const LF = 10;

/** Where a piece of whole lines that begins at `start` ends: behind the last line within `most` bytes; a longer line is one of its own. */
export function pieceEnd(bytes: Buffer, start: number, end: number, most: number): number {
  if (end - start <= most) return end;
  const feed = bytes.lastIndexOf(LF, start + most - 1);
  if (feed >= start) return feed + 1;
  const next = bytes.indexOf(LF, start);
  return next < 0 || next >= end ? end : next + 1;
}
