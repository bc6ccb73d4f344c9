import { describe, expect, it } from 'vitest';
import { shardFolder, shardName } from '../../activities/dataset/layout.ts';
import { toRow } from '../../activities/dataset/shards/row.ts';
import { DatasetRow } from '../../schemas/dataset-row.ts';
import { FIX, finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';

const row = (change: Parameters<typeof trajectory>[1] = {}, source = task()) =>
  toRow(trajectory([run('ls'), finish], change), source, verdict(), scan());

describe('a dataset row', () => {
  it('has the published shape and nothing else', () => {
    expect(DatasetRow.parse(row())).toEqual(row());
  });

  it('carries calls without ids, arguments and tools as JSON strings, and null where there is nothing', () => {
    const { trajectory: messages, tools } = row();
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'tool']);
    expect(messages[2]).toEqual({
      role: 'assistant',
      content: '',
      reasoning_content: null,
      tool_calls: [{ type: 'function', function: { name: 'execute_bash', arguments: '{"command":"ls"}' } }],
    });
    expect(messages[3]).toEqual({ role: 'tool', content: 'ok', reasoning_content: null, tool_calls: null });
    expect(JSON.parse(tools[0] ?? '')).toMatchObject({ type: 'function', function: { name: 'execute_bash' } });
  });

  it('keeps reasoning in think rows and says which mode it was', () => {
    const key = { ...trajectory().key, mode: 'think' as const };
    const think = row({ key });
    expect(think.trajectory[2]?.reasoning_content).toBe('Let me look at the parser first.');
    expect(think.metadata.teacher_model).toEqual({ name: 'Scripted-1.5', enable_thinking: true, reasoning_effort: null });
    expect(row().metadata.teacher_model.enable_thinking).toBe(false);
  });

  it('says how hard the teacher was told to think, where that is known', () => {
    const { teacher_model } = row({ teacher: { name: 'scripted', model: 'Scripted-1.5', reasoning_effort: 'high' } }).metadata;
    expect(teacher_model.reasoning_effort).toBe('high');
  });

  it('counts files and lines of both patches', () => {
    const { metadata } = row({ model_patch: '' });
    expect(metadata.reference_patch).toEqual({ patch: FIX, num_modified_files: 1, num_modified_lines: 2 });
    expect(metadata.model_patch).toEqual({ patch: '', num_modified_files: 0, num_modified_lines: 0 });
  });

  it('replaces lone surrogates, which no reader gives back', () => {
    const { trajectory: messages } = toRow(trajectory([run('cat x', 'a\ud800b'), finish]), task(), verdict(), scan());
    expect(messages[3]?.content).toBe('a\ufffdb');
  });

  it.each([
    [{ llm_metadata: [{ pr_categories: ['regression_bug'] }] }, 'bug-fix'],
    [{ llm_metadata: { pr_categories: ['new_feature'] } }, 'feature-request'],
    [{ llm_metadata: [{ pr_categories: ['refactoring'] }] }, 'enhancement'],
    [{}, 'bug-fix'],
    [null, 'bug-fix'],
  ])('takes its category from the metadata %j', (meta, category) => {
    expect(row({}, task({ meta })).metadata.category).toBe(category);
  });
});

describe('the path of a shard', () => {
  it.each([
    ['MiniMaxAI/MiniMax-M2.5', 'nebius/SWE-rebench-V2', 'data/openhands/minimax_m25/swe-rebench-v2'],
    ['Qwen3.5-122B-A10B', 'local', 'data/openhands/qwen35_122b_a10b/local'],
    ['../..', '../../x y', 'data/openhands/unnamed/x-y'],
  ])('of %s on %s is %s', (model, hf_dataset_name, folder) => {
    expect(shardFolder({ key: trajectory().key, teacher: { name: 'teacher', model }, hf_dataset_name })).toBe(folder);
  });

  it('numbers shards with five digits', () => {
    expect(shardName(3, 84)).toBe('train-00003-of-00084.parquet');
  });
});
