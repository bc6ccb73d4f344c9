import { beforeAll, describe, expect, it } from 'vitest';
import { scanCommand, scanRules } from '../../activities/scanning/index.ts';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { usualScanPreset } from '../../schemas/scan-preset.ts';
import { nameTable } from '../../schemas/name-table.ts';

beforeAll(async () => await loadGrammars());

/** What every object has: a table that is looked up by such a word must not find it. */
const inherited = Object.getOwnPropertyNames(Object.prototype);

describe('words that every object inherits', () => {
  it.each(inherited)('%s is a program, option or subcommand like others', (name) => {
    for (const command of [
      `${name} x`,
      `/usr/bin/${name} --${name}=1`,
      `git ${name} x`,
      `sudo ${name} x && timeout 5 ${name}`,
      `echo a | xargs ${name}`,
      `python -m ${name}`,
      `npm ${name}; npx ${name} x; cargo ${name}; pip ${name}`,
      `x=$(${name} a); echo $x`,
      `cat a.${name} > b.${name}; node b.${name}`,
      `node -e 'var o = {}; o.${name}.polluted = 1'`,
      `cat <<'E' > t.js\nparse(['--${name}.x', '1']);\nE\nnode t.js`,
      `powershell -c "${name} x"`,
    ]) {
      const { findings } = scanCommand(command, { preset: usualScanPreset }, [...scanRules]);
      expect({ command, findings }).toEqual({ command, findings: [] });
    }
  });

  it('are in no table of names', () => {
    const table = nameTable({ own: 1 });
    expect(table['own']).toBe(1);
    for (const name of inherited) expect(table[name]).toBeUndefined();
  });
});
