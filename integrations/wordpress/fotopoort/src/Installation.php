<?php

declare(strict_types=1);

namespace Fotopoort;

use Fotopoort\Doors\Backlog;
use Fotopoort\Doors\Schedule;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Hold;
use Fotopoort\Photos\Ledger;
use Fotopoort\Pull\Website;

/**
 * What the plugin keeps in this site, made when it is switched on and gone when it is deleted.
 */
final class Installation
{
    private const VERSION = '2';
    private const OPTION = 'fotopoort_schema';
    private const META = [Ledger::META, Files::STUCK];

    public static function register(): void
    {
        // A plugin that is copied into place, or updated by files, is never activated.
        add_action('plugins_loaded', static function (): void {
            if (get_option(self::OPTION) !== self::VERSION) {
                self::activate();
            }
        });
    }

    public static function activate(): void
    {
        Ledger::createTables();
        (new Hold())->prepare();
        Schedule::plan();
        update_option(self::OPTION, self::VERSION);
    }

    public static function deactivate(): void
    {
        Schedule::cancel();
    }

    /** Of each site of a network. */
    public static function uninstall(): void
    {
        if (!is_multisite()) {
            self::uninstallHere();
            return;
        }
        foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $site) {
            switch_to_blog((int) $site);
            self::uninstallHere();
            restore_current_blog();
        }
    }

    private static function uninstallHere(): void
    {
        Schedule::cancel();
        (new Hold())->destroy();
        Website::uninstall();
        Ledger::dropTables();
        $options = [Settings::OPTION, self::OPTION, ...Hold::OPTIONS, ...Website::OPTIONS, ...Schedule::OPTIONS, ...Backlog::OPTIONS];
        foreach ($options as $option) {
            delete_option($option);
        }
        foreach (self::META as $key) {
            delete_metadata('post', 0, $key, '', true);
        }
        delete_metadata('user', 0, Doors\Posts::NOTICE, '', true);
    }
}
