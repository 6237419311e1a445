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
import { buildOf, eachEntry, perEntry } from '../model/entries';
import type { Step } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlayNoEffect: Rule = {
	code: 'overlay/no-effect',
	severity: 'warning',
	summary: 'A patch or another entry changes nothing of what it selects.',
	pieces: db => eachEntry(db, effectsOf),
	check: db => {
		// A base's patch may change something for one overlay and nothing for another: only what never does counts.
		const effects = db.get(clusterTree, '').entries.map(entry => effectsOf(db, entry));
		const changing = new Set(effects.flatMap(each => each.changing));
		const idle = new Map(
			effects.flatMap(each => each.idle.map(application => [addressKey(application.at), application])),
		);
		return [...idle]
			.filter(([key]) => !changing.has(key))
			.map(([, application]) => finding(application, homeOf(db, application.at.file)?.environments ?? []));
	},
};

/** The entries of kustomizations that select something in one entry point. */
interface Effects {
	/** The keys of the places of those that change it. */
	readonly changing: readonly string[];
	readonly idle: readonly Application[];
}

const effectsOf = perEntry<Effects>(
	'effects',
	{ changing: [], idle: [] },
	(db, entry) => {
		const { applications, problems } = buildOf(db, entry);
		const failures = problems.filter(({ fatal }) => fatal).map(({ at }) => at);
		const telling = applications.filter(
			({ step, matched, at }) =>
				STEPS.has(step) &&
				matched.length > 0 &&
				// What could not be applied has another reason for changing nothing, and the build says which.
				!failures.some(failure => isPartOf(at, failure)),
		);
		return {
			changing: telling.filter(({ changed }) => changed).map(({ at }) => addressKey(at)),
			idle: telling.filter(({ changed }) => !changed),
		};
	},
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

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
