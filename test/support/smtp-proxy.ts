/**
 * Stands between a client and an SMTP server and holds the conversation up at one point, or breaks it off there: how a test
 * ends a program in the middle of a sending.
 */

import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * Where: before the server's greeting; at the DATA command, which the server does not see; with the mail sent, which the server
 * does not see; with the server's answer to the mail, which the client does not see.
 */
export type Point = 'greeting' | 'data' | 'content' | 'answer';

export interface SmtpProxy {
  readonly port: number;
  /** Resolves when the conversation has come to the point. */
  readonly reached: Promise<void>;
  stop(): Promise<void>;
}

/** `isBroken` ends both connections at the point, where else nothing moves any more. */
export async function startProxy(target: number, point: Point, isBroken = false): Promise<SmtpProxy> {
  const sockets = new Set<Socket>();
  const arrival = new EventEmitter();
  const reached = once(arrival, 'arrived').then(() => undefined);
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Whoever is killed resets his connection.
      socket.on('error', () => undefined);
    }
    const hold = (): void => {
      if (isBroken) for (const socket of [client, upstream]) socket.destroy();
      arrival.emit('arrived');
    };
    relay(client, upstream, point, hold);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return {
    port: address.port,
    reached,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const END_OF_MAIL = '\r\n.\r\n';

function relay(client: Socket, upstream: Socket, point: Point, hold: () => void): void {
  let isHeld = false;
  let content: string | null = null;
  const reach = (): void => {
    isHeld = true;
    hold();
  };
  client.on('data', (chunk: Buffer) => {
    if (isHeld) return;
    const text = chunk.toString('latin1');
    if (content !== null) {
      content += text;
      if (!content.endsWith(END_OF_MAIL)) return;
      if (point === 'content') reach();
      else upstream.write(content, 'latin1');
      return;
    }
    if (/^DATA\r$/m.test(text)) {
      if (point === 'data') return reach();
      content = '';
    }
    upstream.write(chunk);
  });
  upstream.on('data', (chunk: Buffer) => {
    if (isHeld) return;
    const isAnswer = content?.endsWith(END_OF_MAIL) === true;
    if (point === 'greeting' || (point === 'answer' && isAnswer)) reach();
    else client.write(chunk);
  });
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
}
