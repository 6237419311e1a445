/** A broken promise of this program, as opposed to a problem in the user's files. Only `bug` throws it. */
export class Bug extends Error {
	override readonly name = 'Bug';
}

/** Reports a broken promise of this program. It fails a test; hosts log it once and go on. Never for user input. */
export function bug(what: string): never {
	throw new Bug(what);
}
