import { join } from 'node:path';

/** Folder of the editor's template files. */
export const editorTemplates = join(import.meta.dirname, 'templates');

const excerpt = { path: '/name/a.txt', listing: '     1\ttext', count: 1, first: 1, last: 1, clamped: 9, cut: 1 };

/** For each text of the editor the values that its template may use. */
export const editorSamples = {
  editor_result: { outcome: 'file', ...excerpt },
  editor_failure: { failure: 'missing', path: '/name/a.txt', encoding: 'latin1' },
  tool_str_replace_editor: { undo: true },
};
