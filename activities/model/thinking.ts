import type { Campaign, Teacher } from '../../schemas/campaign.ts';
import { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';

/**
 * Throws `Problem` when a mode names a teacher that is not there or that cannot produce it, such as `no_think`
 * of a model that always reasons. Called before a campaign spends anything.
 */
export function checkModes(campaign: Pick<Campaign, 'name' | 'modes' | 'teachers'>): void {
  for (const mode of Mode.options) {
    const name = campaign.modes[mode];
    if (name === undefined) continue;
    const teacher = campaign.teachers[name];
    if (teacher === undefined) {
      throw new Problem('teacher_missing', `campaign ${campaign.name}: mode ${mode} names teacher ${name}, which is not defined`, {
        hint: `teachers defined: ${Object.keys(campaign.teachers).join(', ') || 'none'}`,
      });
    }
    checkMode(name, teacher, mode);
  }
}

/** Throws `Problem` mode_unsupported when the teacher's profile rules the mode out. */
export function checkMode(name: string, teacher: Teacher, mode: Mode): void {
  const { control } = teacher.thinking;
  if (!((control === 'always' && mode === 'no_think') || (control === 'never' && mode === 'think'))) return;
  throw new Problem(
    'mode_unsupported',
    `teacher ${name} (${teacher.model}) cannot produce mode ${mode}: its profile says thinking.control ${control}`,
    {
      hint: `give mode ${mode} to another teacher or leave the mode out`,
    },
  );
}

/**
 * Separates reasoning from the visible text, whichever way the server sent it: as a field, inline between
 * `<think>` tags, with only the closing tag (the opening one was in the prompt), or as field and inline copy.
 * Tags later in the text are the model's words about tags and stay.
 */
export function splitReasoning(content: string, field: string, mode: Mode): { content: string; reasoning: string } {
  const inline = inlineReasoning(content, field.trim(), mode);
  if (inline === undefined) return { content, reasoning: field.trim() };
  const thought = inline.reasoning.trim();
  const known = field.trim();
  const reasoning =
    thought === '' || known.includes(thought) ? known : known === '' || thought.includes(known) ? thought : `${known}\n\n${thought}`;
  return { content: inline.content, reasoning };
}

function inlineReasoning(content: string, field: string, mode: Mode): { content: string; reasoning: string } | undefined {
  const opened = /^\s*<think>/.exec(content);
  const closing = content.indexOf('</think>');
  if (opened !== null) {
    const start = opened[0].length;
    if (closing === -1) return { content: '', reasoning: content.slice(start) };
    return { content: afterTag(content, closing), reasoning: content.slice(start, closing) };
  }
  if (closing === -1) return undefined;
  const before = content.slice(0, closing);
  const unopened = !before.includes('<think>') && (field === '' ? mode === 'think' || before.trim() === '' : field.endsWith(before.trim()));
  return unopened ? { content: afterTag(content, closing), reasoning: before } : undefined;
}

function afterTag(content: string, closing: number): string {
  return content.slice(closing + '</think>'.length).replace(/^\s*\n/, '');
}
