import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodes } from '../../cli/exit-codes.ts';
import { Problem } from '../../schemas/problem.ts';

describe('exit codes', () => {
  it.each([
    ['campaign_not_found', exitCodes.notFound],
    ['not_found', exitCodes.notFound],
    ['unknown_row', exitCodes.notFound],
    ['script_invalid', exitCodes.usage],
    ['bad_campaign_file', exitCodes.usage],
    ['unknown_parser', exitCodes.usage],
    ['engine_unreachable', exitCodes.infrastructure],
    ['temporal_unreachable', exitCodes.infrastructure],
    ['disk_full', exitCodes.infrastructure],
    ['unknown_job', exitCodes.notFound],
    ['job_unmet_need', exitCodes.infrastructure],
    ['job_backend_unreachable', exitCodes.infrastructure],
    ['endpoint_unreachable', exitCodes.infrastructure],
    ['port_taken', exitCodes.infrastructure],
    ['endpoint_drops_reasoning', exitCodes.failed],
    ['job_refused', exitCodes.failed],
    ['journal_damaged', exitCodes.failed],
  ])('%s', (code, expected) => {
    expect(exitCodeOf(new Problem(code, 'told'))).toBe(expected);
  });

  it('an error that nobody raised on purpose is a failure', () => {
    expect(exitCodeOf(new TypeError('defect'))).toBe(exitCodes.failed);
  });
});
