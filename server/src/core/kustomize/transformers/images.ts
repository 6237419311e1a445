/** `images` and the ImageTagTransformer (`api/filters/imagetag`): first every `image` in a `containers` list, then what the specs name. */
import type { Problem } from '../../base/problem';
import type { FieldSpec } from '../../kube/kustomize-facts';
import { addressOf, child, type MapEntry, type Node, type Origin, withEntry, withItems } from '../../yaml/node';
import { appliesTo, editFields, withText } from '../field-spec';
import { type GoRegExp, goRegExp } from '../../base/go-regexp';
import type { ImageEntry } from '../read/model';
import { type Tracked, type Transformer, withNode } from '../tracked';
import { transformEach, unchanged } from './each';

/** Changes the images whose name matches. It runs twice over a pod's containers, so that a tag suffix doubles as kustomize's does. */
export function setImage(entry: ImageEntry, specs: readonly FieldSpec[]): Transformer {
	const pattern = imagePattern(entry.name);
	if (!pattern) return withoutPattern(entry, specs);
	return updateImages(entry, specs, node => {
		if (node.kind !== 'scalar' || !pattern.test(node.text)) return node;
		return withText(node, newImage(node.text, entry), undefined, originOf(entry));
	});
}

/** Kustomize crashes on the first image that it would hold against the name; where there is none, the entry does nothing. */
function withoutPattern(entry: ImageEntry, specs: readonly FieldSpec[]): Transformer {
	return (context, resources) => {
		let isAsked = false;
		updateImages(entry, specs, node => {
			isAsked ||= node.kind === 'scalar';
			return node;
		})(context, resources);
		return unchanged(resources, [invalidName(entry, isAsked ? CRASHES : IDLE)]);
	};
}

function updateImages(entry: ImageEntry, specs: readonly FieldSpec[], update: (node: Node) => Node): Transformer {
	return (_context, resources) =>
		transformEach('images', entry.at, resources, (resource, trouble) => {
			if (resource.id.kind === 'CustomResourceDefinition') return resource;
			let node = withNode(resource, asMap(resource, updateContainers(resource.node, update))).node;
			for (const spec of specs) {
				if (!appliesTo(spec, resource.id)) continue;
				const set = (field: Node): Node => {
					if (field.kind !== 'scalar')
						trouble({ at: addressOf(field.origin), details: 'wrong node kind: expected ScalarNode' });
					return update(field);
				};
				node = editFields(node, spec, { set, create: undefined, origin: originOf(entry), trouble });
			}
			return withNode(resource, node);
		});
}

/** `image.IsImageMatched`. In a name of letters, points and slashes nothing depends on whose regular expressions they are. */
function imagePattern(name: string): GoRegExp | undefined {
	const source = `^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`;
	return /^[\w./:-]*$/.test(name) ? new RegExp(source) : goRegExp(source);
}

function asMap(resource: Tracked, node: Node): Tracked['node'] {
	return node.kind === 'map' ? node : resource.node;
}

/** The entry itself, or the one field of it that there is besides the name. */
function originOf(entry: ImageEntry): Origin {
	const given = [entry.newTag, entry.digest, entry.newName, entry.tagSuffix].filter(field => field !== undefined);
	return { ...(given.length === 1 ? given[0]!.node.origin : entry.node.origin), step: 'images' };
}

/** `imagetag.imageTagUpdater`: a new tag or digest replaces both. */
function newImage(image: string, { newName, newTag, digest: newDigest, tagSuffix }: ImageEntry): string {
	const { name, tag, digest } = splitImage(image);
	const parts =
		newTag || newDigest
			? { tag: newTag?.value ?? '', digest: newDigest?.value ?? '' }
			: tagSuffix
				? { tag: tag + tagSuffix.value, digest: '' }
				: { tag, digest };
	return (newName?.value ?? name) + (parts.tag && `:${parts.tag}`) + (parts.digest && `@${parts.digest}`);
}

/** Name, tag and digest (`image.Split`); a colon before the first slash belongs to the host's port. */
export function splitImage(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
	const slash = Math.max(image.indexOf('/'), 0);
	const colon = image.indexOf(':', slash);
	const at = image.indexOf('@', slash);
	if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
	if (colon < 0) return { name: image, tag: '', digest: '' };
	if (at < 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: '' };
	return { name: image.slice(0, colon), tag: image.slice(colon + 1, at), digest: image.slice(at + 1) };
}

/** `imagetag.LegacyFilter`: the `image` of each element of a list called `containers` or `initContainers`, wherever it stands. */
function updateContainers(node: Node, update: (node: Node) => Node): Node {
	if (node.kind === 'seq')
		return withItems(
			node,
			node.items.map(item => updateContainers(item, update)),
		);
	if (node.kind !== 'map') return node;
	let changed = false;
	const entries = node.entries.map((entry): MapEntry => {
		let value = updateContainers(entry.value, update);
		if (entry.key === 'containers' || entry.key === 'initContainers') value = updateItems(value, update);
		changed ||= value !== entry.value;
		return value === entry.value ? entry : { ...entry, value };
	});
	return changed ? { ...node, entries } : node;
}

function updateItems(node: Node, update: (node: Node) => Node): Node {
	if (node.kind !== 'seq') return node;
	const items = node.items.map(item => {
		const image = child(item, 'image');
		return item.kind === 'map' && image ? withEntry(item, 'image', update(image)) : item;
	});
	return withItems(node, items);
}

const CRASHES = {
	severity: 'error',
	fatal: true,
	details: 'panic: runtime error: invalid memory address or nil pointer dereference',
} as const;
const IDLE = { severity: 'warning' } as const;

function invalidName(entry: ImageEntry, how: typeof CRASHES | typeof IDLE): Problem {
	const what = 'fatal' in how ? 'it crashes on it' : 'it will crash on it once there is an image here';
	return {
		code: 'kustomize/invalid-image-name',
		message: `\`${entry.name}\` is no regular expression, as which kustomize reads the name of an image; ${what}`,
		at: { ...entry.at, path: [...entry.at.path, 'name'] },
		...how,
	};
}
