import type { SourceFilters } from '../../../schemas/source-filters.ts';
import { licenceCheck } from '../../licences/allowed-licence.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

/** Keeps rows whose licence allows one of the given licences to be chosen. */
export const licence: SourceRule<SourceFilters['licence']> = {
  id: 'licence',
  version: 1,
  start({ allow }) {
    const refused = licenceCheck(allow);
    return ({ license }) => {
      const refusal = refused(license);
      return refusal === undefined ? keep : drop(refusal.kind, refusal.reason);
    };
  },
};
