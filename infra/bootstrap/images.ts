import { createHash } from 'node:crypto';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import { engineProblem } from '../../activities/engine/engine-error.ts';
import type { Engine } from '../../activities/engine/engine.ts';
import { importMinimal } from './minimal-image.ts';
import { type ImageRecipe, makeToolchain } from './toolchain-image.ts';

/** Has the tools that the demo's tasks are built and tested with; sandbox base in tests. */
export const toolchainImage = 'tracemill/toolchain:bookworm-1';

/** Has busybox and git and nothing else: no bash, no Python. */
export const minimalImage = 'tracemill/minimal:bookworm-1';

const packages = 'bash git ca-certificates patch procps busybox-static python3 python3-pytest golang-go nodejs gcc g++ make cmake'.split(
  ' ',
);

/** Makes sure that the engine has both base images, of this very recipe. */
export async function ensureImages(): Promise<string> {
  const engine = dockerEngine();
  const state = await imageState(engine);
  const how: string[] = [];
  if (!state.toolchain) how.push(await makeToolchain(engine, { image: toolchainImage, ...recipe }));
  if (!state.minimal || !state.toolchain) {
    await importMinimal(engine, { image: minimalImage, from: toolchainImage, label: recipe.label });
    how.push(`${minimalImage} derived`);
  }
  return how.length > 0 ? how.join(', ') : `${toolchainImage}, ${minimalImage}`;
}

/** Which base images are there. Throws `Problem` engine_unreachable. */
export async function imageState(engine: Engine): Promise<{ toolchain: boolean; minimal: boolean }> {
  const isCurrent = async (name: string) => {
    const image = await engine.findImage(name).catch((error: unknown) => {
      throw engineProblem(error, `image ${name}`);
    });
    return image?.labels[recipe.label.key] === recipe.label.value;
  };
  const [toolchain, minimal] = await Promise.all([isCurrent(toolchainImage), isCurrent(minimalImage)]);
  return { toolchain, minimal };
}

const recipe: Omit<ImageRecipe, 'image'> = {
  packages,
  label: { key: 'tracemill.recipe', value: createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 16) },
};
