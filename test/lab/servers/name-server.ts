import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** DNS response codes (RFC 1035 section 4.1.1). */
const CODES = { 'does not know the name': 3, 'cannot answer': 2 } as const;

export type NameServerMood = 'fine' | keyof typeof CODES | 'is silent';

/** A name server that resolves every name to 127.0.0.1, until it is told not to. Answers live for one second. */
export class NameServer {
  mood: NameServerMood = 'fine';
  readonly port: number;
  #socket: Socket | null = null;

  constructor(port: number) {
    this.port = port;
  }

  async listen(): Promise<void> {
    const socket = createSocket('udp4');
    socket.on('message', (query, from) => {
      const answer = this.#answer(query);
      if (answer) socket.send(answer, from.port, from.address);
    });
    socket.bind(this.port, '127.0.0.1');
    await once(socket, 'listening');
    this.#socket = socket;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  #answer(query: Buffer): Buffer | null {
    if (this.mood === 'is silent' || query.length < 17) return null;
    let end = 12;
    while (end < query.length && query[end] !== 0) end += (query[end] ?? 0) + 1;
    const question = query.subarray(12, end + 5);
    const isAddress = question.readUInt16BE(question.length - 4) === 1;
    const code = this.mood === 'fine' ? 0 : CODES[this.mood];
    const record =
      code === 0 && isAddress ? Buffer.from('c00c00010001000000010004' + '7f000001', 'hex') : Buffer.alloc(0);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(record.length > 0 ? 1 : 0, 6);
    return Buffer.concat([head, question, record]);
  }
}
