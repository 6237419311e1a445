/**
 * The property of provenance: whoever an origin names as a leaf's writer, is. Each leaf's origin must be a place that exists; and
 * another value at that place changes exactly the leaves that claim it.
 */
import { type Address, addressKey, type FieldPath, formatPath } from '../../server/src/core/base/address';
import { Database } from '../../server/src/core/base/query';
import { build, type Build, type BuildOptions } from '../../server/src/core/kustomize/build';
import { afterChange } from '../../server/src/core/model/trial';
import { type SourceChange, sourceChange } from '../../server/src/core/workspace/edits';
import { syntaxOf } from '../../server/src/core/workspace/documents';
import { fileState, type Source } from '../../server/src/core/workspace/inputs';
import { embeddedIn } from '../../server/src/core/workspace/places';
import {
	addressOf,
	type Node,
	nodeAt,
	type Origin,
	type ScalarNode,
	type Step,
	toPlain,
} from '../../server/src/core/yaml/node';
import { locate, type SyntaxNode } from '../../server/src/core/yaml/syntax';

interface Leaf {
	readonly node: ScalarNode;
	readonly path: FieldPath;
	readonly resource: number;
}

export interface Finding {
	readonly kind: 'no such place' | 'changes without claim' | 'claims without change';
	readonly what: string;
}

export interface Checked {
	readonly leaves: number;
	readonly edits: number;
	readonly findings: readonly Finding[];
	/** How often something was let pass, by the reason. */
	readonly allowed: ReadonlyMap<string, number>;
}

/**
 * What a change of a source may change besides: values that are derived from others. The step of the leaf after the change says
 * which.
 */
const DERIVED: Readonly<Partial<Record<Step, string>>> = {
	hash: 'the hash in a generated name',
	nameReference: 'a reference to a name that changed',
	vars: 'a value that a variable brings',
	replacement: 'a value that a replacement brings',
	buildMetadata: 'notes about the build',
};

const SAID_TWICE = 'a step wrote what stood there already, and only shows where they differ';
const DECIDES = 'the value decides what is built or what reaches it: an identity, a label, a key of a list';

/** Checks up to `most` places of a build that passes; nothing of one that fails. */
export function checkProvenance(source: Source, directory: string, options: BuildOptions, most: number): Checked {
	const db = new Database(source);
	const before = build(db, directory, options);
	const findings: Finding[] = [];
	const allowed = new Map<string, number>();
	const allow = (reason: string) => allowed.set(reason, (allowed.get(reason) ?? 0) + 1);
	if (before.failed) return { leaves: 0, edits: 0, findings, allowed };
	const leaves = leavesOf(before);
	const claims = new Map<string, Leaf[]>();
	for (const leaf of leaves) {
		const address = addressOf(leaf.node.origin);
		for (let origin: Origin | undefined = leaf.node.origin; origin; origin = origin.replaced) {
			if (!exists(db, addressOf(origin))) {
				const { file, path } = addressOf(origin);
				const what = `${formatPath(leaf.path)} (${leaf.node.origin.step}) claims ${origin.step} ${file} ${formatPath(path)}`;
				findings.push({ kind: 'no such place', what });
			}
		}
		const key = addressKey(address);
		claims.set(key, [...(claims.get(key) ?? []), leaf]);
	}
	let edits = 0;
	const places = [...claims.values()];
	for (let i = 0; i < Math.min(most, places.length); i++) {
		const claimed = places[Math.floor((i * places.length) / Math.min(most, places.length))]!;
		const address = addressOf(claimed[0]!.node.origin);
		const changed = otherSource(db, address);
		if (typeof changed === 'string') {
			allow(changed);
			continue;
		}
		edits++;
		const after = afterChange(db, changed.change, () => build(db, directory, options));
		const problem = compare(before, after, claimed, allow);
		const place = `${address.file} ${formatPath(address.path)}${address.within ? ` > ${formatPath(address.within.path)}` : ''}`;
		if (problem) findings.push({ ...problem, what: `${place} = ${changed.text}: ${problem.what}` });
	}
	return { leaves: leaves.length, edits, findings, allowed };
}

function leavesOf({ resources }: Build): Leaf[] {
	const leaves: Leaf[] = [];
	const visit = (node: Node, path: FieldPath, resource: number): void => {
		if (node.kind === 'scalar') leaves.push({ node, path, resource });
		else if (node.kind === 'seq') node.items.forEach((item, i) => visit(item, [...path, i], resource));
		else for (const { key, value } of node.entries) visit(value, [...path, key], resource);
	};
	resources.forEach(({ node }, i) => visit(node, [], i));
	return leaves;
}

