/**
 * Where the values of a Secret can be sealed to, and what for: the SealedSecret under the cursor, or for a Secret (a `template-*` of the base, or one in
 * plain text) the `sealed-secrets/actual-*.yaml` of each environment that builds on it. No plaintext comes here, apart from what stands in the
 * user's own file.
 */
import { decodeBase64 } from '../base/base64';
import { basename, dirname, type FilePath, join, relative } from '../base/paths';
import type { SourceEdit } from '../base/problem';
import type { Database } from '../base/query';
import { decodeUtf8, encodeUtf8 } from '../base/utf8';
import { placeholderIn } from '../gitops/secrets/placeholders';
import {
	newSealedSecret,
	replacesAll,
	resealEdits,
	type SealedDocument,
	type SealedValues,
} from '../gitops/secrets/sealed-document';
import { type Scope, scopeOf } from '../gitops/secrets/sealed-secret-fields';
import type { Resource } from '../kube/resource';
import { homeOf } from '../model/bases';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { buildOf, entriesOf } from '../model/entries';
import { actualsOf } from '../model/secret-templates';
import { sealingCertificates } from '../model/sealing-certificates';
import { afterChange } from '../model/trial';
import { contentOf, syntaxOf } from '../workspace/documents';
import { sourceChange } from '../workspace/edits';
import { fileExists } from '../workspace/inputs';
import { spotAt } from '../workspace/places';
import { child, entriesOf as entriesOfMap, isNull, type Node, nodeAt, textAt } from '../yaml/node';
import { documentAt } from '../yaml/syntax';

/** What could be sealed at a place of a file. */
export interface Sealable {
	readonly kind: 'sealable';
	/** The keys that the Secret or SealedSecret has. */
	readonly keys: readonly SealableKey[];
	/** The one under the cursor. */
	readonly key: string | undefined;
	readonly places: readonly SealPlace[];
}

export interface SealableKey {
	readonly key: string;
	/** `written`: its plaintext stands in the file. `wanted`: a placeholder stands there, or a ciphertext. */
	readonly value: 'written' | 'wanted';
}

/** One environment, and the file that holds the sealed values there. */
export interface SealPlace {
	readonly environment: string;
	readonly file: FilePath;
	/** Whether the file is still to be made. */
	readonly isNew: boolean;
	/** What a value is to be sealed for: name and namespace as rendered in this environment. */
	readonly scope: Scope;
	readonly name: string;
	readonly namespace: string;
	/** The files with certificates of this environment. */
	readonly certificates: readonly FilePath[];
}

/** Why nothing can be sealed, in a sentence for the user. */
export interface NotSealable {
	readonly kind: 'failure';
	readonly failure: string;
}

/** The Secret or SealedSecret at an offset. */
interface Source extends SealedDocument {
	readonly kind: 'Secret' | 'SealedSecret';
}

export function sealable(db: Database, file: FilePath, offset: number): Sealable | NotSealable {
	const source = sourceAt(db, file, offset);
	if (!source)
		return fail(
			'There is no Secret and no SealedSecret at the cursor. Put it into the one whose values are to be sealed.',
		);
	const places = source.kind === 'SealedSecret' ? renderedPlaces(db, source) : placesFor(db, source);
	if ('failure' in places) return places;
	const path = spotAt(db, file, offset)?.address.path ?? [];
	const fields = source.kind === 'Secret' ? [['data'], ['stringData']] : [['spec', 'encryptedData']];
	const keys = keysOf(source);
	const field = fields.find(names => names.every((name, i) => path[i] === name));
	const key = field && path[field.length];
	return { kind: 'sealable', keys, key: keys.find(each => each.key === key)?.key, places };
}

function fail(failure: string): NotSealable {
	return { kind: 'failure', failure };
}

function sourceAt(db: Database, file: FilePath, offset: number): Source | undefined {
	const document = documentAt(syntaxOf(db, file), offset);
	return readSource(file, document, contentOf(db, file)[document]?.root);
}

