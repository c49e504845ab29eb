/* Language and appearance: what the visitor has chosen, else what the browser says. */
import { computed, ref, watchEffect } from "vue";
import { en } from "../text/en";
import type { Messages } from "../text/en";
import { createFormats } from "../text/format";
import { zhTw } from "../text/zh-tw";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** By BCP 47 tag, each with its own name. */
export const LANGUAGES = { en: "English", "zh-TW": "繁體中文" } as const;
export type Language = keyof typeof LANGUAGES;

const TEXTS: Readonly<Record<Language, Messages>> = { en, "zh-TW": zhTw };
const THEME_KEY = "kuma-cluster-theme";
const LANGUAGE_KEY = "kuma-cluster-language";

/** Storage may be switched off: then the choice holds for this page alone. */
function stored(key: string): string | null {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

function store(key: string, value: string): void {
    try {
        localStorage.setItem(key, value);
    } catch {
        // See `stored`.
    }
}

function isLanguage(value: string | null): value is Language {
    return value !== null && Object.hasOwn(LANGUAGES, value);
}

/** Chinese of any region is nearer to a reader of Chinese than English. */
function browserLanguage(): Language {
    return navigator.language.toLowerCase().startsWith("zh") ? "zh-TW" : "en";
}

const storedLanguage = stored(LANGUAGE_KEY);
export const language = ref<Language>(isLanguage(storedLanguage) ? storedLanguage : browserLanguage());
export const theme = ref<Theme>(THEMES.find((name) => name === stored(THEME_KEY)) ?? "auto");

export const text = computed(() => TEXTS[language.value]);
export const formats = computed(() => createFormats(language.value));

/** Sets and keeps a choice. */
export function chooseLanguage(chosen: Language): void {
    language.value = chosen;
    store(LANGUAGE_KEY, chosen);
}

/** Sets and keeps a choice. */
export function chooseTheme(chosen: Theme): void {
    theme.value = chosen;
    store(THEME_KEY, chosen);
}

watchEffect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dataset.theme = theme.value;
    document.title = text.value.title;
});
