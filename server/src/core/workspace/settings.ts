/** What users set, in an editor or for the command line, as far as answers depend on it. Hosts read it and set it as an input. */
import type { Severity } from '../base/problem';
import { type Database, input, query } from '../base/query';
import { treeConfigs } from './tree-config';

/** Everything may be absent: then the tree decides, or what is usual. */
export interface Settings {
	/** Severity by code or by `area/*`; `off` silences it. */
	readonly severities: Readonly<Record<string, Severity | 'off'>>;
	/** The release of Kubernetes that the tree is for: `1.31`, `v1.31.4`. */
	readonly kubernetesVersion?: string;
	/** The release of Flux that applies the tree. */
	readonly fluxVersion?: string;
	readonly podSecurity?: PodSecurityDefaults;
	readonly sealedSecrets?: {
		/** The certificate to seal with, for all environments or by their names: a path, from the folder where it is relative. */
		readonly certificate?: string | Readonly<Record<string, string>>;
		/** Files outside of the tree with private keys that prove whether secrets open. */
		readonly privateKeys?: readonly string[];
	};
}

/** What Pod Security admission is configured with (`PodSecurityConfiguration`): the levels of namespaces without labels, and who is exempt. */
export interface PodSecurityDefaults {
	/** `baseline`, `restricted:v1.31`; absent for `privileged`. */
	readonly enforce?: string;
	readonly warn?: string;
	readonly audit?: string;
	readonly exemptNamespaces?: readonly string[];
	readonly exemptRuntimeClasses?: readonly string[];
}

export const settings = input<unknown, Settings>(
	'settings',
	() => ({ severities: {} }),
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/** One setting, as `strata.yaml` or else the host says; who reads it runs again when that one changes, and not with every other. */
export function setting<K extends keyof Settings>(db: Database, name: K): Settings[K] {
	return db.get(oneSetting, name) as Settings[K];
}

const oneSetting = query<unknown>(
	'setting',
	(db, name) => {
		const set = db.read(settings, '');
		const said = saidInTree(db);
		return name === 'severities'
			? { ...set.severities, ...said.severities }
			: (said[name as keyof Settings] ?? set[name as keyof Settings]);
	},
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/** What the first of the open folders that says anything says. */
function saidInTree(db: Database): Settings {
	const all = treeConfigs(db);
	return {
		severities: Object.fromEntries(
			all.flatMap(({ severities }) => severities.map(({ text, severity }) => [text, severity])),
		),
		kubernetesVersion: all.find(each => each.kubernetesVersion !== undefined)?.kubernetesVersion,
		fluxVersion: all.find(each => each.fluxVersion !== undefined)?.fluxVersion,
		podSecurity: all.find(each => each.podSecurity !== undefined)?.podSecurity,
	};
}
