/** Keeps a kustomization from renaming or moving a sealed secret: a transformer of its own, which runs after the fields, puts back what it was sealed for. */
import { addressKey } from '../../base/address';
import { isKustomizationFile } from '../../base/paths';
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import { isSealedSecret } from '../../gitops/secrets/sealed-secret-fields';
import { buildOf, entriesOf } from '../../model/entries';
import { contentOf } from '../../workspace/documents';
import { addressOf, nodeAt, type Step, textAt } from '../../yaml/node';
import type { Finding } from '../rule';

/** What the fields are called that do it. */
const FIELDS: Partial<Readonly<Record<Step, string>>> = {
	prefix: 'namePrefix',
	suffix: 'nameSuffix',
	namespace: 'namespace',
};

export function excludeSealedSecret(db: Database, { code, at, related = [] }: Finding): readonly Fix[] {
	const part = code === 'sealed-secret/name-drift' ? 'name' : 'namespace';
	const ends = new Set([at, ...related.map(each => each.at)].map(addressKey));
	const sealed = entriesOf(db, at.file).flatMap(entry => buildOf(db, entry).resources.filter(isSealedSecret));
	for (const { node, from, originalId } of sealed) {
		const secret = { ...from, path: [...from.path, 'metadata', part] };
		const origin = nodeAt(node, ['metadata', part])?.origin;
		const field = origin && FIELDS[origin.step];
		if (!field || !ends.has(addressKey(secret)) || !ends.has(addressKey(addressOf(origin)))) continue;
		const { file, document } = origin;
		const was = textAt(contentOf(db, from.file)[from.document]?.root, 'metadata', part);
		if (!isKustomizationFile(file) || was === undefined) continue;
		const at = { file, document, path: ['transformers'] };
		const edit = { kind: 'insert', at, yaml: transformer(originalId.name, part, was) } as const;
		return [{ title: `Keep ${field} from SealedSecret/${originalId.name}`, edits: [edit] }];
	}
	return [];
}

function transformer(name: string, part: 'name' | 'namespace', was: string): string {
	return [
		'|-',
		'apiVersion: builtin',
		'kind: PatchTransformer',
		'metadata:',
		`  name: keep-${part}-of-${name}`,
		'target:',
		'  kind: SealedSecret',
		`  name: ${name}`,
		'patch: |-',
		'  - op: replace',
		`    path: /metadata/${part}`,
		`    value: ${was}`,
	].join('\n');
}
