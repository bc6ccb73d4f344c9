import { describe, expect, it } from 'vitest';
import { readRecord } from '../../activities/ingestion/index.ts';

const messages = [
  { role: 'user', content: 'parse() keeps blanks.' },
  { role: 'assistant', content: 'Done.' },
];
const origin = { path: 'rows.jsonl', place: { file: 'rows.jsonl', unit: null, number: null }, fallbackId: 'rows', cut: false };

function factsOf(row: object) {
  const [reading] = readRecord(row, origin);
  if (reading?.ok !== true) throw new Error('not read');
  const { license, language, hf_dataset_name } = reading.trajectory;
  return { license, language, hf_dataset_name };
}

describe('licence, language and data set of a row', () => {
  it('are kept where the row says them', () => {
    const row = { instance_id: 'a__b-1', license: 'MIT', language: 'go', hf_dataset_name: 'acme/tasks', resolved: 1, messages };
    expect(factsOf(row)).toEqual({ license: 'MIT', language: 'go', hf_dataset_name: 'acme/tasks' });
    expect(factsOf({ licence: 'Apache-2.0', language: 'rust', messages })).toMatchObject({ license: 'Apache-2.0', language: 'rust' });
  });

  it('are unknown where it does not', () => {
    expect(factsOf({ messages })).toEqual({ license: null, language: null, hf_dataset_name: null });
  });
});

describe('how hard the model was told to think', () => {
  const effortOf = (row: object) => {
    const [reading] = readRecord(row, origin);
    if (reading?.ok !== true) throw new Error('not read');
    return reading.trajectory.reasoning_effort;
  };

  it.each([
    ['beside the messages', { model: 'm', reasoning_effort: 'low', messages }],
    ['in a section of its own', { reasoning: { effort: 'low' }, messages }],
    [
      'of the teacher of a released row',
      {
        instance_id: 'a__b-1',
        hf_dataset_name: 'acme/tasks',
        metadata: { teacher_model: { name: 'm', reasoning_effort: 'low' } },
        resolved: 1,
        messages,
      },
    ],
    [
      'in the settings of a mini-swe-agent run',
      {
        trajectory_format: 'mini-swe-agent-1',
        info: { config: { model: { model_name: 'm', model_kwargs: { reasoning_effort: 'low' } } } },
        messages,
      },
    ],
  ])('is read %s', (_, row) => {
    expect(effortOf(row)).toBe('low');
  });

  it('is unknown where nobody says it', () => {
    expect(effortOf({ model: 'm', messages })).toBeNull();
  });
});
