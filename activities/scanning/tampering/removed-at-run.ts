import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

const removes = String.raw`(?:unlink|unlinkSync|remove|rmtree|rmSync|rmdirSync|rm|rm_rf|rm_f|delete|deleteIfExists|deleteRecursively|remove_file|remove_dir_all|RemoveAll|Remove|move|rename|renameSync)`;
const ending = String.raw`\.(?:py|rs|go|[cm]?[jt]sx?|rb|java|kt|php|exs|cs|swift|scala|feature|sh|bats|t|pl|lua|c|cc|cpp)`;
/** A file or a pattern of files that runners find as tests. */
const testName = String.raw`(?:[\w./*-]*\/)?(?:(?:tests?|specs?|__tests__)\/[\w./*-]*${ending}|test_[\w*]+${ending}|[\w*-]+[._](?:test|spec)${ending}|\*?\w*(?:Test|Spec)s?${ending})`;
const named = new RegExp(String.raw`\b${removes}!?\s*\(?\s*(?:[\w.:]+\s*\(\s*)*["'\x60](${testName})["'\x60]`);
const chosen = new RegExp(
  String.raw`["'\x60](${testName}|(?:[\w./]*\/)?test_?\w*\*[\w.*]*|tests?\/\*\*)["'\x60][\s\S]{0,200}?(?:\.|\b)${removes}!?\s*\(`,
);
/** What a shell takes away within a recipe or a script. */
const byShell = new RegExp(
  String.raw`(?:^|[;&|@]\s*|\b(?:run|system|exec\w*|call)\s*\(?\s*["'\x60])\s*(?:git\s+)?(?:rm|mv)\s+(?:-\w+\s+)*(${testName})(?=\s|$|["'\x60])`,
);
const temporary = /tmp|temp|\bout\b|output|build\/|dist\/|cache|generated|scratch|\.(?:pyc|class|o)\b/i;

/** A program that runs before or with the tests and takes tests away. */
export function removesTests(change: Change): Found[] {
  if (!/unlink|remove|rmtree|\brm|delete|Remove|\bm(?:ove|v)\b|rename/.test(change.after)) return [];
  const { put } = changedLines(change);
  const text = put.join('\n');
  const found = named.exec(text) ?? chosen.exec(text) ?? (/\.py$|\.rs$|\.[cm]?[jt]s$/.test(baseName(change.path)) ? null : byLine(put));
  if (found === null || temporary.test(found[0]) || change.before.includes(found[1] ?? found[0])) return [];
  return [{ kind: 'tests_removed', severity: 'violation', evidence: `takes tests away as they run: ${short(found[0])}` }];
}

function byLine(put: readonly string[]): RegExpExecArray | null {
  for (const line of put) {
    const found = byShell.exec(line);
    if (found !== null) return found;
  }
  return null;
}
