/** `strata.yaml` while it is written: which keys and values it takes, and what they mean. */
import type { FieldPath } from '../base/address';
import { dirname, type FilePath, relative } from '../base/paths';
import type { CodeInfo } from '../base/problem';
import type { Database } from '../base/query';
import { clusterTree } from '../model/cluster-tree';
import { spotAt } from '../workspace/places';
import { CONFIG_FIELDS, type ConfigField, type ConfigType } from '../workspace/tree-config-fields';
import type { Candidate } from './candidates';
import type { Caret } from './caret';
import type { Hover } from './results';

/** What may stand at the caret. `codes` are all that can be reported. */
export function configCandidates(
	db: Database,
	file: FilePath,
	{ path, position }: Caret,
	codes: readonly CodeInfo[],
): readonly Candidate[] {
	const type = typeAt(path);
	if (position !== 'key') return type ? valuesOf(db, file, type) : [];
	if (type?.kind === 'fields') return type.fields.map(fieldCandidate);
	if (type?.kind !== 'map') return [];
	return type.keys === 'codes' ? codeCandidates(codes, type.value) : environmentCandidates(db);
}

/** What the field at the offset means. */
export function configHover(
	db: Database,
	file: FilePath,
	offset: number,
	codes: readonly CodeInfo[],
): Hover | undefined {
	const spot = spotAt(db, file, offset);
	const path = spot?.address.path.filter(key => typeof key === 'string') ?? [];
	if (!spot || path.length === 0) return undefined;
	const [name, key] = path;
	const field = fieldAt(path);
	const code = field ? undefined : codes.find(each => each.code === key);
	if (code) return { range: spot.range, markdown: `\`${code.code}\` (${code.severity}): ${code.summary}` };
	const about = field ?? fieldAt([name!]);
	return about && { range: spot.range, markdown: about.description };
}

/** The field at a path of keys; nothing for a key that the tree or the rules give. */
function fieldAt(path: readonly string[]): ConfigField | undefined {
	let fields: readonly ConfigField[] = CONFIG_FIELDS;
	let found: ConfigField | undefined;
	for (const key of path) {
		found = fields.find(({ name }) => name === key);
		fields = found?.type.kind === 'fields' ? found.type.fields : [];
	}
	return found;
}

/** What stands at a path. */
function typeAt(path: FieldPath): ConfigType | undefined {
	let type: ConfigType | undefined = { kind: 'fields', fields: CONFIG_FIELDS };
	for (const key of path) {
		if (type?.kind === 'fields') type = type.fields.find(({ name }) => name === key)?.type;
		else if (type?.kind === 'map') type = type.value;
		else if (type?.kind !== 'texts' || typeof key !== 'number') return undefined;
	}
	return type;
}

function fieldCandidate({ name, description, type }: ConfigField): Candidate {
	const shape = type.kind === 'fields' || type.kind === 'map' ? 'map' : type.kind === 'texts' ? 'list' : 'scalar';
	return { label: name, kind: 'field', insert: name, documentation: description, shape };
}

function codeCandidates(codes: readonly CodeInfo[], { kind }: ConfigType): Candidate[] {
	const shape = kind === 'texts' ? 'list' : 'scalar';
	const areas = [...new Set(codes.map(({ code }) => `${code.split('/', 1)[0]}/*`))];
	return [
		...codes.map(({ code, severity, summary }): Candidate => ({
			label: code,
			kind: 'field',
			insert: code,
			detail: severity,
			documentation: summary,
			shape,
		})),
		...areas.map((area): Candidate => ({ label: area, kind: 'field', insert: area, shape, rank: 6 })),
	];
}

function environmentCandidates(db: Database): Candidate[] {
	const { environments } = db.get(clusterTree, '');
	return environments.map(name => ({ label: name, kind: 'field', insert: name, shape: 'list' }));
}

function valuesOf(db: Database, file: FilePath, type: ConfigType): Candidate[] {
	switch (type.kind) {
		case 'choice':
			return type.values.map(value => ({ label: value, kind: 'enum', insert: value }));
		case 'text':
			return [{ label: type.example, kind: 'value', insert: type.example }];
		case 'texts':
			return type.of === 'globs' ? directoryCandidates(db, dirname(file)) : [];
		default:
			return [];
	}
}

/** The directories that are built, and those that hold several of them. */
function directoryCandidates(db: Database, root: FilePath): Candidate[] {
	const built = [...db.get(clusterTree, '').kustomized.keys()];
	const parents = built.map(dirname).filter(parent => built.filter(each => dirname(each) === parent).length > 1);
	const paths = [
		...new Set([...built.map(each => relative(root, each)), ...parents.map(each => `${relative(root, each)}/*`)]),
	];
	return paths
		.filter(path => !path.startsWith('.'))
		.sort()
		.map(path => ({ label: path, kind: 'folder', insert: path }));
}
