import { readdirSync } from 'node:fs';
import type { Cause } from '../../src/causes/cause.ts';

const ROOT = new URL('../../src/causes/', import.meta.url);
const FOLDERS = ['origin', 'network', 'tunnel', 'edge', 'none'] as const;

function isCause(value: unknown): value is Cause {
  return typeof value === 'object' && value !== null && 'id' in value && 'evidence' in value && 'summary' in value;
}

/** Every cause file that there is, in the order of folders and names. */
export async function allCauses(): Promise<readonly Cause[]> {
  const found: Cause[] = [];
  for (const folder of FOLDERS) {
    for (const name of readdirSync(new URL(`${folder}/`, ROOT)).sort()) {
      if (!name.endsWith('.ts')) continue;
      const exported: Record<string, unknown> = await import(new URL(`${folder}/${name}`, ROOT).href);
      found.push(...Object.values(exported).filter(isCause));
    }
  }
  return found;
}
