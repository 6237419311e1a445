/**
 * What the sealed-secrets controller will say about the SealedSecrets of one environment as rendered. A ciphertext opens only under
 * the label it was sealed with (`v1alpha1.Unseal`), so a name or namespace that a transformer changed after sealing ends in `no key could
 * decrypt secret`; as sealed is what the secret's own file says.
 */
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { describeId } from '../../kube/resource-id';
import type { SealingTarget } from '../../workspace/inputs';
import { addressOf, child, nodeAt, type Node, type ScalarNode, textAt } from '../../yaml/node';
import type { Certificate } from './certificate';
import { type Ciphertext, inspectCiphertext } from './ciphertext';
import {
	encryptedValues,
	type EncryptedValue,
	isSealedSecret,
	isTemplateFile,
	placeOf,
	scopeOf,
	SEALED_SECRETS_GROUP,
	SEALED_SECRETS_VERSION,
} from './sealed-secret-fields';
import { sealedTemplateProblems } from './sealed-template';
import { type DriftContext, driftProblems, SCOPE_DRIFT } from './sealing-drift';

export interface SealedSecretContext extends DriftContext {
	/** The certificates that secrets of this environment are sealed with; none where the tree has none for it. */
	readonly certificates: readonly Certificate[];
	/** Whether the controller's own key opens a ciphertext for a target; nothing where that is not known. */
	readonly opens?: (sealed: string, target: SealingTarget) => boolean | undefined;
}

/** The problems of every SealedSecret among the resources of one build, in their order. */
export function sealedSecretProblems(resources: readonly Resource[], context: SealedSecretContext): readonly Problem[] {
	const sealed = resources.filter(isSealedSecret);
	return sealed.flatMap(resource => {
		const version = versionProblem(resource);
		if (version) return [version];
		// What was seen to open needs no guesses.
		const values = encryptedValues(resource).filter(({ node }) => opens(context, resource, node) !== true);
		const drift = driftProblems(resource, values, context);
		return [
			...drift,
			...(drift.length > 0 || values.length === 0 ? [] : templateProblems(resource)),
			...(values.length === 0 || drift.some(({ code }) => code === SCOPE_DRIFT) ? [] : scopeProblems(resource)),
			...deprecatedData(resource),
			...sealedTemplateProblems(resource),
			...values.flatMap(value => {
				const found = ciphertextProblem(resource, value, context.certificates);
				return found.length > 0 || drift.length > 0 ? found : closedProblem(resource, value, context);
			}),
			...sameNameProblems(resource, resources),
		];
	});
}

function opens({ opens }: SealedSecretContext, resource: Resource, { text }: ScalarNode): boolean | undefined {
	return opens?.(text, { scope: scopeOf(child(resource.node, 'metadata')), ...nameOf(resource.id) });
}

function nameOf({ namespace, name }: Resource['id']): { readonly namespace: string; readonly name: string } {
	return { namespace, name };
}

/** A value that looks right and that the controller's key does not open all the same. It may be told what it was sealed for. */
function closedProblem(
	resource: Resource,
	{ key, node }: EncryptedValue,
	context: SealedSecretContext,
): readonly Problem[] {
	if (opens(context, resource, node) !== false) return [];
	const { id, originalId } = resource;
	const scope = scopeOf(child(resource.node, 'metadata'));
	const candidates: readonly SealingTarget[] = [
		{ scope: 'cluster-wide', ...nameOf(id) },
		{ scope: 'namespace-wide', ...nameOf(id) },
		{ scope: 'strict', ...nameOf(id) },
		{ scope, ...nameOf(originalId) },
	];
	const sealedFor = candidates.find(target => context.opens?.(node.text, target));
	const why = sealedFor
		? `it was sealed as ${sealedFor.scope}${sealedFor.scope === scope ? ` for ${sealedFor.namespace}/${sealedFor.name}` : `, and the object says ${scope}`}`
		: 'it was sealed for another name, namespace or cluster, or with an older key that is not among them';
	return [
		{
			code: 'sealed-secret/cannot-open',
			severity: sealedFor ? 'error' : 'warning',
			message: `None of your private keys opens the value of "${key}" in SealedSecret/${id.name}: ${why}. Seal the value again.`,
			at: addressOf(node.origin),
			details: `no key could decrypt secret (${key})`,
		},
	];
}

