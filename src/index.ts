export { type AnalyzeOptions, analyze } from './analyze.ts';
export { type Burst, type Evidence, type Result, resultSchema, type Source, type Verdict } from './result/schema.ts';
