import { comparePatches } from '../../model/siblings/patches.ts';
import { Name } from '../parts/name.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import type { Sibling } from './load-siblings.ts';

/** Which files the rollouts changed in the end, and where they changed them alike. */
export function PatchComparison({ siblings }: { siblings: readonly Sibling[] }) {
  const patches = siblings.map(({ head }) => head.patch);
  const cut = patches.filter((patch) => patch !== null && !('text' in patch)).length;
  const files = comparePatches(patches.map((patch) => (patch === null ? null : 'text' in patch ? patch.text : patch.head)));
  return (
    <>
      {cut > 0 && (
        <p class="state warn">
          ▲ {cut} of the changes are longer than 64 KiB: only their beginnings are compared. The pages of the rollouts have them whole.
        </p>
      )}
      <PlainTable
        caption="Files by rollout: lines added and removed; the same letter is the same change"
        rows={files}
        keyOf={({ path }) => path}
        empty="No rollout has left a change yet."
        columns={[
          { title: 'file', show: ({ path }) => <Name text={path} /> },
          ...siblings.map(({ head }, place) => ({
            title: `${place + 1}: ${head.title.slice(0, 60)}`,
            show: ({ groups, added, removed }: (typeof files)[number]) => {
              const group = groups[place] ?? null;
              return group === null ? (
                <span class="soft">not changed</span>
              ) : (
                `${letter(group)} +${added[place] ?? 0} −${removed[place] ?? 0}`
              );
            },
          })),
        ]}
      />
    </>
  );
}

function letter(group: number): string {
  return group < 26 ? String.fromCodePoint(65 + group) : String(group + 1);
}
