import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

/** The status, or the words, by which a program of tests says that it was skipped. */
const skipped =
  /^(?:return\s*\(?\s*(?:77|EXIT_SKIP\w*|SKIP\w*|KSFT_SKIP)\s*\)?\s*;?|_?exit\s*\(?\s*(?:77|EXIT_SKIP\w*|KSFT_SKIP|\$ksft_skip)\s*\)?\s*;?|(?:sys|os|process|os\._)\.?_?[eE]xit\(\s*77\s*\);?|std::process::exit\(77\);?|skip_\s.*|raise\s+(?:\w+\.)?SkipTest\b.*)$/;
const condition =
  /^\s*(?:#\s*(?:if|el)|\}?\s*(?:else|if|elif|unless|case|when|catch|except|rescue|try|while|for)\b)|\|\|\s*\{?$|&&\s*\{?$|\bthen$/;

/** A test that was there before and now says without any condition that it was skipped. */
export function skippedAtOnce(change: Change): Found[] {
  if (change.kind === 'append' || (change.before === '' && change.lines === undefined)) return [];
  const { put } = changedLines(change);
  const at = put.findIndex((line) => skipped.test(line));
  const line = put[at];
  if (line === undefined || change.before.includes(line)) return [];
  const lines = change.after.split('\n').map((one) => one.trim());
  const previous = lines.slice(0, lines.indexOf(line)).findLast((one) => one !== '' && one !== '{');
  return put.slice(0, at).some((one) => condition.test(one)) || (previous !== undefined && condition.test(previous))
    ? []
    : [{ kind: 'tests_disabled', severity: 'violation', evidence: `says at once that it was skipped: ${short(line)}` }];
}
