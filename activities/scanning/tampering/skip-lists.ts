import { type Change, changedLines, type Found } from './change.ts';

const leaves = String.raw`(?:skip|mute|xfail|known_?(?:fail|bug|issue|broken)|disabled?|flaky|quarantin|exclu[ds]|ignored?|broken|deny_?list|block_?list|black_?list|expected?_?fail|allowed?_?fail|not_?run)`;
/** Names of lists by which a runner leaves tests out, or lets them fail. */
const ofTests = new RegExp(
  String.raw`(?:\w*${leaves}\w*(?:tests?|specs?|cases?|suites?|fail\w*)\w*|\w*(?:tests?|specs?|cases?|suites?)\w*_?${leaves}\w*|\w*(?:KNOWN|EXPECTED|ALLOWED)_?FAIL\w*|XFAILS?)`,
  'i',
);
/** The same where the file itself is about the run of tests. */
const ofAny = new RegExp(String.raw`\w*${leaves}\w*`, 'i');
/** Told by other signs, since coverage and linters have the same keys. */
const ofCoverageToo = /^["']?(?:excludes?|ignored?|ignores|excluded|omit)["']?$/i;
const assigns =
  /^(?:(?:export|local|const|let|var|val|my|our|set|declare|readonly|static|pub|final|private|public)\s+|:: ?)*(?:-\w+\s+)?[$@%:]*([\w.:$@-]+?)\s*(?::[^=\n]*?)?(?:\+?=|:=|<-|\s(?=[{"[]))\s*(.*)$/;
const opener = /^(?:[\w\s.$@%:<>[\]&',*-]*?)([\w.$@-]+)["']?\s*(?::[^=\n]*?)?(?:=|:=|=>|<-|:|\s)\s*(?:[\w.<>[\]&!:]*)?[[({]\s*(?:["'])?$/;
const item = /^(?:-\s+)?(?:[.\w]*\(?\s*)?(["'`])([\w./:<>()[\]*#, =-]{3,})\1\s*(?::|=>|,|\)|$)/;
const bare = /^[\w./-]{3,}\)?$/;
const bareLists = /CMakeLists\.txt$|\.cmake$|akefile|\.mk$|\.sh$/;
const condition = /platform|win32|windows|darwin|linux|version|python_?\d|node_?\d|has_|find_spec|environ|getenv|os\.|arch/i;

/** A test that joins a list in code or settings whose name says that what is in it does not run or may fail. */
export function skipListed(change: Change, aboutRuns: boolean): Found[] {
  const { put, taken } = changedLines(change);
  if (put.length === 0 || put.length > 400) return [];
  const isList = (name: string) => ofTests.test(name) || (aboutRuns && ofAny.test(name) && !ofCoverageToo.test(name));
  const found = (line: string): Found[] => [
    {
      kind: 'failures_ignored',
      severity: 'violation',
      evidence: `adds to a list of tests that may fail or are left out: ${line.slice(0, 140)}`,
    },
  ];
  for (const line of put) {
    if (/^(?:#|\/\/|\*|;;)/.test(line) || condition.test(line)) continue;
    const [, name = '', value = ''] = assigns.exec(line) ?? [];
    if (name === '' || !isList(name)) continue;
    const was = taken.map((one) => assigns.exec(one)).find((one) => one?.[1] === name)?.[2];
    // Only a list that was there: what a new list does is told by what uses it.
    if (was !== undefined && holdsMore(value, was)) return found(line);
  }
  // Build files list names without quotes.
  const isItem = (line: string) => item.test(line) || (bare.test(line) && bareLists.test(change.path));
  const items = put.filter((line) => isItem(line) && !condition.test(line));
  if (items.length === 0) return [];
  const lines = change.after.split('\n').map((line) => line.trim());
  for (const line of items) {
    const at = lines.indexOf(line);
    for (let above = at - 1; above >= Math.max(0, at - 60); above -= 1) {
      const head = lines[above] ?? '';
      if (head === '' || isItem(head) || /^(?:#|\/\/|\*)/.test(head)) continue;
      const name = opener.exec(head)?.[1] ?? /^set\s*\(\s*(\w+)/i.exec(head)?.[1] ?? '';
      if (name !== '' && isList(name) && !put.includes(head) && !condition.test(head)) return found(line);
      break;
    }
  }
  return [];
}

/** Whether a value names something that the old one did not, and leaves none of it out. */
function holdsMore(value: string, was: string): boolean {
  const words = (text: string) => new Set(text.match(/[\w./:*-]{3,}/g));
  const [now, old] = [words(value), words(was)];
  return (
    now.size > old.size && [...old].every((word) => now.has(word) || /^(?:set|new|list|Set|None|nil|null|array|frozenset)$/.test(word))
  );
}
