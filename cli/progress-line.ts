import { note } from './output.ts';

/**
 * Tells on standard error how far long work is: a line that is rewritten on a terminal, elsewhere one every 15 seconds. Quiet work
 * says nothing.
 */
export class ProgressLine {
  readonly #quiet: boolean;
  #shown = performance.now();

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  show(text: () => string): void {
    const now = performance.now();
    const terminal = process.stderr.isTTY;
    if (this.#quiet || now - this.#shown < (terminal ? 200 : 15_000)) return;
    this.#shown = now;
    if (terminal) process.stderr.write(`\r\u001B[K${text()}`);
    else note(text());
  }

  end(): void {
    if (process.stderr.isTTY && !this.#quiet) process.stderr.write('\r\u001B[K');
  }
}
