import type { BlockReader, BlockSink, LineFormat } from './format.ts';

type Open = (sink: BlockSink) => BlockReader;

/** A format whose lines stand among rows (`standsAmong`), where they count, and whether lines are offered to these two formats alone. */
export interface Beside {
  readonly openLines: NonNullable<LineFormat['openLines']>;
  readonly sink: BlockSink;
  readonly isAlone: () => boolean;
}

/** Opens a reader of rows that leaves other lines to the reader of the format beside it, and what neither of them reads to the ordinary way. */
export function openBoth(openRows: Open, { openLines, sink: own, isAlone }: Beside): Open {
  return (sink) => {
    let isFirst = false;
    const lines = openLines({
      ...own,
      ...(sink.wrapper === undefined ? {} : { wrapper: sink.wrapper }),
      ...(sink.carriedLine === undefined ? {} : { carriedLine: sink.carriedLine }),
      line: (bytes, number) => {
        isFirst = sink.line(bytes, number);
        return isAlone();
      },
    });
    return openRows({
      ...sink,
      line: (bytes, number) => {
        isFirst = false;
        lines.readLine(bytes, 0, bytes.length, number);
        return isFirst;
      },
      leavesRows: isAlone,
    });
  };
}
