import type { Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';
import type { StudentBase } from '../../schemas/student.ts';

type Sampling = Teacher['sampling'];

const reasoning: Sampling = { temperature: 0.6, top_p: 0.95, top_k: 20, min_p: 0, max_tokens: 32_768 };
const plain: Sampling = { temperature: 0.7, top_p: 0.8, top_k: 20, min_p: 0 };
const coder: Sampling = { temperature: 0.7, top_p: 0.8, top_k: 20, repetition_penalty: 1.05 };

/** What the cards of the base models ask for. Only the Thinking model has a mode in which it was not meant to be used. */
const usual: Record<StudentBase, Record<Mode, Sampling>> = {
  thinking: { think: reasoning, no_think: plain },
  instruct: { think: plain, no_think: plain },
  coder: { think: coder, no_think: coder },
};

/** How a model is decoded: as its base, with the file's own values in their place; as the server likes without a base. */
export function samplingOf(base: StudentBase | undefined, mode: Mode, own: Sampling): Sampling {
  return { ...(base === undefined ? {} : usual[base][mode]), ...own };
}
