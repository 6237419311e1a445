/** Label selectors of Kubernetes on plain values; apimachinery `metav1.LabelSelectorAsSelector`. */
import type { Plain } from '../../yaml/node';
import { get, isMap, listOf, textOf, textsOf } from './kyverno/plain-values';

/** Whether labels satisfy a selector; an empty selector selects everything. */
export function matchesSelector(selector: Plain | undefined, labels: Plain | undefined): boolean {
	const own = (key: string) => get(labels, key);
	const matchLabels = get(selector, 'matchLabels');
	const equal = Object.entries(isMap(matchLabels) ? matchLabels : {});
	return (
		equal.every(([key, value]) => own(key) !== undefined && String(own(key)) === String(value)) &&
		listOf(selector, 'matchExpressions').every(expression => {
			const key = textOf(expression, 'key') ?? '';
			const values = textsOf(expression, 'values');
			const value = own(key);
			switch (textOf(expression, 'operator')) {
				case 'In':
					return value !== undefined && values.includes(String(value));
				case 'NotIn':
					return value === undefined || !values.includes(String(value));
				case 'Exists':
					return value !== undefined;
				case 'DoesNotExist':
					return value === undefined;
				default:
					return false;
			}
		})
	);
}
