import type { ClueRecord } from '../../vocabulary/records.ts';
import type { Line, Wrapper } from '../format.ts';
import { parseCloudflaredLine } from './cloudflared-line.ts';
import { requestSaid } from './cloudflared-meaning.ts';
import { type Meaning, tunnelRecord } from './cloudflared-record.ts';
import type { FoundRay } from './debug-requests.ts';
import { readRequestLine } from './request-line.ts';

/**
 * The record of a line that was read from its bytes: of its own part and its number, with the Ray ID that was found for it.
 * `meaning` is null for a line of a failed request, which says it.
 */
export function lineRecord(
  text: string,
  number: number,
  wrapper: Wrapper | null,
  meaning: Meaning | null,
  found: FoundRay,
): ClueRecord | undefined {
  const line: Line = { text, number, wrapper };
  const parsed = parseCloudflaredLine(line.text);
  const request = parsed && !meaning ? readRequestLine(parsed) : null;
  const own = parsed && request ? requestSaid(parsed, request).meaning : meaning;
  return parsed && own ? tunnelRecord(line, parsed, own, () => found) : undefined;
}
