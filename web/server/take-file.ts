import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ViewSource } from './view-source.ts';

/** Where pages send a file that was dropped on them; its name is the parameter `name`. */
export const filePath = '/data/files';

/** Bytes of a file that is taken; a larger one is for the command line. */
const mostFile = 1024 ** 3;

/** Takes the body of a request as a file. Throws `HTTPException` 413 for one that is too large, 400 for none. */
export async function takeFile(context: Context, take: NonNullable<ViewSource['take']>) {
  const { body } = context.req.raw;
  if (body === null) throw new HTTPException(400, { message: 'the request holds no file' });
  const said = Number(context.req.header('content-length') ?? 0);
  if (said > mostFile) throw tooLarge();
  return await take(context.req.query('name') ?? '', atMost(body));
}

async function* atMost(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.length;
    if (bytes > mostFile) throw tooLarge();
    yield read.value;
  }
}

function tooLarge(): HTTPException {
  return new HTTPException(413, { message: 'a page takes files of at most 1 GB: run tracemill view with its path' });
}
