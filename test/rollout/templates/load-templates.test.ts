import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findHarness } from '../../../activities/rollout/harness.ts';
import { texts as openHandsTexts } from '../../../activities/rollout/harnesses/openhands/texts.ts';
import { harnesses } from '../../../activities/rollout/harnesses/registry.ts';
import { texts as sweAgentTexts } from '../../../activities/rollout/harnesses/sweagent/texts.ts';
import { render } from '../../../activities/rollout/templates/render.ts';
import { readTextFolders } from '../../../activities/rollout/templates/template-files.ts';
import { HarnessTemplates } from '../../../schemas/templates.ts';
import { calling, texts } from '../fake-session.ts';
import { attempt, openhands, sweagent } from '../rollout.ts';
import { scratchFolder } from '../../scratch-folder.ts';

const loadTemplates = (name: string, templates?: string) =>
  findHarness(harnesses, name).loadTemplates(templates === undefined ? {} : { templates });
const folder = () => scratchFolder('templates');
const written = (name: string, text: string) => {
  const file = join(folder(), name);
  writeFileSync(file, text);
  return file;
};

describe.each([
  ['openhands', openHandsTexts],
  ['sweagent', sweAgentTexts],
] as const)('the texts of %s', (harness, { folders, samples }) => {
  it('are exactly those that have sample values, and each can be said', async () => {
    const sources = await readTextFolders(folders);
    expect(Object.keys(sources).sort()).toEqual(Object.keys(samples).sort());
    for (const [name, source] of Object.entries(sources)) expect(render(name, source, samples[name] ?? {}).trim()).not.toBe('');
  });

  it('are values', async () => {
    const templates = await loadTemplates(harness);
    expect(HarnessTemplates.parse(JSON.parse(JSON.stringify(templates)))).toEqual(templates);
  });
});

describe('a folder of templates', () => {
  it('replaces the texts it names and reports the other files', async () => {
    const path = folder();
    writeFileSync(join(path, 'nudge.njk'), 'Carry on.{% if may_give_up %} Or stop.{% endif %}\n');
    writeFileSync(join(path, 'system_prompt.j2'), 'You work on {{ repo }}.');
    writeFileSync(join(path, 'notes.md'), 'mine');
    mkdirSync(join(path, 'old'));
    const templates = await loadTemplates('openhands', path);
    expect(templates.texts).toMatchObject({
      nudge: 'Carry on.{% if may_give_up %} Or stop.{% endif %}',
      system: 'You work on {{ repo }}.',
    });
    expect(templates.unused).toEqual(['notes.md', 'old']);
    const { trajectory } = await attempt(openhands(), [{ content: '?' }, calling('finish', {})], { templates });
    expect(texts(trajectory.messages, 'system')).toEqual(['You work on owner/name.']);
    expect(texts(trajectory.messages, 'user')[1]).toBe('Carry on.');
  });
});

describe('a SWE-agent configuration', () => {
  const config = `agent:
  type: default
  templates:
    system_template: |-
      You help with {{ repo }}.
    instance_template: |-
      <uploaded_files>
      {{working_dir}}
      </uploaded_files>
      {{problem_statement | trim}}
    next_step_template: "Saw:\\n{{observation}}"
    next_step_no_output_template: Nothing seen.
    next_step_truncated_observation_template: 'Saw: {{observation[:max_observation_length]}} and {{elided_chars}} more'
    put_demos_in_history: true
  tools:
    execution_timeout: 300
    bundles:
      - path: tools/registry
    filter:
      blocklist_error_template: 'Not {{ action }}'
    registry_variables:
      USE_FILEMAP: 'true'
      SUBMIT_REVIEW_MESSAGES:
        - |
          First look: {{diff}}
        - |
          Second look at {{problem_statement}}
`;

  it('gives prompts, observations and reviews, and reports what it has no use for', async () => {
    const templates = await loadTemplates('sweagent', written('config.yaml', config));
    expect(templates.unused).toEqual([
      'agent.type',
      'agent.templates.put_demos_in_history',
      'agent.tools.execution_timeout',
      'agent.tools.bundles',
      'agent.tools.registry_variables.USE_FILEMAP',
    ]);
    const submit = calling('submit', {});
    const { trajectory } = await attempt(
      sweagent(),
      [calling('bash', { command: 'vim' }), calling('bash', { command: 'ls' }), submit, submit, submit],
      { templates },
    );
    expect(texts(trajectory.messages, 'system')).toEqual(['You help with owner/name.']);
    expect(texts(trajectory.messages, 'user')).toEqual(['<uploaded_files>\n/name\n</uploaded_files>\nThe count is wrong.']);
    expect(texts(trajectory.messages, 'tool')).toEqual([
      'Saw:\nran ls\n',
      'Saw:\nFirst look: diff with count 0\n',
      'Saw:\nSecond look at The count is wrong.',
      'diff with count 0\n',
    ]);
  });

  it('submits at the first call where it asks for no review', async () => {
    const templates = await loadTemplates(
      'sweagent',
      written('c.yaml', 'agent: {tools: {registry_variables: {SUBMIT_REVIEW_MESSAGES: []}}}'),
    );
    expect((await attempt(sweagent(), [calling('submit', {})], { templates })).trajectory.ending.status).toBe('submitted');
  });

  it.each([
    ['an unknown value', config.replace('{{ repo }}', '{{ open_file }}'), 5, /open_file|undefined/],
    ['a broken tag', config.replace('{{problem_statement | trim}}', '{% nope %}'), 10, /./],
    ['broken YAML', config.replace('  tools:', ' tools:'), 15, /YAML/],
  ])('is refused with file and line for %s', async (_what, text, line, message) => {
    const path = written('config.yaml', text);
    const error = await loadTemplates('sweagent', path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'template_bad' });
    expect(String(error)).toContain(`${path}:`);
    expect(String(error)).toMatch(message);
    expect(Math.abs(Number(/config\.yaml:(\d+)/.exec(String(error))?.[1]) - line)).toBeLessThanOrEqual(1);
  });
});

describe('an OpenHands prompt', () => {
  it('becomes the message of the task, with the repository where it is', async () => {
    const path = written(
      'swe.j2',
      'In /workspace/{{ workspace_dir_name }}:\n{{ instance.problem_statement }}\nFrom {{ instance.base_commit }}, folder {{ workspace_dir_name }}.\n',
    );
    const templates = await loadTemplates('openhands', path);
    const { trajectory } = await attempt(openhands(), [calling('finish', {})], { templates });
    expect(texts(trajectory.messages, 'user')).toEqual([`In /name:\nThe count is wrong.\nFrom ${'a'.repeat(40)}, folder name.`]);
  });
});

describe('templates', () => {
  it('read no file and no other template', async () => {
    await expect(loadTemplates('openhands', written('a.j2', '{% include "/etc/passwd" %}'))).rejects.toMatchObject({
      code: 'template_bad',
    });
  });

  it.each([
    ['sweagent', 'a.j2'],
    ['openhands', 'a.yaml'],
  ] as const)('of %s are not taken from %s', async (harness, name) => {
    await expect(loadTemplates(harness, written(name, 'x'))).rejects.toMatchObject({ code: 'template_bad' });
    await expect(loadTemplates(harness, join(folder(), 'nowhere'))).rejects.toMatchObject({ code: 'template_bad' });
  });

  it('leave markup in values alone', () => {
    expect(render('t', '{{ a }}', { a: '<b>{{ b }}</b> & {% x %}' })).toBe('<b>{{ b }}</b> & {% x %}');
  });
});
