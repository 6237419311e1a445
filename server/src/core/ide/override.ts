/** `Override in Environment`: from a field of a base to the smallest change that makes environments say something else there. */
import { type FilePath, isKustomizationFile, isYamlFile } from '../base/paths';
import type { SourceEdit } from '../base/problem';
import type { Database } from '../base/query';
import { formatPath } from '../base/address';
import { holdsSecret } from '../kube/secret-copies';
import { homeOf } from '../model/bases';
import { entriesOf } from '../model/entries';
import { override } from '../model/override/override';
import { isIdentity, type OverrideTarget, overrideTargets } from '../model/override/target';
import { valueOf } from '../model/override/new-value';
import { isSecret } from '../model/subjects';
import { spotAt } from '../workspace/places';
import { shortPath } from './labels';

/** What can be overridden at a place, and where. */
export interface Overridable {
	/** `spec.replicas of Deployment/web`. */
	readonly title: string;
	readonly environments: readonly {
		readonly name: string;
		/** Its present value there, as YAML; empty where it must not be shown. */
		readonly value: string;
		/** The overlay that would say something else. */
		readonly overlay: string;
	}[];
}

/** Whether a field of a base stands at the place; whether an environment can say something else there is not looked at. */
export function mayOverride(db: Database, file: FilePath, offset: number): boolean {
	if (!isYamlFile(file) || isKustomizationFile(file) || (homeOf(db, file)?.environments.length ?? 0) < 2) return false;
	const spot = spotAt(db, file, offset);
	return spot !== undefined && spot.address.path.length > 0 && entriesOf(db, file).length > 0;
}

/** What the field under the cursor is, in each environment that could say something else; nothing where it is no field of a base. */
export function overridable(db: Database, file: FilePath, offset: number): Overridable | undefined {
	const targets = targetsAt(db, file, offset).filter(target => !isIdentity(target));
	const [first] = targets;
	if (!first) return undefined;
	return {
		title: `${formatPath(first.path)} of ${first.subject.title}`,
		environments: targets.map(({ environment, node, overlay, subject, path }) => ({
			name: environment,
			value: isSecret(subject, path) || holdsSecret(valueOf(node).text) ? '' : valueOf(node).text,
			overlay: shortPath(db, overlay.directory),
		})),
	};
}

export type OverrideEdits =
	| { readonly kind: 'found'; readonly edits: readonly SourceEdit[] }
	| { readonly kind: 'refused'; readonly why: string };

/** The edits that make each environment say its value; each was tried. Not for use inside of a query. */
export function overrideEdits(
	db: Database,
	file: FilePath,
	offset: number,
	values: Readonly<Record<string, string>>,
): OverrideEdits {
	const targets = targetsAt(db, file, offset);
	const edits: SourceEdit[] = [];
	for (const [environment, typed] of Object.entries(values)) {
		const target = targets.find(each => each.environment === environment);
		if (!target) return { kind: 'refused', why: `${environment} has no overlay that could say something else here.` };
		const found = override(db, target, typed);
		if (found.kind === 'refused') return found;
		edits.push(...found.edits);
	}
	return edits.length > 0 ? { kind: 'found', edits } : { kind: 'refused', why: 'No environment was chosen.' };
}

function targetsAt(db: Database, file: FilePath, offset: number): readonly OverrideTarget[] {
	const spot = spotAt(db, file, offset);
	return spot ? overrideTargets(db, spot.address) : [];
}
