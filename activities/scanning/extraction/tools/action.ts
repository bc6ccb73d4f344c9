import type { Language } from '../inner-program.ts';

/** What a tool call does, whatever harness it belongs to. */
export type Action =
  /** `input` is the program's standard input. */
  | { kind: 'shell'; source: string; input?: string }
  | { kind: 'argv'; argv: string[] }
  /** What a tool that is no shell does, as the command that it amounts to. */
  | { kind: 'amounts_to'; argv: string[] }
  | { kind: 'windows_shell'; source: string }
  /** A cell of a notebook: Python, with the marks that make a line or all of it a shell program. */
  | { kind: 'cell'; code: string }
  | { kind: 'code'; language: Language; code: string }
  /** Text given to whatever is running, as a line. */
  | { kind: 'input'; text: string }
  /** Keys pressed in a terminal of this name: names of keys and literal text, in their order. */
  | { kind: 'keys'; keys: string[]; terminal: string }
  | { kind: 'read'; path: string }
  | { kind: 'write'; path: string; text: string }
  | { kind: 'edit'; path: string; before: string; after: string }
  | { kind: 'visit'; address: string }
  | { kind: 'enter'; directory: string }
  | { kind: 'variables'; values: Record<string, string> }
  /** Text of unknown meaning, looked through for whatever reads like a command. */
  | { kind: 'rough'; text: string }
  /** Something that no action can be made of, in words for the report. */
  | { kind: 'unread'; what: string };
