import { nameTable } from '../../../../schemas/name-table.ts';
import { dynamicText } from '../shell-syntax.ts';
import type { Action } from './action.ts';
import { queryNames } from './argument-names.ts';
import type { ToolCall } from './tool-call.ts';

const hosts: Record<string, string> = nameTable({
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gitea: 'gitea.com',
  forgejo: 'codeberg.org',
  codeberg: 'codeberg.org',
  gitee: 'gitee.com',
  sourcegraph: 'sourcegraph.com',
  deepwiki: 'deepwiki.com',
  gitmcp: 'github.com',
  grepapp: 'grep.app',
});
const requests = /(?:^|_)(?:pull_?requests?|merge_?requests?|prs?|mrs?)(?:_|$)/;
const owners = ['owner', 'org', 'organization', 'namespace', 'workspace', 'group', 'user', 'username', 'repoowner', 'repositoryowner'];
const repositories = [
  'repo',
  'repository',
  'reponame',
  'repositoryname',
  'project',
  'projectid',
  'projectpath',
  'fullname',
  'reposlug',
  'slug',
];
const numbers =
  'pullnumber pullrequestnumber pullrequestid prnumber prid pullrequest pr issuenumber issueid issue number mergerequestiid mergerequestid iid mr id'.split(
    ' ',
  );

/** Tools of code hosts: what they ask for, as the page of the host that shows it. */
export function codeHostActions(call: ToolCall): Action[] | undefined {
  const { args, words, plain } = call;
  const host = Object.keys(hosts).find((name) => words.has(name) || plain.replaceAll('_', '').includes(name));
  const repository = repositoryOf(call);
  const full = args.text(...repositories);
  const named = full !== undefined && (args.text(...owners) !== undefined || (/^[\w.-]+\/[\w.-]+$/.test(full) && asks(call)));
  const scoped = args.texts(...queryNames).some((query) => /\brepo:[\w.-]+\/[\w.-]+/.test(query));
  const tracker = (requests.test(plain) || (/(?:^|_)issues?(?:_|$)/.test(plain) && asks(call))) && !words.has('create');
  if (host === undefined && !named && !scoped && !tracker) return undefined;
  // A shell or a page by that name has its own reader.
  if (args.text('command', 'cmd') !== undefined) return undefined;
  const addresses = args
    .texts('url', 'urls', 'htmlurl', 'repositoryurl', 'repourl', 'pullrequesturl', 'prurl', 'issueurl')
    .filter((text) => /[./]/.test(text));
  if (addresses.length > 0) return addresses.map((address) => ({ kind: 'visit', address }));
  const site = `https://${hosts[host ?? 'github'] ?? 'github.com'}`;
  const queries = args.texts(...queryNames, 'pattern', 'searchpattern');
  if (queries.length > 0) {
    const scope = repository === undefined ? '' : `repo:${repository} `;
    return queries.map((query) => ({ kind: 'visit', address: `${site}/search?q=${scope}${query}` }));
  }
  const page = pageOf(call);
  // A tool that needs no repository for a request or an issue means the one at hand.
  if (repository === undefined && page === '') return [{ kind: 'visit', address: site }];
  return [{ kind: 'visit', address: `${site}/${repository ?? dynamicText}${page}` }];
}

/** Whether a call gives words to look for, or the number of something. */
function asks({ args }: ToolCall): boolean {
  return args.texts(...queryNames).length > 0 || args.text(...numbers) !== undefined;
}

function repositoryOf({ args }: ToolCall): string | undefined {
  const repository = args
    .text(...repositories)
    ?.replace(/^https?:\/\/[^/]+\//, '')
    .replaceAll('%2F', '/');
  const owner = args.text(...owners);
  if (repository === undefined) return owner;
  return repository.includes('/') || owner === undefined ? repository : `${owner}/${repository}`;
}

function pageOf({ args, plain }: ToolCall): string {
  const number = args.text(...numbers);
  const revision = args.text('sha', 'ref', 'commit', 'commitsha', 'branch', 'tag', 'treesha', 'head', 'base');
  const path = args.text('path', 'filepath', 'file');
  if (requests.test(plain)) return number === undefined ? '/pulls' : `/pull/${number}`;
  if (/issue/.test(plain)) return number === undefined ? '/issues' : `/issues/${number}`;
  if (/commit/.test(plain)) return revision === undefined ? '/commits' : `/commit/${revision}`;
  if (/release/.test(plain)) return '/releases';
  if (/tag/.test(plain)) return '/tags';
  if (/branch/.test(plain)) return '/branches';
  if (/workflow|action|job|run|artifact/.test(plain)) return '/actions';
  if (path !== undefined) return `/blob/${revision ?? 'HEAD'}/${path.replace(/^\//, '')}`;
  return number !== undefined ? `/issues/${number}` : revision === undefined ? '' : `/tree/${revision}`;
}
