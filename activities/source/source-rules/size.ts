import type { SourceFilters } from '../../../schemas/source-filters.ts';
import { parsePatch } from '../../patches/patch.ts';
import { patchSize } from '../../patches/patch-size.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

/** Keeps rows within the given limits; a row that does not state a size is measured by its gold patch. */
export const size: SourceRule<SourceFilters['size']> = {
  id: 'size',
  version: 2,
  start(limits) {
    return (candidate) => {
      const { length } = candidate.problem_statement;
      const measured = () => patchSize(parsePatch(candidate.patch));
      const checks: [name: string, value: () => number, limit: number | undefined][] = [
        ['modified files', () => candidate.meta?.num_modified_files ?? measured().num_modified_files, limits.max_modified_files],
        ['modified lines', () => candidate.meta?.num_modified_lines ?? measured().num_modified_lines, limits.max_modified_lines],
        ['bytes of patch', () => Buffer.byteLength(candidate.patch), limits.max_patch_bytes],
        ['characters of problem statement', () => length, limits.max_problem_characters],
        ['expected tests', () => candidate.FAIL_TO_PASS.length + candidate.PASS_TO_PASS.length, limits.max_expected_tests],
      ];
      for (const [name, value, limit] of checks) {
        if (limit !== undefined && value() > limit) return drop(`more than ${limit} ${name}`, `${value()} ${name}, ${limit} are allowed`);
      }
      const least = limits.min_problem_characters;
      if (least !== undefined && length < least)
        return drop(`problem statement below ${least} characters`, `a problem statement of ${length} characters`);
      return keep;
    };
  },
};
