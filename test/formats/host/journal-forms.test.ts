import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectLines } from '../../../src/formats/detect.ts';
import { Dispatcher } from '../../../src/formats/dispatch.ts';
import type { LineFormat } from '../../../src/formats/format.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import type { ClueRecord, LogRecord } from '../../../src/vocabulary/records.ts';
import { unwrapped } from '../app/read-lines.ts';

/** Four entries of one journal, in every form that `journalctl -o` has (systemd 252). */
const FOLDER = join(import.meta.dirname, '../../../fixtures/journal-forms');
const FORMS = readdirSync(FOLDER).map((name) => name.replace(/\.log$/, ''));
/** Forms that leave out the date, and the one that leaves out who said it. */
const UNDATED = new Set(['short-monotonic', 'cat']);

function clues(form: string): ClueRecord[] {
  const lines = unwrapped(readFileSync(join(FOLDER, `${form}.log`), 'utf8'));
  const records: LogRecord[] = [];
  const all = FORMATS.filter((format): format is LineFormat => format.shape === 'lines');
  const dispatcher = new Dispatcher(detectLines(lines, FORMATS, form), all, (record) => records.push(record));
  for (const line of lines) if (line.text !== '') dispatcher.push(line);
  dispatcher.end();
  return records.filter((record) => record.kind === 'clue');
}

describe('what the kernel, its audit and systemd say', () => {
  it('is held in fifteen forms', () => expect(FORMS).toHaveLength(15));

  it.each(FORMS)('is read from journalctl -o %s', (form) => {
    const found = clues(form);
    expect(found.map(({ signal }) => signal)).toEqual([
      'kernel.packet-dropped',
      'kernel.oom-kill',
      'host.access-denied',
      'unit.killed',
    ]);
    for (const { stamp } of found) expect(stamp.kind === 'none').toBe(UNDATED.has(form));
  });

  it.each(FORMS.filter((form) => /^(?:json|export|verbose|short-(?:unix|iso-precise|full))/.test(form)))(
    'has its instant in -o %s',
    (form) => expect(clues(form)[0]?.stamp).toMatchObject({ kind: 'utc', ms: 1795191429000 }),
  );
});