function readSource(file: FilePath, document: number, root: Node | undefined): Source | undefined {
	const kind = textAt(root, 'kind');
	if (!root || (kind !== 'Secret' && kind !== 'SealedSecret')) return undefined;
	return { kind, file, document, root };
}

function keysOf({ kind, root }: Source): readonly SealableKey[] {
	if (kind === 'SealedSecret')
		return entriesOfMap(nodeAt(root, ['spec', 'encryptedData'])).map(({ key }) => ({ key, value: 'wanted' }));
	return [...plainValues(root)].map(([key, bytes]) => ({
		key,
		value: placeholderIn(decodeUtf8(bytes)) ? 'wanted' : 'written',
	}));
}

/** The plaintexts that stand in the Secret at an offset, by key; none for placeholders. For the sealing at once, and nothing else. */
export function writtenValues(db: Database, file: FilePath, offset: number): ReadonlyMap<string, Uint8Array> {
	const source = sourceAt(db, file, offset);
	if (source?.kind !== 'Secret') return new Map();
	return new Map([...plainValues(source.root)].filter(([, bytes]) => !placeholderIn(decodeUtf8(bytes))));
}

/** The values in a Secret, `stringData` over `data` as the API server merges them. What is no base64 holds nothing. */
function plainValues(root: Node): ReadonlyMap<string, Uint8Array> {
	const values = new Map<string, Uint8Array>();
	for (const { key, value } of entriesOfMap(child(root, 'data'))) {
		const text = value.kind === 'scalar' && !isNull(value) && !placeholderIn(value.text) ? value.text : '';
		values.set(key, decodeBase64(text.replace(/\s+/g, '')) ?? new Uint8Array());
	}
	for (const { key, value } of entriesOfMap(child(root, 'stringData')))
		values.set(key, encodeUtf8(value.kind === 'scalar' && !isNull(value) ? value.text : ''));
	return values;
}

/** One place for each environment that renders the SealedSecret; as it stands where none does. */
function renderedPlaces(db: Database, source: SealedDocument): readonly SealPlace[] {
	const { file, root } = source;
	const scope = scopeOf(child(root, 'metadata'));
	const places = entriesOf(db, file).flatMap(({ environment, ...entry }): SealPlace[] => {
		const found = buildOf(db, { environment, ...entry }).resources.filter(resource => comesFrom(resource, source));
		return found.map(({ id: { name, namespace } }) => ({
			environment,
			file,
			isNew: false,
			scope,
			name,
			namespace,
			certificates: certificatesFor(db, environment),
		}));
	});
	if (places.length > 0) return uniquePlaces(places);
	const environment = homeOf(db, file)?.environments[0] ?? '';
	const name = textAt(root, 'metadata', 'name') ?? '';
	const namespace = textAt(root, 'metadata', 'namespace') ?? '';
	return [{ environment, file, isNew: false, scope, name, namespace, certificates: certificatesFor(db, environment) }];
}

function comesFrom({ id, from }: Resource, { file, document }: SealedDocument): boolean {
	return id.kind === 'SealedSecret' && from.file === file && from.document === document;
}

/** Entry points of one environment that render the same are one place. */
function uniquePlaces(places: readonly SealPlace[]): readonly SealPlace[] {
	const key = ({ environment, file, name, namespace }: SealPlace) =>
		JSON.stringify([environment, file, name, namespace]);
	return [...new Map(places.map(place => [key(place), place])).values()];
}

function certificatesFor(db: Database, environment: string): readonly FilePath[] {
	return sealingCertificates(db)
		.filter(each => each.environment === environment && each.certificates.length > 0)
		.map(({ file }) => file);
}

/** The files for a Secret's sealed values, and what would be rendered of them. */
function placesFor(db: Database, source: Source): readonly SealPlace[] | NotSealable {
	const files = filesFor(db, source);
	if (files.length === 0)
		return fail(
			'No kustomization builds on the place of this Secret, so there is nowhere to list its sealed values. Put it below a directory with a kustomization.yaml.',
		);
	const wanted = new Set(files);
	const keys = keysOf(source).map(({ key }) => key);
	const edits = files.flatMap(file => {
		const there = documentIn(db, file);
		const values = new Map(keys.map(key => [key, 'AgAA']));
		const sealed = { values, scope: 'strict', name: '', namespace: '' } as const;
		return there ? listing(db, file) : newFile(db, source, file, sealed);
	});
	const places = afterChange(db, sourceChange(db, edits), () =>
		files.flatMap(file => {
			const there = documentIn(db, file);
			return there ? renderedPlaces(db, there) : [];
		}),
	);
	return places.filter(({ file }) => wanted.has(file)).map(place => ({ ...place, isNew: !fileExists(db, place.file) }));
}

