<?php

/**
 * php cli.php SITE COMMAND: `wp fotopoort COMMAND` by a stand-in for WP-CLI, which Debian does not have.
 */

define('WP_CLI', true);

// phpcs:ignore -- as WP-CLI calls it
class WP_CLI
{
    public static ?object $command = null;

    // phpcs:ignore
    public static function add_command(string $name, object $command): void
    {
        self::$command = $command;
    }

    public static function log(string $text): void
    {
        echo "$text\n";
    }

    public static function success(string $text): void
    {
        echo "Success: $text\n";
    }

    public static function error(string $text): never
    {
        echo "Error: $text\n";
        exit(1);
    }
}

$_SERVER += ['HTTP_HOST' => 'localhost', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
require "$argv[1]/wp-load.php";
WP_CLI::$command->{$argv[2]}();
