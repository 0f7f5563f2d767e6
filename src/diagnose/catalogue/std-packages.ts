/**
 * Packages of the standard library, without `internal/` (go list std of Go 1.12 to 1.26). What is asked for under one
 * of these names and "is not in std" is missing in the installation, or younger than it.
 */
const STD_PACKAGES: readonly string[] = [
  'archive/(?:tar|zip)',
  'arena|bufio|bytes|cmp|context|crypto|embed|encoding|errors|expvar|flag|fmt|hash|html|image|io|iter|log|maps|math',
  'mime|net|os|path|plugin|reflect|regexp|runtime|simd|slices|sort|strconv|strings|structs|sync|syscall|testing|time',
  'unicode|unique|unsafe|weak',
  'compress/(?:bzip2|flate|gzip|lzw|zlib)',
  'container/(?:heap|list|ring)',
  'crypto/(?:aes|cipher|des|dsa|ecdh|ecdsa|ed25519|elliptic|fips140|hkdf|hmac|hpke|md5|mlkem|mlkem/mlkemtest|pbkdf2|rand|rc4|rsa|sha1|sha256|sha3|sha512|subtle|tls|x509|x509/pkix)',
  'database/sql(?:/driver)?',
  'debug/(?:buildinfo|dwarf|elf|gosym|macho|pe|plan9obj)',
  'encoding/(?:ascii85|asn1|base32|base64|binary|csv|gob|hex|json|json/v2|json/jsontext|pem|xml)',
  'go/(?:ast|build|build/constraint|constant|doc|doc/comment|format|importer|parser|printer|scanner|token|types|version)',
  'hash/(?:adler32|crc32|crc64|fnv|maphash)',
  'html/template',
  'image/(?:color|color/palette|draw|gif|jpeg|png)',
  'index/suffixarray',
  'io/(?:fs|ioutil)',
  'log/(?:slog|syslog)',
  'math/(?:big|bits|cmplx|rand|rand/v2)',
  'mime/(?:multipart|quotedprintable)',
  'net/(?:http|http/cgi|http/cookiejar|http/fcgi|http/httptest|http/httptrace|http/httputil|http/pprof|mail|netip|rpc|rpc/jsonrpc|smtp|textproto|url)',
  'os/(?:exec|signal|user)',
  'path/filepath',
  'regexp/syntax',
  'runtime/(?:cgo|coverage|debug|metrics|msan|pprof|race|secret|trace)',
  'sync/atomic',
  'testing/(?:cryptotest|fstest|iotest|quick|slogtest|synctest)',
  'text/(?:scanner|tabwriter|template|template/parse)',
  'time/tzdata',
  'unicode/(?:utf16|utf8)'
]

/** Source of an expression for one name of {@link STD_PACKAGES}. */
export const STD_PACKAGE = `(?:${STD_PACKAGES.join('|')})`
