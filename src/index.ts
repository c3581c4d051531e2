export { type AnalyzeOptions, analyze } from './analyze.ts';
export { type BatchEvent, type BatchOptions, type BatchOutcome, batch, rebuild } from './batch/batch.ts';
export type { Entry } from './batch/entry.ts';
export type { Outcome } from './batch/task.ts';
export { type Burst, type Evidence, type Result, resultSchema, type Source, type Verdict } from './result/schema.ts';
