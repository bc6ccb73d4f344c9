/** The words of a web page, of XML or of plain text, at most so many characters: what proxies send in place of an answer. */
export function pageWords(page: string, longest: number): string {
  return page
    .replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
}
