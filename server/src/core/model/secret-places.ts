/**
 * Where the sources hold what must not be shown: the data of every Secret of an environment, down to the file that a generator reads.
 * A value that was taken from there (by valuesFrom, a substitution, a replacement) is told by who wrote it.
 */
import { type FieldPath, pathOf } from '../base/address';
import { type Database, query } from '../base/query';
import { isSecretField, providedSecret } from '../kube/data-sources';
import type { Resource } from '../kube/resource';
import { secretCopies } from '../kube/secret-copies';
import { isTakenFromSecret, SECRET } from '../kube/taken-secrets';
import { type MapNode, type Node, type Origin, type ScalarNode, withEntry, withItems } from '../yaml/node';
import { indexesOf } from './releases';

/** Whether the value was taken from a Secret of the environment; what it wrote over does not matter. */
export function isFromSecret(db: Database, environment: string, origin: Origin): boolean {
	if (isTakenFromSecret(origin)) return true;
	const paths = db.get(secretPlaces, environment).get(placeKey(origin));
	if (!paths) return false;
	const own = pathOf(origin.link);
	return paths.some(path => path.every((key, i) => own[i] === key));
}

/** A ciphertext of SOPS. */
const ENCRYPTED = /^ENC\[AES256_GCM,[^\s]*\]$/;

/** A resource's tree as it may be shown: ciphertexts stay, values of Secrets do not, wherever they have got to. */
export function shownTree(db: Database, environment: string, { id, node }: Resource): MapNode {
	const copies = new Set(secretCopies(id.kind, node).map(copy => copy.node));
	const whole =
		copies.size === 0
			? node
			: withEntries(node, value => withTexts(value, scalar => (copies.has(scalar) ? SECRET : undefined)));
	if (id.kind === 'SealedSecret') return whole;
	const hide = (within: boolean) => (scalar: ScalarNode) =>
		(within || isFromSecret(db, environment, scalar.origin)) && !ENCRYPTED.test(scalar.text) ? SECRET : undefined;
	return withEntries(whole, (value, key) => {
		const isSecret = isSecretField(id.kind, [key]);
		const shown = withTexts(value, hide(isSecret));
		return isSecret ? withoutOddKeys(shown) : shown;
	});
}

/** A key that the API server refuses may be a value: a line of an env file without an equals sign. */
function withoutOddKeys(data: Node): Node {
	if (data.kind !== 'map' || data.entries.every(({ key }) => KEY.test(key))) return data;
	return { ...data, entries: data.entries.map(entry => (KEY.test(entry.key) ? entry : { ...entry, key: SECRET })) };
}

const KEY = /^[-._a-zA-Z0-9]+$/;

/** The tree with other texts in the scalars that `textFor` has one for; the same objects where it has none. */
export function withTexts(node: Node, textFor: (scalar: ScalarNode) => string | undefined): Node {
	switch (node.kind) {
		case 'scalar': {
			const text = textFor(node);
			return text === undefined ? node : { ...node, text, tag: '!!str', style: 'plain' };
		}
		case 'seq':
			return withItems(
				node,
				node.items.map(item => withTexts(item, textFor)),
			);
		case 'map':
			return withEntries(node, value => withTexts(value, textFor));
	}
}

function withEntries(map: MapNode, change: (value: Node, key: string) => Node): MapNode {
	return map.entries.reduce((made, { key, value }) => {
		const changed = change(value, key);
		return changed === value ? made : withEntry(made, key, changed);
	}, map);
}

/** A value as it may be shown in an environment. */
export function shownValue(db: Database, environment: string, node: Node): Node {
	return withTexts(node, scalar => (isFromSecret(db, environment, scalar.origin) ? SECRET : undefined));
}

/** By file and document: the paths below which everything is secret. */
const secretPlaces = query<ReadonlyMap<string, readonly FieldPath[]>>('secretPlaces', (db, environment) => {
	const places = new Map<string, FieldPath[]>();
	for (const resource of indexesOf(db, environment).flatMap(({ resources }) => resources)) {
		for (const { origin } of providedSecret(resource)?.data.values() ?? []) {
			for (let at: Origin | undefined = origin; at; at = at.replaced) {
				const key = placeKey(at);
				const known = places.get(key);
				if (known) known.push(pathOf(at.link));
				else places.set(key, [pathOf(at.link)]);
			}
		}
	}
	return places;
});

function placeKey({ file, document }: Origin): string {
	return `${file}#${document}`;
}
