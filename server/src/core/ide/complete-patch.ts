/**
 * Completion in a resource or a patch of one: the fields that the resource has in the base, with their values. The resource is
 * found by kind and name, so that a half-typed patch, which changes nothing yet, is completed all the same.
 */
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { entriesOf as mapEntries, type Node, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { CaretDocument } from './caret-document';
import { counterparts } from './counterparts';
import { valueLabel } from './labels';
import { isSecretField } from '../kube/data-sources';
import { holdsSecret } from '../kube/secret-copies';
import { SECRET } from '../kube/taken-secrets';
import { isFromSecret, shownValue } from '../model/secret-places';

/** Keys of the map at the caret. */
export function patchFields(db: Database, file: FilePath, document: CaretDocument): Candidate[] {
	return counterparts(db, file, document).flatMap(({ node, environment }) =>
		mapEntries(node).map(({ key, value }): Candidate => ({
			label: key,
			kind: 'field',
			insert: key,
			detail: `${isSecret(db, document, key, environment, value) ? SECRET : valueLabel(shownValue(db, environment, value))}${environment ? ` (${environment})` : ''}`,
			shape: value.kind === 'map' ? 'map' : value.kind === 'seq' ? 'list' : 'scalar',
			rank: 1,
		})),
	);
}

/** The value that the base has. */
export function patchValues(db: Database, file: FilePath, document: CaretDocument): Candidate[] {
	return counterparts(db, file, document).flatMap(({ node, environment }): Candidate[] =>
		node.kind === 'scalar' &&
		node.text !== '' &&
		// What is being typed there; and a name that followed a hash is another one tomorrow.
		node.origin.file !== file &&
		node.origin.step !== 'nameReference' &&
		!holdsSecret(node.text) &&
		!isSecret(db, document, '', environment, node)
			? [{ label: node.text, kind: 'value', insert: node.text, detail: environment || 'in base', rank: 1 }]
			: [],
	);
}

/** Whether a value, or a part of it, is one of a Secret. */
function isSecret(
	db: Database,
	{ root, path }: CaretDocument,
	key: string,
	environment: string,
	{ origin }: Node,
): boolean {
	return isSecretField(textAt(root, 'kind'), key ? [...path, key] : path) || isFromSecret(db, environment, origin);
}
