import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sourceCommit } from '../../platform/commit.ts';
import { projectRoot } from '../../platform/home.ts';

it('names the commit of the checkout, and says where files of it were changed', () => {
  const git = (...args: string[]) => spawnSync('git', ['-C', projectRoot, ...args], { encoding: 'utf8' }).stdout.trim();
  const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
  const isCheckout = existsSync(join(projectRoot, '.git'));
  expect(sourceCommit()).toBe(isCheckout ? `${git('rev-parse', 'HEAD')}${changed ? '-dirty' : ''}` : null);
});
