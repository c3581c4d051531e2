import { parentPort } from 'node:worker_threads';
import { formatsWith } from '../formats/registry.ts';
import { rangeSource } from '../input/ranges.ts';
import { fileSource } from '../input/source.ts';
import type { ReadingTask } from './thread.ts';
import { digestUnit } from './units.ts';
import { readRecords } from './unread.ts';

/** A reading thread: takes units, gives their digests. */
parentPort?.on('message', async ({ first, files, options }: ReadingTask) => {
  const sources = files.map(({ path, label, bytes, named, range, skips }) => {
    const file = { ...fileSource(path, label, bytes, named), ...(skips && { skips }) };
    return range === undefined ? file : rangeSource(file, path, range);
  });
  const formats = formatsWith(options.logFormats ?? [], options.csvFields);
  const digest = await digestUnit({ first, sources }, formats, options);
  readRecords(digest.streams);
  parentPort?.postMessage(digest);
});
