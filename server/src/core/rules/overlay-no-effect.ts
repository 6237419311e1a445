/**
 * `overlay/no-effect`: an entry of an overlay (a patch, a replica count) that selects something and changes nothing of it: what it says is
 * so already. Not an image: environments take versions one after the other, and are alike in between.
 */
import type { Address } from '../base/address';
import { addressKey } from '../base/address';
import { formatId } from '../kube/resource-id';
import type { Application } from '../kustomize/build';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { buildOf } from '../model/entries';
import type { Step } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlayNoEffect: Rule = {
	code: 'overlay/no-effect',
	severity: 'warning',
	summary: 'A patch or another entry changes nothing of what it selects.',
	check: db => {
		// A base's patch may change something for one overlay and nothing for another: only what never does counts.
		const seen = new Map<string, { application: Application; changed: boolean }>();
		for (const entry of db.get(clusterTree, '').entries) {
			const { applications, problems } = buildOf(db, entry);
			const failures = problems.filter(({ fatal }) => fatal).map(({ at }) => at);
			for (const application of applications) {
				if (!STEPS.has(application.step) || application.matched.length === 0) continue;
				// What could not be applied has another reason for changing nothing, and the build says which.
				if (failures.some(at => isPartOf(application.at, at))) continue;
				const key = addressKey(application.at);
				const known = seen.get(key);
				seen.set(key, { application, changed: application.changed || (known?.changed ?? false) });
			}
		}
		return [...seen.values()]
			.filter(({ changed }) => !changed)
			.map(({ application }) => finding(application, homeOf(db, application.at.file)?.environments ?? []));
	},
};

function isPartOf(entry: Address, at: Address): boolean {
	return (
		at.file === entry.file && at.document === entry.document && entry.path.every((key, index) => key === at.path[index])
	);
}

const STEPS: ReadonlySet<Step> = new Set<Step>(['patch', 'replicas']);

function finding({ at, matched, step }: Application, environments: readonly string[]): Finding {
	const what = step === 'patch' ? 'this patch' : 'this replica count';
	const [first] = matched;
	const whom = matched.length > 1 ? `the ${matched.length} objects that it selects` : `${first!.kind}/${first!.name}`;
	return {
		code: overlayNoEffect.code,
		severity: overlayNoEffect.severity,
		message: `${what} changes nothing of ${whom}: all that it says is so already; remove it`,
		at,
		anchor: 'entry',
		tag: 'unnecessary',
		environments: environments.length === 1 ? environments : [],
		details: matched.map(formatId).join(', '),
		...(isListItem(at) ? { fixes: [{ title: `Remove ${what}`, edits: [{ kind: 'remove', at }] }] } : undefined),
	};
}

function isListItem({ path, within }: Address): boolean {
	return !within && typeof path.at(-1) === 'number';
}
