/** Reads what `configurations` and `crds` name into field specs (`builtinconfig.MakeTransformerConfig`, `accumulator.LoadConfigFromCRDs`). */
import { type Address, pathOf } from '../base/address';
import { ofObject } from '../base/memo';
import type { Problem } from '../base/problem';
import type { FieldSpec, NameBackReferences } from '../kube/kustomize-facts';
import { contentOf } from '../workspace/documents';
import { goYamlWords } from '../yaml/go-words';
import { addressOf, child, entriesOf, isNull, type Node, stringAt } from '../yaml/node';
import {
	DEFAULT_CONFIGURATION,
	FIELD_SPEC_LISTS,
	intoNothing,
	mergeConfigurations,
	NO_CONFIGURATION,
	sortedConfiguration,
	type TransformerConfiguration,
} from './configuration';
import { Decoder, type Fields } from './read/decode';
import { readFieldSpec } from './read/entries';
import type { Field, FieldSpecEntry } from './read/model';
import { CONFIGURATION_MANNER } from './read/structs';
import type { TransformContext } from './tracked';

/** What the listed configurations say, then kustomize's defaults where they say nothing of a field. */
export function configurationOf(
	context: TransformContext,
	entries: readonly Field<string>[],
	problems: Problem[],
): TransformerConfiguration {
	const [first] = entries;
	if (!first) return DEFAULT_CONFIGURATION;
	const files = entries.flatMap(entry => {
		const root = documentOfFile(context, entry, problems);
		return root ? [{ root, at: entry.at }] : [];
	});
	const [only, ...others] = files;
	const known = only && others.length === 0 ? configurationAlone(context.db, only.root) : undefined;
	if (known) return known;
	let result = NO_CONFIGURATION;
	for (const { root, at } of files) result = mergeConfigurations(result, readFile(root, at, problems), at, problems);
	return withDefaults(result, first.at, problems);
}

/** Kustomize merges what it has then into nothing once more (`ResAccumulator.MergeConfig`). */
function withDefaults(own: TransformerConfiguration, at: Address, problems: Problem[]): TransformerConfiguration {
	return intoNothing(mergeConfigurations(DEFAULT_CONFIGURATION, own, at, problems), at, problems);
}

/** What a file says that is the only one; nothing where it has faults. Many directories of a tree may list the same one. */
const configurationAlone = ofObject<Node, TransformerConfiguration | undefined>(root => {
	const problems: Problem[] = [];
	const at = addressOf(root.origin);
	const result = withDefaults(readFile(root, at, problems), at, problems);
	return problems.length === 0 ? result : undefined;
});

function readFile(root: Node, at: Address, problems: Problem[]): TransformerConfiguration {
	const decoder = new Decoder(CONFIGURATION_MANNER);
	const fields = decoder.open(root, 'TransformerConfig');
	const read = fields && readConfiguration(fields);
	problems.push(...decoder.problems);
	return read ? intoNothing(sortedConfiguration(read), at, problems) : NO_CONFIGURATION;
}

function documentOfFile(context: TransformContext, entry: Field<string>, problems: Problem[]): Node | undefined {
	const loaded = context.load(entry.value, entry.at);
	if (loaded.kind === 'problem') problems.push(loaded.problem);
	if (loaded.kind !== 'text') return undefined;
	const document = contentOf(context.db, loaded.file)[0];
	if (document?.syntaxError) {
		problems.push({
			code: 'kustomize/bad-yaml',
			severity: 'error',
			fatal: true,
			message: `\`${entry.value}\` is not YAML: ${document.syntaxError}`,
			at: { file: loaded.file, document: 0, path: [] },
			details: goYamlWords(document.syntaxError),
		});
		return undefined;
	}
	for (const { kind, name, link } of document?.problems ?? []) {
		if (kind !== 'duplicate-key') continue;
		problems.push({
			code: 'kustomize/duplicate-key',
			severity: 'error',
			fatal: true,
			message: `\`${name}\` stands twice in this map; keep one of them`,
			at: { file: loaded.file, document: 0, path: pathOf(link) },
			anchor: 'key',
			details: `error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key "${name}" already set in map`,
		});
	}
	return document?.root;
}

