/** What users set, in an editor or for the command line, as far as answers depend on it. Hosts read it and set it as an input. */
import type { Severity } from '../base/problem';
import { type Database, input, query } from '../base/query';

/** Everything may be absent: then the tree decides, or what is usual. */
export interface Settings {
	/** Severity by code or by `area/*`; `off` silences it. */
	readonly severities: Readonly<Record<string, Severity | 'off'>>;
	/** The release of Kubernetes that the tree is for: `1.31`, `v1.31.4`. */
	readonly kubernetesVersion?: string;
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

/** One setting; who reads it runs again when that one changes, and not with every other. */
export function setting<K extends keyof Settings>(db: Database, name: K): Settings[K] {
	return db.get(oneSetting, name) as Settings[K];
}

const oneSetting = query<unknown>(
	'setting',
	(db, name) => db.read(settings, '')[name as keyof Settings],
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);
