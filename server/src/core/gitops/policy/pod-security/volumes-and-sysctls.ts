/** Checks of the volumes a pod mounts and the kernel parameters it sets. */
import { entriesOf, isNull, itemsOf, type Node, nodeAt, textAt } from '../../../yaml/node';
import { plural, type Pod, present, quoted, sortedSet, uses, type Violation } from './pod';

const ALLOWED_VOLUMES = [
	'configMap',
	'csi',
	'downwardAPI',
	'emptyDir',
	'ephemeral',
	'persistentVolumeClaim',
	'projected',
	'secret',
] as const;

/** In the order in which the controller looks; what is none of them is `unknown`. */
const RESTRICTED_VOLUMES = [
	'hostPath',
	'gcePersistentDisk',
	'awsElasticBlockStore',
	'gitRepo',
	'nfs',
	'iscsi',
	'glusterfs',
	'rbd',
	'flexVolume',
	'cinder',
	'cephfs',
	'flocker',
	'fc',
	'azureFile',
	'vsphereVolume',
	'quobyte',
	'azureDisk',
	'photonPersistentDisk',
	'portworxVolume',
	'scaleIO',
	'storageos',
] as const;

/** pod-security-admission `check_restrictedVolumes`. */
export function restrictedVolumes({ root }: Pod): Violation | undefined {
	const bad = itemsOf(nodeAt(root, ['spec', 'volumes'])).flatMap((volume, index) => {
		if (ALLOWED_VOLUMES.some(type => present(volume, type))) return [];
		const type = RESTRICTED_VOLUMES.find(type => present(volume, type)) ?? otherSource(volume);
		// A volume without a source is an emptyDir by the time it is checked (`SetDefaults_Volume`).
		if (type === undefined) return [];
		return [{ name: textAt(volume, 'name') ?? '', type, path: ['spec', 'volumes', index, type] }];
	});
	if (bad.length === 0) return undefined;
	const types = sortedSet(bad.map(({ type }) => type));
	return {
		reason: 'restricted volume types',
		detail: `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} ${uses(bad.length)} ${plural('restricted volume type', types.length)} ${quoted(types)}`,
		fields: bad.map(({ path }) => path),
	};
}

/** `unknown`, the controller's word for a source it does not list (`image`, say); nothing where there is no source at all. */
function otherSource(volume: Node): 'unknown' | undefined {
	return entriesOf(volume).some(({ key, value }) => key !== 'name' && !isNull(value)) ? 'unknown' : undefined;
}

/** Sysctls that are safe, by the minor version (of 1.x) that first allowed them; kept by pod-security-admission `check_sysctls`. */
const SAFE_SYSCTLS: Readonly<Record<string, number>> = {
	'kernel.shm_rmid_forced': 0,
	'net.ipv4.ip_local_port_range': 0,
	'net.ipv4.tcp_syncookies': 0,
	'net.ipv4.ping_group_range': 0,
	'net.ipv4.ip_unprivileged_port_start': 0,
	'net.ipv4.ip_local_reserved_ports': 27,
	'net.ipv4.tcp_keepalive_time': 29,
	'net.ipv4.tcp_fin_timeout': 29,
	'net.ipv4.tcp_keepalive_intvl': 29,
	'net.ipv4.tcp_keepalive_probes': 29,
	'net.ipv4.tcp_rmem': 32,
	'net.ipv4.tcp_wmem': 32,
};

/** The check of sysctls as it is from the given minor version on. */
export function sysctlsSince(minor: number): (pod: Pod) => Violation | undefined {
	return ({ root }) => {
		const bad = itemsOf(nodeAt(root, ['spec', 'securityContext', 'sysctls'])).flatMap((sysctl, index) => {
			const name = textAt(sysctl, 'name') ?? '';
			const since = Object.hasOwn(SAFE_SYSCTLS, name) ? SAFE_SYSCTLS[name]! : Infinity;
			return since <= minor ? [] : [{ name, path: ['spec', 'securityContext', 'sysctls', index, 'name'] }];
		});
		if (bad.length === 0) return undefined;
		return {
			reason: 'forbidden sysctls',
			detail: bad.map(({ name }) => name).join(', '),
			fields: bad.map(({ path }) => path),
		};
	};
}
