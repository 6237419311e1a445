/** Checks of the profiles that the kernel confines a container by: AppArmor, seccomp and SELinux. */
import type { FieldPath } from '../../../base/address';
import { textAt } from '../../../yaml/node';
import {
	annotationsOf,
	containerSettersOf,
	isWindows,
	listContainers,
	listSetters,
	plural,
	type Pod,
	present,
	quoted,
	type Setter,
	settersOf,
	sortedSet,
	type Violation,
} from './pod';

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const FIELD_TYPES: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

/** pod-security-admission `check_appArmorProfile`. */
export function appArmorProfile(pod: Pod): Violation | undefined {
	const bad = badTypes(settersOf(pod), 'appArmorProfile');
	const annotations = annotationsOf(pod)
		.filter(
			([key, value]) =>
				key.startsWith(APPARMOR_ANNOTATION) &&
				value !== '' &&
				value !== 'runtime/default' &&
				!value.startsWith('localhost/'),
		)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	const values = [...bad.types, ...annotations.map(([key, value]) => `${key}=${JSON.stringify(value)}`)];
	if (values.length === 0) return undefined;
	const setters = [
		...(bad.setters.length > 0 ? [listSetters(bad.setters)] : []),
		...(annotations.length > 0 ? [plural('annotation', annotations.length)] : []),
	];
	return {
		reason: plural('forbidden AppArmor profile', values.length),
		detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
		fields: [...bad.fields, ...annotations.map(([key]) => ['metadata', 'annotations', key])],
	};
}

const SECCOMP_POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** pod-security-admission `seccompProfileBaseline_1_0`: before 1.19 the profile was an annotation. */
export function seccompAnnotations(pod: Pod): Violation | undefined {
	const keys = new Set([
		SECCOMP_POD_ANNOTATION,
		...pod.containers.map(({ name }) => SECCOMP_CONTAINER_ANNOTATION + name),
	]);
	const bad = annotationsOf(pod).filter(
		([key, value]) =>
			keys.has(key) && value !== 'runtime/default' && value !== 'docker/default' && !value.startsWith('localhost/'),
	);
	if (bad.length === 0) return undefined;
	const listed = sortedSet(bad.map(([key, value]) => `${key}=${JSON.stringify(value)}`));
	return {
		reason: 'seccompProfile',
		detail: `forbidden ${plural('annotation', listed.length)} ${listed.join(', ')}`,
		fields: bad.map(([key]) => ['metadata', 'annotations', key]),
	};
}

/** pod-security-admission `seccompProfileBaseline_1_19`. */
export function seccompProfileBaseline(pod: Pod): Violation | undefined {
	const { setters, types, fields } = badTypes(settersOf(pod), 'seccompProfile');
	if (setters.length === 0) return undefined;
	return {
		reason: 'seccompProfile',
		detail: `${listSetters(setters)} must not set securityContext.seccompProfile.type to ${quoted(types)}`,
		fields,
	};
}

/** pod-security-admission `seccompProfileRestricted_1_19`. */
export function seccompProfileRestricted(pod: Pod): Violation | undefined {
	const bad = seccompProfileBaseline(pod);
	if (bad) return bad;
	if (present(pod.root, 'spec', 'securityContext', 'seccompProfile')) return undefined;
	const missing = containerSettersOf(pod).filter(({ context }) => !present(context, 'seccompProfile'));
	if (missing.length === 0) return undefined;
	return {
		reason: 'seccompProfile',
		detail: `pod or ${listContainers(missing.map(({ container }) => container))} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
		fields: missing.map(({ path }) => [...path, 'seccompProfile', 'type']),
	};
}

/** pod-security-admission `seccompProfileRestricted_1_25`. */
export function seccompProfileRestrictedOnLinux(pod: Pod): Violation | undefined {
	return isWindows(pod) ? undefined : seccompProfileRestricted(pod);
}

/** Those whose profile has another type than the two allowed ones; without a type it is the empty one. */
function badTypes(setters: readonly Setter[], profile: 'appArmorProfile' | 'seccompProfile') {
	const type = ({ context }: Setter) => textAt(context, profile, 'type') ?? '';
	const bad = setters.filter(setter => present(setter.context, profile) && !FIELD_TYPES.has(type(setter)));
	return {
		setters: bad,
		types: sortedSet(bad.map(type)),
		fields: bad.map(({ path }): FieldPath => [...path, profile, 'type']),
	};
}

const SELINUX_TYPES: readonly string[] = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const SELINUX_TYPES_1_31: readonly string[] = [...SELINUX_TYPES, 'container_engine_t'];

/** pod-security-admission `seLinuxOptions_1_0`. */
export function seLinuxOptions(pod: Pod): Violation | undefined {
	return forbiddenSeLinuxOptions(pod, SELINUX_TYPES);
}

/** pod-security-admission `seLinuxOptions_1_31`. */
export function seLinuxOptions31(pod: Pod): Violation | undefined {
	return forbiddenSeLinuxOptions(pod, SELINUX_TYPES_1_31);
}

function forbiddenSeLinuxOptions(pod: Pod, allowed: readonly string[]): Violation | undefined {
	const types: string[] = [];
	const fields: FieldPath[] = [];
	const bad = settersOf(pod).filter(({ context, path }) => {
		const before = fields.length;
		const option = (name: string) => textAt(context, 'seLinuxOptions', name) ?? '';
		if (!allowed.includes(option('type'))) {
			types.push(option('type'));
			fields.push([...path, 'seLinuxOptions', 'type']);
		}
		for (const name of ['user', 'role']) if (option(name) !== '') fields.push([...path, 'seLinuxOptions', name]);
		return fields.length > before;
	});
	if (bad.length === 0) return undefined;
	const listed = sortedSet(types);
	const data = [
		...(listed.length > 0 ? [`${plural('type', listed.length)} ${quoted(listed)}`] : []),
		...['user', 'role'].flatMap(name => (fields.some(path => path.at(-1) === name) ? [`${name} may not be set`] : [])),
	];
	return {
		reason: 'seLinuxOptions',
		detail: `${listSetters(bad)} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
		fields,
	};
}
