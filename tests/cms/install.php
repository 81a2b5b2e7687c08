<?php

/**
 * php install.php FOLDER: the five-minute installation of FOLDER/site, with an administrator and a password for programs.
 */

$folder = $argv[1];
define('WP_INSTALLING', true);
$_SERVER += ['HTTP_HOST' => 'localhost', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
require "$folder/site/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('School', 'admin', 'admin@example.org', true, '', 'admin-pw', '');
update_option('permalink_structure', '/%postname%/');
update_option('active_plugins', ['fotopoort/fotopoort.php']);
[$password] = WP_Application_Passwords::create_new_application_password(1, ['name' => 'test']);
file_put_contents("$folder/application-password", str_replace(' ', '', $password));
file_put_contents("$folder/version", $GLOBALS['wp_version']);
