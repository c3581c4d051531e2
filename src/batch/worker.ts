import process from 'node:process';
import { optimizeLate } from '../digest/v8-flags.ts';
import { STOP_SIGNALS } from './stop.ts';
import type { Task } from './task.ts';
import { work } from './work.ts';

/** A process that does incidents, one at a time, and ends with the one that started it. */

/** Bytes read between two words of progress. */
const TELL_EVERY_BYTES = 8e6;

optimizeLate();
process.on('message', async (task: Task) => {
  let told = 0;
  const outcomes = await work(task, ({ bytes }) => {
    if (bytes < told + TELL_EVERY_BYTES) return;
    told = bytes;
    process.send?.({ bytes });
  });
  process.send?.({ outcomes });
});
process.on('disconnect', () => process.exit(0));
// They reach all processes of a terminal or a service at once; the one that started this one says what becomes of it.
for (const signal of STOP_SIGNALS) process.on(signal, () => {});
