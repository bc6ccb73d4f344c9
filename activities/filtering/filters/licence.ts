import { z } from 'zod';
import { publishedLicences } from '../../../schemas/source-filters.ts';
import { licenceCheck } from '../../licences/allowed-licence.ts';
import { defineFilter, fine, violation } from '../filter.ts';

/** The licences of the published dataset, read as the source stage reads them, also when the campaign let in others. */
export const licence = defineFilter({
  id: 'licence',
  version: 1,
  asks: "The repository's licence is one of those the published dataset holds.",
  parameters: z.strictObject({ allowed: z.array(z.string()).default([...publishedLicences]) }),
  check({ task }, { allowed }) {
    const refusal = licenceCheck(allowed)(task.license);
    return refusal === undefined ? fine(task.license ?? '') : violation(refusal.reason);
  },
});
