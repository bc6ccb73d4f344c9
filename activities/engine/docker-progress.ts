import { createInterface } from 'node:readline';
import { z } from 'zod';

const Failure = z.object({ errorDetail: z.object({ message: z.string() }) });

const Output = z.object({ stream: z.string() });

/**
 * Reads the progress of a pull, an import or a build, a JSON object a line, to its end; `onProgress` is called at each line,
 * with the output of a build where it carries some. Rejects with the failure that it reports
 * and when the stream breaks; one that was cut ends like a complete one.
 */
export async function followProgress(stream: NodeJS.ReadableStream, onProgress: (output: string) => void = () => undefined): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // A stream that is destroyed without an error has no end.
  stream.once('close', () => lines.close());
  for await (const line of lines) {
    const said: unknown = line === '' ? {} : JSON.parse(line);
    onProgress(Output.safeParse(said).data?.stream ?? '');
    const failure = Failure.safeParse(said);
    if (failure.success) throw new Error(failure.data.errorDetail.message);
  }
}
