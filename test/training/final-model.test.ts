import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkFinalModel } from '../../activities/training/final-model.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { safetensors, template, templateSha256, writeModel } from './model-folder.ts';

let folder: string;
beforeEach(() => {
  folder = join(scratchFolder('final-model'), 'model');
  writeModel(folder);
});

const check = () => checkFinalModel(folder, { chatTemplateSha256: templateSha256 });
const shard = () => join(folder, 'model-00002-of-00002.safetensors');

describe('a final model', () => {
  it('that is complete has a hash over all its files, which changes with each of them', async () => {
    const first = await check();
    expect(first).toMatchObject({ files: 7, max_position_embeddings: 4096 });
    expect(await check()).toEqual(first);
    writeFileSync(join(folder, 'notes.txt'), 'x');
    expect((await check()).sha256).not.toBe(first.sha256);
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'model-00002-of-00002.safetensors'])(
    'without %s is incomplete',
    async (name) => {
      rmSync(join(folder, name));
      await expect(check()).rejects.toMatchObject({ code: 'model_incomplete', message: expect.stringContaining(`${name} is missing`) });
    },
  );

  it('with a shard that was cut off is incomplete, however little is missing', async () => {
    for (const bytes of [readFileSync(shard()).length - 1, 20, 3]) {
      truncateSync(shard(), bytes);
      await expect(check()).rejects.toMatchObject({ code: 'model_incomplete', message: expect.stringContaining('model-00002-of-00002') });
    }
  });

  it('whose shard lacks a tensor that the index names is incomplete', async () => {
    writeFileSync(shard(), safetensors(['d']));
    await expect(check()).rejects.toMatchObject({ message: expect.stringContaining('lacks 1 tensors of the index, the first is c') });
  });

  it('of a single file needs no index', async () => {
    for (const name of ['model.safetensors.index.json', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'])
      rmSync(join(folder, name));
    await expect(check()).rejects.toMatchObject({ message: expect.stringContaining('model.safetensors is missing') });
    writeFileSync(join(folder, 'model.safetensors'), safetensors(['a']));
    expect(await check()).toMatchObject({ files: 5 });
  });

  it('with another chat template than it learned is refused; one in the tokenizer counts, too', async () => {
    writeFileSync(join(folder, 'chat_template.jinja'), `${template} `);
    await expect(check()).rejects.toMatchObject({ code: 'model_template_differs' });
    rmSync(join(folder, 'chat_template.jinja'));
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: template }));
    expect(await check()).toMatchObject({ files: 6 });
  });
});