/** The environments' files: beside each overlay that stands on the Secret's home, or in that home itself. */
function filesFor(db: Database, { file, root }: Source): readonly FilePath[] {
	const home = homeOf(db, file);
	if (!home) return [];
	const known = actualsOf(db, file);
	const overlays = home.role === 'base' ? overlaysOf(db, home) : [home];
	return overlays.map(
		({ directory }) =>
			known.find(actual => homeOf(db, actual)?.directory === directory) ??
			join(directory, `sealed-secrets/actual-${nameFor(file, root)}.yaml`),
	);
}

/** What stands on a base for one environment alone, by environment and directory. */
function overlaysOf(db: Database, base: Kustomized): readonly Kustomized[] {
	const { kustomized } = db.get(clusterTree, '');
	const above = base.users.flatMap(directory => kustomized.get(directory) ?? []);
	const overlays = above.flatMap(user => (user.environments.length > 1 ? overlaysOf(db, user) : [user]));
	return [...new Set(overlays)]
		.filter(({ environments }) => environments.length === 1)
		.sort((a, b) => compare(a.environments[0]!, b.environments[0]!) || compare(a.directory, b.directory));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nameFor(file: FilePath, root: Node): string {
	return /^template-(.+)\.ya?ml$/.exec(basename(file))?.[1] ?? textAt(root, 'metadata', 'name') ?? 'secret';
}

/** The SealedSecret of a file that holds nothing else before it. */
function documentIn(db: Database, file: FilePath): SealedDocument | undefined {
	const found = readSource(file, 0, contentOf(db, file)[0]?.root);
	return found?.kind === 'SealedSecret' ? found : undefined;
}

function newFile(db: Database, { root }: Source, file: FilePath, sealed: SealedValues): readonly SourceEdit[] {
	return [{ kind: 'create-file', file, text: newSealedSecret(root, sealed) }, ...listing(db, file)];
}

/** Lists a file under `resources` of its kustomization, where it is not. */
function listing(db: Database, file: FilePath): readonly SourceEdit[] {
	const home = homeOf(db, dirname(file));
	if (!home?.links.file || home.links.links.some(({ target }) => target === file)) return [];
	const at = { file: home.links.file, document: 0, path: ['resources'] };
	return [{ kind: 'insert', at, yaml: relative(home.directory, file) }];
}

/**
 * The edits that write sealed values down at a place: into the SealedSecret that is there, or as a new file that its kustomization
 * lists. A SealedSecret has one scope for all its values, so another one is refused where some would stay.
 */
export function sealEdits(
	db: Database,
	file: FilePath,
	offset: number,
	place: FilePath,
	sealed: SealedValues,
): readonly SourceEdit[] | NotSealable {
	const source = sourceAt(db, file, offset);
	if (!source) return fail('The Secret at the cursor is no longer there.');
	const into = source.kind === 'SealedSecret' ? source : documentIn(db, place);
	if (into) {
		const scope = scopeOf(child(into.root, 'metadata'));
		if (scope !== sealed.scope && !replacesAll(into, sealed.values.keys()))
			return fail(
				`The other values of this SealedSecret were sealed with the scope ${scope}, and one object has one scope. Choose ${scope}, or seal all its values anew with "Strata: Seal Secret File".`,
			);
		return [...resealEdits(into, sealed), ...(source.kind === 'SealedSecret' ? [] : listing(db, place))];
	}
	if (fileExists(db, place))
		return fail(`${basename(place)} is there already and does not begin with a SealedSecret; move it out of the way.`);
	return newFile(db, source, place, sealed);
}
