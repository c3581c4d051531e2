import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A picture was asked for, and what draws it is not installed. */
export class NoPictureError extends Error {
  override name = 'NoPictureError';
}

// The bundler takes `new URL('…', import.meta.url)` for a file to bundle.
const HERE = import.meta.url;
/** Where the fonts lie, seen from the built command, from the built library, and from this file among the sources. */
const PLACES = ['../fonts/', './fonts/', '../../../node_modules/dejavu-fonts-ttf/ttf/'];
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * Draws SVG text as PNG, with the fonts of this package and no others, so that the picture is the same on every machine.
 * Throws a `NoPictureError` where the optional package that draws is not there.
 */
export async function toPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = loadResvg();
  const picture = new Resvg(svg, {
    font: { fontFiles: [...fontFiles()], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  return picture.render().asPng();
}

/** Throws a `NoPictureError` where `toPng` would. */
export async function checkPictures(): Promise<void> {
  loadResvg();
  fontFiles();
}

function loadResvg(): typeof import('@resvg/resvg-js') {
  try {
    // Beside the bundle: it is a program of the machine, not text.
    return createRequire(HERE)('@resvg/resvg-js');
  } catch {
    throw new NoPictureError(
      'pictures need the optional package @resvg/resvg-js, which is not installed here or has no build for this machine; npm install @resvg/resvg-js adds it, and all other formats work without it',
    );
  }
}

function fontFiles(): readonly string[] {
  const folder = PLACES.map((place) => new URL(place, HERE)).find((url) => existsSync(new URL(FONTS[0] ?? '', url)));
  if (folder === undefined)
    throw new NoPictureError('the fonts of this package are missing; install whose502 again to have pictures');
  return FONTS.map((name) => fileURLToPath(new URL(name, folder)));
}
