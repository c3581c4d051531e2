import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const PAGE = 'a page of the application\n';
const FINE = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${PAGE.length}\r\nConnection: close\r\n\r\n${PAGE}`;

/** How a backend treats a request: what it sends, and how it ends the connection. */
const MANNERS = {
  fine: (socket: Socket) => socket.end(FINE),
  'hangs up': (socket: Socket) => socket.end(),
  resets: (socket: Socket) => socket.resetAndDestroy(),
  'says nothing': () => undefined,
  'speaks another protocol': (socket: Socket) => socket.end('5.5.5-10.11.6-MariaDB\r\nmysql_native_password\r\n'),
  'sends a bad header': (socket: Socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${PAGE.length}\r\nX-Build \u0000 7\r\n\r\n${PAGE}`),
  'announces two lengths': (socket: Socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${PAGE.length}\r\nContent-Length: 9\r\n\r\n${PAGE}`),
  'cuts the answer': (socket: Socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 90000\r\n\r\n${PAGE}`),
  'answers 500': (socket: Socket) =>
    socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 6\r\nConnection: close\r\n\r\noops!\n'),
  'answers 503': (socket: Socket) =>
    socket.end(
      'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 6\r\nConnection: close\r\n\r\nlater\n',
    ),
  'sends a long header': (socket: Socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nSet-Cookie: s=${'x'.repeat(9000)}\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`),
} as const;

export type Manner = keyof typeof MANNERS;

/** An application behind nginx that can be told to misbehave. Only requests for `onlyFor` meet the bad manner, if given. */
export class Backend {
  manner: Manner = 'fine';
  onlyFor: string | null = null;
  #server: Server | null = null;
  readonly #open = new Set<Socket>();
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
      socket.on('error', () => undefined);
      let said = false;
      socket.on('data', (bytes) => {
        if (said) return;
        said = true;
        const line = bytes.toString('latin1').split('\r\n', 1)[0] ?? '';
        const manner = this.onlyFor === null || line.includes(this.onlyFor) ? this.manner : 'fine';
        MANNERS[manner](socket);
      });
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  /** Answers those that it has kept waiting. */
  release(): void {
    for (const socket of this.#open) socket.end(FINE);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.close();
    for (const socket of this.#open) socket.destroy();
    await once(server, 'close');
  }
}
