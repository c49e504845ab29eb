// Has Swagger UI show /lb/openapi.json. Without its files the page keeps the sentence that says how to get them.

const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
followTheme();
dark.addEventListener("change", followTheme);

/** @type {((options: object) => unknown) | undefined} */
const render = /** @type {any} */ (globalThis).SwaggerUIBundle;
if (render !== undefined) {
  render({
    url: "/lb/openapi.json",
    dom_id: "#document",
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    // Its public validator is another site, which hears of nothing here.
    validatorUrl: null,
  });
}
