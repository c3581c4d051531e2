import { hash } from 'node:crypto';
import { openLogpush } from './logpush.mjs';
import { ISO, inBurst, SPAN_SECONDS } from './span.mjs';

/** What differs from row to row and from object to object: where in its text it stands. */
const VARYING = /"(?:RayID|visit)":"(?<id>[0-9a-f]{16})"|"Edge(?:Start|End)Timestamp":"(?<time>[^Z]{19})Z"/dg;
const ID_CHARS = 16;

/** Second of the span that a written time stands for. */
const SECOND_OF = new Map(ISO.map((iso, second) => [iso, second]));

/**
 * Logpush objects of so many rows one after the other, thousands of them in seconds: rows are written once for a calm and once
 * for a bad time; each object has them with requests' names and times of its own.
 */
export function openObjects(dice, rows) {
  const { row } = openLogpush(dice, 0.02);
  const modelOf = (second) => {
    let text = '';
    for (let i = 0; i < rows; i++) text += row(second);
    const ids = [];
    const times = [];
    for (const { groups, indices } of text.matchAll(VARYING)) {
      if (groups.id !== undefined) ids.push(indices.groups.id[0]);
      else times.push({ at: indices.groups.time[0], offset: SECOND_OF.get(groups.time) - second });
    }
    return { bytes: Buffer.from(text, 'latin1'), ids, times };
  };
  const seconds = ISO.keys();
  const outage = [...seconds].find((second) => inBurst(second) && inBurst(second - 60));
  const models = { calm: modelOf(60), outage: modelOf(outage) };
  /** The object with this number of so many in the span. */
  return (number, of) => {
    const second = Math.floor((number / of) * SPAN_SECONDS);
    const { bytes, ids, times } = inBurst(second) ? models.outage : models.calm;
    const text = Buffer.from(bytes);
    let names = '';
    for (const [i, at] of ids.entries()) {
      if (i * ID_CHARS >= names.length) names += hash('sha256', `${number}/${i}`);
      text.write(names.slice(i * ID_CHARS, (i + 1) * ID_CHARS), at, 'latin1');
    }
    for (const { at, offset } of times)
      text.write(ISO[Math.max(0, Math.min(SPAN_SECONDS - 1, second + offset))], at, 'latin1');
    return text;
  };
}
