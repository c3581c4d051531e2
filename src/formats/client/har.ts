import { parseJson } from '../edge/parse-json.ts';
import type { DocumentFormat, Emit } from '../format.ts';
import { harRecord } from './har-entry.ts';
import { HAR_EXAMPLES } from './har-examples.ts';
import { HarScanner } from './har-scanner.ts';

/** A file without a list of entries is parsed whole only up to this size (a bare entry). */
const BARE_ENTRY_LENGTH = 16_000_000;

/** What a browser saw: HTTP Archive 1.1 and 1.2 in the flavours of Chrome, Firefox, Safari, Fiddler and others. */
export const har: DocumentFormat = {
  id: 'har',
  title: 'HAR capture of a browser',
  hop: 'client',
  shape: 'document',
  foundAt: ['developer tools of a browser, Network, "Save all as HAR"', 'Fiddler, Charles, Proxyman, WebPageTest'],
  limits: [
    'One visitor only.',
    'A status of 0 is no answer of anybody, never a 502.',
    'Exports without content do not tell who made an error page.',
  ],
  examples: HAR_EXAMPLES,
  scoreHead,
  read: readHar,
};

function scoreHead(head: string): number {
  if (!/^\uFEFF?\s{0,1000}(?:[\w$.]{1,60}\s{0,10}\(\s{0,100})?\{/.test(head)) return 0;
  if (/"log"\s{0,100}:\s{0,100}\{/.test(head) && /"(?:entries|creator|pages|startedDateTime)"\s{0,100}:/.test(head))
    return 0.98;
  return /"startedDateTime"\s{0,100}:/.test(head) && /"request"\s{0,100}:/.test(head) ? 0.9 : 0;
}

function readHar(text: string, emit: Emit): { readonly notUnderstood: number; readonly warning?: string } {
  let number = 0;
  let notUnderstood = 0;
  const scanner = new HarScanner((entryText) => {
    number++;
    const record = harRecord(parseJson(entryText), number);
    if (record) emit(record);
    else notUnderstood++;
  });
  scanner.push(text);
  const { found, complete, cutEntry } = scanner.state;
  if (!found && text.length <= BARE_ENTRY_LENGTH) {
    const record = harRecord(parseJson(text.replace(/^\uFEFF/, '')), 1);
    if (record) emit(record);
    return record ? { notUnderstood: 0 } : { notUnderstood: 0, warning: 'The file holds no list of entries.' };
  }
  if (cutEntry) notUnderstood++;
  if (complete) return { notUnderstood };
  return { notUnderstood, warning: `The file breaks off after entry ${number}; what follows is lost.` };
}
