import { posix } from 'node:path';
import type { Hands } from '../agent.ts';
import type { Say } from '../templates/render.ts';
import type { EditorCall } from './call.ts';
import { edit, refuseEdit, type UndoTarget } from './edit.ts';
import { type EditorRules, listDepth, undoLimit } from './rules.ts';

/** What an edit left to go back to: the text that `create` wrote, or the content before the action of that number. */
type Past = { kind: 'created'; text: string } | { kind: 'before'; action: number };

/** The editor over a rollout: it remembers which edits can be undone. */
export class EditorMemory {
  readonly #rules: EditorRules;
  readonly #say: Say;
  readonly #past = new Map<string, Past[]>();

  constructor(rules: EditorRules, say: Say) {
    this.#rules = rules;
    this.#say = say;
  }

  /** Carries out one call; a call that no file could satisfy takes no action. */
  async execute(call: EditorCall, hands: Hands): Promise<{ output: string; exit_code: number }> {
    const path = posix.normalize(call.path);
    const past = this.#past.get(path) ?? [];
    const target = call.command === 'undo_edit' ? past.at(-1) : undefined;
    const task = { call, rules: this.#rules, say: this.#say, undo: undoTarget(target) };
    const refusal = refuseEdit(task);
    if (refusal !== null) return { output: refusal, exit_code: 1 };
    const { action, result } = await hands.edit({
      arguments: call,
      path,
      listDepth,
      snapshotOf: target?.kind === 'before' ? target.action : null,
      decide: (state, snapshot) => edit(task, state, snapshot),
    });
    const exit_code = result.exit_code ?? 1;
    if (exit_code === 0) this.#remember(call, path, action);
    return { output: result.output, exit_code };
  }

  #remember(call: EditorCall, path: string, action: number): void {
    const past = this.#past.get(path) ?? [];
    if (call.command === 'undo_edit') past.pop();
    else if (call.command === 'create') past.push({ kind: 'created', text: call.file_text ?? '' });
    else if (call.command === 'str_replace' || call.command === 'insert') past.push({ kind: 'before', action });
    else return;
    this.#past.set(path, past.slice(-undoLimit));
  }
}

function undoTarget(past: Past | undefined): UndoTarget {
  if (past === undefined) return null;
  return past.kind === 'created' ? { kind: 'text', text: past.text } : { kind: 'snapshot' };
}