function readConfiguration(fields: Fields): TransformerConfiguration {
	const lists: Record<string, readonly FieldSpec[]> = {};
	for (const list of FIELD_SPEC_LISTS) lists[list] = fields.structs(list, 'FieldSpec', readFieldSpec).map(asFieldSpec);
	const nameReference = fields.structs('nameReference', 'NameBackReferences', (reference): NameBackReferences => ({
		group: reference.text('group'),
		version: reference.text('version'),
		kind: reference.text('kind'),
		fieldSpecs: reference.structs('fieldSpecs', 'FieldSpec', readFieldSpec).map(asFieldSpec),
	}));
	return { ...NO_CONFIGURATION, ...lists, nameReference };
}

/** Without its place, so that equal specs are alike. */
export function asFieldSpec({ group, version, kind, path, create }: FieldSpecEntry): FieldSpec {
	return { group, version, kind, path, create };
}

/** What the custom resources described in the listed files add: their annotations, labels, names and references. */
export function crdConfiguration(
	context: TransformContext,
	entries: readonly Field<string>[],
	problems: Problem[],
): TransformerConfiguration {
	let result = NO_CONFIGURATION;
	for (const entry of entries) {
		const root = documentOfFile(context, entry, problems);
		if (!root || isNull(root)) continue;
		if (root.kind !== 'map') problems.push(noDefinitions(entry, root));
		const types = new Map(entriesOf(root).map(({ key, value }) => [key, child(child(value, 'Schema'), 'properties')]));
		for (const [name, properties] of types) {
			if (!['kind', 'apiVersion', 'metadata'].every(field => child(properties, field))) continue;
			if (name.split('.').length < 3) problems.push(badTypeName(name, entry.at));
			const kind = name.slice(name.lastIndexOf('.') + 1);
			const read = crdSpecs(kind, name, types, []);
			result = mergeConfigurations(result, { ...NO_CONFIGURATION, ...read }, entry.at, problems);
		}
	}
	return result;
}

function noDefinitions({ value, at }: Field<string>, root: Node): Problem {
	return {
		code: 'kustomize/invalid-configuration',
		severity: 'error',
		fatal: true,
		message: `\`${value}\` has no OpenAPI definitions, a map from the names of types to their schemas`,
		at,
		details: `unable to parse open API definition from '${value}': error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${root.kind === 'seq' ? 'array' : 'string'} into Go value of type accumulator.nameToApiMap`,
	};
}

function badTypeName(name: string, at: Address): Problem {
	return {
		code: 'kustomize/invalid-configuration',
		severity: 'error',
		fatal: true,
		message: `the type \`${name}\` must be written group.version.Kind`,
		at,
		details: '`api` should be specified in dot notation: group.version.kind',
	};
}

type CrdSpecs = Pick<TransformerConfiguration, 'commonAnnotations' | 'commonLabels' | 'namePrefix' | 'nameReference'>;

function crdSpecs(
	kind: string,
	type: string,
	types: ReadonlyMap<string, Node | undefined>,
	path: readonly string[],
): CrdSpecs {
	let specs: CrdSpecs = { commonAnnotations: [], commonLabels: [], namePrefix: [], nameReference: [] };
	if (path.length > MAX_DEPTH) return specs;
	for (const { key, value } of entriesOf(types.get(type))) {
		const here = [...path, key];
		const spec = (...more: string[]): FieldSpec => ({ kind, path: [...here, ...more].join('/') });
		const has = (extension: string) => stringAt(value, extension) !== undefined;
		const reference = stringAt(value, 'x-kubernetes-object-ref-kind');
		const version = stringAt(value, 'x-kubernetes-object-ref-api-version');
		const nameKey = stringAt(value, 'x-kubernetes-object-ref-name-key') ?? 'name';
		const target = stringAt(value, '$ref');
		const below = target === undefined ? undefined : crdSpecs(kind, target, types, here);
		specs = {
			commonAnnotations: [
				...specs.commonAnnotations,
				...(has('x-kubernetes-annotation') ? [spec()] : []),
				...(below?.commonAnnotations ?? []),
			],
			commonLabels: [
				...specs.commonLabels,
				...(has('x-kubernetes-label-selector') ? [spec()] : []),
				...(below?.commonLabels ?? []),
			],
			namePrefix: [
				...specs.namePrefix,
				...(has('x-kubernetes-identity') ? [spec()] : []),
				...(below?.namePrefix ?? []),
			],
			nameReference: [
				...specs.nameReference,
				...(reference !== undefined && version !== undefined
					? [{ kind: reference, version, fieldSpecs: [spec(nameKey)] }]
					: []),
				...(below?.nameReference ?? []),
			],
		};
	}
	return specs;
}

/** A type that refers to itself has no end; kustomize overflows its stack there. */
const MAX_DEPTH = 20;
