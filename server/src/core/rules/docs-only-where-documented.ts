/** What is said of READMEs where most components have none: one hint for all of the tree, since it documents its components no further. */
import type { Database } from '../base/query';
import { type Component, components, isDocumented } from '../model/documentation';
import type { Finding } from './rule';

/** The findings of all components, as they are where the tree documents its components; of the others only the first, as a hint. */
export function asDocumented(db: Database, of: (component: Component) => readonly Finding[]): readonly Finding[] {
	const told = components(db).map(component => ({ findings: of(component), documented: isDocumented(db, component) }));
	const [hint] = told.filter(({ documented }) => !documented).flatMap(({ findings }) => findings);
	return [
		...told.filter(({ documented }) => documented).flatMap(({ findings }) => findings),
		...(hint ? [{ ...hint, severity: 'hint' as const }] : []),
	];
}
