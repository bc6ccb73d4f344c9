import { FAILED, lineParser, PASSED } from './parser.ts';
import { pythonPattern } from './python-text.ts';

const result = pythonPattern(String.raw`^\[junit\]\s+\[(PASS|FAIL|ERR)\]\s+(.*)$`);

/** Ant's junit task: `[junit] [PASS] name`; an error counts as a failure. */
export const ant = lineParser((line) => {
  const [, word, name = ''] = result.exec(line) ?? [];
  return word === undefined ? undefined : [name, word === 'PASS' ? PASSED : FAILED];
});
