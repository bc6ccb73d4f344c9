import type { SourceFilters } from '../../../schemas/source-filters.ts';
import { type LicenceExpression, parseLicence } from '../../licences/licence-expression.ts';
import { licenceIdentifier, statesNoLicence } from '../../licences/licence-names.ts';
import { drop, keep, type SourceRule } from '../rule.ts';

/** Keeps rows whose licence allows one of the given licences to be chosen. */
export const licence: SourceRule<SourceFilters['licence']> = {
  id: 'licence',
  version: 1,
  start({ allow }) {
    const allowed = new Set(allow.map((name) => licenceIdentifier(name) ?? name));
    return ({ license }) => {
      if (allowed.size === 0) return keep;
      const label = (license ?? '').trim();
      if (statesNoLicence(label)) return drop('no licence stated', `no licence stated${label === '' ? '' : ` (${label})`}`);
      const expression = parseLicence(label);
      if (expression === null) return drop(`unknown licence ${label}`, `the licence ${label} cannot be read as an SPDX expression`);
      if (allows(expression, allowed)) return keep;
      const unknown = namesOf(expression).find(({ known }) => !known);
      if (unknown !== undefined) return drop(`unknown licence ${unknown.name}`, `the licence ${label} is not known`);
      return drop(`licence ${label}`, `the licence ${label} is not among ${[...allowed].join(', ')}`);
    };
  },
};

function allows(expression: LicenceExpression, allowed: ReadonlySet<string>): boolean {
  if (expression.kind === 'licence') return allowed.has(expression.name);
  const [left, right] = [allows(expression.left, allowed), allows(expression.right, allowed)];
  return expression.kind === 'or' ? left || right : left && right;
}

function namesOf(expression: LicenceExpression): { name: string; known: boolean }[] {
  return expression.kind === 'licence' ? [expression] : [...namesOf(expression.left), ...namesOf(expression.right)];
}
