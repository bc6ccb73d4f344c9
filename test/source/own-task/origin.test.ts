import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitIn } from '../../../activities/source/own-task/git.ts';
import { readOrigin } from '../../../activities/source/own-task/origin.ts';
import type { PackageFacts } from '../../../activities/source/own-task/package-facts.ts';
import { repositoryName } from '../../../activities/source/own-task/repository-name.ts';
import { Task } from '../../../schemas/task.ts';
import { scratchFolder } from '../../scratch-folder.ts';

describe('readOrigin', () => {
  it.each([
    ['https://git.example.invalid/acme/parser.git', 'acme/parser'],
    ['https://user:se/cret@git.example.invalid/acme/parser'.replace('se/cret', 'se%2Fcret'), 'acme/parser'],
    ['https://oauth2:glpat-1234@git.example.invalid:8443/acme/parser.git/', 'acme/parser'],
    ['ssh://git@git.example.invalid:2222/acme/parser.git', 'acme/parser'],
    ['git@git.example.invalid:acme/parser.git', 'acme/parser'],
    ['git.example.invalid:acme/parser', 'acme/parser'],
    ['git@git.example.invalid:/acme/parser.git', 'acme/parser'],
    ['git://git.example.invalid/~acme/team/parser', 'team/parser'],
    ['git@git.example.invalid:group/sub/deeper/parser.git', 'group.sub.deeper/parser'],
    ['https://git.example.invalid/group/sub/parser.git?ref=main', 'group.sub/parser'],
    ['https://git.example.invalid/scm/acme/parser.git', 'acme/parser'],
    ['https://git.example.invalid/org/project/_git/parser', 'org.project/parser'],
    ['https://git.example.invalid/acme/some%20parser.git', 'acme/some-parser'],
    ['https://git.example.invalid/parser.git', 'git.example.invalid/parser'],
    ['git@git.example.invalid:acme/parser.js.GIT', 'acme/parser.js'],
  ])('reads %s as %s', (address, repo) => {
    expect(readOrigin(address)).toEqual({ kind: 'named', repo });
    expect(Task.shape.repo.safeParse(repo).success).toBe(true);
  });

  it.each(['/srv/tkem+cachetools/repo', '../parser', 'file:///srv/git/parser.git', 'C:\\work\\parser', './a:b/parser', 'parser'])(
    'takes %s for a folder, which names no owner',
    (address) => expect(readOrigin(address).kind).toBe('folder'),
  );

  it.each(['', '   ', 'https://', 'https:///'])('finds nothing in %j', (address) => expect(readOrigin(address).kind).toBe('unknown'));
});

describe('repositoryName', () => {
  const nothing: PackageFacts = { addresses: [], name: undefined, licence: undefined };
  const repository = (remotes: Record<string, string>): string => {
    const folder = join(scratchFolder('own task+name'), 'repo');
    mkdirSync(folder, { recursive: true });
    execFileSync('git', ['-C', folder, 'init', '--quiet']);
    for (const [name, url] of Object.entries(remotes)) execFileSync('git', ['-C', folder, 'remote', 'add', name, url]);
    return folder;
  };
  const nameOf = (folder: string, facts = nothing) => repositoryName(gitIn(folder), facts, 'repo');

  it('follows clones of clones to the one that a server names', async () => {
    const mirror = repository({ origin: 'https://git.example.invalid/acme/parser.git' });
    const clone = repository({ origin: mirror });
    expect(await nameOf(repository({ origin: `file://${clone.replaceAll(' ', '%20')}` }))).toBe('acme/parser');
  });

  it('does not take the folders of a path for names, and ends where clones go round', async () => {
    const first = repository({ origin: '/nowhere/tkem+cachetools/repo' });
    expect(await nameOf(first)).toBe('local/repo');
    const round = repository({});
    execFileSync('git', ['-C', round, 'remote', 'add', 'origin', round]);
    expect(await nameOf(round)).toBe('local/repo');
  });

  it('takes the only remote, whatever it is called, and not one of several', async () => {
    expect(await nameOf(repository({ upstream: 'git@git.example.invalid:acme/parser.git' }))).toBe('acme/parser');
    const two = { mine: 'git@git.example.invalid:me/parser.git', theirs: 'git@git.example.invalid:acme/parser.git' };
    expect(await nameOf(repository(two))).toBe('local/repo');
  });

  it('asks the package files where no remote tells', async () => {
    const facts = {
      ...nothing,
      name: 'parser',
      addresses: ['https://parser.example.invalid/docs/start', 'https://github.com/acme/parser/issues'],
    };
    expect(await nameOf(repository({}), facts)).toBe('acme/parser');
    expect(await nameOf(repository({}), { ...facts, addresses: [] })).toBe('local/parser');
  });

  it('does not show the mirror that this machine puts in an address’s place', async () => {
    const folder = repository({ origin: 'https://git.example.invalid/acme/parser.git' });
    writeFileSync(join(folder, '.git/config'), '[url "/srv/mirror/"]\n\tinsteadOf = https://git.example.invalid/\n', { flag: 'a' });
    expect(await nameOf(folder)).toBe('acme/parser');
  });
});
