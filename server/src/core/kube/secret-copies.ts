/** Annotations in which a tool keeps the object as it was applied: that of a Secret holds its values, in plain text or in base64, whatever is hidden of the Secret itself. */
import type { FieldPath } from '../base/address';
import { entriesOf, type Node, nodeAt, type ScalarNode } from '../yaml/node';

/** Of kubectl, kubecfg, Rancher, kapp, Helm's and other operators' three-way merges; `kubeseal` leaves out the first two. */
const KEEPS_COPY = /\/(last-applied(-configuration|-config)?|applied|original(-configuration)?)$/;

/** Whether a text is the copy of a Secret with its data, as JSON or YAML. */
export function holdsSecret(text: string): boolean {
	return IS_SECRET.test(text) && HAS_DATA.test(text);
}

const IS_SECRET = /(^|[{,\s])"?kind"?\s*:\s*"?Secret("|\s|,|\}|$)/;
const HAS_DATA = /(^|[{,\s])"?(data|stringData)"?\s*:/;

/** Whether an annotation of that name keeps the copy of the object that has it. */
export function keepsCopy(annotation: string): boolean {
	return KEEPS_COPY.test(annotation);
}

/** The values that a copy in JSON holds, as it has them; nothing where it is none. */
export function valuesInCopy(text: string): readonly string[] {
	try {
		const { data, stringData } = JSON.parse(text) as { data?: unknown; stringData?: unknown };
		return [data, stringData].flatMap(map =>
			typeof map === 'object' && map !== null ? Object.values(map).filter(value => typeof value === 'string') : [],
		);
	} catch {
		return [];
	}
}

/** Whether a path leads to, or into, an annotation of a Secret in which its copy is kept, in whatever form. */
export function isCopyOf(kind: string | undefined, path: FieldPath): boolean {
	return kind === 'Secret' && path[0] === 'metadata' && path[1] === 'annotations' && keepsCopy(String(path[2] ?? ''));
}

/** Where an object has annotations, of its own first, and where that of what it makes. Every object is asked, so that no tree is walked for it. */
const METADATA: readonly FieldPath[] = [
	['metadata'],
	['spec', 'template', 'metadata'],
	['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
	['spec', 'target', 'template', 'metadata'],
	['spec', 'secretTemplate'],
];

/** Every annotation of an object, or of what it makes, that holds the copy of a Secret. */
export function secretCopies(kind: string, root: Node): readonly { readonly key: string; readonly node: ScalarNode }[] {
	return METADATA.flatMap(path =>
		entriesOf(nodeAt(root, [...path, 'annotations'])).flatMap(({ key, value }) => {
			if (value.kind !== 'scalar' || value.text === '') return [];
			const isCopy = holdsSecret(value.text) || isCopyOf(kind, [...path, 'annotations', key]);
			return isCopy ? [{ key, node: value }] : [];
		}),
	);
}
