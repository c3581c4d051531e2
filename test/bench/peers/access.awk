# Requests of an access log per minute and status; the failed ones are kept as lines.
{
  minute = substr($4, 2, 17)
  rest = substr($0, index($0, "] \"") + 3)
  status = substr(rest, index(rest, "\"") + 2, 3)
  count[minute " " status]++
  if (status >= 500) {
    failed++
    print > "/dev/null"
  }
}
END {
  for (key in count) lines = lines key " " count[key] "\n"
  printf "{\"rows\":%d,\"failed\":%d}\n", NR, failed
}
