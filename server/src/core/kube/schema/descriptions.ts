/**
 * Texts that say what a field is for. Those of Kubernetes' own kinds are taken from an npm package when Strata is built
 * (scripts/descriptions.mjs) and read when somebody first asks; a build without them works just as well, with less to read.
 */
import type { FieldPath } from '../../base/address';
import { type Database, query } from '../../base/query';
import { bundledText } from '../../workspace/inputs';
import { schemaAt } from './at';
import type { Schema } from './schema';

/** Texts by definition (`api.core.v1.Container`), then by field; the empty field is the definition itself. */
type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const textsQuery = query<Texts>('descriptions', db => {
	const text = db.read(bundledText, 'descriptions/kubernetes.json');
	return text === undefined ? {} : JSON.parse(text);
});

/** What the field at a path of a kind is for, in a sentence or two; nothing where no text is known. */
export function descriptionAt(db: Database, root: Schema | undefined, path: FieldPath): string | undefined {
	const schema = schemaAt(root, path);
	if (schema?.facts.description !== undefined) return schema.facts.description;
	const key = path.at(-1);
	const parent = schemaAt(root, path.slice(0, -1))?.facts.definition;
	const texts = db.get(textsQuery, '');
	const said = parent !== undefined && typeof key === 'string' ? texts[parent]?.[key] : undefined;
	const own = schema?.facts.definition;
	return said ?? (own === undefined ? undefined : texts[own]?.['']);
}
