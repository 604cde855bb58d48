// libcurl, with its variadic functions as functions that Swift can import.
#ifndef SOTTO_CURL_H
#define SOTTO_CURL_H

// Handles of distinct types instead of void pointers, in every version of libcurl.
#ifndef CURL_STRICTER
#define CURL_STRICTER
#endif

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

static inline CURLcode sotto_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sotto_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
/// Strings, which libcurl copies, and pointers to buffers and callback data, which it does not.
static inline CURLcode sotto_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sotto_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, whose callbacks have the same type.
static inline CURLcode sotto_curl_set_receiver(CURL *handle, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode sotto_curl_set_opener(CURL *handle, curl_opensocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline CURLcode sotto_curl_allow_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}
static inline CURLMcode sotto_curl_set_connection_limit(CURLM *handle, long value) {
    return curl_multi_setopt(handle, CURLMOPT_MAXCONNECTS, value);
}

static inline CURLcode sotto_curl_get_number(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode sotto_curl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode sotto_curl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

/// Whether an address that libcurl is about to connect to is 127.0.0.0/8 or ::1.
static inline bool sotto_curl_is_loopback(const struct curl_sockaddr *address) {
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, &address->addr, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &address->addr, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

/// The port of an address that libcurl is about to connect to, or 0.
static inline int sotto_curl_port(const struct curl_sockaddr *address) {
    // IPv4 and IPv6 addresses have the port at the same place.
    if (address->family != AF_INET && address->family != AF_INET6) return 0;
    struct sockaddr_in v4;
    memcpy(&v4, &address->addr, sizeof v4);
    return ntohs(v4.sin_port);
}

#endif
