import type { ToolDefinition } from '../../../../schemas/message.ts';
import { editorTool } from '../../editor/call.ts';
import type { Say } from '../../templates/render.ts';

/** The three tools in the order in which they are sent. */
export function sweagentTools(say: Say): ToolDefinition[] {
  return [
    {
      type: 'function',
      function: {
        name: 'bash',
        description: say('tool_bash', {}),
        parameters: {
          type: 'object',
          properties: { command: { type: 'string', description: 'The command to run.' } },
          required: ['command'],
        },
      },
    },
    editorTool(say('tool_str_replace_editor', { undo: false })),
    {
      type: 'function',
      function: { name: 'submit', description: say('tool_submit', {}), parameters: { type: 'object', properties: {}, required: [] } },
    },
  ];
}
