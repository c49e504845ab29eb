/* Host name of a node -> IP literal that the balancer phase can use. */
export { cached_addresses, cached_host, doubt, resolve_host } from "../lib/dns";
