import type { Socket } from 'node:net';

/**
 * Frames on the gateway's socket: a JSON object on one line; when it has `body_bytes`, that many raw bytes
 * follow the newline. A request's body thus crosses the socket without being parsed or quoted.
 */
export function encodeFrame(frame: object, body?: Buffer): Buffer[] {
  if (body === undefined) return [Buffer.from(`${JSON.stringify(frame)}\n`)];
  return [Buffer.from(`${JSON.stringify({ ...frame, body_bytes: body.length })}\n`), body];
}

/** Sends a frame in one system call without joining its parts. */
export function writeFrame(socket: Socket, frame: object, body?: Buffer): void {
  socket.cork();
  for (const part of encodeFrame(frame, body)) socket.write(part);
  socket.uncork();
}

export interface Frame {
  json: unknown;
  body: Buffer;
}

const none = Buffer.alloc(0);

/** Cuts a stream of bytes into frames, however the socket delivers them. */
export class FrameReader {
  #parts: Buffer[] = [];
  #length = 0;
  #head: { json: unknown; bodyBytes: number } | undefined;

  push(bytes: Buffer): Frame[] {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    // Joining only when something can be complete keeps large bodies linear.
    if (this.#head === undefined ? !bytes.includes(0x0a) : this.#length < this.#head.bodyBytes) return [];
    let rest = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    const frames: Frame[] = [];
    for (;;) {
      if (this.#head === undefined) {
        const newline = rest.indexOf(0x0a);
        if (newline === -1) break;
        const json: unknown = JSON.parse(rest.toString('utf8', 0, newline));
        this.#head = { json, bodyBytes: bodyBytesOf(json) };
        rest = rest.subarray(newline + 1);
      }
      if (rest.length < this.#head.bodyBytes) break;
      frames.push({ json: this.#head.json, body: this.#head.bodyBytes === 0 ? none : rest.subarray(0, this.#head.bodyBytes) });
      rest = rest.subarray(this.#head.bodyBytes);
      this.#head = undefined;
    }
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return frames;
  }
}

function bodyBytesOf(json: unknown): number {
  const bytes = typeof json === 'object' && json !== null && 'body_bytes' in json ? json.body_bytes : 0;
  return typeof bytes === 'number' && bytes > 0 ? bytes : 0;
}
