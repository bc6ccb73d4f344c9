import { createInterface } from 'node:readline';
import { z } from 'zod';

const Failure = z.object({ errorDetail: z.object({ message: z.string() }) });

/**
 * Reads the progress of a pull or an import, a JSON object a line, to its end. Rejects with the failure that it reports
 * and when the stream breaks; one that was cut ends like a complete one.
 */
export async function followProgress(stream: NodeJS.ReadableStream, onProgress: () => void = () => undefined): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // A stream that is destroyed without an error has no end.
  stream.once('close', () => lines.close());
  for await (const line of lines) {
    onProgress();
    const failure = Failure.safeParse(line === '' ? {} : JSON.parse(line));
    if (failure.success) throw new Error(failure.data.errorDetail.message);
  }
}
