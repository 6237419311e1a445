/** Label selectors as kubectl and kustomize write them (`k8s.io/apimachinery/pkg/labels.Parse`): `a=b,c!=d,e in (f,g),!h`. */

export interface LabelRequirement {
	readonly key: string;
	readonly operator: 'in' | 'notin' | 'exists' | 'missing' | 'gt' | 'lt';
	readonly values: readonly string[];
}

const NAME = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** The requirements, all of which must be met; nothing where the text is no selector. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] | undefined {
	const requirements: LabelRequirement[] = [];
	for (const part of splitRequirements(text)) {
		const requirement = parseRequirement(part.trim());
		if (!requirement || !NAME.test(requirement.key) || !requirement.values.every(value => VALUE.test(value)))
			return undefined;
		requirements.push(requirement);
	}
	return requirements;
}

/** Whether labels meet all of the requirements. */
export function meetsRequirements(
	requirements: readonly LabelRequirement[],
	labels: ReadonlyMap<string, string>,
): boolean {
	return requirements.every(({ key, operator, values }) => {
		const value = labels.get(key);
		switch (operator) {
			case 'in':
				return value !== undefined && values.includes(value);
			case 'notin':
				return value === undefined || !values.includes(value);
			case 'exists':
				return value !== undefined;
			case 'missing':
				return value === undefined;
			case 'gt':
				return value !== undefined && /^-?\d+$/.test(value) && BigInt(value) > BigInt(values[0]!);
			case 'lt':
				return value !== undefined && /^-?\d+$/.test(value) && BigInt(value) < BigInt(values[0]!);
		}
	});
}

/** At commas outside of parentheses. */
function splitRequirements(text: string): readonly string[] {
	const parts: string[] = [];
	let depth = 0;
	let start = 0;
	for (let i = 0; i < text.length; i++) {
		if (text[i] === '(') depth++;
		else if (text[i] === ')') depth--;
		else if (text[i] === ',' && depth === 0) {
			parts.push(text.slice(start, i));
			start = i + 1;
		}
	}
	const last = text.slice(start);
	return parts.length === 0 && last.trim() === '' ? [] : [...parts, last];
}

function parseRequirement(text: string): LabelRequirement | undefined {
	const missing = /^!\s*(\S+)$/.exec(text);
	if (missing) return { key: missing[1]!, operator: 'missing', values: [] };
	const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
	if (set) {
		const values = set[3]!.split(',').map(value => value.trim());
		return { key: set[1]!, operator: set[2] === 'in' ? 'in' : 'notin', values };
	}
	const compared = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*(\S*)$/.exec(text);
	if (compared) {
		const [, key, sign, value] = compared as unknown as [string, string, string, string];
		if (sign === '>' || sign === '<')
			return /^-?\d+$/.test(value) ? { key, operator: sign === '>' ? 'gt' : 'lt', values: [value] } : undefined;
		return { key, operator: sign === '!=' ? 'notin' : 'in', values: [value] };
	}
	return /^\S+$/.test(text) ? { key: text, operator: 'exists', values: [] } : undefined;
}
