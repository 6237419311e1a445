/**
 * What is done once, at the root, after everything is accumulated: hashes, references, vars, order, and taking the books away
 * (`KustTarget.makeCustomizedResMap`, `krusty.Kustomizer.Run`).
 */
import type { Address } from '../base/address';
import { ofObject } from '../base/memo';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { describeId } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import { beginsWithTab, emitLines } from '../yaml/emit';
import { addressOf, child, type Node, type Origin, textAt } from '../yaml/node';
import type { Accumulation } from './accumulate';
import type { Application, BuildOptions } from './build';
import { sameInTheEnd } from './accumulation-problems';
import { byIdentity } from './identity';
import { withNotes } from './build-notes';
import { ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION, withoutInternalAnnotations } from './internal-annotations';
import { namelessObject } from './manifests';
import type { Kustomization } from './read/model';
import { type Tracked, type Transformed, withNode } from './tracked';
import { addHashes } from './transformers/hash';
import { setLabel } from './transformers/labels';
import { updateReferences } from './transformers/name-reference';
import { applySortOptions } from './transformers/sort-order';
import { resolveVars } from './vars';

export interface Finished {
	readonly resources: readonly Resource[];
	readonly problems: readonly Problem[];
	readonly applications: readonly Application[];
}

/** The version that kustomize writes into `app.kubernetes.io/managed-by`. */
const MANAGED_BY = 'kustomize-v5.8.1';

/** Finishes the accumulated resources of a root. */
export function finish(
	db: Database,
	accumulation: Accumulation,
	root: Kustomization | undefined,
	at: Address,
	managedBy: BuildOptions['managedBy'],
): Finished {
	const { configuration } = accumulation;
	let state: Transformed = { resources: accumulation.resources, problems: [], applications: [] };
	const then = (next: Transformed): void => {
		state = {
			resources: next.resources,
			problems: [...state.problems, ...next.problems],
			applications: [...state.applications, ...next.applications],
		};
	};
	then(addHashes(db, at, state.resources));
	then(updateReferences(db, configuration.nameReference, at, state.resources));
	then(resolveVars(accumulation.vars, configuration.varReference, state.resources));
	const known = accumulation.problems.some(({ fatal }) => fatal);
	if (!known)
		then({ ...state, problems: state.resources.flatMap(resource => lostName(db, resource)), applications: [] });
	then({ resources: state.resources.filter(resource => !isLocal(db, resource)), problems: [], applications: [] });
	const same = [...byIdentity(state.resources).values()].filter(each => each.length > 1);
	if (!known)
		then({ ...state, problems: same.map(([first, second]) => sameInTheEnd(first!, second!)), applications: [] });
	then(sorted(state.resources, root));
	const options = new Set((root?.buildMetadata ?? []).map(field => field.value));
	const origin: Origin | undefined = root?.buildMetadata[0]?.node.origin ?? root?.node.origin;
	const managed = managedBy === 'label' || options.has('managedByLabel');
	const resources = state.resources.map(resource => {
		const labelled =
			managed && origin
				? withNode(resource, setLabel(resource.node, 'app.kubernetes.io/managed-by', MANAGED_BY, origin))
				: resource;
		const closed = withoutBooks(db, labelled);
		return origin && closed.notes ? withNode(closed, withNotes(closed.node, closed, options, origin)) : closed;
	});
	return {
		resources,
		problems: [...state.problems, ...resources.flatMap(resource => unprintable(db, resource))],
		applications: state.applications,
	};
}

const BOOKS: ReadonlySet<string> = new Set([ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION]);

const withoutBooks = ofObject<Tracked, Tracked>(resource =>
	withNode(resource, withoutInternalAnnotations(resource.node, BOOKS)),
);

/** `config.kubernetes.io/local-config`, unless it is "false": an object for tools, not for the cluster. */
const isLocal = ofObject<Tracked, boolean>(({ node }) => {
	const value = textAt(child(child(node, 'metadata'), 'annotations'), 'config.kubernetes.io/local-config');
	return value !== undefined && value !== 'false';
});

/** What took an object's kind or name from it, as a replacement by nothing does. */
const lostName = ofObject<Tracked, readonly Problem[]>(({ node, from }) => {
	const problem = namelessObject(node);
	if (!problem) return NONE;
	const by =
		child(node, 'kind') && textAt(node, 'kind') !== '' ? child(child(node, 'metadata'), 'name') : child(node, 'kind');
	const message = `${problem.message} any more when the build ends`;
	return [{ ...problem, message, at: by ? addressOf(by.origin) : from }];
});

const NONE: readonly Problem[] = [];

function sorted(resources: readonly Tracked[], root: Kustomization | undefined): Transformed {
	return applySortOptions(root?.sortOptions, resources);
}

/** What kustomize cannot print; only trees in which something could be so are printed to see. */
const unprintable = ofObject<Tracked, readonly Problem[]>(resource => {
	if (!isSuspicious(resource.node)) return NONE;
	return emitLines(resource.node).errors.map(({ node, words }): Problem => {
		const at = addressOf(node.origin);
		const isKey = words.startsWith('json: unsupported type: map[interface {}]');
		return {
			code: 'kustomize/not-printable',
			severity: 'error',
			fatal: true,
			message: isKey
				? `kustomize cannot print ${describeId(resource.id)}: this key is no text; put it in quotes`
				: `kustomize cannot print this value of ${describeId(resource.id)}: ${words}`,
			at,
			...(isKey && { anchor: 'key' }),
			details: words,
			...(isKey && quoteKey(at)),
		};
	});
});

function quoteKey(at: Address): Pick<Problem, 'fixes'> {
	const key = String((at.within ?? at).path.at(-1));
	return { fixes: [{ title: `Put ${key} in quotes`, edits: [{ kind: 'rename-key', at, key: JSON.stringify(key) }] }] };
}

function isSuspicious(node: Node): boolean {
	switch (node.kind) {
		case 'scalar':
			return node.tag === '!!str'
				? CONTROL.test(node.text) || beginsWithTab(node)
				: node.style !== 'plain' || !USUAL.test(node.text);
		case 'seq':
			return node.items.some(isSuspicious);
		case 'map':
			return node.entries.some(
				({ key, keyTag, value }) => keyTag !== undefined || CONTROL_IN_KEY.test(key) || isSuspicious(value),
			);
	}
}

/** Characters that YAML does not print. */
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]/;

const CONTROL_IN_KEY = /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/;

/** Numbers, booleans and nulls as they are nearly always written. */
const USUAL = /^([-+]?[\d.]+|true|false|null|~|)$/i;
