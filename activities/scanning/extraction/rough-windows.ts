/** Programs whose every use is worth a look in a text that is too long to be read. */
const watched =
  /(?<![\w./-])(?:\S{0,80}\/)?(?:git|gh|glab|hub|curl|wget|pip[\d.]*|npm|npx|yarn|cargo|go|gem|tig|gitk)[ \t][^\n;|&]{0,400}/g;
/** Readers and searchers, where their words tell of something hidden. */
const reading =
  /(?<![\w./-])(?:cat|less|more|head|tail|strings|xxd|od|grep|egrep|rg|ag|sed|awk|cp|mv|ln|find|fd|locate|ls|tar|unzip|zcat|diff|cmp|jq|view|vim?|nano|python[\d.]*|gdb|strace)[ \t][^\n;|&]{0,300}/g;
const telling =
  /\.git\b|gold|patch|solution|answer|oracle|hidden|traj|preds?\b|history|\/proc\/|eval|environ|site-packages|node_modules|pkg\/mod|FAIL_TO|PASS_TO|instance|expected|[ \t]\/(?:[ \t]|$)|\/root|\/home|[?*[]/i;
const mostWindows = 2_000;

/** Of a shell program too long to be read at all: the commands that rules may know, one a line. */
export function tellingCommands(source: string): string {
  const windows: string[] = [];
  const collect = (pattern: RegExp, wanted: RegExp | undefined) => {
    for (const [window] of source.matchAll(pattern)) {
      if (windows.length >= mostWindows) return;
      if (wanted === undefined || wanted.test(window)) windows.push(window);
    }
  };
  collect(watched, undefined);
  collect(reading, telling);
  return windows.join('\n');
}

const acting =
  /system|popen|spawn|exec|subprocess|\bsh\b|\brun\b|child_process|\bgit\b|\.git\b|https?:\/\/|urlopen|requests|open\(|read|Path\(|`/g;
const around = 600;
const longestKept = 200_000;

/** Of a program too long to be read at all: what stands around the words by which programs run, fetch or read something. */
export function tellingCode(code: string): string {
  const pieces: string[] = [];
  let from = 0;
  let kept = 0;
  for (const match of code.matchAll(acting)) {
    if (match.index < from) continue;
    const start = Math.max(from, code.lastIndexOf('\n', match.index) + 1, match.index - around);
    const end = Math.min(code.length, match.index + around);
    pieces.push(code.slice(start, end));
    from = end;
    kept += end - start;
    if (kept > longestKept) break;
  }
  return pieces.join('\n');
}
