import { linesWith, type Said, type ToolReader } from '../tool-report.ts';

/** Of tools whose results begin with a mark, such as `[ok]: `: those that stand behind output. */
export function marksReport(...marks: string[]): ToolReader {
  return ({ text, parser }) => {
    const said: Said[] = [];
    for (const mark of marks) {
      for (const line of linesWith(text, mark)) {
        const at = line.indexOf(mark);
        for (const [name, status] of at > 0 ? parser(line.slice(at)) : []) {
          const outcome = status === 'PASSED' ? 'passed' : status === 'FAILED' ? 'failed' : 'skipped';
          said.push({ name, outcome, cause: 'output_before_result', line });
        }
      }
    }
    return { said, unread: [] };
  };
}
