/**
 * The cells of one line of CSV (RFC 4180): cells may stand in double quotes, which are doubled inside. Null where a quote is
 * left open or something follows a closing one.
 */
export function csvCells(line: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    let cell = '';
    if (line[at] === '"') {
      for (;;) {
        const end = line.indexOf('"', at + 1);
        if (end === -1) return null;
        cell += line.slice(at + 1, end);
        at = end + 1;
        if (line[at] !== '"') break;
        cell += '"';
      }
      if (at < line.length && line[at] !== delimiter) return null;
    } else {
      const found = line.indexOf(delimiter, at);
      const end = found === -1 ? line.length : found;
      cell = line.slice(at, end);
      at = end;
    }
    cells.push(cell);
    if (at >= line.length) return cells;
    at++;
  }
}
