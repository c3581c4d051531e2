import { parentPort } from 'node:worker_threads';
import { formatsWith } from '../formats/registry.ts';
import { sourceOf } from './portable.ts';
import type { ReadingTask } from './thread.ts';
import { digestUnit } from './units.ts';
import { readRecords } from './unread.ts';

/** A reading thread: takes units, gives their digests. */
parentPort?.on('message', async ({ first, files, options }: ReadingTask) => {
  const formats = formatsWith(options.logFormats ?? [], options.csvFields);
  const digest = await digestUnit({ first, sources: files.map(sourceOf) }, formats, options);
  readRecords(digest.streams);
  parentPort?.postMessage(digest);
});
