import { CAUSES } from '../causes/registry.ts';
import { FORMATS } from '../formats/registry.ts';

/** `whose502 formats`: what is read, where it is found, what it cannot tell. */
function listFormats(json: boolean): string {
  const formats = FORMATS.map(({ id, title, hop, foundAt, limits, examples }) => ({
    id,
    title,
    hop,
    foundAt,
    limits,
    example: examples()[0]?.input ?? '',
  }));
  if (json) return `${JSON.stringify(formats, null, 2)}\n`;
  return formats
    .map(({ id, title, hop, foundAt, limits, example }) =>
      [
        `${id}  (${hop})  ${title}`,
        `  found:   ${foundAt.join('; ')}`,
        `  example: ${example.split('\n')[0]?.slice(0, 160) ?? ''}`,
        ...limits.map((limit) => `  limit:   ${limit}`),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

/** `whose502 causes`: the catalogue by place. */
function listCauses(json: boolean): string {
  const causes = CAUSES.map(({ id, title, place, hop, broader, difficulty }) => ({
    id,
    title,
    place,
    hop,
    broader,
    difficulty,
  }));
  if (json) return `${JSON.stringify(causes, null, 2)}\n`;
  const widest = Math.max(...causes.map(({ id }) => id.length));
  return causes
    .map(({ id, title, place }) => `${place.padEnd(8)} ${id.padEnd(widest)}  ${title}`)
    .join('\n')
    .concat('\n');
}

/** What the listing commands print. */
export const LISTS = { formats: listFormats, causes: listCauses } as const;
