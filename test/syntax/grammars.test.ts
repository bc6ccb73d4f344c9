import { expect, it } from 'vitest';
import { loadGrammars, withTree } from '../../activities/syntax/grammars.ts';

it('grammars are loaded once, however many ask for them at the same time', async () => {
  const asked = Array.from({ length: 32 }, loadGrammars);
  expect(new Set(asked).size).toBe(1);
  await Promise.all(asked);
  expect(loadGrammars()).toBe(asked[0]);
  expect(withTree('bash', 'git log', (tree) => tree.rootNode.type)).toBe('program');
});
