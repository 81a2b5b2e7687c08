<?php

/**
 * Leaves nothing behind: tables, options, scheduled events, notes on attachments, photos that were held.
 */

declare(strict_types=1);

defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/src/autoload.php';

Fotopoort\Installation::uninstall();
