/**
 * ConfigMaps and Secrets as those who read them see them: values by key, each with the place that wrote it. What only the
 * cluster knows (encrypted, synchronised from a vault) is known to exist and has no text.
 */
import type { FieldPath } from '../base/address';
import { decodeUtf8 } from '../base/utf8';
import {
	child,
	entriesOf,
	isNull,
	itemsOf,
	type MapNode,
	type Node,
	nodeAt,
	type Origin,
	type ScalarNode,
	textAt,
} from '../yaml/node';
import { decodeBase64 } from '../base/base64';
import { encryptedSources, SOPS_PREFIX } from './encrypted-sources';
import type { Resource } from './resource';
import { isCopyOf } from './secret-copies';

/** `unknown` values exist, but their text is only known in the cluster. */
export type DataValue =
	{ readonly kind: 'known'; readonly text: string } | { readonly kind: 'unknown'; readonly why: string };

export interface DataEntry {
	readonly value: DataValue;
	/** Who wrote the value; for generated ones the file it was read from. */
	readonly origin: Origin;
	/** Whether `origin` leads to the plain text itself, and not to an encoding of it. */
	readonly form: 'plain' | 'encoded';
	/** The node that holds the very text, where one does; environments share it as long as none of them changes it. */
	readonly scalar?: ScalarNode;
}

export interface DataObject {
	readonly kind: 'ConfigMap' | 'Secret';
	/** The object that provides it: itself, a SealedSecret, an ExternalSecret. */
	readonly resource: Resource;
	readonly data: ReadonlyMap<string, DataEntry>;
	/** Whether the keys in `data` are all that there are; an ExternalSecret may bring others. */
	readonly keys: 'all' | 'some';
}

export interface DataSources {
	/** Whether everything that could be in the cluster's namespace is in the tree. */
	readonly coverage: 'whole' | 'part';
	find(kind: DataObject['kind'], namespace: string, name: string): DataObject | undefined;
	/** The first of that name in any namespace. */
	findAnywhere(kind: DataObject['kind'], name: string): DataObject | undefined;
	/** The names that exist in a namespace, sorted. */
	names(kind: DataObject['kind'], namespace: string): readonly string[];
}

/** Indexes resources. `coverage` is the caller's knowledge of whether others may exist. Of equal names the first counts, and the others add their keys. */
export function dataSources(resources: readonly Resource[], coverage: DataSources['coverage']): DataSources {
	const providers = new Map<string, Resource[]>();
	const names = new Map<string, Set<string>>();
	for (const resource of resources) {
		const provided = providedBy(resource);
		if (!provided) continue;
		const { kind, namespace, name } = provided;
		const key = `${kind}/${namespace}/${name}`;
		const others = providers.get(key);
		if (others) others.push(resource);
		else providers.set(key, [resource]);
		const list = names.get(`${kind}/${namespace}`);
		if (list) list.add(name);
		else names.set(`${kind}/${namespace}`, new Set([name]));
	}
	const read = new Map<Resource, DataObject>();
	const objectOf = (kind: DataObject['kind'], resources: readonly Resource[] | undefined) => {
		const [first] = resources ?? [];
		if (!resources || !first) return undefined;
		let object = read.get(first);
		if (!object) read.set(first, (object = together(resources.map(each => readObject(kind, each)))));
		return object;
	};
	return {
		coverage,
		find: (kind, namespace, name) => objectOf(kind, providers.get(`${kind}/${namespace}/${name}`)),
		findAnywhere(kind, name) {
			const key = [...providers.keys()].find(at => at.startsWith(`${kind}/`) && at.endsWith(`/${name}`));
			return key === undefined ? undefined : objectOf(kind, providers.get(key));
		},
		names: (kind, namespace) => [...(names.get(`${kind}/${namespace}`) ?? [])].sort(),
	};
}

/** An object that several make, such as a Secret into which an ExternalSecret merges its keys. */
function together(objects: readonly DataObject[]): DataObject {
	const [first, ...others] = objects as [DataObject, ...DataObject[]];
	if (others.length === 0) return first;
	return {
		...first,
		data: new Map(objects.flatMap(({ data }) => [...data]).reverse()),
		keys: objects.some(({ keys }) => keys === 'some') ? 'some' : 'all',
	};
}

