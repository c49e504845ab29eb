/** Makes an element; attributes that are undefined are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Readonly<Record<string, string | undefined>> = {},
    ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
    made.append(...children);
    return made;
}

/** Makes a picture of one line. @param path as of the d of a path, in a square of 16 */
export function icon(className: string, path: string): SVGElement {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: className, "aria-hidden": "true" }))
        svg.setAttribute(key, value);
    svg.append(line);
    return svg;
}