function versionProblem({ node, id }: Resource): Problem | undefined {
	if (id.group === SEALED_SECRETS_GROUP && id.version === SEALED_SECRETS_VERSION) return undefined;
	const written = id.group ? `${id.group}/${id.version}` : id.version;
	return {
		code: 'sealed-secret/unknown-version',
		severity: 'error',
		message: `${describeId(id)} has the apiVersion "${written}", which the sealed-secrets controller does not know; did you mean "${SEALED_SECRETS_GROUP}/${SEALED_SECRETS_VERSION}"?`,
		at: placeOf(node, 'apiVersion'),
		details: `no matches for kind "SealedSecret" in version "${written}"`,
		fixes: [
			{
				title: `Change the apiVersion to ${SEALED_SECRETS_GROUP}/${SEALED_SECRETS_VERSION}`,
				edits: [
					{ kind: 'set', at: placeOf(node, 'apiVersion'), text: `${SEALED_SECRETS_GROUP}/${SEALED_SECRETS_VERSION}` },
				],
			},
		],
	};
}

/** kubeseal writes the metadata twice, above and in the template; where they differ somebody changed one of them by hand. */
function templateProblems(resource: Resource): readonly Problem[] {
	const { node, id } = resource;
	const template = nodeAt(node, ['spec', 'template', 'metadata']);
	if (!template || isTemplateFile(template.origin)) return [];
	const scope = scopeOf(child(node, 'metadata'));
	const problems: Problem[] = [];
	const differs = (part: 'name' | 'namespace', rendered: string) => {
		const sealedAs = textAt(template, part);
		if (sealedAs === undefined || sealedAs === '' || rendered === '' || sealedAs === rendered) return;
		problems.push({
			code: 'sealed-secret/template-contradicts',
			severity: 'warning',
			message: `SealedSecret/${id.name} has the ${part} "${rendered}" and its template the ${part} "${sealedAs}": the controller decrypts for "${rendered}", but kubeseal writes both alike, so it was probably sealed for "${sealedAs}". Seal it anew, or give both the ${part} it was sealed for.`,
			at: placeOf(template, part),
			related: [{ message: `the ${part} that counts`, at: placeOf(node, 'metadata', part) }],
		});
	};
	if (scope === 'strict') differs('name', id.name);
	if (scope !== 'cluster-wide') differs('namespace', id.namespace);
	return problems;
}

function scopeProblems({ node, id }: Resource): readonly Problem[] {
	const template = nodeAt(node, ['spec', 'template', 'metadata']);
	if (!template || isTemplateFile(template.origin)) return [];
	const scope = scopeOf(child(node, 'metadata'));
	// A template without annotations says nothing: manifests written by hand around `kubeseal --raw` have none.
	const templateScope = scopeOf(template);
	if (templateScope === 'strict' || templateScope === scope) return [];
	return [
		{
			code: 'sealed-secret/template-contradicts',
			severity: 'warning',
			message: `SealedSecret/${id.name} has the scope ${scope} by its own annotations and ${templateScope} by its template's: the controller goes by its own, but kubeseal writes both alike. Give metadata.annotations what the template has, or seal it anew.`,
			at: placeOf(template, 'annotations'),
			related: [{ message: 'the annotations that count', at: placeOf(node, 'metadata', 'annotations') }],
		},
	];
}

function deprecatedData({ node, id }: Resource): readonly Problem[] {
	const data = nodeAt(node, ['spec', 'data']);
	if (!data || (data.kind === 'scalar' && data.tag === '!!null')) return [];
	return [
		{
			code: 'sealed-secret/deprecated-data',
			severity: 'error',
			message: `SealedSecret/${id.name} uses spec.data, which the controller no longer opens; seal it anew, so that it has spec.encryptedData.`,
			at: addressOf(data.origin),
			details: "using deprecated 'data' field, use 'encryptedData' or flip the feature flag",
		},
	];
}

