import { type InnerProgram, optionValue, type RunnerOf, shellPrograms } from './inner-program.ts';
import { typedPrograms } from './typed-programs.ts';

const valued = /^-[bcefFLnNSstTx]$/;

/** What `tmux` and `screen` run: keys sent to a window, typed there as they are, and commands that a window starts with. */
export const multiplexer: RunnerOf = (args, _input, session) => {
  const sends = args.findIndex((arg) => /^(?:send-keys|send|send-prefix|stuff|paste-buffer|set-buffer)$/.test(arg));
  if (sends === -1) return shellPrograms(wordsOf(args).slice(1).join('\n'));
  const terminal = session.terminal(`window ${optionValue(args, '-t', '-S') ?? ''}`);
  const { lines, pending } = terminal.press(
    wordsOf(args.slice(sends + 1)).map((key) => key.replaceAll('^M', '\n').replaceAll('\\015', '\n')),
  );
  const { programs, front } = typedPrograms(pending === '' ? lines : [...lines, pending], terminal.front);
  terminal.front = front;
  return programs.flatMap(({ to, text }): InnerProgram[] => {
    if (to === 'none') return [];
    return to === 'shell' ? shellPrograms(text) : [{ kind: 'code', language: to, code: text }];
  });
};

function wordsOf(args: string[]): string[] {
  return args.filter((arg, index) => !/^-[A-Za-z]+$/.test(arg) && !valued.test(args[index - 1] ?? ''));
}
