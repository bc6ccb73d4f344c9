const lineComment =
  /^[+]?\s*(?:#(?!\s*(?:include|define|if|else|endif|pragma|!))+|\/\/+|;;+|%%?\s|\*(?!\/)|"""|'''|<!--|\/\*+|rem\s)\s?(.*)$/i;
const trailing = /(?:^|\s)(?:#|\/\/|\/\*)\s(.*)$/;
const docstring = /("""|''')([\s\S]*?)\1|\/\*([\s\S]*?)\*\/|<!--([\s\S]*?)-->/g;

/** Without one of these, neither of the patterns above finds anything. */
const mayComment = /[#%*]|\/\/|;;|"""|'''|<!--|\brem\s/i;

/** Comments and documentation strings in a text of any programming language, neighbouring lines joined, without those that stood there before. */
export function newComments(text: string, before: string): string[] {
  if (!mayComment.test(text)) return [];
  const found: string[] = [];
  const lines = new Set(before === '' ? [] : before.split('\n'));
  let comments: Set<string> | undefined;
  // Whether a line of the text before has the comment. Few new comments stand there at all, so its lines are seldom read.
  const stoodBefore = (comment: string) => {
    if (before === '' || !before.includes(comment)) return false;
    comments ??= new Set(commentLines(before));
    return comments.has(comment);
  };
  let block: string[] = [];
  const flush = () => {
    if (block.length > 0) found.push(block.join('\n'));
    block = [];
  };
  for (const line of text.split('\n')) {
    const comment = lines.has(line) ? undefined : commentOf(line);
    if (comment === undefined || stoodBefore(comment)) flush();
    else if (comment !== '') block.push(comment);
  }
  flush();
  for (const match of holdsBlock(text) ? text.matchAll(docstring) : []) {
    const inside = (match[2] ?? match[3] ?? match[4] ?? '').replace(/^[ \t]*\*+ ?/gm, '').trim();
    if (inside !== '' && !before.includes(inside) && !found.includes(inside)) found.push(inside);
  }
  return found;
}

function commentLines(text: string): string[] {
  return text.split('\n').flatMap((line) => commentOf(line) ?? []);
}

/** Whether blocks of documentation may stand in a text; a search for the words is much faster than for the whole pattern. */
function holdsBlock(text: string): boolean {
  return text.includes('"""') || text.includes("'''") || text.includes('/*') || text.includes('<!--');
}

function commentOf(line: string): string | undefined {
  // Most lines hold no sign of a comment at all.
  if (!mayComment.test(line)) return undefined;
  const own = lineComment.exec(line)?.[1];
  const comment = own ?? trailing.exec(line)?.[1];
  return comment?.replace(/(?:\*\/|-->|"""|''')\s*$/, '').trim();
}
