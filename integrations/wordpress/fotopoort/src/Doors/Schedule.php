<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Answer;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Photo;
use Fotopoort\Photos\Placement;
use Fotopoort\Photos\State;

/**
 * What is asked again by itself: photos that wait, and whether what is placed still holds.
 */
final class Schedule
{
    public const EVENT = 'fotopoort_ask';
    public const OPTIONS = ['fotopoort_asked_at', 'fotopoort_recheck'];

    private const INTERVAL = 'fotopoort_minutes';
    private const SECONDS = 240;
    private const BUDGET = 40;   // seconds of a run: below what hosters allow one
    private const PAGE = 50;
    private const TRIES = 3;     // photos in a row that get no answer: Fotopoort is away
    private const PAUSE = 30;    // seconds until a run that had too much to ask goes on
    private const DAY = 86400;
    private const GAP = 900;     // without contact for so long, a message may have been lost: everything is asked again

    /** Of this run: photos that got an answer, and how many in a row got none. */
    private int $answered = 0;
    private int $failed = 0;

    public function __construct(
        private readonly Transport $transport,
        private readonly Ledger $ledger,
        private readonly Files $files,
        private readonly Placement $placement,
        private readonly Backlog $backlog,
    ) {
    }

    public function register(): void
    {
        add_filter('cron_schedules', [self::class, 'interval']);
        add_action(self::EVENT, [$this, 'run']);
    }

    /**
     * @param array<string, array{interval: int, display: string}> $schedules
     * @return array<string, array{interval: int, display: string}>
     */
    public static function interval(array $schedules): array
    {
        return $schedules + [self::INTERVAL => ['interval' => self::SECONDS, 'display' => 'Fotopoort']];
    }

    public static function plan(): void
    {
        add_filter('cron_schedules', [self::class, 'interval']);
        if (!wp_next_scheduled(self::EVENT)) {
            wp_schedule_event(time(), self::INTERVAL, self::EVENT);
        }
    }

    public static function cancel(): void
    {
        wp_unschedule_hook(self::EVENT);
        wp_unschedule_hook(Backlog::EVENT);
    }

    /** @return int when Fotopoort last answered a run; 0: never */
    public static function askedAt(): int
    {
        return (int) get_option('fotopoort_asked_at', 0);
    }

    /** @return bool whether everything was asked about; false: Fotopoort is away, or there is more than fits in a run */
    public function run(): bool
    {
        $this->files->retry();
        $now = time();
        $until = $now + self::BUDGET;
        if ($now - self::askedAt() > self::GAP) {
            update_option('fotopoort_recheck', $now, false);
        }
        $recheck = max((int) get_option('fotopoort_recheck', 0), $now - self::DAY);
        [$this->answered, $this->failed] = [0, 0];
        // What must go comes before what may come; neither takes all the time from the other.
        $half = $now + intdiv(self::BUDGET, 2);
        $isDone = $this->each([State::Cleared], min($recheck, $now - 1), $half, $this->recheck(...));
        $isDone = $this->each([State::Waiting, State::Away], $now - 10, $until, $this->askAgain(...)) && $isDone;
        // Who got no answer stays due, so one that did is contact enough.
        if ($this->answered > 0 || $this->failed === 0) {
            update_option('fotopoort_asked_at', $now, false);
        }
        if (!$isDone && $this->failed < self::TRIES) {
            wp_schedule_single_event(time() + self::PAUSE, self::EVENT, ['more']);
        }
        return $isDone && $this->failed === 0;
    }

    /** @throws Unavailable */
    public function askAgain(Photo $photo): void
    {
        $answer = $photo->state === State::Waiting ? $this->transport->verdict($photo->source) : null;
        $state = $answer === null ? $this->placement->ask($photo) : $this->placement->settle($photo, $answer);
        if ($state === State::Away) {
            throw new Unavailable();
        }
    }

    /** @throws Unavailable */
    private function recheck(Photo $photo): void
    {
        $answer = $this->transport->verdict((string) $photo->rendition);
        if ($answer === null) {
            // Fotopoort has forgotten it, and could never call it back: it is looked at as if it were new.
            $this->backlog->screenAnew($photo);
        } elseif (!$answer->holds) {
            $this->placement->revoke($photo, $answer);
            $this->replace($photo, $answer);
        } elseif ($photo->held !== null) {
            // Whoever placed it was interrupted.
            $now = $this->transport->verdict($photo->source);
            $now === null || $this->placement->settle($photo, $now);
        }
    }

    /**
     * Where another rendition may be seen than the one that is gone, with more in it covered, that one comes.
     *
     * @throws Unavailable
     * @throws Refused
     */
    public function replace(Photo $photo, ?Answer $answer = null): void
    {
        $answer ??= $this->transport->verdict($photo->source);
        if ($answer !== null && $answer->isCleared() && ($answer->rendition['sha256'] ?? null) !== $photo->rendition) {
            $this->placement->settle($photo, $answer);
        }
    }

    /**
     * @param State[] $states
     * @param callable(Photo): void $act
     */
    private function each(array $states, int $before, int $until, callable $act): bool
    {
        $unanswered = [];
        try {
            // Whatever is asked about is due later, so each page is of others.
            while ($photos = $this->ledger->due($states, $before, self::PAGE)) {
                foreach ($photos as $photo) {
                    if (time() >= $until || $this->failed >= self::TRIES) {
                        return false;
                    }
                    $this->ledger->update($photo->id, []);
                    try {
                        $act($photo);
                        [$this->answered, $this->failed] = [$this->answered + 1, 0];
                    } catch (Refused) {
                        // It stays as it is, and is asked about again later.
                        [$this->answered, $this->failed] = [$this->answered + 1, 0];
                    } catch (Unavailable) {
                        // It may be this photo alone: the others are not kept waiting by it.
                        $unanswered[] = $photo->id;
                        $this->failed++;
                    }
                }
            }
        } finally {
            foreach ($unanswered as $photo) {
                // Due at the next run, after those that were not asked about in this one.
                $this->ledger->update($photo, ['checked_at' => $before]);
            }
        }
        return true;
    }
}
