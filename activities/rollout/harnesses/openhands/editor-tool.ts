import type { EditorCall } from '../../editor/call.ts';
import { EditorMemory } from '../../editor/memory.ts';
import type { EditorRules } from '../../editor/rules.ts';
import type { Hands } from '../../agent.ts';
import type { Say } from '../../templates/render.ts';
import type { Observed } from './observed.ts';

const rules: EditorRules = { failurePrefix: 'ERROR:\n', endPastFile: 'clamp', lastNewlineCounts: false, undo: true, expandTabs: false };

/** `str_replace_editor`: failures are ordinary observations. */
export class EditorTool {
  readonly #memory: EditorMemory;

  constructor(say: Say) {
    this.#memory = new EditorMemory(rules, say);
  }

  async execute(call: EditorCall, hands: Hands): Promise<Observed> {
    const { output } = await this.#memory.execute(call, hands);
    return { content: output, identity: output, error: null };
  }
}
