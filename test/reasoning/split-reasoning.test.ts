import { describe, expect, it } from 'vitest';
import { splitReasoning } from '../../activities/reasoning/split-reasoning.ts';

describe('reasoning of a reply just received', () => {
  it.each([
    ['inline', '<think>\nhm\n</think>\n\nfine', '', { content: 'fine', reasoning: 'hm' }],
    ['without the opening tag', 'hm\n</think>\n\nfine', '', { content: 'fine', reasoning: 'hm' }],
    ['as a field', 'fine', 'hm', { content: 'fine', reasoning: 'hm' }],
    ['as field and inline copy', '<think>hm</think>fine', 'hm', { content: 'fine', reasoning: 'hm' }],
    ['as field and other inline text', '<think>so</think>fine', 'hm', { content: 'fine', reasoning: 'hm\n\nso' }],
    ['as field with its end repeated', 'hm\n</think>fine', 'well, hm', { content: 'fine', reasoning: 'well, hm' }],
    ['cut off', '<think>and then', '', { content: '', reasoning: 'and then' }],
    ['empty', '<think>\n\n</think>\n\nfine', '', { content: 'fine', reasoning: '' }],
  ])('%s is split out once', (_name, content, field, expected) => {
    expect(splitReasoning(content, field, 'think')).toMatchObject(expected);
  });

  it.each([
    ['later in the text', 'the tags <think> and </think>', ''],
    ['beside a field it does not end', 'close it with </think> then', 'hm'],
  ])('tags %s are the words of the model', (_name, content, field) => {
    expect(splitReasoning(content, field, 'think')).toMatchObject({ content, reasoning: field });
  });

  it('keeps a lone closing tag of a model that does not reason, but not an empty thought', () => {
    expect(splitReasoning('it prints </think>', '', 'no_think')).toMatchObject({ content: 'it prints </think>', reasoning: '' });
    expect(splitReasoning('\n</think>\n\nfine', '', 'no_think')).toMatchObject({ content: 'fine', reasoning: '' });
  });

  it('keeps the indentation of the text behind it', () => {
    expect(splitReasoning('<think>a</think>\n\n    code', '', 'think').content).toBe('    code');
  });
});

describe('reasoning of a reply that another tool recorded', () => {
  it.each([
    ['inline', '<think>\nhm\n</think>\n\nfine', '', { content: 'fine', reasoning: 'hm', differs: false }],
    ['as field and equal copy', '<think>hm</think>fine', 'hm', { content: 'fine', reasoning: 'hm', differs: false }],
    ['as field and other inline text', '<think>so</think>fine', 'hm', { content: '<think>so</think>fine', reasoning: 'hm', differs: true }],
    ['closed on a line of its own', 'hm\n</think>\n\nfine', '', { content: 'fine', reasoning: 'hm', differs: false }],
    ['as a copy of the text', 'fine', 'fine\n', { content: 'fine', reasoning: '', differs: false }],
  ])('%s is split', (_name, content, field, expected) => {
    expect(splitReasoning(content, field, 'unknown')).toEqual(expected);
  });

  it.each(['<think>and then', 'close it with </think> then', 'the tags <think> and </think>\n'])('%j stays as it is', (content) => {
    expect(splitReasoning(content, '', 'unknown')).toEqual({ content, reasoning: '', differs: false });
  });
});
