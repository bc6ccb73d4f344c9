import { dynamicText } from '../extraction/shell-syntax.ts';
import type { Project } from './project.ts';

const engines =
  /^(?:https?:\/\/)?(?:[\w-]+\.)*(?:google|bing|duckduckgo|baidu|yandex|yahoo|startpage|ecosia|brave|searx\w*|qwant|kagi|serpapi|tavily|stackoverflow|stackexchange)\.[\w.]+(?:[/?#]|$)|^(?:https?:\/\/)?search\.[\w.]+(?:[/?#]|$)/i;

/**
 * What a search engine is asked for; empty for its bare address, undefined for an address of anything else or a query
 * that only the running command knows.
 */
export function searchQuery(address: string): string | undefined {
  if (!engines.test(address)) return undefined;
  const given = /[?&](?:q|query|p|wd|text|search|search_query|keywords?)=([^&#]*)/i.exec(address)?.[1];
  if (given === undefined) return /^(?:https?:\/\/)?[^/?#]+\/?$/.test(address) ? '' : undefined;
  if (given.includes(dynamicText)) return undefined;
  const spaced = given.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** Words that say nothing of one bug. */
const common = new Set(
  'about after again against also another because before being between both cannot could does doing down during each error errors example expected fail failed failing fails file files first fixed fixes following from function have having here into issue itself just like line lines list make method more most name need none null number only other output over please problem project python javascript typescript java golang rust ruby node code class test tests testing should some string such than that their them then there these they this those through time true false type under until update used user uses using value values version very want what when where which while will with without work working would your return returns returned repository checked testbed install installed installing package'.split(
    ' ',
  ),
);

/** Whether a query names the project, or the bug by a name of the code or by several words of its description. */
export function namesTask(query: string, project: Project, prompt: string): boolean {
  const words = query
    .toLowerCase()
    .split(/[^\p{L}\p{N}_.-]+/u)
    .filter((word) => word.length > 1);
  const owner = project.repo?.split('/') ?? [];
  const own = new Set([...project.packages, ...owner, ...(project.repo === undefined ? [] : [project.repo])]);
  if (words.some((word) => own.has(word) || own.has(word.replaceAll('_', '-').replace(/\.\w+$/, '')))) return true;
  if (project.repo !== undefined && query.toLowerCase().includes(project.repo)) return true;
  const told = prompt.toLowerCase();
  if (identifiers(query).some((name) => told.includes(name.toLowerCase()))) return true;
  if (
    /\b(?:github\.com|gitlab\.com|site:\S*git|pull request|changelog|release notes|commit|upstream|patch)\b/i.test(query) &&
    own.size === 0
  )
    return true;
  const described = new Set(told.split(/[^\p{L}\p{N}_]+/u));
  return words.filter((word) => word.length > 3 && !common.has(word) && described.has(word)).length >= 3;
}

/** Names as code has them: with an underscore, a capital inside, a parenthesis behind, or a dot between. */
function identifiers(text: string): string[] {
  return text.match(/\b[A-Za-z]\w*(?:_\w+)+|\b[a-z]+[A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+|\b\w{3,}(?=\()|\b[A-Za-z]\w+(?:\.[A-Za-z]\w+)+/g) ?? [];
}
