/** What completion may offer, before it is known where and how it is written. */
import type { CompletionItem } from './results';

export interface Candidate {
	readonly label: string;
	readonly kind: CompletionItem['kind'];
	/** The text to write; for a key without its colon. */
	readonly insert: string;
	readonly detail?: string | undefined;
	readonly documentation?: string | undefined;
	/** For a key: what its value is, so that the text goes on as it must. */
	readonly shape?: 'scalar' | 'map' | 'list';
	/** For a key: a snippet for its value, with `$1`, relative to the key's indentation. */
	readonly snippet?: string;
	readonly deprecated?: boolean;
	/** Lower ones come first; 5 where absent. */
	readonly rank?: number;
}
