/** Checks of what a pod shares with its host: namespaces, paths, ports, probes that speak from it, Windows host processes. */
import type { FieldPath } from '../../../base/address';
import { itemsOf, nodeAt, textAt } from '../../../yaml/node';
import {
	booleanAt,
	type Container,
	listContainers,
	listSetters,
	numberAt,
	plural,
	type Pod,
	present,
	quoted,
	settersOf,
	sortedSet,
	uses,
	type Violation,
} from './pod';

const HOST_NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** pod-security-admission `check_hostNamespaces`. */
export function hostNamespaces({ root }: Pod): Violation | undefined {
	const shared = HOST_NAMESPACES.filter(field => booleanAt(root, 'spec', field) === true);
	if (shared.length === 0) return undefined;
	return {
		reason: 'host namespaces',
		detail: shared.map(field => `${field}=true`).join(', '),
		fields: shared.map(field => ['spec', field]),
	};
}

/** pod-security-admission `check_hostPathVolumes`. */
export function hostPathVolumes({ root }: Pod): Violation | undefined {
	const bad = itemsOf(nodeAt(root, ['spec', 'volumes'])).flatMap((volume, index) =>
		present(volume, 'hostPath') ? [{ name: textAt(volume, 'name') ?? '', index }] : [],
	);
	if (bad.length === 0) return undefined;
	return {
		reason: 'hostPath volumes',
		detail: `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))}`,
		fields: bad.map(({ index }) => ['spec', 'volumes', index, 'hostPath']),
	};
}

/** pod-security-admission `check_hostPorts`. */
export function hostPorts(pod: Pod): Violation | undefined {
	const bad: Container[] = [];
	const ports: string[] = [];
	const fields: FieldPath[] = [];
	for (const container of pod.containers) {
		const before = ports.length;
		itemsOf(nodeAt(container.node, ['ports'])).forEach((port, index) => {
			const hostPort = numberAt(port, 'hostPort') ?? 0;
			if (hostPort === 0) return;
			ports.push(String(hostPort));
			fields.push([...container.path, 'ports', index, 'hostPort']);
		});
		if (ports.length > before) bad.push(container);
	}
	if (bad.length === 0) return undefined;
	const listed = sortedSet(ports);
	return {
		reason: 'hostPort',
		detail: `${listContainers(bad)} ${uses(bad.length)} ${plural('hostPort', listed.length)} ${listed.join(', ')}`,
		fields,
	};
}

const HANDLERS: readonly FieldPath[] = [
	['livenessProbe'],
	['readinessProbe'],
	['startupProbe'],
	['lifecycle', 'postStart'],
	['lifecycle', 'preStop'],
].flatMap(handler => [
	[...handler, 'httpGet', 'host'],
	[...handler, 'tcpSocket', 'host'],
]);

/** pod-security-admission `check_hostProbesAndhostLifecycle`. */
export function hostProbesAndHostLifecycle(pod: Pod): Violation | undefined {
	const bad: string[] = [];
	const hosts: string[] = [];
	const fields: FieldPath[] = [];
	for (const { name, node, path } of pod.containers) {
		for (const handler of HANDLERS) {
			const host = textAt(node, ...handler) ?? '';
			if (host === '') continue;
			bad.push(name);
			hosts.push(host);
			fields.push([...path, ...handler]);
		}
	}
	if (bad.length === 0) return undefined;
	const containers = sortedSet(bad);
	const listed = sortedSet(hosts);
	return {
		reason: 'probe or lifecycle host',
		detail: `${plural('container', containers.length)} ${quoted(containers)} ${uses(containers.length)} ${plural('probe or lifecycle host', listed.length)} ${quoted(listed)}`,
		fields,
	};
}

/** pod-security-admission `check_windowsHostProcess`. */
export function windowsHostProcess(pod: Pod): Violation | undefined {
	const bad = settersOf(pod).filter(({ context }) => booleanAt(context, 'windowsOptions', 'hostProcess') === true);
	if (bad.length === 0) return undefined;
	return {
		reason: 'hostProcess',
		detail: `${listSetters(bad)} must not set securityContext.windowsOptions.hostProcess=true`,
		fields: bad.map(({ path }) => [...path, 'windowsOptions', 'hostProcess']),
	};
}
