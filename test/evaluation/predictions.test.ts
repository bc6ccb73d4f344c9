import { describe, expect, it } from 'vitest';
import { predictionName, predictionsOf } from '../../activities/evaluation/predictions.ts';
import { instanceFrom, version5Row } from './benchmarks/rows.ts';

const instances = [3, 1, 2].map((number) => instanceFrom('verified', version5Row(number)));
const patches = new Map([
  ['django__django-2', ' \n'],
  ['django__django-1', 'diff\n'],
]);

describe('predictionsOf', () => {
  it('writes a line an instance for SWE-bench, empty patches too, and says what was not run', () => {
    const { name, content, not_run } = predictionsOf('swebench5', 'm', instances, patches);
    expect([name, not_run]).toEqual(['predictions.jsonl', ['django__django-3']]);
    expect(content).toBe(
      '{"instance_id":"django__django-1","model_name_or_path":"m","model_patch":"diff\\n"}\n{"instance_id":"django__django-2","model_name_or_path":"m","model_patch":""}\n',
    );
  });

  it('writes a list for SWE-bench Pro', () => {
    expect(JSON.parse(predictionsOf('pro', 'm', instances, patches).content)).toEqual([
      { instance_id: 'django__django-1', patch: 'diff\n', prefix: 'm' },
      { instance_id: 'django__django-2', patch: '', prefix: 'm' },
    ]);
  });

  it('refuses a patch for an instance that is not in the set', () => {
    expect(() => predictionsOf('swebench4', 'm', instances, new Map([['django__django-9', 'x']]))).toThrow(
      expect.objectContaining({ code: 'prediction_unknown_instance', message: expect.stringContaining('django__django-9') }),
    );
  });
});

it('names runs so that paths stay in their folder', () => {
  expect(predictionName({ model: 'org/My Model', harness: 'openhands', mode: 'no_think', run: 2 })).toBe(
    'org-My-Model.openhands.no_think.r2',
  );
});
