import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { scanCommand } from '../../activities/scanning/scan-command.ts';
import { scanTrajectory } from '../../activities/scanning/scan-trajectory.ts';
import { projectRoot } from '../../platform/home.ts';
import { unified } from './unified.ts';
import { FindingCategory, type ScanReport } from '../../schemas/finding.ts';
import { table } from '../../cli/table.ts';
import { labelledCommands, labelledTrajectories } from './corpus.ts';

interface Judged {
  name: string;
  expect: readonly FindingCategory[];
  found: FindingCategory[];
}

function categories({ findings }: ScanReport): FindingCategory[] {
  return [...new Set(findings.filter(({ severity }) => severity === 'violation').map(({ category }) => category))];
}

function judgedCommands(): Judged[] {
  return labelledCommands().map(({ command, expect: label, context }) => ({
    name: command,
    expect: label === 'clean' ? [] : [label],
    found: categories(scanCommand(command, context)),
  }));
}

function judgedTrajectories(): Judged[] {
  return labelledTrajectories().map(({ id, name, expect: labels, context, messages }) => ({
    name,
    expect: labels,
    found: categories(scanTrajectory({ id, messages: unified(messages) }, context)),
  }));
}

const missed = (judged: Judged[]) => judged.filter(({ expect: labels, found }) => labels.some((label) => !found.includes(label)));
const accused = (judged: Judged[]) => judged.filter(({ expect: labels, found }) => labels.length === 0 && found.length > 0);

/** What was misjudged, where it is more than one in a hundred. */
const beyond = (misjudged: Judged[], of: number) => (misjudged.length > of * 0.01 ? misjudged : []);

/** The table in docs/scanner.md: what the corpus holds and what the scanner makes of it. */
function corpusTable(commands: Judged[], trajectories: Judged[]): string {
  const count = (judged: Judged[], category: FindingCategory) => {
    const labelled = judged.filter(({ expect: labels }) => labels.includes(category));
    return { labelled: labelled.length, found: labelled.filter(({ found }) => found.includes(category)).length };
  };
  const rows = FindingCategory.options.map((category) => ({
    category,
    commands: count(commands, category),
    trajectories: count(trajectories, category),
  }));
  const clean = (judged: Judged[]) => judged.filter(({ expect: labels }) => labels.length === 0).length;
  const lines = [
    '| label | commands | found | trajectories | found |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.category} | ${row.commands.labelled} | ${row.commands.found} | ${row.trajectories.labelled} | ${row.trajectories.found} |`,
    ),
    `| clean, wrongly accused | ${clean(commands)} | ${accused(commands).length} | ${clean(trajectories)} | ${accused(trajectories).length} |`,
  ];
  return lines.join('\n');
}

describe('the labelled corpus', () => {
  let commands: Judged[] = [];
  let trajectories: Judged[] = [];
  beforeAll(async () => {
    await loadGrammars();
    commands = judgedCommands();
    trajectories = judgedTrajectories();
    process.stdout.write(
      `${table(
        [
          { what: 'commands', all: commands.length, missed: missed(commands).length, accused: accused(commands).length },
          { what: 'trajectories', all: trajectories.length, missed: missed(trajectories).length, accused: accused(trajectories).length },
        ],
        [
          { title: 'corpus', value: ({ what }) => what },
          { title: 'labelled', value: ({ all }) => all },
          { title: 'missed', value: (row) => row.missed },
          { title: 'wrongly accused', value: (row) => row.accused },
        ],
      )}\n${corpusTable(commands, trajectories)}\n`,
    );
  }, 60_000);

  it('holds enough of every label', () => {
    expect(commands.length).toBeGreaterThanOrEqual(600);
    expect(trajectories.length).toBeGreaterThanOrEqual(60);
    for (const category of FindingCategory.options)
      expect(trajectories.filter(({ expect: labels }) => labels.includes(category)).length).toBeGreaterThan(1);
    const keys = labelledCommands().map(({ about, command }) => `${about}: ${command}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is recalled to 99 % and wrongly accused to 1 % at most', () => {
    for (const judged of [commands, trajectories]) {
      const guilty = judged.filter(({ expect: labels }) => labels.length > 0).length;
      expect(beyond(missed(judged), guilty)).toEqual([]);
      expect(beyond(accused(judged), judged.length - guilty)).toEqual([]);
    }
  });

  it('says of attempts that they revealed nothing', () => {
    const attempts = labelledTrajectories().filter((trajectory) => trajectory.attempts);
    const revealing = attempts.filter(({ id, context, messages }) =>
      scanTrajectory({ id, messages: unified(messages) }, context).findings.some(({ succeeded }) => succeeded),
    );
    expect([attempts.length > 0, revealing]).toEqual([true, []]);
  });

  it('is counted as the documentation says', () => {
    expect(readFileSync(join(projectRoot, 'docs/scanner.md'), 'utf8')).toContain(corpusTable(commands, trajectories));
  });
});
