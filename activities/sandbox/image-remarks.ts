import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { ReportedProblem } from '../../schemas/reported-problem.ts';

/** What is odd about a task's image, and how it is dealt with. */
export function imageRemarks({ source, user, shell_start, removed_copies = [], large_files }: PreparedImage): ReportedProblem[] {
  const remarks: ReportedProblem[] = [];
  if (user !== undefined) {
    remarks.push({
      code: 'image_user',
      message: `agent and tests run as the user of the image, ${user.name} (uid ${user.uid}, gid ${user.gid}), whose the work tree is now`,
      hint: 'nothing where that is meant; else end the Dockerfile with USER root',
    });
  }
  const endings = [shell_start?.ending, shell_start?.login_ending];
  const early = endings.find((ending) => ending === 'exited' || ending === 'replaced' || ending === 'timed_out');
  if (early !== undefined) {
    remarks.push({
      code: 'image_start_files',
      message: `the start files of bash in ${source.name} did not run to their end (${early})`,
      hint: 'what they set up after that is missing for agent and tests; look at ~/.bashrc, ~/.bash_profile and /etc/profile of the image',
    });
  }
  const left = shell_start?.left_out ?? [];
  if (left.length > 0) {
    const more = left.length > 5 ? ` and ${left.length - 5} more` : '';
    remarks.push({
      code: 'image_variables',
      message: `variables of the start files of bash in ${source.name} have several lines or are too large: ${left.slice(0, 5).join(', ')}${more}`,
      hint: 'agent and tests do not have them; set them in the test commands where they are needed',
    });
  }
  if (removed_copies.length > 0) {
    remarks.push({
      code: 'image_copies',
      message: `${source.name} had other repositories with the base commit and what came after it: ${removed_copies.slice(0, 5).join(', ')}; their history was removed, not their files`,
      hint: 'look whether files there give the fix away; leave them out when the image is built',
    });
  }
  if (large_files !== undefined && large_files.pointers > 0) {
    remarks.push({
      code: 'image_large_files',
      message: `${large_files.pointers} of ${large_files.count} files of Git LFS in ${source.name} are pointers without their content`,
      hint: 'tests that read them fail; run `git lfs pull` when the image is built',
    });
  }
  return remarks;
}
