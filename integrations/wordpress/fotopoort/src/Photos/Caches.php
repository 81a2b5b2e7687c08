<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * Empties the page caches that this site has: a page that was kept would go on showing what is gone.
 */
final class Caches
{
    private const FUNCTIONS = [
        'wp_cache_clear_cache',          // WP Super Cache
        'w3tc_flush_all',                // W3 Total Cache
        'rocket_clean_domain',           // WP Rocket
        'wpfc_clear_all_cache',          // WP Fastest Cache
        'sg_cachepress_purge_cache',     // SiteGround
    ];
    private const ACTIONS = [
        'litespeed_purge_all',           // LiteSpeed Cache
        'cache_enabler_clear_complete_cache',
    ];

    /** @param string[] $addresses of the files that are gone, for a cache or a network that takes them one by one */
    public static function purge(array $addresses): void
    {
        foreach (self::FUNCTIONS as $function) {
            if (function_exists($function)) {
                $function();
            }
        }
        foreach (self::ACTIONS as $action) {
            do_action($action);
        }
        do_action('fotopoort_purge', $addresses);
    }
}
