/** Telling JSON patches from strategic merges by the origin of what they wrote. */
import { addressOf, type Origin } from '../yaml/node';

/** Whether the place is in an operation of a JSON patch: a list at the top of its document. */
export function isOfJsonPatch(origin: Origin): boolean {
	const { path, within } = addressOf(origin);
	return origin.step === 'patch' && typeof (within?.path ?? path)[0] === 'number';
}
