/**
 * `spec.template.data` of SealedSecrets: Go templates with sprig's functions that the controller fills with the values it has decrypted, by their keys
 * (`v1alpha1.Unseal`). A key that is not among them stops nothing there: `<no value>` ends up in the Secret.
 */
import { didYouMean, nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf, entriesOf, nodeAt, type ScalarNode } from '../../yaml/node';
import { FUNCTIONS_OF_HELM, type KeyUse, type TemplateFault, templateKeys } from './go-template-keys';
import { isTemplateFile } from './sealed-secret-fields';

/** What the templates of a SealedSecret name that it does not hold, and what the controller cannot read in them. */
export function sealedTemplateProblems({ node, id }: Resource): readonly Problem[] {
	const known = new Set(entriesOf(nodeAt(node, ['spec', 'encryptedData'])).map(({ key }) => key));
	return entriesOf(nodeAt(node, ['spec', 'template', 'data'])).flatMap(({ key, value }) => {
		if (value.kind !== 'scalar' || isTemplateFile(value.origin)) return [];
		const template = templateKeys(value.text);
		const problem = (part: { from: number; to: number }, message: string, details?: string): Problem => ({
			code: 'sealed-secret/template-key',
			severity: 'error',
			message: `The template of "${key}" in SealedSecret/${id.name} ${message}`,
			at: addressOf(value.origin),
			...anchorOf(value, part),
			...(details && { details }),
		});
		if (template.kind === 'refused') {
			const { fault } = template;
			return [problem(fault, FAULTS[fault.kind](fault), `template: ${key}:${fault.line}: ${wordsOf(fault)}`)];
		}
		// Each key once, where it is named first.
		const missing = new Map(
			template.uses.flatMap(use => (known.has(use.key) ? [] : [[use.key, use] as const])).reverse(),
		);
		return [...missing.values()].map(use =>
			problem(
				use,
				`names the key "${use.key}", which encryptedData does not have, so ${CONSEQUENCES[use.how]}${meant(use.key, known)}`,
			),
		);
	});
}

const CONSEQUENCES: Readonly<Record<KeyUse['how'], string>> = {
	alone: 'the Secret would hold `<no value>` there',
	index: 'the Secret would hold nothing there',
	argument: 'there is no value to put there',
};

function meant(key: string, known: ReadonlySet<string>): string {
	if (nearest(key, known) !== undefined) return didYouMean(key, known);
	const first = [...known].slice(0, 8).join(', ');
	return first === ''
		? '. Seal the value under this key.'
		: `; encryptedData has ${first}${known.size > 8 ? ', ...' : ''}. Seal the value under this key, or name one of these.`;
}

const FAULTS: Readonly<Record<TemplateFault['kind'], (fault: TemplateFault) => string>> = {
	unclosed: () =>
		'has `{{` without `}}` behind it, so the controller cannot read it. Close it, or write `{{ "{{" }}` for the braces themselves.',
	dash: ({ name }) =>
		`has a dash in ".${name}", where Go allows none, so the controller cannot read it. Write \`index . "${name}"\`.`,
	'unknown-function': ({ name }) =>
		FUNCTIONS_OF_HELM.has(name)
			? `calls "${name}", which is a function of helm; the controller has those of sprig only.`
			: `calls "${name}", which the controller has left out of sprig's functions.`,
};

function wordsOf({ kind, name }: TemplateFault): string {
	if (kind === 'unclosed') return 'unclosed action';
	return kind === 'dash' ? "bad character U+002D '-'" : `function "${name}" not defined`;
}

/** The action itself, unless a step has put another text there than the file has. */
function anchorOf({ origin }: ScalarNode, { from, to }: { from: number; to: number }): Pick<Problem, 'anchor'> {
	return origin.step === 'substitute' ? {} : { anchor: { from, to } };
}
