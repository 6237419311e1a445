/**
 * What a function of one immutable object gives, remembered for as long as the object lives. Steps hand on the same objects where nothing
 * changed, so after an edit such an answer is at hand for all that the edit left alone.
 */
import type { Database } from './query';

/** `compute` with its answers remembered. It may depend on nothing but the object. */
export function ofObject<K extends object, V>(compute: (object: K) => V): (db: Database, object: K) => V {
	const answers = () => new WeakMap<K, V>();
	return (db, object) => {
		const known = db.once(answers);
		const answer = known.get(object);
		if (answer !== undefined || known.has(object)) return answer as V;
		const made = compute(object);
		known.set(object, made);
		return made;
	};
}

/** The same of two objects, for what is said of the one in the light of the other. */
export function ofObjects<A extends object, B extends object, V>(
	compute: (a: A, b: B) => V,
): (db: Database, a: A, b: B) => V {
	const answers = ofObject<A, WeakMap<B, V>>(() => new WeakMap());
	return (db, a, b) => {
		const known = answers(db, a);
		const answer = known.get(b);
		if (answer !== undefined || known.has(b)) return answer as V;
		const made = compute(a, b);
		known.set(b, made);
		return made;
	};
}
