/** The text of src/scan/kernel.ts as it is to be. */
export function builtKernel(): Promise<string>;
