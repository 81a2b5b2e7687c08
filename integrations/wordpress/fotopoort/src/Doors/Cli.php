<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Photos\Ledger;

/**
 * wp fotopoort …
 */
final class Cli
{
    private function __construct(
        private readonly Backlog $backlog,
        private readonly Schedule $schedule,
        private readonly Ledger $ledger,
    ) {
    }

    public static function register(Backlog $backlog, Schedule $schedule, Ledger $ledger): void
    {
        if (defined('WP_CLI') && constant('WP_CLI')) {
            \WP_CLI::add_command('fotopoort', new self($backlog, $schedule, $ledger));
        }
    }

    /**
     * Has every photo looked at that was in the library before Fotopoort came.
     */
    public function screen(): void
    {
        $this->backlog->start();
        while ($this->backlog->state() === 'running') {
            if (!$this->backlog->step()) {
                sleep(1);
                continue;
            }
            $progress = $this->backlog->progress();
            \WP_CLI::log(sprintf('%d of %d', max(0, $progress['total'] - $progress['left']), $progress['total']));
        }
        if ($this->backlog->state() !== 'done') {
            \WP_CLI::error('Fotopoort does not answer; run this again to go on.');
        }
        \WP_CLI::success('Every photo was looked at.');
    }

    /**
     * Asks again about photos that wait, and whether what is placed still holds.
     */
    public function ask(): void
    {
        $this->schedule->run() ? \WP_CLI::success('Done.') : \WP_CLI::error('Fotopoort does not answer, or there is more to ask.');
    }

    /**
     * Says how many photos are in which state.
     */
    public function status(): void
    {
        foreach ($this->ledger->counts() as $state => $count) {
            \WP_CLI::log("$state: $count");
        }
    }
}
