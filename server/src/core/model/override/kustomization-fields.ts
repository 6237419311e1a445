/** Overrides that a kustomization has fields of its own for: `images` and `replicas`. */
import type { Address } from '../../base/address';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { DEFAULT_FIELD_SPECS } from '../../kube/kustomize-facts';
import { appliesTo, splitPath } from '../../kustomize/field-spec';
import { kustomizationOf } from '../../kustomize/read/kustomization';
import { splitImage } from '../../kustomize/transformers/images';
import { below } from '../../base/address';
import { child, type Node, stringNode } from '../../yaml/node';
import { type NewValue, valueOf } from './new-value';
import type { PatchId } from './patches';
import type { OverrideTarget } from './target';

/** An `images` entry for the new image; nothing where the field is none. It holds for all containers with that image. */
export function intoImages(db: Database, { overlay, path, node }: OverrideTarget, value: NewValue): SourceEdit[] {
	const file = overlay.links.file;
	if (path.at(-1) !== 'image' || node.kind !== 'scalar' || value.node.kind !== 'scalar' || file === undefined)
		return [];
	const present = splitImage(node.text);
	const wanted = splitImage(value.node.text);
	const entry = kustomizationOf(db, overlay.directory).kustomization?.images.find(({ name }) => name === present.name);
	const fields: readonly (readonly [string, string])[] = [
		['newName', wanted.name === present.name ? '' : wanted.name],
		['newTag', wanted.tag],
		['digest', wanted.digest],
	];
	if (entry) return fields.flatMap(([key, text]) => setField(entry.at, entry.node, key, text));
	const lines = [['name', present.name] as const, ...fields.filter(([, text]) => text !== '')];
	const yaml = lines.map(([key, text]) => `${key}: ${scalar(text)}`).join('\n');
	return [{ kind: 'insert', at: { file, document: 0, path: ['images'] }, yaml }];
}

/** A `replicas` entry; nothing where the field is not the number of replicas of a kind that kustomize knows. */
export function intoReplicas(
	db: Database,
	{ overlay, path, subject }: OverrideTarget,
	{ name, ...gvk }: PatchId,
	value: NewValue,
): SourceEdit[] {
	const file = overlay.links.file;
	const isCount = value.node.kind === 'scalar' && value.node.tag === '!!int';
	const isReplicas = DEFAULT_FIELD_SPECS.replicas.some(
		spec => appliesTo(spec, gvk) && splitPath(spec.path, '/').join('/') === path.join('/'),
	);
	if (subject.kind !== 'resource' || !isReplicas || !isCount || file === undefined) return [];
	const entry = kustomizationOf(db, overlay.directory).kustomization?.replicas.find(each => each.name === name);
	if (entry) return [{ kind: 'set', at: below(entry.at, 'count'), text: value.text }];
	const yaml = `name: ${scalar(name)}\ncount: ${value.text}`;
	return [{ kind: 'insert', at: { file, document: 0, path: ['replicas'] }, yaml }];
}

function setField(at: Address, entry: Node, key: string, text: string): SourceEdit[] {
	const present = child(entry, key);
	if (present?.kind === 'scalar' && present.text === text) return [];
	if (text === '') return present ? [{ kind: 'remove', at: below(at, key) }] : [];
	if (present) return [{ kind: 'set', at: below(at, key), text: scalar(text) }];
	return [{ kind: 'insert', at, key, yaml: scalar(text) }];
}

/** A text as YAML: a tag that looks like a number goes into quotes. */
function scalar(text: string): string {
	return valueOf(stringNode(text, { step: 'images', file: '/', document: 0, link: undefined })).text;
}
