import { createApp } from "vue";
import App from "./components/app.vue";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/summary.css";
import "./styles/nodes.css";
import "./styles/panels.css";
import { watchCluster } from "./state/cluster";

createApp(App).mount("#app");
watchCluster();