function ciphertextProblem(
	{ id }: Resource,
	{ key, node }: EncryptedValue,
	certificates: readonly Certificate[],
): readonly Problem[] {
	const found = findingOf(inspectCiphertext(node.text, certificates), key);
	if (!found) return [];
	const { message, ...rest } = found;
	return [
		{ ...rest, message: `The value of "${key}" in SealedSecret/${id.name} ${message}`, at: addressOf(node.origin) },
	];
}

type Finding = Pick<Problem, 'code' | 'severity' | 'message' | 'details'>;

function findingOf(found: Ciphertext, key: string): Finding | undefined {
	switch (found.kind) {
		case 'not-base64':
			return {
				code: 'sealed-secret/not-base64',
				severity: 'error',
				message: 'is not base64, so it is no ciphertext. Seal the value again.',
				details: `illegal base64 data at input byte ${found.errorAt} (${key})`,
			};
		case 'too-short':
			return {
				code: 'sealed-secret/too-short',
				severity: 'error',
				message: `is ${found.bytes} bytes long, and a ciphertext of its kind has at least ${found.least}: something was cut off. Seal the value again.`,
				details: `no key could decrypt secret (${key})`,
			};
		case 'no-key-length':
			return {
				code: 'sealed-secret/wrong-key-length',
				severity: 'error',
				message: `begins with a key length of ${found.keyBytes} bytes, which no RSA key has, so it is no ciphertext of kubeseal. Seal the value again.`,
				details: `no key could decrypt secret (${key})`,
			};
		case 'other-key-length':
			return {
				code: 'sealed-secret/wrong-key-length',
				severity: 'warning',
				message: `was sealed with an RSA key of ${found.keyBytes * 8} bits, and the certificate of this environment has another length: only an older key could open it. Seal the value with this certificate.`,
				details: `no key could decrypt secret (${key})`,
			};
		case 'other-key':
			return {
				code: 'sealed-secret/wrong-key',
				severity: 'warning',
				message:
					'was certainly not sealed with the certificate of this environment: only an older key could open it. Seal the value with this certificate.',
				details: `no key could decrypt secret (${key})`,
			};
		case 'sealed':
			if (found.plaintextBytes > 0) return undefined;
			return {
				code: 'sealed-secret/empty-value',
				severity: 'information',
				message: 'opens to an empty text. If it should hold something, seal it again with a value.',
			};
	}
}

const MAY_EXIST = ['sealedsecrets.bitnami.com/managed', 'sealedsecrets.bitnami.com/patch'] as const;

/** The controller does not touch a Secret it did not make, unless its annotations allow it (`Controller.unseal`). */
function sameNameProblems({ node, id }: Resource, resources: readonly Resource[]): readonly Problem[] {
	return resources
		.filter(
			other =>
				other.id.kind === 'Secret' &&
				other.id.group === '' &&
				other.id.name === id.name &&
				other.id.namespace === id.namespace &&
				!MAY_EXIST.some(key => isTrue(nodeAt(other.node, ['metadata', 'annotations', key]))),
		)
		.map(other => ({
			code: 'sealed-secret/secret-of-same-name',
			severity: 'error',
			message: `Secret/${id.name} stands beside the SealedSecret of the same name, and the controller does not overwrite a Secret that it did not make. Remove the Secret, or give it the annotation ${MAY_EXIST[0]}: "true".`,
			at: placeOf(other.node, 'metadata', 'name'),
			related: [{ message: `the SealedSecret of the same name`, at: placeOf(node, 'metadata', 'name') }],
			details: `Resource "${id.name}" already exists and is not managed by SealedSecret`,
		}));
}

function isTrue(node: Node | undefined): boolean {
	return textAt(node) === 'true';
}
