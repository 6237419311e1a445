/** The schemas that hold for the tree, and what its rendered resources say against them. */
import type { Problem, Severity } from '../base/problem';
import { type Database, query } from '../base/query';
import type { Resource } from '../kube/resource';
import { parseApiVersion } from '../kube/resource-id';
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
	const known = schemaOfNode(db, node, options);
	const ofFlux = parseApiVersion(known?.apiVersion ?? '').group.endsWith('toolkit.fluxcd.io');
	return validateResource(db, node, { ...options, mode: 'resource' })
		.filter(({ code }) => !(ofFlux && LIFE_CODES.has(code)))
		.map(problem => ({
			...problem,
			severity: severityInTree(problem.severity, known?.from === 'well-known' && !ofFlux ? 'shipped' : 'sure'),
		}));
}

/** The versions of Flux's own kinds are `flux/deprecated-api-version`'s to report, which knows the Flux in the tree. */
const LIFE_CODES: ReadonlySet<string> = new Set(['schema/deprecated-api', 'schema/removed-api']);

/**
 * The cluster has the last word, and its release is only assumed; a CRD that Strata ships may be older than the one in the cluster. So
 * nothing here is an error.
 */
export function severityInTree(severity: Severity, schema: 'sure' | 'shipped'): Severity {
	if (severity !== 'error' && severity !== 'warning') return severity;
	return schema === 'shipped' ? 'information' : 'warning';
}
