<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * What one process does at a time: a page, the schedule, a message and a command may come to one photo together.
 */
final class Lock
{
    /**
     * @param int $seconds that another process is waited for
     * @param callable(): void $act
     * @return bool false: another process has it, and nothing was done
     */
    public static function during(string $name, int $seconds, callable $act): bool
    {
        global $wpdb;
        $lock = md5("fotopoort $name $wpdb->dbname $wpdb->prefix");
        // Where the database knows no locks, there is no more than one process to hope for.
        if ($wpdb->get_var($wpdb->prepare('SELECT GET_LOCK(%s, %d)', $lock, $seconds)) === '0') {
            return false;
        }
        try {
            $act();
        } finally {
            $wpdb->get_var($wpdb->prepare('SELECT RELEASE_LOCK(%s)', $lock));
        }
        return true;
    }
}
