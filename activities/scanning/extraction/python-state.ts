import { PythonNames } from './python-names.ts';

const longestFunction = 4_000;
const mostFunctions = 200;

/** What an interpreter that runs several programs keeps from one to the next: names with their values, functions. */
export class PythonState {
  readonly names = new PythonNames();
  readonly #functions = new Map<string, string>();

  /** Whether a name of an earlier program may stand for something that acts. */
  get holdsNames(): boolean {
    return this.#functions.size > 0 || this.names.size > 0;
  }

  defined(name: string, text: string): void {
    if (text.length <= longestFunction && (this.#functions.has(name) || this.#functions.size < mostFunctions))
      this.#functions.set(name, text);
  }

  /** The definitions of earlier functions that a program calls without defining them. */
  functionsCalledIn(code: string): string {
    let found = '';
    for (const [name, text] of this.#functions) {
      if (!code.includes(`${name}(`) || code.includes(`def ${name}`)) continue;
      if (found.length + text.length < 40_000) found += `${text}\n`;
    }
    return found;
  }
}
