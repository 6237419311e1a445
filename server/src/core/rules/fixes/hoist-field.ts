/** Says in the base what all environments say, and takes it out of their overlays. */
import { addressKey } from '../../base/address';
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { type Customisation, customisedFields } from '../../model/customisations';
import { homeOf } from '../../model/bases';
import { field, valueOf } from '../../model/override/new-value';
import { chainOf } from '../../model/occurrences';
import { subjectsOf } from '../../model/subjects';
import { addressOf, type Node, nodeAt } from '../../yaml/node';
import type { Finding } from '../rule';
import { removalOf } from './remove-field';

export function hoistField(db: Database, { at }: Finding): readonly Fix[] {
	const key = addressKey(at);
	const found = customisedFields(db).find(({ by }) =>
		[...by.values()].some(({ origin }) => addressKey(addressOf(origin)) === key),
	);
	const changes = [...(found?.by.values() ?? [])];
	const [first] = changes;
	const inBase = first && intoBase(db, first);
	if (!inBase) return [];
	const edits: SourceEdit[] = [inBase, ...changes.flatMap(({ origin }) => removalOf(db, addressOf(origin)))];
	return [{ title: 'Say it in the base, and in no overlay', edits }];
}

/** The base's own place of the field, or of the nearest map around it that the base has. */
function intoBase(db: Database, { subject, path, node, origin }: Customisation): SourceEdit | undefined {
	const own = chainOf(origin).find(each => isBase(db, each.file));
	if (own) return node.kind === 'scalar' ? { kind: 'set', at: addressOf(own), text: valueOf(node).text } : undefined;
	const tree = subjectsOf(db, subject.entry).find(
		({ of }) => of.kind === subject.kind && of.title === subject.title,
	)?.tree;
	for (let depth = path.length - 1; depth >= 0; depth--) {
		const missing = path.slice(depth);
		if (!missing.every(key => typeof key === 'string')) return undefined;
		const around = nodeAt(tree, path.slice(0, depth));
		const place = around?.kind === 'map' && chainOf(around.origin).find(each => isBase(db, each.file));
		if (place) return { kind: 'insert', at: addressOf(place), key: missing[0]!, yaml: nested(missing.slice(1), node) };
	}
	return undefined;
}

function isBase(db: Database, file: string): boolean {
	return (homeOf(db, file)?.environments.length ?? 0) > 1;
}

function nested(path: readonly string[], node: Node): string {
	const text = valueOf(node).text;
	return path.reduceRight(
		(inner, key, index) => field(key, inner, index < path.length - 1 || inner.includes('\n') || node.kind !== 'scalar'),
		text,
	);
}
