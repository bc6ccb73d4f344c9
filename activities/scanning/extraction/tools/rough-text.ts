const programs =
  /^(?:sudo\s+)?(?:\S*\/)?(?:git|gh|glab|hub|tig|curl|wget|http|aria2c|cat|less|more|head|tail|strings|xxd|grep|rg|find|fd|locate|ls|cp|tar|unzip|sed|awk|jq|python[\d.]*|node|ruby|perl|bash|sh|zsh|env|pip[\d.]*|uv|npm|npx|yarn|pnpm|cargo|go|gem|composer|docker|podman|ssh|svn|hg|nc|cd)\s+\S/;
const prose = /(?:^|\s)(?:the|a|an|is|are|was|to|of|and|that|this|should|please|with|shows|will|you|we|it)(?:\s|$)/i;
const mostPieces = 40;

/**
 * The command lines in a text of unknown meaning: the text itself where it starts like one and does not read like a
 * sentence, its lines that do, and what stands in fences and backticks.
 */
export function commandsInText(text: string): string[] {
  const pieces: string[] = [];
  const code = [...text.matchAll(/```[\w-]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map((match) => match[1] ?? match[2] ?? '');
  const rest = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '\n');
  for (const piece of [...code, rest]) {
    for (const line of piece.split('\n')) {
      const plain = line.trim().replace(/^\$\s+/, '');
      const unquoted = plain.replace(/"[^"]*"|'[^']*'/g, '');
      if (programs.test(plain) && !prose.test(unquoted)) pieces.push(plain);
    }
  }
  return pieces.slice(0, mostPieces);
}
