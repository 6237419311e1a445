/** The schemas that hold for the tree, and what its rendered resources say against them. */
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import type { Resource } from '../kube/resource';
import { customKindsIn } from '../kube/schema/crd';
import { schemaOfNode, type SchemaOptions } from '../kube/schema/store';
import { validateResource } from '../kube/schema/validate';
import type { Node } from '../yaml/node';
import { filesOfTree } from './entries';

/** Where kinds are looked up: what the tree declares first. */
export const schemaOptions = query<SchemaOptions>('schemaOptions', db => ({
	customKinds: customKindsIn(db, filesOfTree(db)),
}));

/** What has been found of a tree that is still the same object; begun anew when the schemas change. */
const known = query<WeakMap<Node, readonly Problem[]>>('knownSchemaProblems', db => {
	db.get(schemaOptions, '');
	return new WeakMap();
});

/** The problems of a rendered resource. Trees that no step has touched are not looked at twice. */
export function schemaProblems(db: Database, { node }: Resource): readonly Problem[] {
	const memo = db.get(known, '');
	let problems = memo.get(node);
	if (!problems) memo.set(node, (problems = findProblems(db, node)));
	return problems;
}

function findProblems(db: Database, node: Node): readonly Problem[] {
	const options = db.get(schemaOptions, '');
	const problems = validateResource(db, node, { ...options, mode: 'resource' });
	// The CRD in the cluster may be newer than the one that Strata ships: what it lacks is no proof.
	const shipped = schemaOfNode(db, node, options)?.from === 'well-known';
	return problems.map(problem =>
		problem.severity === 'error' ? { ...problem, severity: shipped ? 'information' : 'warning' } : problem,
	);
}
