import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const PAGE = 'a page of the application\n';
const FINE = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${PAGE.length}\r\nConnection: close\r\n\r\n${PAGE}`;

const KEPT = FINE.replace('Connection: close', 'Connection: keep-alive');
/** An HTTP/2 server speaks first: its SETTINGS, then GOAWAY on what is no preface. */
const HTTP2 = Buffer.from('000000040000000000' + '0000080700000000000000000000000001', 'hex');
const INNER_502 =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

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
  'speaks HTTP/2': (socket: Socket) => socket.end(HTTP2),
  'sends broken chunks': (socket: Socket) =>
    socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nhello\r\n'),
  'answers 502': (socket: Socket) =>
    socket.end(
      `HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${INNER_502.length}\r\nConnection: close\r\n\r\n${INNER_502}`,
    ),
  'keeps connections': (socket: Socket) => socket.write(KEPT),
  'resets kept connections': (socket: Socket, asked: number) =>
    asked === 1 ? socket.write(KEPT) : socket.resetAndDestroy(),
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
      let asked = 0;
      socket.on('data', (bytes) => {
        // A request without a body comes in one piece here; what follows at once belongs to a body.
        const isNext = asked === 0 || bytes.toString('latin1').startsWith('GET ');
        if (!isNext) return;
        asked++;
        const line = bytes.toString('latin1').split('\r\n', 1)[0] ?? '';
        const manner = this.onlyFor === null || line.includes(this.onlyFor) ? this.manner : 'fine';
        MANNERS[manner](socket, asked);
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
