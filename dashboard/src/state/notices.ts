/* What came of the things that the visitor did. */
import { shallowRef } from "vue";

export interface Notice {
    readonly id: number;
    readonly isError: boolean;
    readonly message: string;
}

const KEPT = 3;
/** Errors stay until they are dismissed. */
const SHOWN_MS = 8000;

export const notices = shallowRef<readonly Notice[]>([]);
let count = 0;

/** Takes a notice away. */
export function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Shows a notice. */
export function notify(message: string, isError = false): void {
    const id = (count += 1);
    notices.value = [...notices.value.slice(-(KEPT - 1)), { id, isError, message }];
    if (!isError) setTimeout(() => dismiss(id), SHOWN_MS);
}
