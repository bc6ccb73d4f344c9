import type { ToolDefinition } from '../../../../schemas/message.ts';
import { editorTool } from '../../editor/call.ts';
import type { Say } from '../../templates/render.ts';

/** The four tools of CodeActAgent in the order in which they are sent. */
export function openhandsTools(say: Say): ToolDefinition[] {
  return [
    tool('execute_bash', say('tool_execute_bash', {}), ['command'], {
      command: {
        type: 'string',
        description: 'The command. Empty to wait on for one that is still running; with `is_input`, the text or key for it.',
      },
      is_input: {
        type: 'string',
        description: 'Whether `command` is input for the running command instead of a new one.',
        enum: ['true', 'false'],
      },
      timeout: { type: 'number', description: 'Seconds to wait for this command at most, even if it prints nothing.' },
    }),
    tool('think', say('tool_think', {}), ['thought'], { thought: { type: 'string', description: 'What you want to write down.' } }),
    tool('finish', say('tool_finish', {}), ['message'], {
      message: { type: 'string', description: 'What was done, and what is left if anything.' },
    }),
    editorTool(say('tool_str_replace_editor', { undo: true })),
  ];
}

function tool(name: string, description: string, required: string[], properties: Record<string, unknown>): ToolDefinition {
  return { type: 'function', function: { name, description, parameters: { type: 'object', properties, required } } };
}
