/** A tiny real HTTP server on loopback: a test says what it replies, and reads what it was sent. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A reply, or what happens in its place: `cut` breaks the connection after the request was read. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'cut' | 'never';

export interface TinyServer {
  origin: string;
  /** Everything asked so far, in order. */
  asked: Asked[];
  close: () => Promise<void>;
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function write(response: ServerResponse, reply: Reply) {
  if (reply === 'never') return;
  if (reply === 'cut') {
    response.destroy();
    return;
  }
  const { status, body, headers } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body));
}

export async function startServer(reply: (asked: Asked) => Reply | Promise<Reply>): Promise<TinyServer> {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: await read(request) };
    asked.push(one);
    write(response, await reply(one));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
