/** Calls that end a run or only talk: one who makes no others may give commands in another way. */
const closing = /^(?:finish|submit|exit|exit_forfeit|complete\w*|done|think|message|attempt_completion)$/i;

/** Whether a call does something, rather than to end or to talk. */
export function isAct({ name }: { name: string }): boolean {
  return !closing.test(name);
}
