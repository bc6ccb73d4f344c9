import { checkAnswer, checkOpening, checkTool } from '../../activities/model/check/questions.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';
import type { Asked } from './chat-request.ts';

/** What every scripted teacher answers to the check of teachers that comes before a campaign or an evaluation. */
export const checkScript: TeacherScript = TeacherScript.parse({
  name: 'teacher check',
  match: { task: checkOpening },
  turns: [
    {
      reasoning: 'The tool knows what the file holds.',
      calls: [{ tool: checkTool.function.name, arguments: checkAnswer }],
      repeat: 'forever',
    },
  ],
});

/** The scripts that may answer: a check only by those that name it, since one for every request knows nothing of it. */
export function scriptsFor({ opening }: Pick<Asked, 'opening'>, scripts: readonly TeacherScript[]): readonly TeacherScript[] {
  if (!opening.includes(checkOpening)) return scripts;
  return [...scripts.filter(({ match }) => match.task !== undefined), checkScript];
}
