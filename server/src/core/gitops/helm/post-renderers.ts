/**
 * `spec.postRenderers` of a HelmRelease: kustomize patches over what the chart renders. What that is nobody knows here, so a patch is judged only
 * by its own text: whether kustomize can read it, and whether its target can select anything at all (helm-controller `postrender.Kustomize`).
 */
import type { Address } from '../../base/address';
import { didYouMean } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { patchInScalar } from '../../kustomize/patches/patch-text';
import { compileSelector } from '../../kustomize/selector';
import { addressOf, child, itemsOf, type MapNode, type Node, nodeAt, stringAt, textAt } from '../../yaml/node';

/** The problems of the post-renderers of one release. */
export function postRendererProblems(db: Database, release: MapNode): readonly Problem[] {
	return itemsOf(nodeAt(release, ['spec', 'postRenderers'])).flatMap(renderer =>
		itemsOf(nodeAt(renderer, ['kustomize', 'patches'])).flatMap(entry => patchProblems(db, entry)),
	);
}

function patchProblems(db: Database, entry: Node): readonly Problem[] {
	const patch = child(entry, 'patch');
	const target = child(entry, 'target');
	// A variable of Flux is filled in before.
	if (patch?.kind !== 'scalar' || patch.text.includes('${')) return [];
	if (patch.text.trim() === '')
		return [invalid(addressOf(patch.origin), 'this patch is empty', 'must specify one of patch and path')];
	const { objects, operations, looksLike } = patchInScalar(db, patch);
	const isMerge = !objects.problems.some(({ fatal }) => fatal);
	const [first] = objects.problems;
	if (!isMerge && typeof operations === 'string') {
		const isJson = looksLike === 'operations';
		const why = isJson ? `this is no JSON patch: ${operations}` : (first?.message ?? 'this is no patch');
		return [invalid(isJson ? addressOf(patch.origin) : (first?.at ?? addressOf(patch.origin)), why, UNREADABLE)];
	}
	if (isMerge && objects.resources.length > 1 && target)
		return [
			invalid(
				addressOf(patch.origin),
				`there are ${objects.resources.length} patches in one entry, which then may have no \`target\`; make an entry of each`,
				'Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field',
			),
		];
	const isOperations = !isMerge && typeof operations !== 'string';
	if (isOperations && !target)
		return [
			invalid(
				addressOf(patch.origin),
				'a JSON patch needs a `target`, since it does not say itself which object it means',
				'must specify a target for JSON patch',
			),
		];
	return [...(isOperations ? operations.flatMap(operationProblems) : []), ...targetProblems(target)];
}

const CODE = 'helm/post-renderer';
const UNREADABLE = 'unable to parse SM or JSON patch';

/** `evanphx/json-patch` knows these and no others. */
const OPERATIONS = ['add', 'replace', 'remove', 'move', 'copy', 'test'];

/** What is wrong with an operation whatever it is applied to. */
function operationProblems(operation: Node): readonly Problem[] {
	const placeOf = (key: string) => addressOf((child(operation, key) ?? operation).origin);
	const op = stringAt(operation, 'op');
	if (op === undefined || !OPERATIONS.includes(op)) {
		const known = `: ${OPERATIONS.join(', ')}`;
		const message =
			op === undefined
				? `this operation has no \`op\`, which is one of these${known}`
				: `there is no operation \`${op}\`${didYouMean(op, OPERATIONS)}`;
		return [invalid(placeOf('op'), message, `Unexpected kind: ${op ?? 'unknown'}`)];
	}
	const path = stringAt(operation, 'path');
	if (path === undefined)
		return [
			invalid(placeOf('path'), 'this operation has no `path`', `${op} operation failed to decode path: missing value`),
		];
	if (!path.includes('/')) {
		const words = `${op} operation does not apply: doc is missing path: "${path}": missing value`;
		return [invalid(placeOf('path'), `\`${path}\` leads nowhere; a path is written as \`/spec/replicas\``, words)];
	}
	if (!path.startsWith('/')) {
		const dropped = path.slice(0, path.indexOf('/'));
		const message = `kustomize leaves out what stands before the first \`/\` of a path, so \`${dropped}\` does not count; write \`/${path}\``;
		return [{ code: CODE, severity: 'warning', message: `${message}.`, at: placeOf('path') }];
	}
	const needsFrom = op === 'move' || op === 'copy';
	if (needsFrom && child(operation, 'from') === undefined) {
		const words = `${op} operation failed to decode from: operation, missing from field: missing value`;
		return [invalid(addressOf(operation.origin), `\`${op}\` needs a \`from\``, words)];
	}
	return [];
}

const PARTS = ['group', 'version', 'kind', 'name', 'namespace', 'annotationSelector', 'labelSelector'] as const;

function targetProblems(target: Node | undefined): readonly Problem[] {
	if (target?.kind !== 'map') return [];
	const part = (key: (typeof PARTS)[number]) => textAt(target, key) ?? '';
	const at = addressOf(target.origin);
	const selector = compileSelector({
		node: target,
		at,
		group: part('group'),
		version: part('version'),
		kind: part('kind'),
		name: part('name'),
		namespace: part('namespace'),
		annotationSelector: part('annotationSelector'),
		labelSelector: part('labelSelector'),
	});
	return 'problem' in selector
		? [invalid(selector.problem.at, selector.problem.message, selector.problem.details ?? '')]
		: [];
}

function invalid(at: Address, message: string, words: string): Problem {
	return {
		code: CODE,
		severity: 'error',
		message: /[.?]$/.test(message) ? message : `${message}.`,
		at,
		details: `error while running post render on files: ${words}`,
		fatal: true,
	};
}
