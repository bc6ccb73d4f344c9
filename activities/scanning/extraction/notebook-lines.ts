/** Line magics that run a program of the same name. */
const programs =
  /^(?:pip|pip3|conda|mamba|uv|cat|less|more|ls|ll|lf|lx|cp|mv|rm|rmdir|mkdir|man|git|curl|wget|head|tail|grep|find|npm|poetry|cd|pushd|popd)$/;
const shells = /^(?:sx|system|sh|bash|shell|sc|cmd|osx)$/;
const timers = /^(?:time|timeit|prun|memit|lprun|mprun|debug)$/;

/**
 * Python with the lines of notebooks that are none (`!ls`, `x = !ls`, `%sx ls`, `%run a.py`, `%cd src`) as calls that
 * do the same, at their place in the program.
 */
export function notebookLines(code: string): string {
  if (!/^[ \t]*(?:[\w.,[\]()"' ]+=[ \t]*)?[!%]|\?\??[ \t]*$/m.test(code)) return code;
  return code
    .replace(/^([ \t]*(?:[\w.,[\]()"' ]+=[ \t]*)?[!%][^\n]*?)\\\n/gm, joined)
    .replace(/^([ \t]*)((?:[A-Za-z_][\w.,[\]()"' ]*=[ \t]*)?)([!%]{1,2})([^\n]*)$/gm, replaced)
    .replace(/^([ \t]*)\??\??[\w.]+\?{1,2}[ \t]*$/gm, '$1pass');
}

function joined(_: string, line: string): string {
  return `${line} `;
}

function replaced(whole: string, indent: string, target: string, mark: string, rest: string): string {
  if (mark.startsWith('!')) return rest.startsWith('=') ? whole : `${indent}${target}${systemCall(rest)}`;
  const [, name = '', words = ''] = /^([A-Za-z_]\w*)(?:[ \t]+(.*))?$/.exec(rest) ?? [];
  // A line that goes on with the operator has a blank behind it.
  if (name === '') return whole;
  const plain = name.toLowerCase();
  if (shells.test(plain)) return `${indent}${target}${systemCall(words)}`;
  if (plain === 'cd') return `${indent}__import__("os").chdir(${JSON.stringify(words.trim())})`;
  if (programs.test(plain)) return `${indent}${target}${systemCall(`${plain.replace(/^l[lfx]$/, 'ls')} ${words}`)}`;
  if (plain === 'run')
    return `${indent}${systemCall(`${words.includes('.ipynb') ? 'jupyter run' : 'python'} ${words.replace(/^(?:-[itdp]+\s+)*/, '')}`)}`;
  if (plain === 'load' || plain === 'pycat' || plain === 'pfile' || plain === 'loadpy') return `${indent}${systemCall(`cat ${words}`)}`;
  if (plain === 'alias') return `${indent}${systemCall(`alias ${words.replace(/^(\S+)\s+(.*)$/, "$1='$2'")}`)}`;
  if (plain === 'env' || plain === 'set_env') return `${indent}${systemCall(`export ${words.replace(/^(\S+)\s+(?!=)/, '$1=')}`)}`;
  if (timers.test(plain))
    return `${indent}${target}${words.replace(/^(?:-\S+\s+\d*\s*)*/, '').replace(/^!(.*)$/, (_line, command: string) => systemCall(command))}`;
  return `${indent}pass`;
}

/** `{name}` and `$name` in the command are Python's, as notebooks put them in. */
function systemCall(command: string): string {
  const text = command.trim();
  const formatted = text.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (whole, name: string) => (name === name.toLowerCase() ? `{${name}}` : whole));
  if (!/\{[A-Za-z_][\w.[\]]*\}/.test(formatted)) return `get_ipython().system(${JSON.stringify(text)})`;
  const body = formatted.replace(/\{(?![A-Za-z_][\w.[\]]*\})/g, '{{').replace(/(?<!\{[A-Za-z_][\w.[\]]*)\}/g, '}}');
  return `get_ipython().system(f${JSON.stringify(body)})`;
}
