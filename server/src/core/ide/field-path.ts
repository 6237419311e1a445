/** Field paths as people write them: `spec.containers[0].image`, `containers[name=web]`, `metadata.annotations["a.b/c"]`. */

export type PathStep =
	| { readonly kind: 'key'; readonly key: string }
	| { readonly kind: 'index'; readonly index: number }
	/** The element of a list whose field has this value. */
	| { readonly kind: 'select'; readonly field: string; readonly value: string };

const STEP = /\.?(?:\[(?:(\d+)|"((?:\\.|[^"\\])*)"|'([^']*)'|([\w/-]+)=([^\]]*))\]|((?:\\.|[^.[\]\\])+))/y;

/** The steps of a path; nothing where it is none. A leading dot is allowed; a backslash keeps a dot in a key. */
export function parseFieldPath(text: string): readonly PathStep[] | undefined {
	const steps: PathStep[] = [];
	STEP.lastIndex = 0;
	while (STEP.lastIndex < text.length) {
		const match = STEP.exec(text);
		if (!match) return undefined;
		const [, index, double, single, field, value, plain] = match;
		if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
		else if (field !== undefined) steps.push({ kind: 'select', field, value: value! });
		else steps.push({ kind: 'key', key: single ?? (double ?? plain)!.replace(/\\(.)/g, '$1') });
	}
	return steps.length > 0 ? steps : undefined;
}
