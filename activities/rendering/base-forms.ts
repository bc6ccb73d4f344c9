import type { StudentBase } from '../../schemas/student.ts';
import type { BaseForm } from './base-form.ts';
import { coderForm } from './coder-form.ts';
import { jsonForm } from './json-form.ts';

/** What differs between the bases' templates, as functions; `opensThinking`: the prompt of a turn has opened its reasoning. */
export const baseForms: Readonly<Record<StudentBase, BaseForm & { opensThinking: boolean }>> = {
  thinking: { ...jsonForm, opensThinking: true },
  instruct: { ...jsonForm, opensThinking: false },
  coder: { ...coderForm, opensThinking: false },
};
