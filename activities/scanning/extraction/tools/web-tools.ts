import type { Action } from './action.ts';
import { addressNames, queryNames } from './argument-names.ts';
import { localPath } from './file-tools.ts';
import type { ToolCall } from './tool-call.ts';

const webWords =
  'browser browse web fetch url http https website webpage page navigate goto visit crawl scrape scraper firecrawl tavily exa brave google bing duckduckgo ddg serper serpapi perplexity wikipedia arxiv stackoverflow playwright puppeteer selenium download request requests curl wget link internet online searxng kagi jina context7 resource'.split(
    ' ',
  );
const searchWords = [
  'search',
  'google',
  'bing',
  'duckduckgo',
  'ddg',
  'tavily',
  'exa',
  'brave',
  'serper',
  'serpapi',
  'perplexity',
  'searxng',
  'kagi',
  'research',
  'answer',
];
const inText = /(?:https?|ftp|git|ssh):\/\/[^\s'"`)<>\\]+/g;
const bareHost = /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:\/\S*)?$/i;

/** Tools that ask the network: for an address, or a search engine for words. */
export function webActions(call: ToolCall): Action[] | undefined {
  const { args, words } = call;
  const named = webWords.some((word) => words.has(word));
  const given = args.texts(...addressNames).filter((text) => /^[\w+.-]+:\/\/\S/.test(text) || bareHost.test(text));
  if (given.length > 0 && (named || given.some((text) => !text.startsWith('file:')))) return given.map(addressAction);
  if (!named) return undefined;
  const texts = args.everyText();
  const addresses = texts.flatMap((text) => [...text.matchAll(inText)].map(([address]) => address));
  if (addresses.length > 0) return addresses.map(addressAction);
  const library = args.text('context7compatiblelibraryid', 'libraryid', 'libraryname', 'library');
  if (library !== undefined) return [{ kind: 'visit', address: `https://context7.com/${library.replace(/^\//, '')}` }];
  const hosts = texts.filter((text) => bareHost.test(text.trim()));
  const queries = args.texts(...queryNames);
  if (queries.length === 0 && searchWords.some((word) => words.has(word)))
    queries.push(...args.texts('prompt', 'input', 'text', 'message', 'content'));
  if (queries.length > 0) return queries.map((query) => ({ kind: 'visit', address: `https://duckduckgo.com/?q=${query}` }));
  if (hosts.length > 0) return hosts.map((host) => addressAction(host.trim()));
  return stepsOnPage(call) ? [] : undefined;
}

export function addressAction(address: string): Action {
  return address.startsWith('file:') ? { kind: 'read', path: localPath(address) } : { kind: 'visit', address };
}

/** Clicks, scrolls, waits and the like on a page that was opened before. */
function stepsOnPage({ args, plain }: ToolCall): boolean {
  const step =
    /click|scroll|wait|type|fill|hover|press|select|screenshot|snapshot|close|back|forward|reload|noop|resize|tab|drag|console|network|dialog|evaluate|upload|state|get_?text|extract|html|title/;
  return (
    step.test(plain) ||
    args.names.some((name) => step.test(args.text(name) ?? '')) ||
    /^(?:selector|element|ref|bid|coordinate|index|x|y)$/.test(args.names[0] ?? '')
  );
}
