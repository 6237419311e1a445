/** Kubernetes' quantities (`apimachinery resource.ParseQuantity`): `500m`, `2Gi`, `1e3`, `0.5`. */

const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Whether the API server reads the text as a quantity. */
export function isQuantity(text: string): boolean {
	return QUANTITY.test(text);
}
