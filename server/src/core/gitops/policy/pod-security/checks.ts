/** The checks of the Pod Security Standards with the versions they changed in; pod-security-admission `policy/registry.go`. */
import {
	hostNamespaces,
	hostPathVolumes,
	hostPorts,
	hostProbesAndHostLifecycle,
	windowsHostProcess,
} from './host-access';
import type { Level, LevelVersion } from './levels';
import { type Pod, readPod, type Violation } from './pod';
import {
	allowPrivilegeEscalation,
	allowPrivilegeEscalationOnLinux,
	capabilitiesBaseline,
	capabilitiesRestricted,
	capabilitiesRestrictedOnLinux,
	privileged,
	procMount,
	procMountOnHost,
	runAsNonRoot,
	runAsNonRootOnHost,
	runAsUser,
	runAsUserOnHost,
} from './privileges';
import {
	appArmorProfile,
	seccompAnnotations,
	seccompProfileBaseline,
	seccompProfileRestricted,
	seccompProfileRestrictedOnLinux,
	seLinuxOptions,
	seLinuxOptions31,
} from './profiles';
import { restrictedVolumes, sysctlsSince } from './volumes-and-sysctls';
import type { Node } from '../../../yaml/node';

type CheckPod = (pod: Pod) => Violation | undefined;

interface Check {
	readonly id: string;
	readonly level: Exclude<Level, 'privileged'>;
	/** By the minor version from which each is in force, ascending. */
	readonly since: readonly (readonly [minor: number, check: CheckPod])[];
	/** A baseline check that this one takes the place of, as soon as it is in force. */
	readonly replaces?: string;
}

/** By level and id, the order in which the controller lists what it found. */
const CHECKS: readonly Check[] = [
	{ id: 'appArmorProfile', level: 'baseline', since: [[0, appArmorProfile]] },
	{ id: 'capabilities_baseline', level: 'baseline', since: [[0, capabilitiesBaseline]] },
	{ id: 'hostNamespaces', level: 'baseline', since: [[0, hostNamespaces]] },
	{ id: 'hostPathVolumes', level: 'baseline', since: [[0, hostPathVolumes]] },
	{ id: 'hostPorts', level: 'baseline', since: [[0, hostPorts]] },
	{ id: 'hostProbesAndHostLifecycle', level: 'baseline', since: [[34, hostProbesAndHostLifecycle]] },
	{ id: 'privileged', level: 'baseline', since: [[0, privileged]] },
	{
		id: 'procMount_baseline',
		level: 'baseline',
		since: [
			[0, procMount],
			[35, procMountOnHost],
		],
	},
	{
		id: 'seLinuxOptions',
		level: 'baseline',
		since: [
			[0, seLinuxOptions],
			[31, seLinuxOptions31],
		],
	},
	{
		id: 'seccompProfile_baseline',
		level: 'baseline',
		since: [
			[0, seccompAnnotations],
			[19, seccompProfileBaseline],
		],
	},
	{
		id: 'sysctls',
		level: 'baseline',
		since: [0, 27, 29, 32].map(minor => [minor, sysctlsSince(minor)] as const),
	},
	{ id: 'windowsHostProcess', level: 'baseline', since: [[0, windowsHostProcess]] },
	{
		id: 'allowPrivilegeEscalation',
		level: 'restricted',
		since: [
			[8, allowPrivilegeEscalation],
			[25, allowPrivilegeEscalationOnLinux],
		],
	},
	{
		id: 'capabilities_restricted',
		level: 'restricted',
		since: [
			[22, capabilitiesRestricted],
			[25, capabilitiesRestrictedOnLinux],
		],
		replaces: 'capabilities_baseline',
	},
	{ id: 'procMount_restricted', level: 'restricted', since: [[35, procMount]], replaces: 'procMount_baseline' },
	{ id: 'restrictedVolumes', level: 'restricted', since: [[0, restrictedVolumes]], replaces: 'hostPathVolumes' },
	{
		id: 'runAsNonRoot',
		level: 'restricted',
		since: [
			[0, runAsNonRoot],
			[35, runAsNonRootOnHost],
		],
	},
	{
		id: 'runAsUser',
		level: 'restricted',
		since: [
			[23, runAsUser],
			[35, runAsUserOnHost],
		],
	},
	{
		id: 'seccompProfile_restricted',
		level: 'restricted',
		since: [
			[19, seccompProfileRestricted],
			[25, seccompProfileRestrictedOnLinux],
		],
		replaces: 'seccompProfile_baseline',
	},
];

/** A violation with the check that found it. */
export interface FoundViolation extends Violation {
	readonly check: string;
}

/** What the standard at this level and version forbids of the pod (or pod template) at `root`; nothing where it is allowed. */
export function evaluatePod({ level, version }: LevelVersion, root: Node): readonly FoundViolation[] {
	if (level === 'privileged') return [];
	const minor = version === 'latest' ? Infinity : version;
	const pod = readPod(root);
	const inForce = CHECKS.flatMap(check => {
		const run = check.since.findLast(([since]) => since <= minor)?.[1];
		return run && (check.level === 'baseline' || level === 'restricted') ? [{ ...check, run }] : [];
	});
	const replaced = new Set(inForce.map(({ replaces }) => replaces));
	return inForce.flatMap(({ id, run }) => {
		const violation = replaced.has(id) ? undefined : run(pod);
		return violation ? [{ ...violation, check: id }] : [];
	});
}

/** As the controller tells several: `host namespaces (hostPID=true), privileged (container "a" must not ...)`. */
export function formatViolations(violations: readonly Violation[]): string {
	return violations.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
}
