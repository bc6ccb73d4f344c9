import { describe, expect, it } from 'vitest';
import { planRestoration } from '../../activities/verification/restoration.ts';

const added = (path: string) => `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
const changed = (path: string) => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-x\n+y\n`;
const plan = (model: string, { gold = changed('calc.py'), submodules = [] as string[] } = {}) =>
  planRestoration({ language: 'python', patch: gold, test_patch: changed('tests/test_calc.py') }, model, submodules);

describe('the plan of what is put back', () => {
  it('leaves sources to the patch, and takes back tests and what controls them', () => {
    const model = [
      changed('calc.py'),
      added('tests/test_own.py'),
      added('conftest.py'),
      changed('setup.cfg'),
      changed('tests/test_calc.py'),
    ];
    expect(plan(model.join(''))).toMatchObject({
      added: ['tests/test_own.py', 'conftest.py'],
      whole: ['tests/test_own.py', 'conftest.py'],
      sections: [{ path: 'setup.cfg', kind: 'ini' }],
      fromGold: [],
    });
  });

  it('keeps a file of the gold patch among the tests, and its change of one that controls them', () => {
    const gold = changed('tests/util.py') + changed('conftest.py');
    expect(plan(gold, { gold })).toMatchObject({ whole: ['conftest.py'], fromGold: ['conftest.py'] });
  });

  it('keeps the patch’s .gitattributes for the end, but for those of the tests', () => {
    const model = added('.gitattributes') + added('src/.gitattributes') + added('tests/.gitattributes');
    expect(plan(model)).toMatchObject({ attributes: ['.gitattributes', 'src/.gitattributes'], whole: ['tests/.gitattributes'] });
  });

  it('takes no file in a submodule from the patch', () => {
    const model = changed('calc.py') + changed('vendor/data/case.json');
    expect(plan(model, { submodules: ['vendor/data'] })).toMatchObject({ paths: ['calc.py'], inSubmodules: ['vendor/data/case.json'] });
  });
});
