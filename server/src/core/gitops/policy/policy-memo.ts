/**
 * What policies have said of resources. An edit leaves most of both as the very objects that they were, and what a policy says depends on nothing but the
 * two and a few objects around them, so only what changed is evaluated again.
 */
import type { Resource } from '../../kube/resource';
import type { Node } from '../../yaml/node';
import type { Application } from './policy-findings';

/** Applies one policy to one resource. */
export type ApplyPolicy = (resource: Resource) => readonly Application[];

/** Answers of one kind of policy in one environment. It is empty to begin with, and never wrong, whatever was asked before. */
export class PolicyMemo {
	#surroundings: readonly Node[] = [];
	#known = new WeakMap<Node, WeakMap<Node, readonly Application[]>>();

	/** Tells what else outcomes depend on: namespaces, bindings, exceptions, parameters. If any of it is another object, all is forgotten. */
	within(surroundings: readonly Resource[]): void {
		const same =
			surroundings.length === this.#surroundings.length &&
			surroundings.every(({ node }, i) => node === this.#surroundings[i]);
		if (same) return;
		this.#surroundings = surroundings.map(({ node }) => node);
		this.#known = new WeakMap();
	}

	/** The policy's answers, remembered; it is prepared when the first is wanted that is not known. */
	remember(policy: Resource, prepare: () => ApplyPolicy): ApplyPolicy {
		let known = this.#known.get(policy.node);
		if (!known) this.#known.set(policy.node, (known = new WeakMap()));
		const answers = known;
		let apply: ApplyPolicy | undefined;
		return resource => {
			let found = answers.get(resource.node);
			if (!found) answers.set(resource.node, (found = (apply ??= prepare())(resource)));
			return found;
		};
	}
}
