import { resolve } from 'node:path';
import type { Git } from './git.ts';
import { gitIn } from './git.ts';
import { readOrigin, word } from './origin.ts';
import type { PackageFacts } from './package-facts.ts';

/** How many clones of clones are followed. */
const mostHops = 5;

/**
 * `owner/name` of a repository: as its remote names it, where that is a clone of another folder as that one's remote does,
 * else as its package files say. One that nothing names is `local/` and its package's or folder's name.
 */
export async function repositoryName(git: Git, facts: PackageFacts, folderName: string | undefined): Promise<string> {
  const remote = await remoteName(git);
  if (remote !== undefined) return remote;
  for (const address of facts.addresses) {
    const origin = readOrigin(address.replace(/^(?:git|scm:git)[+:](?=\w+[:@])/, ''));
    // Of a home page only the first two parts of its path may name a repository, and only on a server that has such.
    if (origin.kind === 'named' && isForge(address)) return firstTwo(address) ?? origin.repo;
  }
  return `local/${word(facts.name ?? '') || word(folderName ?? '') || 'repository'}`;
}

async function remoteName(start: Git): Promise<string | undefined> {
  let git = start;
  for (let hop = 0; hop < mostHops; hop += 1) {
    const address = await addressOf(git);
    if (address === undefined) return undefined;
    const origin = readOrigin(address);
    if (origin.kind === 'named') return origin.repo;
    if (origin.kind === 'unknown') return undefined;
    const top = (
      await git('rev-parse', '--show-toplevel')
        .catch(() => git('rev-parse', '--absolute-git-dir'))
        .catch(() => '')
    ).trim();
    git = gitIn(resolve(top, origin.path));
  }
  return undefined;
}

/** Of `origin`, else of the only remote. Not by `remote get-url`, which shows the mirror that a machine puts in its place. */
async function addressOf(git: Git): Promise<string | undefined> {
  const listed = (await git('config', '--get-regexp', '^remote\\..*\\.url$').catch(() => '')).split('\n');
  const addresses = listed.flatMap((line) => {
    const [, name, address] = /^remote\.(.+)\.url (.+)$/.exec(line) ?? [];
    return name === undefined || address === undefined ? [] : [{ name, address }];
  });
  return (addresses.find(({ name }) => name === 'origin') ?? (addresses.length === 1 ? addresses[0] : undefined))?.address;
}

/** `host.invalid` stands for a server that a package file leaves unnamed. */
const forges =
  /^(?:\w+[:@+])?(?:git\+)?(?:\w+:\/\/|git@)?(?:[^@/]*@)?(?:www\.)?(?:github\.com|gitlab\.[\w.]+|bitbucket\.org|codeberg\.org|git\.[\w.-]+|host\.invalid)[/:]/i;

function isForge(address: string): boolean {
  return forges.test(address);
}

/** `owner/name` of an address that may lead deeper, to an issue or a folder; undefined where groups may lie within groups. */
function firstTwo(address: string): string | undefined {
  const match = /(?:github\.com|bitbucket\.org|codeberg\.org|host\.invalid)[/:]([^/\s]+)\/([^/\s#?]+)/i.exec(address);
  const [owner, name] = [word(match?.[1] ?? ''), word((match?.[2] ?? '').replace(/\.git$/i, ''))];
  return owner === '' || name === '' ? undefined : `${owner}/${name}`;
}
