<?php

/**
 * For tests: the functions of other plugins that keep pages, and what of them was called.
 */

function fotopoort_test_purged(string $what): void
{
    update_option('purged', [...(array) get_option('purged', []), $what]);
}

foreach (['wp_cache_clear_cache', 'w3tc_flush_all', 'rocket_clean_domain'] as $fotopoort_test_function) {
    eval("function $fotopoort_test_function() { fotopoort_test_purged('$fotopoort_test_function'); }");
}
add_action('litespeed_purge_all', static fn() => fotopoort_test_purged('litespeed_purge_all'));
