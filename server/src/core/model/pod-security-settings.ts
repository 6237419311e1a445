/** What Pod Security admission of the cluster is configured with, as far as somebody set it. */
import { type Database, query } from '../base/query';
import type { PodSecuritySettings } from '../gitops/policy/pod-security';
import { type LevelVersion, parseLevel, parsePolicyVersion, UNRESTRICTED } from '../gitops/policy/pod-security/levels';
import { setting } from '../workspace/settings';
import { kubernetesVersionOf } from './kubernetes-version';

/** Where nothing is set, namespaces that ask for nothing are asked for nothing, as in a cluster without configuration. */
export function podSecuritySettings(db: Database, environment: string): PodSecuritySettings {
	return db.get(settingsQuery, environment);
}

const settingsQuery = query<PodSecuritySettings>('podSecuritySettings', (db, environment) => {
	const { enforce, warn, audit, exemptNamespaces = [], exemptRuntimeClasses = [] } = setting(db, 'podSecurity') ?? {};
	const release = kubernetesVersionOf(db, environment);
	const latest = release === undefined ? undefined : parsePolicyVersion(`v${release}`);
	return {
		defaults: {
			enforce: levelOf(enforce) ?? UNRESTRICTED.enforce,
			warn: levelOf(warn) ?? UNRESTRICTED.warn,
			audit: levelOf(audit) ?? UNRESTRICTED.audit,
		},
		exemptNamespaces,
		exemptRuntimeClasses,
		...(latest === undefined ? undefined : { latest }),
	};
});

/** `restricted`, `baseline:v1.31`; nothing for what is neither. */
function levelOf(text: string | undefined): LevelVersion | undefined {
	const [name = '', version = 'latest'] = text?.split(':') ?? [];
	const level = parseLevel(name);
	const of = parsePolicyVersion(version);
	return level === undefined || of === undefined ? undefined : { level, version: of };
}
