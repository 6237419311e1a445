/** `validate.podSecurity`: the Pod Security Standards with exclusions by control, image and value; kyverno `pkg/pss`. */
import type { FieldPath } from '../../../base/address';
import { type Node, nodeAt, type Plain, textAt } from '../../../yaml/node';
import { evaluatePod } from '../pod-security/checks';
import { parseLevel, parsePolicyVersion } from '../pod-security/levels';
import type { Subject } from './match';
import { get, listOf, type PlainMap, textOf, textsOf } from './plain-values';
import type { Outcome } from './validate-rule';
import { matchesWildcard } from './wildcard';

/** The controls by the names of the standard, with the checks behind them; kyverno `PSS_controls_to_check_id`. */
const CONTROLS: Readonly<Record<string, readonly string[]>> = {
	Capabilities: ['capabilities_baseline', 'capabilities_restricted'],
	Seccomp: ['seccompProfile_baseline', 'seccompProfile_restricted'],
	'Privileged Containers': ['privileged'],
	'Host Ports': ['hostPorts'],
	'/proc Mount Type': ['procMount_baseline', 'procMount_restricted'],
	procMount: ['procMount_baseline', 'procMount_restricted'],
	'Host Namespaces': ['hostNamespaces'],
	'HostPath Volumes': ['hostPathVolumes'],
	'Host Probes / Lifecycle Hooks': ['hostProbesAndHostLifecycle'],
	SELinux: ['seLinuxOptions'],
	AppArmor: ['appArmorProfile'],
	HostProcess: ['windowsHostProcess'],
	Sysctls: ['sysctls'],
	'Volume Types': ['restrictedVolumes', 'hostPathVolumes'],
	'Privilege Escalation': ['allowPrivilegeEscalation'],
	'Running as Non-root': ['runAsNonRoot'],
	'Running as Non-root user': ['runAsUser'],
};

const POD_PATHS: Readonly<Record<string, FieldPath>> = {
	Pod: [],
	CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The outcome of the standard that the rule names. */
export function validatePodSecurity(rule: PlainMap, { kind }: Subject, resource: Node): Outcome {
	const settings = get(rule, 'validate', 'podSecurity');
	const path = POD_PATHS[kind] ?? ['spec', 'template'];
	const pod = nodeAt(resource, path);
	if (!pod) return { status: 'skip', why: 'the resource has no pod' };
	const level = parseLevel(textOf(settings, 'level') ?? '') ?? 'privileged';
	const version = parsePolicyVersion(textOf(settings, 'version') ?? 'latest') ?? 'latest';
	const exclusions = listOf(settings, 'exclude');
	const message = (textOf(rule, 'validate', 'message') ?? '').trim();
	const [first, ...others] = evaluatePod({ level, version }, pod).flatMap(({ check, reason, detail, fields }) => {
		const [field] = fields.filter(field => !isExcluded(check, field, pod, exclusions));
		return field
			? [{ message: `${message ? `${message} ` : ''}(${reason}: ${detail})`, path: [...path, ...field] }]
			: [];
	});
	return first ? { status: 'fail', ...first, others } : { status: 'pass' };
}

/** Whether some exclusion covers a violating field: its control, its container's image, and its value where those are named. */
function isExcluded(check: string, field: FieldPath, pod: Node, exclusions: readonly Plain[]): boolean {
	return exclusions.some(exclusion => {
		const control = textOf(exclusion, 'controlName') ?? '';
		if (!CONTROLS[control]?.includes(check)) return false;
		const images = textsOf(exclusion, 'images');
		const inContainer = /ontainers$/.test(String(field[1]));
		if (images.length > 0) {
			const image = inContainer ? textAt(nodeAt(pod, field.slice(0, 3)), 'image') : undefined;
			if (image === undefined || !images.some(pattern => matchesWildcard(pattern, image))) return false;
		}
		const restricted = textOf(exclusion, 'restrictedField');
		if (restricted === undefined || restricted === '')
			return images.length > 0 || !inContainer || !CONTAINER_ONLY.has(control);
		if (!matchesField(restricted, field)) return false;
		const values = textsOf(exclusion, 'values');
		const value = textAt(nodeAt(pod, field)) ?? '';
		return values.length === 0 || values.some(pattern => matchesWildcard(pattern, value));
	});
}

/** Controls of which Kyverno wants images in an exclusion, since only containers have their fields. */
const CONTAINER_ONLY: ReadonlySet<string> = new Set([]);

/** `spec.containers[*].securityContext.capabilities.add` against a path, down to an element of the list it names. */
function matchesField(written: string, field: FieldPath): boolean {
	const wanted = written
		.replace(/\[\*\]/g, '')
		.split(/[.[\]'"]+/)
		.filter(Boolean);
	const own = field.filter(part => typeof part === 'string');
	return wanted.every((part, i) => part === own[i]) && own.length <= wanted.length + 1;
}
