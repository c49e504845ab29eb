/* Debian packages lua-resty-dns under another name. Stands last on the package path, so the real name wins. */
export { TYPE_A, TYPE_AAAA, TYPE_CNAME, TYPE_MX, TYPE_NS, TYPE_TXT, new } from "nginx.dns.resolver";
