import { z } from 'zod';
import { licence as sourceLicence } from '../../source/rules/licence.ts';
import { defineRule, fine, violation } from '../rule.ts';

/** The licences of the published dataset, read as the source stage reads them, whatever a campaign let in. */
export const licence = defineRule({
  id: 'licence',
  version: 1,
  asks: "The repository's licence is one of those the published dataset holds.",
  parameters: z.strictObject({ allowed: z.array(z.string()).default(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause']) }),
  judge({ task }, { allowed }) {
    const outcome = sourceLicence.start({ allow: allowed })(task);
    return outcome.keep ? fine(task.license ?? '') : violation(outcome.reason);
  },
});
