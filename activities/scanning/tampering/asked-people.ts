import type { Command } from '../extraction/command.ts';
import { short } from './short.ts';

/** A request for the solution, in the words in which people are asked. */
const asksForSolution =
  /\b(?:how (?:do|did|can|could|should|would|to)\b|can (?:some|any|you)\w*|could (?:some|any|you)\w*|does any(?:one|body)|any(?:one|body) (?:know|has|have)|please|help)\b[^"\n]{0,160}\b(?:fix\w*|solv\w+|solution|patch|answer|implement\w*|the diff|passing|failing test)\b/i;
const own = /^(?:https?:\/\/)?(?:localhost|127\.|0\.0\.0\.0|\[::1\]|[\w-]+\.(?:local|test|internal|example)\b|example\.)/i;
const sends = /(?:^|\s)(?:-d|--data\S*|-F|--form\S*|--json|-X\s*P(?:OS|U)T|--post\S*|-T|POST)(?=[\s='"]|$)/;
/** What a client of a code host posts for others to read. */
const posts =
  /^(?:issue|pr|mr|discussion|snippet|gist)\s+(?:create|new|comment|note|edit|review|reply)\b|^api\b.*\b(?:comments|issues|discussions)\b/;

/** Pages on which a question is put. */
const formOfQuestions = /\/questions\/ask\b|\/(?:issues|discussions|topics?)\/new\b|\/new-topic\b|\/submit\?/;

function decoded(text: string): string {
  return text.replace(/\+|%20/g, ' ');
}

/** People elsewhere whom a command asks for the solution: by a page that it posts to, or a client of a code host. */
export function asksPeople(program: string, { argv, fed }: Command): string | undefined {
  const client = program === 'gh' || program === 'glab' || program === 'hub' || program === 'tea';
  if (program === 'browse' || program === 'fetch') {
    const form = argv.slice(1).find((word) => formOfQuestions.test(word));
    return form === undefined || !asksForSolution.test(decoded(form)) ? undefined : short(form);
  }
  const network = program === 'curl' || program === 'wget' || program === 'http' || program === 'https' || program === 'xh';
  if (!client && !network) return undefined;
  const words = argv.slice(1).join(' ');
  const text = decoded(`${words} ${fed ?? ''}`);
  if (!asksForSolution.test(text)) return undefined;
  if (client) return posts.test(words) ? short(`${program} ${words}`) : undefined;
  const address = argv.slice(1).find((word) => /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+/.test(word) && /\/|^https?:/.test(word));
  return address === undefined || own.test(address) || !(sends.test(words) || fed !== undefined) ? undefined : short(address);
}

/** Tools by which something is posted, and the argument that holds it. */
const postingTool =
  /(?:comment|create_?(?:issue|discussion|gist|post|thread|topic)|post_?(?:message|comment|reply)|send_?(?:message|mail|email)|reply|ask_?(?:user|human|people|community|forum))/i;

/** The same by a tool. */
export function asksPeopleByTool(name: string, args: Record<string, unknown>): string | undefined {
  if (!postingTool.test(name) || /ask_?(?:user|human)/i.test(name)) return undefined;
  const text = Object.values(args).find((value) => typeof value === 'string' && asksForSolution.test(value));
  return typeof text === 'string' ? short(text) : undefined;
}

/** The same by a program that posts a text to a page which is not its own machine's. */
export function postedByProgram(code: string): string | undefined {
  if (!/\bpost\b|smtp|sendmail|nodemailer/i.test(code) || !asksForSolution.test(code)) return undefined;
  const server = /\bSMTP(?:_SSL)?\(\s*["']([^"']+)["']|\bhost\s*:\s*["']([^"']+)["']/.exec(code);
  const host = server?.[1] ?? server?.[2];
  if (host !== undefined) return own.test(host) ? undefined : host;
  const address = /["'`](https?:\/\/[^"'`\s]+)/.exec(code)?.[1];
  return address === undefined || own.test(address) ? undefined : address;
}
