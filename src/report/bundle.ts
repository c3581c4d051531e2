import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';
import type { Secrets } from '../result/leaks.ts';
import type { Result } from '../result/schema.ts';
import { renderPacket } from './packet.ts';
import { NoPictureError } from './picture/png.ts';
import { reportFile } from './render.ts';
import { renderSafely } from './safely.ts';
import { mainBurst } from './words.ts';

/** All forms of one result in one zip, to be attached to a ticket. */

interface Member {
  /** What follows the bundle's name in the member's. */
  readonly ending: string;
  readonly draw: (result: Result, secrets: Secrets | null) => Promise<string | Uint8Array>;
}

/** No script among them: mail servers refuse archives that hold one. */
const MEMBERS: readonly Member[] = [
  ...(['html', 'md', 'txt', 'json', 'png'] as const).map(
    (format): Member => ({ ending: `.${format}`, draw: (result, secrets) => reportFile(format, result, secrets) }),
  ),
  ...(['bursts', 'requests', 'evidence'] as const).map(
    (table): Member => ({
      ending: `-${table}.csv`,
      draw: (result, secrets) => reportFile('csv', result, secrets, table),
    }),
  ),
  ...(['hosting', 'cloudflare', 'application'] as const).map(
    (addressee): Member => ({
      ending: `-for-${addressee}.txt`,
      draw: (result, secrets) => renderSafely(result, (one) => renderPacket(one, addressee), secrets),
    }),
  ),
];

/** A bundle, and what it lacks and why. */
export interface Bundle {
  readonly zip: Uint8Array;
  readonly lacks: readonly string[];
}

/**
 * Packs all forms of a result. Equal results give equal bytes: members have one order and one date. Throws `LeakError`; a
 * picture that cannot be drawn here is left out and told of.
 */
export async function bundleOf(result: Result, secrets: Secrets | null): Promise<Bundle> {
  const name = bundleName(result);
  const zip = new yazl.ZipFile();
  const lacks: string[] = [];
  for (const { ending, draw } of MEMBERS) {
    try {
      zip.addBuffer(Buffer.from(await draw(result, secrets)), `${name}${ending}`, MEMBER_OPTIONS);
    } catch (error) {
      if (!(error instanceof NoPictureError)) throw error;
      lacks.push(`${name}${ending}: ${error.message}`);
    }
  }
  zip.end();
  return { zip: await buffer(zip.outputStream), lacks };
}

// The first date that a zip knows, as it stands on the clock of the machine: so its zone does not show.
const MEMBER_OPTIONS = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** `whose502-20260102T0304Z-origin-php-fpm-max-children`: ASCII, with the minute in which the failures began and the verdict. */
export function bundleName(result: Result): string {
  const { verdict, window } = result;
  const start = mainBurst(result)?.start ?? window.start;
  const minute = start === null ? [] : [`${start.slice(0, 16).replace(/[-:]/g, '')}Z`];
  const words = [
    result.tool.name,
    ...minute,
    verdict.place,
    ...(verdict.cause === verdict.place ? [] : [verdict.cause]),
  ];
  return words
    .map((word) => word.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, ''))
    .join('-')
    .slice(0, 120);
}
