/** Where the time of a function goes, by a profile of this process: the shares of what runs below functions of some names. */
import inspector from 'node:inspector';

/** Runs it under the profiler. Of each group the share (0 to 1) of the samples with one of its functions on the stack. */
export function shares<Group extends string>(
	run: () => void,
	groups: Readonly<Record<Group, readonly string[]>>,
): Readonly<Record<Group, number>> {
	const { nodes, samples = [] } = profiled(run);
	const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id] as const)));
	const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
	const stackOf = (sample: number): ReadonlySet<string> => {
		const found = new Set<string>();
		for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) found.add(names.get(id)!);
		return found;
	};
	const busy = samples.map(stackOf).filter(stack => !stack.has('(idle)') && !stack.has('(program)'));
	const share = (functions: readonly string[]) =>
		busy.filter(stack => functions.some(name => stack.has(name))).length / busy.length;
	const entries = Object.entries<readonly string[]>(groups).map(([group, functions]) => [group, share(functions)]);
	return Object.fromEntries(entries) as Record<Group, number>;
}

function profiled(run: () => void): inspector.Profiler.Profile {
	const session = new inspector.Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.setSamplingInterval', { interval: 250 });
	session.post('Profiler.start');
	run();
	let profile: inspector.Profiler.Profile | undefined;
	session.post('Profiler.stop', (error, result) => {
		if (error) throw error;
		({ profile } = result);
	});
	session.disconnect();
	return profile!;
}
