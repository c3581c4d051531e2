import { cpus, totalmem } from 'node:os';
import process from 'node:process';

/** One sentence on the machine, without its name. */
export function machineSentence() {
  const cores = cpus();
  const memoryGB = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() || 'unknown processor';
  return `${cores.length} cores (${model}), ${memoryGB} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}.`;
}
