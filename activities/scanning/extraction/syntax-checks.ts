import type { Language } from './inner-program.ts';

/** Options of interpreters that read a program, and say whether it is well formed, without running it. */
const checking: Partial<Record<Language, RegExp>> = {
  javascript: /^(?:-c|--check|check|lint|fmt)$/,
  ruby: /^-[a-z]*c[a-z]*$/i,
  perl: /^-[wTt]*c[wTt]*$/,
  php: /^(?:-l|--syntax-check)$/,
};

/** Whether an interpreter is asked to check a program instead of running it; `args` are those of the interpreter. */
export function onlyChecks(language: Language, args: readonly string[]): boolean {
  const option = checking[language];
  return option !== undefined && ownOptions(args).some((arg) => option.test(arg));
}

/** Whether a shell only reads its commands: `bash -n`, `sh -nv`, `bash -o noexec`. */
export function onlyReadsShell(args: readonly string[]): boolean {
  return ownOptions(args).some((arg, at, all) => /^-[a-zA-Z]*n[a-zA-Z]*$/.test(arg) || (arg === 'noexec' && all[at - 1] === '-o'));
}

/** Whether make only prints what it would run. */
export function onlyPrintsRecipes(args: readonly string[]): boolean {
  return args.some((arg) => /^(?:--dry-run|--just-print|--recon|--question|-[a-zA-Z]*[nq][a-zA-Z]*)$/.test(arg));
}

/** Whether a compiler or its driver only looks at sources, so that nothing comes of them that could run. */
export function onlyLooksAtSources(args: readonly string[]): boolean {
  return args.some((arg, at) => arg === '-fsyntax-only' || arg === '-E' || (at === 0 && /^(?:vet|fmt|list|doc|fix)$/.test(arg)));
}

/** The words up to the program: what follows it are arguments of that. */
function ownOptions(args: readonly string[]): readonly string[] {
  const program = args.findIndex(
    (arg, at) => !/^[-+]/.test(arg) && !/^[-+][oO]$/.test(args[at - 1] ?? '') && !(at === 0 && /^(?:check|lint|fmt)$/.test(arg)),
  );
  return program === -1 ? args : args.slice(0, program);
}
