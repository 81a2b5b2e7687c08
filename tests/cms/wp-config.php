<?php

/**
 * Of a WordPress in a test: its database is on a socket beside the site's folder.
 */

define('DB_NAME', 'wp');
define('DB_USER', 'wp');
define('DB_PASSWORD', 'wp');
define('DB_HOST', 'localhost:' . dirname(__DIR__) . '/run/db.sock');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", "test-$name-key");
    define("{$name}_SALT", "test-$name-salt");
}
define('WP_HOME', 'http://' . ($_SERVER['HTTP_HOST'] ?? 'localhost'));
define('WP_SITEURL', WP_HOME);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost');
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_ENVIRONMENT_TYPE', 'local');  // application passwords without TLS
define('WP_DEBUG', true);
define('WP_DEBUG_LOG', dirname(__DIR__) . '/run/debug.log');
define('WP_DEBUG_DISPLAY', false);
is_file(__DIR__ . '/wp-settings-of-test.php') && require __DIR__ . '/wp-settings-of-test.php';
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
