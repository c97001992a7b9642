import type { Evidence } from '../analysis/cells.js';
import type { ClassResult } from '../model/classes.js';
import type { ClaimResult } from '../model/document.js';
import type { ExhibitDefinition } from '../model/exhibit.js';
import { combine, judgeChecks } from './claims.js';
import { classClaims } from './classes.js';
import { describeExtension, extendClaim } from './extend.js';
import { claims } from './registry.js';

/**
 * The claims of an exhibit that are about a kind of system, judged over every measured system of it. All comparisons of one
 * are a family, as those of a claim are. None where the only systems are those that reproduce the paper's: the claim itself
 * is judged of them.
 */
export function judgeClasses(
  { id }: Pick<ExhibitDefinition, 'id'>,
  results: readonly ClaimResult[],
  evidence: Evidence,
): ClassResult[] {
  return classClaims.flatMap(({ claim: name, kinds }): ClassResult[] => {
    const claim = claims.find((one) => one.id === name && one.exhibit === id);
    const result = results.find((one) => one.id === name);
    if (claim === undefined || result === undefined) return [];
    const { checks, systems } = extendClaim(claim, kinds, evidence);
    if (checks.length === 0 || systems.every(({ counterpart }) => counterpart?.how === 'reproduces')) return [];
    const judged = judgeChecks(checks, evidence, (label) => evidence.systems.find((system) => system.label === label));
    const keys = systems.map(({ key }) => key);
    const { where, page, text, exhibit, kind } = result;
    return [
      {
        ...{ id: `${name}/${kinds.join('-')}`, claim: name, kinds, systems: keys },
        ...{ where, page, text, exhibit, kind },
        extension: describeExtension(kinds, keys),
        ...combine(judged, kind),
        checks: judged.flatMap((one) => ('check' in one ? [one.check] : [])),
      },
    ];
  });
}
