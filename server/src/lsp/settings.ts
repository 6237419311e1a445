/** Settings as users write them, in whatever editor: everything may be missing or of another type. */
import type { Settings } from '../core/workspace/settings';

const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'] as const;

/** What of the section `strata` makes sense. The rest is as if it were not there. */
export function readSettings(section: unknown): Settings {
	const { severities } = objectOf(section);
	return {
		severities: Object.fromEntries(
			Object.entries(objectOf(severities)).flatMap(([code, value]) => {
				const severity = SEVERITIES.find(known => known === value);
				return severity === undefined ? [] : [[code, severity]];
			}),
		),
	};
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
