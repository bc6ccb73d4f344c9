import { type LicenceExpression, parseLicence } from './licence-expression.ts';
import { licenceIdentifier, statesNoLicence } from './licence-names.ts';

/** Why a licence is not allowed: `kind` is short and the same for rows with the same fault, `reason` a sentence. */
export interface LicenceRefusal {
  kind: string;
  reason: string;
}

/**
 * Makes a check of repositories' licences: whether one of the allowed (SPDX names in any known spelling) can be chosen.
 * Gives undefined for a licence that is allowed; an empty list allows all.
 */
export function licenceCheck(allow: readonly string[]): (license: string | null | undefined) => LicenceRefusal | undefined {
  const allowed = new Set(allow.map((name) => licenceIdentifier(name) ?? name));
  return (license) => {
    if (allowed.size === 0) return undefined;
    const label = (license ?? '').trim();
    if (statesNoLicence(label)) return { kind: 'no licence stated', reason: `no licence stated${label === '' ? '' : ` (${label})`}` };
    const expression = parseLicence(label);
    if (expression === null)
      return { kind: `unknown licence ${label}`, reason: `the licence ${label} cannot be read as an SPDX expression` };
    if (allows(expression, allowed)) return undefined;
    const unknown = namesOf(expression).find(({ known }) => !known);
    if (unknown !== undefined) return { kind: `unknown licence ${unknown.name}`, reason: `the licence ${label} is not known` };
    return { kind: `licence ${label}`, reason: `the licence ${label} is not among ${[...allowed].join(', ')}` };
  };
}

function allows(expression: LicenceExpression, allowed: ReadonlySet<string>): boolean {
  if (expression.kind === 'licence') return allowed.has(expression.name);
  const [left, right] = [allows(expression.left, allowed), allows(expression.right, allowed)];
  return expression.kind === 'or' ? left || right : left && right;
}

function namesOf(expression: LicenceExpression): { name: string; known: boolean }[] {
  return expression.kind === 'licence' ? [expression] : [...namesOf(expression.left), ...namesOf(expression.right)];
}
