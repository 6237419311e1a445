/** The API versions of Flux's kinds: which are old, what takes their place, and since which Flux version they are gone. */
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf, child, nodeAt } from '../../yaml/node';

interface OldVersion {
	readonly version: string;
	readonly replacement: string;
	/** The first minor version of Flux 2 that does not serve it any more. */
	readonly removedIn: number;
}

const old = (version: string, replacement: string, removedIn: number): OldVersion => ({
	version,
	replacement,
	removedIn,
});

const SOURCE = [old('v1beta1', 'v1', 7), old('v1beta2', 'v1', 8)];
const IMAGE = [old('v1alpha1', 'v1', 0), old('v1alpha2', 'v1', 0), old('v1beta1', 'v1', 8), old('v1beta2', 'v1', 9)];
const NOTIFICATION = [old('v1beta1', 'v1beta3', 7), old('v1beta2', 'v1beta3', 8)];

/** By group and kind. */
const OLD_VERSIONS: ReadonlyMap<string, readonly OldVersion[]> = new Map([
	['kustomize.toolkit.fluxcd.io/Kustomization', [old('v1beta1', 'v1', 7), old('v1beta2', 'v1', 8)]],
	['helm.toolkit.fluxcd.io/HelmRelease', [old('v2beta1', 'v2', 7), old('v2beta2', 'v2', 8)]],
	['source.toolkit.fluxcd.io/GitRepository', SOURCE],
	['source.toolkit.fluxcd.io/HelmRepository', SOURCE],
	['source.toolkit.fluxcd.io/HelmChart', SOURCE],
	['source.toolkit.fluxcd.io/Bucket', SOURCE],
	['source.toolkit.fluxcd.io/OCIRepository', [old('v1beta2', 'v1', 9)]],
	['notification.toolkit.fluxcd.io/Alert', NOTIFICATION],
	['notification.toolkit.fluxcd.io/Provider', NOTIFICATION],
	['notification.toolkit.fluxcd.io/Receiver', [old('v1beta1', 'v1', 7), old('v1beta2', 'v1', 8)]],
	['image.toolkit.fluxcd.io/ImageRepository', IMAGE],
	['image.toolkit.fluxcd.io/ImagePolicy', IMAGE],
	['image.toolkit.fluxcd.io/ImageUpdateAutomation', IMAGE],
]);

/** Fields that older versions of Flux do not know, by group, kind and path; the minor version that brought them. */
const NEW_FIELDS: readonly (readonly [string, readonly string[], number])[] = [
	['helm.toolkit.fluxcd.io/HelmRelease', ['spec', 'chartRef'], 3],
	['kustomize.toolkit.fluxcd.io/Kustomization', ['spec', 'healthCheckExprs'], 5],
	['source.toolkit.fluxcd.io/GitRepository', ['spec', 'sparseCheckout'], 6],
];

/** What is said about one object. `minor` is the minor version of Flux 2, where the tree tells it. */
export function apiVersionProblems({ id, node }: Resource, minor: number | undefined): readonly Problem[] {
	const key = `${id.group}/${id.kind}`;
	const problems: Problem[] = [];
	const found = OLD_VERSIONS.get(key)?.find(({ version }) => version === id.version);
	const written = child(node, 'apiVersion');
	if (found && written) {
		const replacement = `${id.group}/${found.replacement}`;
		const gone = minor !== undefined && found.removedIn > 0 && minor >= found.removedIn;
		const when = gone
			? `Flux 2.${minor} does not know it any more`
			: found.removedIn > 0
				? `Flux 2.${found.removedIn} takes it away`
				: 'it is old';
		problems.push({
			code: 'flux/deprecated-api-version',
			severity: gone ? 'error' : 'warning',
			message: `"${id.group}/${id.version}" is deprecated for ${id.kind}, and ${when}; write "${replacement}", also in the patches that change it.`,
			at: addressOf(written.origin),
			tag: 'deprecated',
			details: `no matches for kind "${id.kind}" in version "${id.group}/${id.version}"`,
			fixes: [
				{
					title: `Change to ${replacement}`,
					edits: [{ kind: 'set', at: addressOf(written.origin), text: replacement }],
				},
			],
			...(gone && { fatal: true as const }),
		});
	}
	for (const [kind, path, since] of NEW_FIELDS) {
		const field = kind === key && minor !== undefined && minor < since ? nodeAt(node, path) : undefined;
		if (!field) continue;
		problems.push({
			code: 'flux/field-too-new',
			severity: 'error',
			message: `"${path.join('.')}" is not known to Flux 2.${minor}, which the cluster runs; it came with Flux 2.${since}.`,
			at: addressOf(field.origin),
			anchor: 'key',
			details: `strict decoding error: unknown field "${path.join('.')}"`,
			fatal: true,
		});
	}
	return problems;
}

/** The minor version of a Flux 2 version text; nothing for ranges and other majors. */
export function minorOf(version: string | undefined): number | undefined {
	const parts = /^v?2\.([0-9]+)/.exec(version ?? '');
	return parts ? Number(parts[1]) : undefined;
}

/** Whether the object belongs to one of Flux's own groups. */
export function isFluxObject({ id }: Resource): boolean {
	return id.group.endsWith('.toolkit.fluxcd.io');
}
