import { baseName } from './base-name.ts';
import { directoryFinder, type DirectoryFinder } from './code-directory.ts';
import type { CodeRun, CodeRuns } from './code-run.ts';
import { gitLibraryRuns, wrapperRuns } from './git-libraries.ts';
import type { Language } from './inner-program.ts';
import { literalCommands } from './literal-commands.ts';
import { tellingCode } from './rough-windows.ts';
import { cutsOffNetwork } from './cut-off-network.ts';
import { libraryPlace, refsReadByLibrary } from './library-repositories.ts';
import { dynamicText } from './shell-syntax.ts';
import { literalText } from './literal-text.ts';

/** Marks where two literals were joined. */
const jointMark = '\uE000';

const longestCode = 262_144;
const mostCalls = 4_000;

/** Functions that run a command, by the last name of the call; they take a command line or words. */
const runCall =
  /\b(?:exec(?:Sync|File|FileSync|a|aSync|aCommand|l|lp|v|vp)?|spawn(?:Sync)?|fork|system|popen[23]?|shell_exec|passthru|proc_open|pcntl_exec|capture[23]e?|pipeline_\w+|run|check_(?:call|output)|getoutput|getstatusoutput|Popen|Command(?:::new|Context)?|ProcessBuilder|os\.execute|io\.popen|\$|Deno\.Command|sh|Exec|zx|execSh)['"\]]*\s*\(/g;
const webCall =
  /\b(?:fetch|axios(?:\.\w+)?|got(?:\.\w+)?|https?\.(?:get|request)|request(?:\.\w+)?|needle(?:\.\w+)?|superagent\.\w+|urlopen|Net::HTTP\.\w+|URI\.(?:open|parse)|URI|HTTParty\.\w+|file_get_contents|curl_init|http\.(?:Get|Head|Post|NewRequest)|reqwest::(?:blocking::)?get|ureq::get|LWP::Simple::get\w*|getstore|get|lwp\w*|URL|HttpRequest\.newBuilder)['"\]]*\s*\(/g;
const readCall =
  /\b(?:readFile(?:Sync)?|createReadStream|File\.(?:read|open|readlines|foreach)|IO\.(?:read|readlines|popen)|file_get_contents|fopen|readfile|file|io\.(?:open|lines)|os\.(?:ReadFile|Open)|ioutil\.ReadFile|fs::read\w*|File::open|open|readdirSync|Bun\.file|ifstream(?:\s+\w+)?|FileReader|FileInputStream|RandomAccessFile|Scanner|Files\.(?:read\w*|lines|newBufferedReader|newInputStream)|Path\.of|Paths\.get|File\.(?:ReadAll\w*|ReadLines|OpenRead|OpenText|stream!?|read!?)|StreamReader|readLines|readRDS|scan|slurp|File)['"\]]*\s*\(/g;
const libraryCall =
  /\.(raw|log|show|diff|fetch|pull|clone|branch|branchLocal|tags|revparse|listRemote|checkout|remote|getRemotes|stashList)\s*\(/g;
const gitLibraries = /simple-git|simpleGit|isomorphic-git|nodegit|dugite|Rugged|Git\.open|go-git|git2::/;

/** The commands, requests and files in a program of a language that has no grammar here: its calls, by their literal arguments. */
export function commandsInCode(code: string, language: Language): CodeRuns {
  const whole = code.length <= longestCode;
  return { runs: literalRuns(whole ? code : `${code.slice(0, longestCode)}\n${tellingCode(code.slice(longestCode))}`, language), whole };
}

/** The runs of calls with literal arguments, whatever the language makes of the rest. */
export function literalRuns(code: string, language: Language): CodeRun[] {
  const source = prepared(code, language);
  const runs: CodeRun[] = [];
  const names = constants(source, language);
  const directoryOf = directoryFinder(source, names);
  const each = (pattern: RegExp, runsOf: (source: string, at: number, call: string, names: Map<string, string[]>) => CodeRun[]) => {
    let read = 0;
    for (const match of source.matchAll(pattern)) {
      if ((read += 1) > mostCalls) return;
      const inside = match.index + match[0].length;
      const directory = directoryOf(match.index, closing(source, inside));
      runs.push(...runsOf(source, inside, match[0], names).map((run) => located(run, directory)));
    }
  };
  each(runCall, runOf);
  each(webCall, (...call) => (cutsOffNetwork(source) ? [] : webOf(...call)));
  each(readCall, readOf);
  const beforeLibraries = runs.length;
  if (gitLibraries.test(source)) {
    each(libraryCall, (text, at, call, known) => {
      const args = literalArguments(text, at, known).flat();
      const name = call.slice(1).replace(/\s*\($/, '');
      const words = name === 'raw' ? args : [name.replace('branchLocal', 'branch').replace('listRemote', 'ls-remote'), ...args];
      return [{ kind: 'argv', argv: ['git', ...words], text: call, via: 'git library' }];
    });
  }
  const calledOfLibrary = runs.splice(beforeLibraries);
  const home = libraryPlace(source, names);
  if (home?.own === true) runs.push({ kind: 'argv', argv: ['git', 'init', home.place], text: 'init', via: 'git library' });
  const ofLibrary = [...calledOfLibrary, ...gitLibraryRuns(source), ...refsReadByLibrary(source), ...wrapperRuns(source)];
  runs.push(...ofLibrary.map((run) => located(run, home?.place)), ...quotedRuns(source, language, directoryOf));
  if (language === 'compiled') runs.push(...literalCommands(source, directoryOf));
  return runs;
}

function located(run: CodeRun, directory: string | undefined): CodeRun {
  return directory === undefined || run.directory !== undefined || run.kind === 'write' ? run : { ...run, directory };
}

function prepared(code: string, language: Language): string {
  const lines = language === 'compiled' ? code.replace(/^[ \t]*\/\/.*$|^[ \t]*\/\*[\s\S]*?\*\//gm, '') : code;
  const joined = lines.replace(
    /(['"])([^'"\n\\]*)\1\s*(?:\+|\.(?=\s*['"]))\s*(?=['"])/g,
    (_, quote: string, text: string) => `${quote}${text}${jointMark}`,
  );
  return joined
    .replace(new RegExp(`${jointMark}['"]`, 'g'), '')
    .replace(
      /(?:Buffer\.from\(\s*(['"])([A-Za-z0-9+/=]+)\1\s*,\s*['"]base64['"]\s*\)(?:\.toString\([^)]*\))?|(?:atob|base64_decode|Base64\.(?:strict_)?decode64|decode_base64)\(?\s*(['"])([A-Za-z0-9+/=]+)\3\s*\)?)/g,
      (_, ...groups) => JSON.stringify(Buffer.from(String(groups[1] ?? groups[3] ?? ''), 'base64').toString()),
    )
    .replace(
      /(?:Buffer\.from\(\s*(['"])([0-9a-fA-F]+)\1\s*,\s*['"]hex['"]\s*\)(?:\.toString\([^)]*\))?|hex2bin\(\s*(['"])([0-9a-fA-F]+)\3\s*\)|pack\(\s*['"]H\*['"]\s*,\s*(['"])([0-9a-fA-F]+)\5\s*\)|\[\s*(['"])([0-9a-fA-F]+)\7\s*\]\.pack\(\s*['"]H\*['"]\s*\))/g,
      (_, ...groups) => JSON.stringify(Buffer.from(String(groups[1] ?? groups[3] ?? groups[5] ?? groups[7] ?? ''), 'hex').toString()),
    )
    .replace(
      language === 'javascript' || language === 'compiled' || language === 'php' ? /(^|[^:'"`])\/\/[^\n'"`]*$/gm : /^\s*#(?!!)[^\n]*$/gm,
      '$1',
    );
}

function constants(source: string, language: Language): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const assignment =
    /(?:const|let|var|my|local|our|auto|String|String\[\]|string)?\s*(?<![\w$@])([$@]?[A-Za-z_]\w*)\s*:?=\s*(?=['"`[]|new\s)/g;
  if (language === 'awk') return names;
  for (const match of source.matchAll(assignment)) {
    const [values = []] = literalArguments(source, match.index + match[0].length, names, /[;\n)]/);
    if (match[1] !== undefined && values.length > 0) names.set(match[1], values);
  }
  return names;
}

function runOf(source: string, at: number, call: string, names: Map<string, string[]>): CodeRun[] {
  const args = literalArguments(source, at, names);
  const chained =
    /^\s*\)((?:\s*\.\s*(?:args?|current_dir|stdin|stdout|stderr)\s*\((?:[^()]|\([^()]*\))*\))*)/.exec(
      source.slice(closing(source, at), closing(source, at) + 2000),
    )?.[1] ?? '';
  const more = [...chained.matchAll(/\.\s*args?\s*\(/g)].flatMap((match) =>
    literalArguments(chained, match.index + match[0].length, names).flat(),
  );
  const [first, ...rest] = args;
  const text = `${call}${source.slice(at, at + 200).split('\n')[0] ?? ''}`;
  if (first === undefined) return [];
  const words = [...first, ...rest.flat(), ...more];
  // `execl` and its like name the program twice.
  if (words.length > 1 && baseName(words[0] ?? '') === baseName(words[1] ?? '') && /^exec|spawn/.test(call)) words.shift();
  const [head = ''] = words;
  if (words.length === 1) return [{ kind: 'shell', source: head, text }];
  // A second literal that is no word of the command is an option: `exec('git log', 'utf8')`.
  if (/\s/.test(head) && first.length === 1) return [{ kind: 'shell', source: head, text }];
  return [{ kind: 'argv', argv: words, text }];
}

function webOf(source: string, at: number, call: string, names: Map<string, string[]>): CodeRun[] {
  const address = literalArguments(source, at, names)
    .flat()
    .find((word) => /^(?:https?|git|ssh):\/\//.test(word));
  return address === undefined ? [] : [{ kind: 'argv', argv: ['curl', address], text: `${call}'${address}'`, via: 'code' }];
}

function readOf(source: string, at: number, call: string, names: Map<string, string[]>): CodeRun[] {
  const [first = []] = literalArguments(source, at, names);
  const [path] = first;
  if (path === undefined) return [];
  const piped = /^\s*\|\s*(.*)|(.*\S)\s*\|\s*$/s.exec(path);
  if (piped !== null) return [{ kind: 'shell', source: piped[1] ?? piped[2] ?? '', text: path, via: 'code' }];
  if (call.startsWith('IO.popen')) return [{ kind: 'shell', source: path, text: path, via: 'code' }];
  const pipe = literalArguments(source, at, names).flat();
  if (pipe.includes('-|') || pipe.includes('|-')) return runOf(source, source.indexOf(',', source.indexOf('|', at)) + 1, call, names);
  return [{ kind: 'argv', argv: ['cat', path], text: `${call}'${path}'`, via: 'code' }];
}

/** Quoting that runs by itself: backticks, `qx`, `%x`, awk's pipe into getline, Tcl's `exec`. */
function quotedRuns(source: string, language: Language, directoryOf: DirectoryFinder): CodeRun[] {
  const patterns: RegExp[] = [];
  if (language === 'ruby' || language === 'perl' || language === 'php') patterns.push(/`([^`\n]+)`/g);
  if (language === 'ruby')
    patterns.push(
      /%x[{([|]([^})\]|\n]+)[})\]|]/g,
      /^\s*(?:system|exec|spawn)\s+['"]([^'"\n]+)['"]/gm,
      /\b(?:system|exec|spawn)\s+['"]([^'"\n]+)['"]/g,
    );
  if (language === 'perl')
    patterns.push(
      /\bqx\s*[{([/|#!]([^})\]/|#!\n]+)/g,
      /\b(?:system|exec)\s+(?:qw[/({[])?["']?([^"';\n)}\]]+)/g,
      /\bopen\s*\(?[^,\n]*,\s*(?:['"]-\|['"]\s*,\s*)?['"]\s*\|?\s*([^'"|\n]*git[^'"|\n]*)/g,
    );
  if (language === 'ruby' || language === 'perl')
    patterns.push(/\b(?:system|exec|spawn)\s+((?:['"][^'"\n]*['"]\s*,\s*)+['"][^'"\n]*['"])/g);
  if (language === 'awk') patterns.push(/"([^"\n]+)"\s*\|\s*getline/g, /\|\s*"([^"\n]+)"/g);
  if (language === 'tcl') patterns.push(/\b(?:exec|spawn|open\s+\{?\|)\s*([^\n\]};]+)/g);
  if (language === 'javascript') patterns.push(/\$`([^`]+)`/g, /execa(?:Command)?`([^`]+)`/g);
  return patterns.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(
      (match): CodeRun =>
        located(
          {
            kind: 'shell',
            source: unlisted((match[1] ?? '').replace(/\$\{[^}]*\}|#\{[^}]*\}/g, dynamicText)),
            text: match[0],
          },
          directoryOf(match.index, match.index + match[0].length),
        ),
    ),
  );
}

/** `'git', 'log'` as a command line. */
function unlisted(source: string): string {
  return /^['"].*['"]\s*,\s*['"]/.test(source) ? source.replace(/['"]\s*,\s*['"]/g, ' ').slice(1, -1) : source;
}

/** The literal arguments of a call from behind its parenthesis: one list of words for each, arrays flattened into it. */
function literalArguments(source: string, from: number, names: Map<string, string[]>, stop = /[)]/): string[][] {
  const args: string[][] = [];
  let current: string[] = [];
  let joining = false;
  let depth = 0;
  const token =
    /\s+|'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|`((?:[^`\\]|\\[\s\S])*)`|qw[/({[]([^/)}\]]*)[/)}\]]|([$@&]?[A-Za-z_][\w.:]*!?)|[\s\S]/y;
  token.lastIndex = from;
  const limit = Math.min(source.length, from + 20_000);
  while (token.lastIndex < limit) {
    const match = token.exec(source);
    if (match === null) break;
    const [whole, single, double, template, words, name] = match;
    const literal = single ?? double ?? template?.replace(/\$\{[^}]*\}/g, dynamicText);
    if (literal !== undefined) {
      const text = literalText(literal);
      if (joining) current[current.length - 1] = `${current.at(-1) ?? ''}${text}`;
      else current.push(text);
      joining = false;
    } else if (words !== undefined) current.push(...words.split(/\s+/).filter((word) => word !== ''));
    else if (name !== undefined) {
      const known = names.get(name);
      if (known !== undefined) current.push(...known);
      else if (joining) current[current.length - 1] = `${current.at(-1) ?? ''}${dynamicText}`;
      joining = false;
    } else if (depth === 0 && stop.test(whole)) break;
    else if (whole === '(' || whole === '[' || whole === '{') depth += 1;
    else if (whole === ')' || whole === ']' || whole === '}') depth -= 1;
    else if (whole === '+' || (whole === '.' && current.length > 0)) joining = current.length > 0;
    else if (whole === ',' && depth === 0) {
      args.push(current);
      current = [];
    }
    if (depth < 0) break;
  }
  args.push(current);
  return args.filter((arg) => arg.length > 0);
}

function closing(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < Math.min(source.length, from + 20_000); at += 1) {
    const char = source.charAt(at);
    if (char === '(') depth += 1;
    if (char === ')' && depth-- === 0) return at;
  }
  return source.length;
}
