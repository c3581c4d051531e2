/** Names of the kernels' files, the same in src/scan/assembly and src/scan/kernels. */
export function kernelNames(): string[];
/** The text of a file of src/scan/kernels as it is to be. */
export function builtKernel(name: string): Promise<string>;
