const front = `<?php
usleep(random_int(1000, 15000));
header('Content-Type: text/html');
echo '<h1>', htmlspecialchars($_SERVER['REQUEST_URI']), "</h1>\\n", str_repeat('<p>some words</p>', random_int(20, 60));
`;

/** The files of the site, by path below its root. Each breaks in its own way when asked for. */
export const PAGES: Readonly<Record<string, string>> = {
  'index.php': `<?php
if (is_file(__DIR__ . '/.maintenance')) { http_response_code(503); header('Retry-After: 600'); echo 'Briefly unavailable for scheduled maintenance.'; exit; }
if (is_file(__DIR__ . '/.broken-plugin')) { require __DIR__ . '/wp-content/plugins/price-rules/price-rules.php'; price_rules_boot(); }
if (is_file(__DIR__ . '/.half-deployed')) { require __DIR__ . '/inc/checkout.php'; }
if (is_file(__DIR__ . '/.app-error')) { http_response_code(500); echo 'Something went wrong.'; exit; }
?>${front}`,
  'wp-content/plugins/price-rules/price-rules.php': `<?php
function price_rules_boot() { price_rules_apply(null); }
function price_rules_apply(PriceRule $rule) { return $rule; }
class PriceRule {}
`,
  'inc/checkout.php': '<?php\nfunction total($rows) {\n  return array_sum($rows\n}\n',
  'report.php': '<?php\nfunction collect_rows() { sleep(6); }\ncollect_rows();\necho "report";\n',
  'export.php':
    '<?php\n$end = microtime(true) + 6;\nwhile (microtime(true) < $end) { usleep(200000); }\necho "done";\n',
  'weather.php': '<?php\necho file_get_contents("http://" . $_SERVER["WEATHER_API"] . "/today");\n',
  'thumb.php': '<?php\nposix_kill(posix_getpid(), 11);\nsleep(1);\n',
  'import.php': '<?php\nposix_kill(posix_getpid(), 9);\nsleep(1);\n',
  'gallery.php': '<?php\n$images = [];\nwhile (true) { $images[] = str_repeat("x", 1 << 20); }\n',
  'search.php': '<?php\n$n = 0;\nwhile (true) { $n++; }\n',
  'login.php':
    '<?php\nfor ($i = 0; $i < 8; $i++) { header("Set-Cookie: part$i=" . str_repeat("y", 2000), false); }\necho "hello";\n',
  'static/site.css': 'body { color: #222 }\n',
};

/** What visitors ask for all day. */
export const USUAL: readonly string[] = [
  '/',
  '/shop/',
  '/static/site.css',
  '/cart/?step=2',
  '/about/',
  '/blog/spring-offers/',
  '/index.php?page=4',
  '/contact/',
];
