import { nameTable } from '../../../schemas/name-table.ts';

/** Cmdlets and their short names by the program that does the same. */
const cmdlets: Record<string, string> = nameTable({
  'get-content': 'cat',
  gc: 'cat',
  type: 'cat',
  'select-string': 'grep',
  sls: 'grep',
  findstr: 'grep',
  'get-childitem': 'ls',
  gci: 'ls',
  dir: 'ls',
  'invoke-webrequest': 'curl',
  iwr: 'curl',
  'invoke-restmethod': 'curl',
  irm: 'curl',
  'start-bitstransfer': 'curl',
  'set-location': 'cd',
  'push-location': 'cd',
  sl: 'cd',
  'copy-item': 'cp',
  copy: 'cp',
  cpi: 'cp',
  xcopy: 'cp',
  robocopy: 'cp',
  'move-item': 'mv',
  'remove-item': 'rm',
  del: 'rm',
  'invoke-expression': 'eval',
  iex: 'eval',
  'expand-archive': 'unzip',
  'write-output': 'echo',
  'write-host': 'echo',
  'start-process': 'command',
  'get-command': 'which',
});
const known = new RegExp(
  `(?:^|[\\s|;&({])(?:${Object.keys(cmdlets)
    .filter((name) => name.includes('-'))
    .join('|')}|iwr|irm|iex)\\b`,
  'i',
);
/** Nearly all programs are none: what they lack is looked for first. */
const hint = /[A-Za-z]-[A-Z][a-z]|\b(?:invoke|get|select|start)-[a-z]|\bi(?:wr|rm|ex)\b|::/;
const downloads = /\.(?:DownloadString|DownloadFile|DownloadData|GetAsync|GetStringAsync|OpenRead)\(\s*(['"])([^'"]+)\1/g;
const readings = /::(?:ReadAllText|ReadAllLines|ReadAllBytes|OpenRead|ReadLines)\(\s*(['"])([^'"]+)\1/g;

const listing = /\b(?:Get-ChildItem|gci)\b([^|;\n]*)/gi;

/** A listing that looks for a name, as `find` does. */
function listed(whole: string, words: string): string {
  const name = /-(?:Filter|Include)\s+(\S+)/i.exec(words)?.[1];
  const place =
    /(?:-(?:Path|LiteralPath)\s+)?((?:[A-Za-z]:)?[\\/.~][^\s-]*)/i.exec(words.replace(/-(?:Filter|Include)\s+\S+/i, ''))?.[1] ?? '.';
  if (name === undefined) return whole;
  return `find ${place.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/')} -iname ${name.replace(/^(["']?)(.*)\1$/, "'$2'")}`;
}

/** Whether a program is written for PowerShell, by the cmdlets in it. */
export function isPowerShell(source: string): boolean {
  if (source.includes('\\') && /^\s*(?:type|findstr|more)\s+(?:\/\S+\s+)*\S*\\\S/im.test(source)) return true;
  return (
    hint.test(source) && (known.test(source) || /\bNew-Object\s+(?:System\.)?Net\.|\[(?:System\.)?(?:IO\.File|Net\.\w+)\]/i.test(source))
  );
}

/**
 * A program for PowerShell or cmd.exe as a POSIX shell would have it, roughly: what it calls, fetches and reads comes
 * out as commands; its own control flow does not matter.
 */
export function posixProgram(source: string): string {
  const plain = source
    .replaceAll('\r\n', '\n')
    .replace(/(^|[;{])\s*\$[\w:]+\s*=\s*(?=[A-Za-z&(])/gm, '$1 ')
    .replace(listing, listed)
    .replace(/\b(?:Select-String|sls)\b([^|;\n]*?)-Path\s+(\S+)([^|;\n]*?)-Pattern\s+(\S+)/gi, 'grep $4 $2')
    .replace(/`\n/g, ' ')
    .replace(/(^|[\s;|({=])&\s*(?=["'\w])/g, '$1')
    .replace(/(["'])[A-Za-z]:\\[^"'\n]*?\\([\w.-]+?)(?:\.exe)?\1/g, '$2')
    .replace(/\b[A-Za-z]:\\(?:[\w .()-]+\\)*([\w.-]+)\.exe\b/g, '$1')
    .replace(/\.exe\b/g, '')
    .replace(/(?<=[\w.~])\\(?=[\w.*?])/g, '/')
    .replace(/\$env:(\w+)/gi, '$$$1')
    .replace(/(^|[\s;|({=&])([A-Za-z]+(?:-[A-Za-z]+)?)(?=[\s;|)}]|$)/gm, (whole, before: string, name: string) => {
      const program = cmdlets[name.toLowerCase()];
      return program === undefined ? whole : `${before}${program}`;
    })
    .replace(/\s-(?:Path|LiteralPath|FilePath|Uri|Source|Pattern|ArgumentList|Command|Filter|Include|InputObject|Name)\b:?/gi, ' ')
    .replace(/\s-(?:Recurse|r)\b/gi, ' -r')
    .replace(
      /((?:^|\s)command\s+\S+\s+)((?:['"][^'"\n]*['"]\s*,\s*)+['"][^'"\n]*['"])/g,
      (_, start: string, list: string) => start + list.replaceAll(',', ' '),
    )
    .replace(/[{}]/g, ';');
  const fetched = [...source.matchAll(downloads)].map((match) => `curl ${match[2] ?? ''}`);
  const read = [...source.matchAll(readings)].map((match) => `cat ${(match[2] ?? '').replaceAll('\\', '/')}`);
  return [plain, ...fetched, ...read].join('\n');
}

/** The program in `-EncodedCommand`. */
export function decodedCommand(text: string): string {
  return Buffer.from(text, 'base64').toString('utf16le');
}
