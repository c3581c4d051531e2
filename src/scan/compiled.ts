/** Built kernels as they lie in `kernels/`, and what each was compiled to: null where this machine cannot run it. */
const compiled = new Map<readonly string[], WebAssembly.Module | null>();

function moduleOf(kernel: readonly string[]): WebAssembly.Module | null {
  let module = compiled.get(kernel);
  if (module === undefined) {
    module = compile(Buffer.from(kernel.join(''), 'base64'));
    compiled.set(kernel, module);
  }
  return module;
}

/** To ask first whether it is valid would read it twice. */
function compile(bytes: Uint8Array): WebAssembly.Module | null {
  if (typeof WebAssembly !== 'object') return null;
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return null;
  }
}

/** Whether this machine's WebAssembly can run a kernel: it needs 128-bit vectors. */
export function runs(kernel: readonly string[]): boolean {
  return moduleOf(kernel) !== null;
}

/** A kernel with memory of its own. Throws where it does not run. */
export function instanceOf(kernel: readonly string[]): Kernel {
  const module = moduleOf(kernel);
  if (module === null) throw new Error('WebAssembly has no vectors here');
  return new Kernel(new WebAssembly.Instance(module).exports);
}

/** What a kernel exports. Throws where it lacks what it is asked for. */
export class Kernel {
  readonly memory: ArrayBuffer;
  private readonly exports: Readonly<Record<string, unknown>>;

  constructor(exports: Readonly<Record<string, unknown>>) {
    this.exports = exports;
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel exports no memory');
    this.memory = memory.buffer;
  }

  numberOf(name: string): number {
    const held = this.exports[name];
    const value = held instanceof WebAssembly.Global ? held.value : undefined;
    if (typeof value !== 'number') throw new Error(`the kernel exports no number ${name}`);
    return value;
  }

  /** A function of at most five numbers; those that are not given are 0. */
  functionOf(name: string): (a?: number, b?: number, c?: number, d?: number, e?: number) => number {
    const value = this.exports[name];
    if (typeof value !== 'function') throw new Error(`the kernel exports no function ${name}`);
    // Named one by one: this is called for each row that is not only counted.
    return (a, b, c, d, e) => Number(value(a, b, c, d, e));
  }
}
