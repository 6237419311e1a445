/** Settings as users write them, in whatever editor: everything may be missing or of another type. */
import type { PodSecurityDefaults, Settings } from '../core/workspace/settings';

const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'] as const;

/** What of the section `strata` makes sense. The rest is as if it were not there. */
export function readSettings(section: unknown): Settings {
	const { severities, kubernetesVersion, fluxVersion, podSecurity, sealedSecrets } = objectOf(section);
	return {
		severities: Object.fromEntries(
			Object.entries(objectOf(severities)).flatMap(([code, value]) => {
				const severity = SEVERITIES.find(known => known === value);
				return severity === undefined ? [] : [[code, severity]];
			}),
		),
		...present({
			kubernetesVersion: textOf(kubernetesVersion),
			fluxVersion: textOf(fluxVersion),
			podSecurity: podSecurityOf(objectOf(podSecurity)),
			sealedSecrets: sealedSecretsOf(objectOf(sealedSecrets)),
		}),
	};
}

function podSecurityOf(set: Readonly<Record<string, unknown>>): PodSecurityDefaults | undefined {
	return unlessEmpty(
		present({
			enforce: textOf(set['enforce']),
			warn: textOf(set['warn']),
			audit: textOf(set['audit']),
			exemptNamespaces: textsOf(set['exemptNamespaces']),
			exemptRuntimeClasses: textsOf(set['exemptRuntimeClasses']),
		}),
	);
}

function sealedSecretsOf(set: Readonly<Record<string, unknown>>): Settings['sealedSecrets'] {
	const { certificate, privateKeys } = set;
	const byEnvironment = Object.entries(objectOf(certificate)).flatMap(([name, path]) => {
		const text = textOf(path);
		return text === undefined ? [] : [[name, text] as const];
	});
	return unlessEmpty(
		present({
			certificate: textOf(certificate) ?? unlessEmpty(Object.fromEntries(byEnvironment)),
			privateKeys: textsOf(privateKeys),
		}),
	);
}

/** Nothing for the empty text, which is what an editor's settings hold where nobody has set them. */
function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
	const texts = Array.isArray(value) ? value.flatMap(each => textOf(each) ?? []) : [];
	return texts.length > 0 ? texts : undefined;
}

/** `strata.charts.fetch`: whether charts may be fetched without being asked for. */
export function fetchesCharts(section: unknown): boolean {
	return objectOf(objectOf(section).charts).fetch === true;
}

/** `strata.sealedSecrets.gitHistory`: whether git may be asked when sealed secrets were sealed. */
export function asksGit(section: unknown): boolean {
	return objectOf(objectOf(section).sealedSecrets).gitHistory !== false;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined. */
function present<T extends object>(of: T): Present<T> {
	return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Present<T>;
}

function unlessEmpty<T extends object>(of: T): T | undefined {
	return Object.keys(of).length > 0 ? of : undefined;
}
