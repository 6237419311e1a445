/** Levels and versions of the Pod Security Standards, and the labels by which a namespace asks for them. */
import type { Node } from '../../../yaml/node';
import { nodeAt, textAt } from '../../../yaml/node';

export type Level = 'privileged' | 'baseline' | 'restricted';
export type Mode = 'enforce' | 'warn' | 'audit';

/** The x of 1.x, or the newest there is. */
export type PolicyVersion = number | 'latest';

export interface LevelVersion {
	readonly level: Level;
	readonly version: PolicyVersion;
}

/** What a namespace asks for in each mode. */
export type NamespacePolicy = Readonly<Record<Mode, LevelVersion>>;

export interface LabelError {
	readonly label: string;
	readonly value: string;
	/** In the controller's words. */
	readonly why: string;
}

export const MODES: readonly Mode[] = ['enforce', 'warn', 'audit'];
export const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const LABEL_PREFIX = 'pod-security.kubernetes.io/';

/** What holds where neither labels nor a setting say anything. */
export const UNRESTRICTED: NamespacePolicy = {
	enforce: { level: 'privileged', version: 'latest' },
	warn: { level: 'privileged', version: 'latest' },
	audit: { level: 'privileged', version: 'latest' },
};

/** The level that a text names; nothing where it names none. */
export function parseLevel(text: string): Level | undefined {
	return LEVELS.find(level => level === text);
}

/** `latest` or `v1.x`; nothing for another text. */
export function parsePolicyVersion(text: string): PolicyVersion | undefined {
	if (text === 'latest') return 'latest';
	const minor = /^v1\.(0|[1-9]\d*)$/.exec(text)?.[1];
	return minor === undefined ? undefined : Number(minor);
}

/** `baseline:v1.30`, as the controller prints it. */
export function formatLevel({ level, version }: LevelVersion): string {
	return `${level}:${version === 'latest' ? version : `v1.${version}`}`;
}

/**
 * The policy of a namespace by its labels, with the given one where they are silent; pod-security-admission `PolicyToEvaluate`. A level it cannot
 * read enforces `restricted` and neither warns nor audits.
 */
export function policyOf(
	namespace: Node | undefined,
	defaults: NamespacePolicy,
): { readonly policy: NamespacePolicy; readonly errors: readonly LabelError[] } {
	const errors: LabelError[] = [];
	const labels = nodeAt(namespace, ['metadata', 'labels']);
	const ofMode = (mode: Mode): LevelVersion => {
		let { level, version } = defaults[mode];
		const levelText = textAt(labels, LABEL_PREFIX + mode);
		if (levelText !== undefined) {
			const read = parseLevel(levelText);
			level = read ?? (mode === 'enforce' ? 'restricted' : 'privileged');
			if (!read)
				errors.push({ label: LABEL_PREFIX + mode, value: levelText, why: `must be one of ${LEVELS.join(', ')}` });
		}
		const versionText = textAt(labels, `${LABEL_PREFIX}${mode}-version`);
		if (versionText !== undefined) {
			const read = parsePolicyVersion(versionText);
			version = read ?? 'latest';
			if (read === undefined)
				errors.push({
					label: `${LABEL_PREFIX}${mode}-version`,
					value: versionText,
					why: 'must be "latest" or "v1.x"',
				});
		}
		return { level, version };
	};
	return { policy: { enforce: ofMode('enforce'), warn: ofMode('warn'), audit: ofMode('audit') }, errors };
}
