<?php

/**
 * Plugin Name: Fotopoort
 * Description: Asks Fotopoort, the school's photo gate, before a photo or a text of this site can be seen by anybody.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 8.1
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 */

declare(strict_types=1);

namespace Fotopoort;

defined('ABSPATH') || exit;

const FILE = __FILE__;
const FOLDER = __DIR__;

require_once __DIR__ . '/src/autoload.php';

register_activation_hook(__FILE__, [Installation::class, 'activate']);
register_deactivation_hook(__FILE__, [Installation::class, 'deactivate']);
Plugin::start();
