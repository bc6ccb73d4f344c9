import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftCampaignFile, wishOf, wishOptionsOf, withWishOptions } from '../../cli/campaign-wish.ts';
import { judgeChoiceOf, withJudgeOptions } from '../../cli/second-judge.ts';

const reading = (...words: string[]) => wishOptionsOf(withWishOptions(new Command()).parse(words, { from: 'user' }));

describe('the options of commands that write a campaign file', () => {
  it('are read with their types', () => {
    expect(reading()).toMatchObject({ harness: ['openhands'], mode: ['think'], samples: 1, price: [0, 0] });
    expect(reading('--samples', '4', '--price', '0.3,1.2', '--mode', 'no_think', '--budget-usd', '2.5')).toMatchObject({
      samples: 4,
      price: [0.3, 1.2],
      mode: ['no_think'],
      budgetUsd: 2.5,
    });
  });

  it('take a name for a key, and not the key', () => {
    const command = withWishOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
    expect(() => command.parse(['--api-key-env', 'sk-not-a-name'], { from: 'user' })).toThrow('never the key itself');
  });

  it('leave those of the command alone', () => {
    const command = withJudgeOptions(new Command().option('--preset <name>')).parse(
      ['--preset', 'p', '--judge', 'a.yaml#b', '--judge-budget', '$2'],
      { from: 'user' },
    );
    expect(command.opts().preset).toBe('p');
    expect(judgeChoiceOf(command)).toEqual({ judge: 'a.yaml#b', judgeBudget: { tokens: 0, cost_usd: 2 } });
  });
});

describe('draftCampaignFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracemill-draft-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const draft = (file: string, ...words: string[]) =>
    draftCampaignFile(file, wishOf(['task.yaml'], 'm', 'http://localhost:1/v1', file, reading(...words)));

  it('writes nothing before it is told, then a file below folders that it makes', async () => {
    const file = join(folder, 'runs', 'a.yaml');
    const first = await draft(file);
    expect(first.campaign.name).toBe('task');
    expect(existsSync(file)).toBe(false);
    expect(first.write()).toBe('written');
    expect((await draft(file)).write()).toBe('same');
  });

  it.each([
    ['a harness that there is not', ['--harness', 'nosuch'], /^harnesses\.nosuch: there is no such harness/],
    ['a name that a campaign cannot have', ['--name', 'Über mir'], /^name: /],
    ['a name of evaluations', ['--name', 'evaluation.a'], /^name: names like this one are those of evaluations/],
    ['what is no YAML', ['--harness', '{ a: b'], /./],
  ])('refuses %s, leaves no file behind and says so', async (_what, words, message) => {
    const file = join(folder, 'a.yaml');
    await expect(draft(file, ...words)).rejects.toMatchObject({
      code: 'bad_campaign',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('a.yaml is not written'),
    });
    expect(existsSync(file)).toBe(false);
  });

  it('is taken back only where it was written just now', async () => {
    const file = join(folder, 'a.yaml');
    const first = await draft(file);
    expect(first.takeBack()).toBe(false);
    first.write();
    const second = await draft(file);
    second.write();
    expect(second.takeBack()).toBe(false);
    expect(existsSync(file)).toBe(true);
    expect(first.takeBack()).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['localhost:8000/v1', 'ftp://models.example.com/v1', 'models.example.com'])('refuses the address %s', async (address) => {
    const wish = wishOf(['task.yaml'], 'm', address, join(folder, 'a.yaml'), reading());
    await expect(draftCampaignFile(join(folder, 'a.yaml'), wish)).rejects.toMatchObject({
      message: 'teachers.teacher.base_url: an address that begins with http:// or https://',
    });
  });

  it('writes over no other file', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'mine\n');
    await expect(draft(file)).rejects.toMatchObject({ code: 'bad_arguments' });
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
  });
});
