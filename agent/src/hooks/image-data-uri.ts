import type { ImageDataUri } from "../kuma";
import { shareUpload } from "../peers/uploads";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

/** Where Kuma writes an uploaded icon: before it goes on and names the icon in its tables, all nodes can have it. */
export const imageDataUriHook: Hook = {
    module: "image-data-uri.js",
    essential: false,

    patch(exports, agent) {
        return wrap(exports as ImageDataUri, "outputFile", (original) => {
            return async function (this: ImageDataUri, dataUri, path) {
                const result = await original.call(this, dataUri, path);
                await shareUpload(agent, path);
                return result;
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as ImageDataUri, "outputFile");
    },
};
