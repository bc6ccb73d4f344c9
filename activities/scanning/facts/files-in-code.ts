/** Words of any language that read what the literal behind them names, with up to one literal and an option between. */
const reads =
  /(?<![\w$])@?(\w*(?:[Oo]pen|[Rr]ead|READ|[Ll]oad|slurp|[Ii]nclude|[Ee]mbed|foreach|getline|[Cc]ontents?|[Ll]ines|[Ff]rom_?[Ff]ile|from_file_location|[Ss]tream)\w*|contentsOf\w*:|(?:[A-Z]\w*)?File|PharData|Phar|PathTo|path|of|get)[!?]?(?:\s+-\w+)?\s*[(\s<]\s*(?:[^"'`\n;]{0,40}["'][^"'`\n]{0,20}["'],\s*|[^"'`\n;(]{0,30}?)["'`](?:phar:\/\/|zip:\/\/|jar:file:|file:\/\/)?((?:\/|~\/)[^"'`\s!]{2,300})/g;
const writes = /write|sav|creat|dump|remov|delet|unlink|mkd|touch|append|output|outfile|tofile|download|upload|route|url/i;

/**
 * The absolute paths that a program names behind a word that reads, in whatever language: `os.ReadFile("/a")`,
 * `include_str!("/a")`, `open(my $f, "<", "/a")`, `file(READ "/a" X)`. Less sure than a known call of a known language.
 */
export function filesInCode(code: string): string[] {
  if (!/["'`](?:\/|~\/|phar:|zip:|jar:|file:)/.test(code)) return [];
  return [...code.matchAll(reads)].slice(0, 40).flatMap(([whole, verb = '', path = '']) => {
    if (writes.test(verb)) return [];
    // What is joined to something before it is the end of a path, not a path.
    if (/(?:\+|\.\.|<>|[\w)\]]\s*\.|%|~)\s*$/.test(whole.slice(0, whole.length - path.length).replace(/["'`](?:\w+:(?:\/\/)?)?$/, '')))
      return [];
    // `Path.of`, `Paths.get`, `path(…)->slurp`: too common a word by itself.
    if (/^(?:path|of|get)$/.test(verb) && !isOfPath(code, whole, verb)) return [];
    // What follows an archive lies in it.
    return [/phar:\/\//.test(whole) ? path.replace(/((?:\/s?bin\/[\w.-]+)|\.phar)\/.*$/, '$1') : path];
  });
}

/** Whether a program opens archives by their own means, as programs of one file are. */
export function opensArchives(code: string): boolean {
  return /phar:\/\/|\bPhar(?:Data)?\s*\(|\bzip(?:import|app)\b/.test(code);
}

function isOfPath(code: string, whole: string, verb: string): boolean {
  const at = code.indexOf(whole);
  if (verb === 'path') return /^["'`]?\)\s*(?:->|\.)\s*(?:slurp|lines|read)/.test(code.slice(at + whole.length, at + whole.length + 40));
  return /\bPaths?\.$/.test(code.slice(Math.max(0, at - 8), at));
}