/** The Secret that there will be because of this resource, with what is known of its data. */
export function providedSecret(resource: Resource): DataObject | undefined {
	return providedBy(resource)?.kind === 'Secret' ? readObject('Secret', resource) : undefined;
}

/** Fields of a Secret that may be shown. Whatever else stands in one may be a value under a name with a slip in it. */
const SHOWN: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);

/** Whether a path leads to a field of a Secret that must not be shown. The whole object is not such a field. */
export function isSecretField(kind: string | undefined, path: FieldPath): boolean {
	const [field] = path;
	return (kind === 'Secret' && field !== undefined && !SHOWN.has(String(field))) || isCopyOf(kind, path);
}

interface Provided {
	readonly kind: DataObject['kind'];
	readonly namespace: string;
	readonly name: string;
}

/** Which ConfigMap or Secret there will be because of this resource. */
function providedBy({ id, node }: Resource): Provided | undefined {
	const { kind, group, namespace, name } = id;
	if (group === '' && (kind === 'ConfigMap' || kind === 'Secret')) return { kind, namespace, name };
	// The controller gives the Secret the SealedSecret's own name, whatever its template says (`SealedSecret.Unseal`).
	if (group === 'bitnami.com' && kind === 'SealedSecret') return { kind: 'Secret', namespace, name };
	if (group === 'external-secrets.io' && kind === 'ExternalSecret')
		return { kind: 'Secret', namespace, name: textAt(node, 'spec', 'target', 'name') ?? name };
	if (group === 'cert-manager.io' && kind === 'Certificate') {
		const secret = textAt(node, 'spec', 'secretName');
		return secret ? { kind: 'Secret', namespace, name: secret } : undefined;
	}
	return undefined;
}

function readObject(kind: DataObject['kind'], resource: Resource): DataObject {
	switch (resource.id.kind) {
		case 'SealedSecret':
			return readSealedSecret(resource);
		case 'ExternalSecret':
			return readExternalSecret(resource);
		case 'Certificate':
			return readCertificate(resource);
		default:
			return {
				kind,
				resource,
				keys: isFilledByOthers(resource.node) ? 'some' : 'all',
				data: kind === 'ConfigMap' ? readConfigMap(resource.node) : readSecret(resource.node),
			};
	}
}

/** Annotations and labels by which a controller puts keys into an object that somebody else has made. */
const FILLED_BY = [
	'reflector.v1.k8s.emberstack.com/reflects',
	'replicator.v1.mittwald.de/replicate-from',
	'secret-generator.v1.mittwald.de/autogenerate',
	'secret-generator.v1.mittwald.de/type',
	'sealedsecrets.bitnami.com/patch',
	'sealedsecrets.bitnami.com/managed',
	'avp.kubernetes.io/path',
	'service.beta.openshift.io/inject-cabundle',
	'config.openshift.io/inject-trusted-cabundle',
	'cert-manager.io/inject-ca-from',
	'kubernetes.io/service-account.name',
] as const;

/** Whether there may be keys that the object itself does not tell: others fill it, or Flux leaves to others what they have put there. */
function isFilledByOthers(node: MapNode): boolean {
	const metadata = child(node, 'metadata');
	const marks = [child(metadata, 'annotations'), child(metadata, 'labels')];
	return (
		FILLED_BY.some(key => marks.some(map => child(map, key) !== undefined)) ||
		/^(Merge|IfNotPresent)$/.test(textAt(metadata, 'annotations', 'kustomize.toolkit.fluxcd.io/ssa') ?? '') ||
		textAt(node, 'type') === 'kubernetes.io/service-account-token'
	);
}

function readConfigMap(node: MapNode): Map<string, DataEntry> {
	const data = new Map<string, DataEntry>();
	for (const { key, value } of entriesOf(child(node, 'data'))) {
		if (value.kind === 'scalar')
			data.set(key, { value: known(value.text), origin: value.origin, form: 'plain', scalar: value });
	}
	for (const { key, value } of entriesOf(child(node, 'binaryData')))
		data.set(key, { value: unknown('binary'), origin: value.origin, form: 'encoded' });
	return data;
}

/** Why a value is unknown that SOPS has encrypted. */
export const ENCRYPTED_WITH_SOPS = 'encrypted with SOPS';

