/** Why an edit is not carried out: a code and values for the text, and SWE-agent's exit code for it. */
export class EditFailure extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly values: Record<string, unknown>;

  constructor(code: string, exitCode: number, values: Record<string, unknown>) {
    super(code);
    this.name = 'EditFailure';
    this.code = code;
    this.exitCode = exitCode;
    this.values = values;
  }
}
