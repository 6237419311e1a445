/**
 * Holds one resource, or one patch, against the schema of its kind, and says what an API server would refuse. Every problem
 * stands at the place that wrote the value, however far the resource has come from it.
 */
import type { PathLink } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { child, type MapNode, type Node, textAt } from '../../yaml/node';
import { check } from './check';
import { withDefaults } from './defaults';
import { checkLife, checkUnknownKind } from './lifecycle';
import { checkAsServer } from './server-checks';
import { schemaIndex } from './shard';
import { type KindSchema, schemaOf, schemaOfNode, type SchemaOptions } from './store';
import { hasPlaceholder, type Mode, type RuleEvaluator, type Walk } from './walk';

export interface ValidateOptions extends SchemaOptions {
	readonly mode: Mode;
	/** Evaluates CEL rules; without it they are passed over. */
	readonly evaluateRule?: RuleEvaluator;
}

/** More problems than this in one resource are not told. */
const MAX_PROBLEMS = 100;

/**
 * The problems of a resource or patch; none where it says no `apiVersion` and `kind` (the build reports that). Codes are those of
 * `SCHEMA_PROBLEM_CODES`. A kind that is not known gives one `schema/unknown-kind`; callers show it once a kind.
 */
export function validateResource(db: Database, node: Node, options: ValidateOptions): readonly Problem[] {
	const apiVersion = textAt(node, 'apiVersion');
	const kind = textAt(node, 'kind');
	if (node.kind !== 'map' || !apiVersion || !kind || hasPlaceholder(apiVersion) || hasPlaceholder(kind)) return [];
	const walk = newWalk(db, node, kind, options);
	const known = schemaOf(db, apiVersion, kind, options);
	if (!known) {
		checkUnknownKind(db, walk, node, apiVersion, kind);
		return walk.found;
	}
	// A fix is offered where this very resource would be right under the newer version.
	checkLife(walk, node, known, successor => isValidAs(db, node, successor, options));
	checkAs(walk, node, known);
	if (known.from === 'kubernetes' && options.mode === 'resource') checkAsServer(walk, node, apiVersion, kind);
	return walk.found;
}

function newWalk(db: Database, node: MapNode, kind: string, options: ValidateOptions): Walk {
	const name = textAt(node, 'metadata', 'name');
	return {
		mode: options.mode,
		typed: true,
		unknownFields: true,
		unknownFieldSeverity: 'error',
		fluxVersion: options.fluxVersion,
		kubernetesVersion: options.kubernetesVersion ?? schemaIndex(db).newest,
		subject: name ? `${kind}/${name}` : kind,
		evaluateRule: options.evaluateRule,
		embedded: (walk, embedded, link) => checkEmbedded(db, walk, embedded, link, options),
		found: [],
		limit: MAX_PROBLEMS,
	};
}

function checkAs(walk: Walk, node: Node, known: KindSchema, link?: PathLink): void {
	if (!known.schema) return;
	if (known.from === 'kubernetes') {
		check(walk, node, known.schema, link);
		return;
	}
	const seen = walk.mode === 'resource' ? withDefaults(node, known.schema) : node;
	check(customWalk(walk, known), seen, known.schema, link);
}

/**
 * Which release of an operator the cluster runs is not known: what its kinds lack here may be there. Flux's are kept for every
 * release, and the tree's own definitions are what gets installed.
 */
function customWalk(walk: Walk, known: KindSchema): Walk {
	const sure = known.from === 'tree' || known.apiVersion.includes('.toolkit.fluxcd.io/');
	return {
		...walk,
		typed: false,
		unknownFields: walk.unknownFields && !known.keepsUnknown,
		unknownFieldSeverity: sure ? 'error' : 'warning',
	};
}

/** The resource in an embedded place, where its kind is known. */
function checkEmbedded(
	db: Database,
	walk: Walk,
	node: Node,
	link: PathLink | undefined,
	options: ValidateOptions,
): void {
	const known = schemaOfNode(db, node, options);
	if (known) checkAs({ ...walk, typed: known.from === 'kubernetes', unknownFields: true }, node, known, link);
}

/** Whether the resource has no problem as the kind that `apiVersion/Kind` names. */
function isValidAs(db: Database, node: MapNode, id: string, options: ValidateOptions): boolean {
	const at = id.lastIndexOf('/');
	const known = schemaOf(db, id.slice(0, at), id.slice(at + 1), options);
	if (!known?.schema || !child(node, 'apiVersion')) return false;
	const walk: Walk = { ...newWalk(db, node, known.kind, options), limit: 1 };
	checkAs(walk, node, known);
	return walk.found.length === 0;
}
