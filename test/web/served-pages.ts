import { once } from 'node:events';
import type { TestHome } from '../e2e/test-home.ts';

export interface ServedPages {
  url: string;
  /** Ends the server as Ctrl-C does. Throws when it does not end well. */
  close(): Promise<void>;
}

/** The pages of a home by the command that people use, on a free port. */
export async function startPages(home: TestHome, ...options: string[]): Promise<ServedPages> {
  const address = Promise.withResolvers<string>();
  const lines: string[] = [];
  const child = home.start(['web', '--port', '0', ...options], (line) => {
    lines.push(line);
    const found = /^pages of this home[^:]*: (\S+)/.exec(line)?.[1];
    if (found !== undefined) address.resolve(found);
  });
  child.once('exit', (code) => address.reject(new Error(`tracemill web ended with ${code}: ${lines.join('\n')}`)));
  const url = await address.promise;
  return {
    url,
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = await ended;
      // As of a shell's programs that Ctrl-C ended.
      if (code !== 0 && code !== 130) throw new Error(`tracemill web ended with ${code}: ${lines.join('\n')}`);
    },
  };
}
