import { TextDecoder } from 'node:util';
import type { DocumentEnd, DocumentFormat, DocumentReader, Emit } from '../formats/format.ts';
import { detectEncoding } from '../input/encoding.ts';

/** A document that is being read: in pieces where its format can, else held until it is whole. */
export class OpenDocument {
  readonly format: DocumentFormat;
  private readonly decoder: TextDecoder;
  private readonly reader: DocumentReader;

  /** `beginning`: the first bytes, which tell how the text is written; they are written, too. */
  constructor(format: DocumentFormat, beginning: Buffer, emit: Emit) {
    this.format = format;
    // The byte order mark is dropped; bytes that are no text of that encoding become U+FFFD.
    this.decoder = new TextDecoder(detectEncoding(beginning).encoding);
    this.reader = format.openPieces?.(emit) ?? held(format, emit);
  }

  write(block: Buffer): void {
    this.reader.push(this.decoder.decode(block, { stream: true }));
  }

  end(): DocumentEnd {
    this.reader.push(this.decoder.decode());
    return this.reader.end();
  }
}

/** Longest text that is held as a whole, in UTF-16 units; V8 has no strings beyond twice of it. */
const LONGEST_HELD = 1 << 28;

/** A reader for formats that want the whole text. */
function held(format: DocumentFormat, emit: Emit): DocumentReader {
  let pieces: string[] = [];
  let length = 0;
  return {
    push: (text) => {
      length += text.length;
      if (length <= LONGEST_HELD) pieces.push(text);
      else pieces = [];
    },
    end: () =>
      length <= LONGEST_HELD
        ? format.read(pieces.join(''), emit)
        : { notUnderstood: 1, warning: `It is too large to be read as ${format.title}; split it, or export less.` },
  };
}
