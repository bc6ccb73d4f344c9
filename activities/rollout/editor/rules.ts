/** In what the editors of the two harnesses differ. */
export interface EditorRules {
  /** Prefix of every failure's text. */
  failurePrefix: string;
  /** `view_range` that ends past the file: cut to it with a note, or refused. */
  endPastFile: 'clamp' | 'refuse';
  /** Whether a newline at the end of a file begins one more, empty line. */
  lastNewlineCounts: boolean;
  undo: boolean;
  /** Write edited files with tabs turned into spaces. */
  expandTabs: boolean;
}

/** Characters of a file that a view shows. */
export const viewLimit = 16_000;
/** Lines shown before and after an edit. */
export const snippetLines = 4;
/** Edits of a file that can be undone. */
export const undoLimit = 10;
/** How deep a directory is listed. */
export const listDepth = 2;
