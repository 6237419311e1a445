/** Checks of what a container's processes may do: privileged mode, escalation, capabilities, users, and the masks over /proc. */
import type { FieldPath } from '../../../base/address';
import { itemsOf, nodeAt, textAt } from '../../../yaml/node';
import {
	booleanAt,
	containerSettersOf,
	hasUserNamespace,
	isWindows,
	listContainers,
	listSetters,
	numberAt,
	type Pod,
	present,
	quoted,
	type Setter,
	settersOf,
	sortedSet,
	type Violation,
} from './pod';

/** pod-security-admission `check_privileged`. */
export function privileged(pod: Pod): Violation | undefined {
	const bad = containerSettersOf(pod).filter(({ context }) => booleanAt(context, 'privileged') === true);
	if (bad.length === 0) return undefined;
	return {
		reason: 'privileged',
		detail: `${listContainers(bad.map(({ container }) => container))} must not set securityContext.privileged=true`,
		fields: bad.map(({ path }) => [...path, 'privileged']),
	};
}

/** pod-security-admission `allowPrivilegeEscalation_1_8`. */
export function allowPrivilegeEscalation(pod: Pod): Violation | undefined {
	const bad = containerSettersOf(pod).filter(({ context }) => booleanAt(context, 'allowPrivilegeEscalation') !== false);
	if (bad.length === 0) return undefined;
	return {
		reason: 'allowPrivilegeEscalation != false',
		detail: `${listContainers(bad.map(({ container }) => container))} must set securityContext.allowPrivilegeEscalation=false`,
		fields: bad.map(({ path }) => [...path, 'allowPrivilegeEscalation']),
	};
}

/** pod-security-admission `allowPrivilegeEscalation_1_25`. */
export function allowPrivilegeEscalationOnLinux(pod: Pod): Violation | undefined {
	return isWindows(pod) ? undefined : allowPrivilegeEscalation(pod);
}

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
	'AUDIT_WRITE',
	'CHOWN',
	'DAC_OVERRIDE',
	'FOWNER',
	'FSETID',
	'KILL',
	'MKNOD',
	'NET_BIND_SERVICE',
	'SETFCAP',
	'SETGID',
	'SETPCAP',
	'SETUID',
	'SYS_CHROOT',
]);

/** pod-security-admission `check_capabilities_baseline`. */
export function capabilitiesBaseline(pod: Pod): Violation | undefined {
	const added = addedCapabilities(pod, capability => DEFAULT_CAPABILITIES.has(capability));
	return added && { reason: 'non-default capabilities', ...added };
}

/** pod-security-admission `capabilitiesRestricted_1_22`. */
export function capabilitiesRestricted(pod: Pod): Violation | undefined {
	const keeping = containerSettersOf(pod).filter(
		({ context }) =>
			!itemsOf(nodeAt(context, ['capabilities', 'drop'])).some(capability => textAt(capability) === 'ALL'),
	);
	const added = addedCapabilities(pod, capability => capability === 'NET_BIND_SERVICE');
	const details = [
		...(keeping.length > 0
			? [
					`${listContainers(keeping.map(({ container }) => container))} must set securityContext.capabilities.drop=["ALL"]`,
				]
			: []),
		...(added ? [added.detail] : []),
	];
	if (details.length === 0) return undefined;
	return {
		reason: 'unrestricted capabilities',
		detail: details.join('; '),
		fields: [...keeping.map(({ path }) => [...path, 'capabilities', 'drop']), ...(added?.fields ?? [])],
	};
}

/** pod-security-admission `capabilitiesRestricted_1_25`. */
export function capabilitiesRestrictedOnLinux(pod: Pod): Violation | undefined {
	return isWindows(pod) ? undefined : capabilitiesRestricted(pod);
}

function addedCapabilities(pod: Pod, allowed: (capability: string) => boolean): Omit<Violation, 'reason'> | undefined {
	const capabilities: string[] = [];
	const fields: FieldPath[] = [];
	const bad = containerSettersOf(pod).filter(({ context, path }) => {
		const before = fields.length;
		itemsOf(nodeAt(context, ['capabilities', 'add'])).forEach((node, index) => {
			const capability = textAt(node) ?? '';
			if (allowed(capability)) return;
			capabilities.push(capability);
			fields.push([...path, 'capabilities', 'add', index]);
		});
		return fields.length > before;
	});
	if (bad.length === 0) return undefined;
	return {
		detail: `${listContainers(bad.map(({ container }) => container))} must not include ${quoted(sortedSet(capabilities))} in securityContext.capabilities.add`,
		fields,
	};
}

/** pod-security-admission `runAsNonRoot_1_0`. */
export function runAsNonRoot(pod: Pod): Violation | undefined {
	const field = ({ path }: Setter): FieldPath => [...path, 'runAsNonRoot'];
	const setters = settersOf(pod);
	const explicit = setters.filter(({ context }) => booleanAt(context, 'runAsNonRoot') === false);
	if (explicit.length > 0) {
		return {
			reason: 'runAsNonRoot != true',
			detail: `${listSetters(explicit)} must not set securityContext.runAsNonRoot=false`,
			fields: explicit.map(field),
		};
	}
	if (booleanAt(setters[0]!.context, 'runAsNonRoot') === true) return undefined;
	const implicit = containerSettersOf(pod).filter(({ context }) => booleanAt(context, 'runAsNonRoot') === undefined);
	if (implicit.length === 0) return undefined;
	return {
		reason: 'runAsNonRoot != true',
		detail: `pod or ${listContainers(implicit.map(({ container }) => container))} must set securityContext.runAsNonRoot=true`,
		fields: implicit.map(field),
	};
}

/** pod-security-admission `runAsNonRoot_1_35`. */
export function runAsNonRootOnHost(pod: Pod): Violation | undefined {
	return hasUserNamespace(pod) ? undefined : runAsNonRoot(pod);
}

/** pod-security-admission `runAsUser_1_23`. */
export function runAsUser(pod: Pod): Violation | undefined {
	const bad = settersOf(pod).filter(({ context }) => numberAt(context, 'runAsUser') === 0);
	if (bad.length === 0) return undefined;
	return {
		reason: 'runAsUser=0',
		detail: `${listSetters(bad)} must not set runAsUser=0`,
		fields: bad.map(({ path }) => [...path, 'runAsUser']),
	};
}

/** pod-security-admission `runAsUser_1_35`. */
export function runAsUserOnHost(pod: Pod): Violation | undefined {
	return hasUserNamespace(pod) ? undefined : runAsUser(pod);
}

/** pod-security-admission `check_procMount`; from 1.35 on the restricted one, whatever the user namespace. */
export function procMount(pod: Pod): Violation | undefined {
	const bad = containerSettersOf(pod).filter(({ context }) => {
		const type = present(context, 'procMount');
		return type !== undefined && textAt(type) !== 'Default';
	});
	if (bad.length === 0) return undefined;
	const types = sortedSet(bad.map(({ context }) => textAt(context, 'procMount') ?? ''));
	return {
		reason: 'procMount',
		detail: `${listContainers(bad.map(({ container }) => container))} must not set securityContext.procMount to ${quoted(types)}`,
		fields: bad.map(({ path }) => [...path, 'procMount']),
	};
}

/** pod-security-admission `procMount_1_35_baseline`. */
export function procMountOnHost(pod: Pod): Violation | undefined {
	return hasUserNamespace(pod) ? undefined : procMount(pod);
}
