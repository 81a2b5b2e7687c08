<?php

/**
 * For PHP's own server: files as they are, everything else by WordPress.
 */

$path = $_SERVER['DOCUMENT_ROOT'] . rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (is_dir($path)) {
    $path = rtrim($path, '/') . '/index.php';
}
if (is_file($path) && !str_ends_with($path, '.php')) {
    return false;
}
if (!is_file($path) && str_starts_with($_SERVER['REQUEST_URI'], '/wp-content/uploads/')) {
    http_response_code(404);
    return true;
}
$script = is_file($path) ? substr($path, strlen($_SERVER['DOCUMENT_ROOT'])) : '/index.php';
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
chdir(dirname($_SERVER['DOCUMENT_ROOT'] . $script));
require $_SERVER['DOCUMENT_ROOT'] . $script;
