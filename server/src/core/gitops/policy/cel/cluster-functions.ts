/**
 * What the server knows and the tree does not: reading one of these ends the evaluation of an expression, unless its answer does not matter
 * (`has(object.x) || authorizer...`).
 */
import type { Environment } from '@marcbachmann/cel-js';
import type { CelValue } from './cel-values';
import { NotEvaluated } from './program';

const ONLY_IN_A_CLUSTER: Readonly<Record<string, string>> = {
	authorizer: 'asks what somebody may do, which only the cluster knows',
	resource: 'reads objects of the cluster',
	http: 'asks a web service',
	globalContext: 'reads a global context of the cluster',
	images: 'reads the images of a resource',
	imageData: 'reads an image registry',
	user: 'asks who sends a request',
	image: 'reads an image registry',
	generator: 'makes objects in the cluster',
};

/** Their methods, with the most arguments that they take; without them an expression would be refused before it runs. */
const METHODS: Readonly<Record<string, number>> = {
	Get: 5,
	List: 4,
	Post: 4,
	ToGVR: 2,
	Client: 1,
	GetMetadata: 1,
	parseServiceAccount: 1,
	path: 1,
	group: 1,
	serviceAccount: 2,
	resource: 1,
	subresource: 1,
	namespace: 1,
	name: 1,
	fieldSelector: 1,
	labelSelector: 1,
	check: 1,
	allowed: 0,
	reason: 0,
	errored: 0,
	error: 0,
};

/** Adds the methods to an environment; the receiver's trap is sprung before one of them runs. */
export function addClusterMethods(environment: Environment): Environment {
	const never = () => {
		throw new NotEvaluated('only a cluster could answer');
	};
	for (const [name, most] of Object.entries(METHODS)) {
		for (let count = Math.min(most, 1); count <= most; count++) {
			const parameters = Array.from({ length: count }, () => 'dyn').join(', ');
			environment.registerFunction(`dyn.${name}(${parameters}): dyn`, never);
		}
	}
	return environment;
}

/** The context with what only a cluster knows as traps; `asked` hears of each that is sprung. */
export function withClusterTraps(
	context: Readonly<Record<string, CelValue>>,
	asked: (why: string) => void,
): Readonly<Record<string, CelValue>> {
	const out = { ...context };
	for (const [name, what] of Object.entries(ONLY_IN_A_CLUSTER)) {
		if (name in out) continue;
		Object.defineProperty(out, name, { get: trap(`"${name}" ${what}`, asked), enumerable: false });
	}
	return out;
}

function trap(why: string, asked: (why: string) => void): () => never {
	return () => {
		asked(why);
		throw new NotEvaluated(why);
	};
}

/** A map of which some keys have values that are not known here, and why. The expression library takes no class of its own for a map. */
export function partlyKnown(
	known: Iterable<readonly [string, CelValue]>,
	unknown: Readonly<Record<string, string>>,
	asked: (why: string) => void,
): ReadonlyMap<string, CelValue> {
	const map = new Map(known);
	const check = (key: string): void => {
		if (Object.hasOwn(unknown, key)) trap(unknown[key]!, asked)();
	};
	return Object.assign(map, {
		get(key: string): CelValue {
			check(key);
			return Map.prototype.get.call(map, key);
		},
		has(key: string): boolean {
			check(key);
			return Map.prototype.has.call(map, key);
		},
	});
}
