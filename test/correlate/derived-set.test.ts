import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DERIVED_SIGNALS } from '../../src/vocabulary/signals/derived.ts';

const ROOT = join(import.meta.dirname, '../../src');

function textOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');
}

/** Where a derived signal is only asked for. */
const QUESTIONS = /(?:\.(?:has|get)\(\s*|[!=]== )'derived\.[\w-]+'/g;

const named = (text: string): Set<string> => new Set(text.match(/derived\.[a-z][\w-]*(?=')/g));

const set = named(textOf('correlate').replace(QUESTIONS, ''));
const used = named(textOf('causes') + textOf('result') + (textOf('correlate').match(QUESTIONS) ?? []).join(' '));

it.each(Object.keys(DERIVED_SIGNALS))('%s is set by some stage, and something asks for it', (signal) => {
  expect(set).toContain(signal);
  expect(used).toContain(signal);
});
