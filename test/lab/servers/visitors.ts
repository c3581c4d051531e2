import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Visitors give up after this. */
const PATIENCE_MS = 20_000;
/** All of 127/8 is this machine, so that several visitors can be told apart. */
const ADDRESSES = Array.from({ length: 12 }, (_, i) => `127.0.0.${i + 2}`);

/** A path, or a form with so many bytes that is sent to it. */
export type Asked = string | { readonly path: string; readonly bytes: number };

/** People who ask a site for pages at a steady pace and do not mind errors. */
export class Visitors {
  readonly #port: number;
  readonly #host: string;
  readonly #agent = new Agent({ keepAlive: false, maxSockets: 500 });
  readonly #pending = new Set<Promise<number>>();
  /** Answers by status; 0 where there was none. */
  readonly answers = new Map<number, number>();
  #asked = 0;

  constructor(port: number, host: string) {
    this.#port = port;
    this.#host = host;
  }

  /** Asks once and gives the status, 0 where no answer came. */
  ask(what: Asked): Promise<number> {
    const { path, bytes } = typeof what === 'string' ? { path: what, bytes: 0 } : what;
    const localAddress = ADDRESSES[this.#asked++ % ADDRESSES.length] ?? '127.0.0.1';
    const asked = new Promise<number>((done) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method: bytes > 0 ? 'POST' : 'GET',
          localAddress,
          agent: this.#agent,
          timeout: PATIENCE_MS,
          headers: {
            host: this.#host,
            'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101',
          },
        },
        (answer) => {
          answer.resume();
          answer.on('error', () => done(answer.statusCode ?? 0));
          answer.on('close', () => done(answer.statusCode ?? 0));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => done(0));
      outgoing.end(bytes > 0 ? 'x'.repeat(bytes) : undefined);
    }).then((status) => {
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      this.#pending.delete(asked);
      return status;
    });
    this.#pending.add(asked);
    return asked;
  }

  /** Asks for the paths in turn, so many a second, for so long; does not wait for the answers. */
  async come(paths: readonly Asked[], perSecond: number, forMs: number): Promise<void> {
    if (paths.length === 0) return sleep(forMs);
    const startedMs = performance.now();
    for (let n = 0; ; n++) {
      const dueMs = (n * 1000) / perSecond;
      if (dueMs >= forMs) break;
      const waitMs = startedMs + dueMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      void this.ask(paths[n % paths.length] ?? '/');
    }
    const restMs = startedMs + forMs - performance.now();
    if (restMs > 0) await sleep(restMs);
  }

  /** Waits for the answers that are still due. */
  async leave(): Promise<void> {
    await Promise.all(this.#pending);
    this.#agent.destroy();
  }
}
