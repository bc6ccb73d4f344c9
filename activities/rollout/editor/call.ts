import { z } from 'zod';
import type { ToolDefinition } from '../../../schemas/message.ts';

const optional = <T extends z.ZodType>(shape: T) => shape.nullish().transform((value) => value ?? undefined);

/** The editor's arguments as both harnesses take them; the editor itself checks what a command needs beyond the types. */
export const EditorCall = z.object({
  command: z.string(),
  path: z.string(),
  file_text: optional(z.string()),
  old_str: optional(z.string()),
  new_str: optional(z.string()),
  insert_line: optional(z.int()),
  view_range: optional(z.array(z.number())),
});
export type EditorCall = z.infer<typeof EditorCall>;

export const editorCommands = ['view', 'create', 'str_replace', 'insert', 'undo_edit'];

/** The editor as a tool: the same names, types and order in both harnesses. */
export function editorTool(description: string): ToolDefinition {
  const text = (about: string) => ({ type: 'string', description: about });
  return {
    type: 'function',
    function: {
      name: 'str_replace_editor',
      description,
      parameters: {
        type: 'object',
        properties: {
          command: { ...text('What to do.'), enum: editorCommands },
          path: text('Absolute path of the file or directory.'),
          file_text: text('For `create`: the whole content of the new file.'),
          old_str: text('For `str_replace`: the text to be replaced. It must occur exactly once in the file.'),
          new_str: text('For `str_replace`: the replacement; without it the old text is deleted. For `insert`: the text to put in.'),
          insert_line: {
            type: 'integer',
            description: 'For `insert`: number of the line after which `new_str` goes; 0 puts it at the top.',
          },
          view_range: {
            type: 'array',
            items: { type: 'integer' },
            description:
              'For `view` of a file: first and last line to show, counted from 1, as in [20, 40]. A last line of -1 means the end of the file.',
          },
        },
        required: ['command', 'path'],
      },
    },
  };
}
