import { FAILED, lineParser, PASSED } from './parser.ts';
import { pythonPattern } from './python-text.ts';

const result = pythonPattern(String.raw`^test\s+(\S+)\s+\.\.\.\s+(\w+)$`);

/** `cargo test`: `test path::name ... ok`. Names with spaces (doc tests, `- should panic`) and lines with a time are lost. */
export const cargoTest = lineParser((line) => {
  const [, name = '', word] = result.exec(line) ?? [];
  if (word === 'ok') return [name, PASSED];
  return word === 'FAILED' ? [name, FAILED] : undefined;
});
