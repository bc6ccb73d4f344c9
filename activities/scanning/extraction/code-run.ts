/** What a program in another language runs, asks of the network, reads or writes, as the shell command it amounts to. */
export type CodeRun =
  | { kind: 'argv'; argv: string[]; text: string; directory?: string; via?: string }
  | { kind: 'shell'; source: string; text: string; directory?: string; via?: string }
  | { kind: 'write'; path: string; content: string; text: string; directory?: string; via?: string }
  /** The program changes its working directory. */
  | { kind: 'enter'; path: string; text: string; directory?: string; via?: string }
  | { kind: 'python'; code: string; text: string; directory?: string; via?: string };

export interface CodeRuns {
  runs: readonly CodeRun[];
  /** False when some of the program could not be read. */
  whole: boolean;
}