/** Whether the place is there: the field in the YAML, or the file where it is no YAML. */
function exists(db: Database, address: Address): boolean {
	const state = db.read(fileState, address.file).kind;
	if (state !== 'text') return state === 'binary' && address.path.length === 0;
	if (address.path.length === 0 && !address.within) return true;
	const root = syntaxOf(db, address.file).documents[address.document]?.root;
	if (!isFound(root, address.path)) return !/\.(ya?ml|json)$/.test(address.file);
	if (!address.within) return true;
	return isFound(embeddedIn(db, address)?.syntax.documents[address.within.document]?.root, address.within.path);
}

function isFound(root: SyntaxNode | undefined, path: FieldPath): boolean {
	return path.length === 0 || locate(root, path).depth === path.length;
}

interface Changed {
	readonly change: SourceChange;
	readonly text: string;
}

/** The sources with another value of the same type at the place; else why there is none. */
function otherSource(db: Database, address: Address): Changed | string {
	const root = address.within
		? embeddedIn(db, address)?.syntax.documents[address.within.document]?.root
		: syntaxOf(db, address.file).documents[address.document]?.root;
	const node = locate(root, address.within?.path ?? address.path).node;
	if (node?.kind !== 'scalar') return 'the place holds no scalar of its own';
	const text = otherValue(node.text, node.style === 'plain' && !node.tag);
	if (text === undefined) return 'the value has no neighbour of its type';
	const change = sourceChange(db, [{ kind: 'set', at: address, text }]);
	if (!change.edits.get(address.file)?.length) return 'the file is no YAML, so nothing is changed in it';
	return { text, change };
}

function otherValue(text: string, plain: boolean): string | undefined {
	if (plain && /^\d{1,9}$/.test(text)) return String(Number(text) + 1);
	if (plain && /^(true|false)$/.test(text)) return text === 'true' ? 'false' : 'true';
	if (plain && /^(~|null|Null|NULL|[-+.\d].*|)$/.test(text)) return undefined;
	if (text === '' || /\n./.test(text)) return undefined;
	return JSON.stringify(/[\w]$/.test(text) ? `${text}x` : `x${text}`);
}

/** What is wrong with the difference; nothing where the claimed leaves changed and no others, or the reason is given to `allow`. */
function compare(
	before: Build,
	after: Build,
	claimed: readonly Leaf[],
	allow: (reason: string) => void,
): Finding | undefined {
	if (after.failed) return void allow('with the other value the build fails');
	const old = new Map(leavesOf(before).map(leaf => [keyOf(leaf), leaf]));
	const now = new Map(leavesOf(after).map(leaf => [keyOf(leaf), leaf]));
	if (
		before.resources.length !== after.resources.length ||
		[...old.keys()].some(key => !now.has(key)) ||
		old.size !== now.size
	)
		return void allow(DECIDES);
	const claims = new Set(claimed.map(keyOf));
	const edited = addressKey(addressOf(claimed[0]!.node.origin));
	const wroteIt = (origin: Origin | undefined): boolean =>
		origin !== undefined && (addressKey(addressOf(origin)) === edited || wroteIt(origin.replaced));
	const decides = claimed.some(({ path }) => isIdentity(path));
	const differs = (key: string) => toPlain(old.get(key)!.node) !== toPlain(now.get(key)!.node);
	const changed = [...old.keys()].filter(differs);
	for (const key of changed) {
		if (claims.has(key)) continue;
		const leaf = now.get(key)!;
		const reason = DERIVED[leaf.node.origin.step] ?? DERIVED[old.get(key)!.node.origin.step];
		if (reason) allow(reason);
		else if (wroteIt(leaf.node.origin)) allow(SAID_TWICE);
		else if (decides) return void allow(DECIDES);
		else return { kind: 'changes without claim', what: `${formatPath(leaf.path)} (${leaf.node.origin.step})` };
	}
	for (const leaf of claimed) {
		if (differs(keyOf(leaf))) continue;
		const { origin } = now.get(keyOf(leaf))!.node;
		if (addressKey(addressOf(origin)) !== edited && (wroteIt(origin.replaced) || replacedAbove(after, leaf)))
			allow(SAID_TWICE);
		else return { kind: 'claims without change', what: `${formatPath(leaf.path)} (${leaf.node.origin.step})` };
	}
	return undefined;
}

/** Whether a list or a map that the leaf is part of has taken the place of the one that held the leaf's source. */
function replacedAbove({ resources }: Build, { resource, path, node }: Leaf): boolean {
	const source = addressOf(node.origin);
	for (let depth = 1; depth < path.length; depth++) {
		const { replaced } = nodeAt(resources[resource]!.node, path.slice(0, depth))!.origin;
		const place = replaced && addressOf(replaced);
		if (place?.file === source.file && place.path.every((key, i) => key === source.path[i])) return true;
	}
	return false;
}

/** What selectors, patches and field specs look at. */
function isIdentity(path: FieldPath): boolean {
	return ['apiVersion', 'kind', 'name', 'namespace'].includes(String(path.at(-1))) || path[1] === 'labels';
}

function keyOf({ resource, path }: Leaf): string {
	return `${resource} ${JSON.stringify(path)}`;
}