/** `stringData` wins over `data`; SOPS leaves keys readable and values `ENC[...]`. */
function readSecret(node: MapNode): Map<string, DataEntry> {
	const data = new Map<string, DataEntry>();
	const encrypted = child(node, 'sops') !== undefined;
	const sources = encryptedSources(node);
	for (const { key, value } of entriesOf(child(node, 'data'))) {
		if (value.kind !== 'scalar') continue;
		const fromEncrypted = value.origin.step === 'generator' && sources.has(value.origin.file);
		if (fromEncrypted && value.origin.link !== undefined && key.startsWith(SOPS_PREFIX)) continue;
		const isEncrypted = encrypted || fromEncrypted;
		const bytes = isEncrypted ? undefined : decodeBase64(value.text);
		const text = bytes ? known(decodeUtf8(bytes)) : unknown(isEncrypted ? ENCRYPTED_WITH_SOPS : 'not base64');
		data.set(key, { value: text, origin: value.origin, form: plainForm(value.origin) });
	}
	for (const { key, value } of entriesOf(child(node, 'stringData'))) {
		if (value.kind !== 'scalar') continue;
		const text = encrypted && value.text.startsWith('ENC[') ? unknown(ENCRYPTED_WITH_SOPS) : known(value.text);
		data.set(key, { value: text, origin: value.origin, form: 'plain' });
	}
	return data;
}

/** A generator encodes what it reads: there, the origin is the plain text's file. */
function plainForm(origin: Origin): DataEntry['form'] {
	return origin.step === 'generator' && origin.link === undefined ? 'plain' : 'encoded';
}

function readSealedSecret(resource: Resource): DataObject {
	const data = new Map<string, DataEntry>();
	const spec = child(resource.node, 'spec');
	const templated = entriesOf(nodeAt(spec, ['template', 'data']));
	for (const { key, value } of templated)
		data.set(key, { value: unknown('a template of the SealedSecret'), origin: value.origin, form: 'encoded' });
	for (const { key, value } of entriesOf(child(spec, 'encryptedData')))
		data.set(key, { value: unknown('sealed'), origin: value.origin, form: 'encoded' });
	// A null keeps a sealed key out of the Secret: it is there for the templates only.
	for (const { key, value } of templated) if (isNull(value)) data.delete(key);
	return { kind: 'Secret', resource, data, keys: 'all' };
}

/** `dataFrom` and templates without literal keys bring keys that nobody can tell from here. */
function readExternalSecret(resource: Resource): DataObject {
	const data = new Map<string, DataEntry>();
	const spec = child(resource.node, 'spec');
	const add = (key: string, node: Node) =>
		data.set(key, { value: unknown('synchronised from a secret store'), origin: node.origin, form: 'encoded' });
	const template = nodeAt(spec, ['target', 'template']);
	const templated = entriesOf(child(template, 'data'));
	for (const { key, value } of templated) add(key, value);
	if (templated.length === 0 || textAt(template, 'mergePolicy') === 'Merge') {
		for (const item of itemsOf(child(spec, 'data'))) {
			const key = textAt(item, 'secretKey');
			if (key !== undefined) add(key, item);
		}
	}
	const others = child(spec, 'dataFrom') !== undefined || child(template, 'templateFrom') !== undefined;
	return { kind: 'Secret', resource, data, keys: others ? 'some' : 'all' };
}

const OF_CERTIFICATES = ['tls.crt', 'tls.key', 'ca.crt'] as const;

/** cert-manager adds others where it is asked for key stores or more formats. */
function readCertificate(resource: Resource): DataObject {
	const { node } = resource;
	const spec = child(node, 'spec');
	const value = unknown('issued by cert-manager');
	const others = child(spec, 'keystores') !== undefined || child(spec, 'additionalOutputFormats') !== undefined;
	return {
		kind: 'Secret',
		resource,
		data: new Map(OF_CERTIFICATES.map(key => [key, { value, origin: node.origin, form: 'encoded' }])),
		keys: others ? 'some' : 'all',
	};
}

function known(text: string): DataValue {
	return { kind: 'known', text };
}

function unknown(why: string): DataValue {
	return { kind: 'unknown', why };
}
