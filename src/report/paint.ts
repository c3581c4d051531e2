import type { Place } from '../vocabulary/hops.ts';

/** Colours of a terminal. With `color: false` every function gives its text back, so that the text alone must do. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  /** In the colour of a place. */
  readonly place: (place: Place, text: string) => string;
}

/** Select Graphic Rendition codes; the same place has the same colour everywhere and nothing else has it. */
const PLACE_CODES: Readonly<Record<Place, string>> = {
  origin: '1;31',
  tunnel: '1;34',
  edge: '1;33',
  network: '1;35',
  none: '1;32',
  unknown: '1',
};

export function paint(color: boolean): Paint {
  const wrapIn =
    (code: string) =>
    (text: string): string =>
      color && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: wrapIn('1'),
    dim: wrapIn('2'),
    place: (place, text) => wrapIn(PLACE_CODES[place])(text),
  };
}
