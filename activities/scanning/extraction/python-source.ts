import type { CodeRun } from './code-run.ts';

const worthParsing =
  /subprocess|\bos\b|system|popen|spawn|exec|eval|compile|__|import_module|getattr|git|dulwich|\bpty\b|pexpect|plumbum|\bsh\b|requests|url|http|socket|open|Path|read|commands|ctypes|globals|vars|builtins|\bpip\b|asyncio|invoke|fabric|find_file|search_dir|search_file|zlib|glob|walk|dataset|hugging|paramiko|wget|^\s*[!%]|=\s*[!%]/im;

/** Whether a program has any way to run, fetch or read something: without one of these words it has none. */
export function mayAct(code: string): boolean {
  return worthParsing.test(code);
}

/** Whole command lines in quotes: what is left to see of a program's arguments that cannot be followed. */
export function quotedCommands(source: string): CodeRun[] {
  const lines = source.slice(0, 262_144).matchAll(/(["'])\s*((?:git|gh|curl|wget|pip|npm)\s[^"'\n]{1,400})\1/g);
  return [...lines].map((match): CodeRun => ({ kind: 'shell', source: match[2] ?? '', text: match[0] }));
}
