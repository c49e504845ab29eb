/* The secret of the cluster: asked for when the API wants it, kept in the memory of this tab and nowhere else. */
import { shallowRef } from "vue";

/** Empty while nobody has entered one. */
export const secret = shallowRef("");

/** What the dialog has to say while it is open. */
export const question = shallowRef<{ readonly isWrong: boolean } | undefined>(undefined);

/** How many were entered so far. */
export let entered = 0;

let asked: Promise<boolean> | undefined;
let settle: ((entered: boolean) => void) | undefined;

/**
 * Opens the dialog, or waits for the one that is open.
 * @param isWrong the secret that was shown is not that of the cluster
 * @returns whether one was entered
 */
export function askForSecret(isWrong: boolean): Promise<boolean> {
    if (asked === undefined) {
        question.value = { isWrong };
        asked = new Promise((resolve) => (settle = resolve));
    }
    return asked;
}

/** Closes the dialog; an empty text means that nobody wanted to enter one. */
export function answerQuestion(text: string): void {
    if (text !== "") {
        secret.value = text;
        entered += 1;
    } else if (question.value?.isWrong === true) {
        secret.value = "";
    }
    const done = settle;
    question.value = undefined;
    asked = undefined;
    settle = undefined;
    done?.(text !== "");
}
