<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Lock;
use Fotopoort\Photos\Photo;
use Fotopoort\Photos\State;

/**
 * What was in the library before Fotopoort came: looked at in the background, when the administrator says so.
 */
final class Backlog
{
    public const EVENT = 'fotopoort_backlog';
    public const OPTIONS = ['fotopoort_backlog'];

    private const OPTION = 'fotopoort_backlog';
    private const BUDGET = 20;   // seconds of a run

    public function __construct(
        private readonly Transport $transport,
        private readonly Ledger $ledger,
        private readonly Files $files,
        private readonly Attachments $attachments,
    ) {
    }

    public function register(): void
    {
        add_action(self::EVENT, [$this, 'run']);
        add_filter('load_image_to_edit_path', [$this, 'beforeEdit'], PHP_INT_MAX, 2);
    }

    public function start(): void
    {
        update_option(self::OPTION, ['total' => $this->left(), 'after' => 0, 'state' => 'running'], false);
        $this->plan();
    }

    public function stop(): void
    {
        $this->note(['state' => 'stopped']);
        wp_unschedule_hook(self::EVENT);
    }

    /** @return array{total: int, after: int, state: string, left: int} state: none, running, away, stopped or done */
    public function progress(): array
    {
        return ['left' => $this->left()] + $this->noted();
    }

    /** @return string as in progress(), without counting what is left */
    public function state(): string
    {
        return $this->noted()['state'];
    }

    public function run(): void
    {
        $until = time() + self::BUDGET;
        while ($this->state() === 'running' && time() < $until) {
            if (!$this->step()) {
                break;
            }
        }
        if (in_array($this->state(), ['running', 'away'], true)) {
            $this->plan($this->state() === 'away' ? 60 : 1);
            $this->resume();
        }
    }

    /** Goes on after Fotopoort was away. */
    public function resume(): void
    {
        if ($this->state() === 'away') {
            $this->note(['state' => 'running']);
        }
    }

    /**
     * One photo.
     *
     * @return bool false: another run is at one just now, try again later
     */
    public function step(): bool
    {
        // A photo that two of them take is lost between them.
        return Lock::during('backlog', 0, $this->screenNext(...));
    }

    private function screenNext(): void
    {
        global $wpdb;
        wp_cache_delete(self::OPTION, 'options');  // another run may have gone on, or somebody said stop
        $noted = $this->noted();
        if ($noted['state'] !== 'running') {
            return;
        }
        $sql = "SELECT ID FROM $wpdb->posts WHERE post_type = 'attachment' AND ID > {$noted['after']} AND {$this->unseen()}";
        $attachment = (int) $wpdb->get_var("$sql ORDER BY ID LIMIT 1");
        if ($attachment === 0) {
            $this->note(['state' => 'done']);
            return;
        }
        // A photo goes off the site while it is asked about, so none is taken as long as nobody answers.
        if (!$this->isThere()) {
            $this->noteAfter(true);
            return;
        }
        $this->noteAfter($this->screen($attachment) === State::Away, ['after' => $attachment]);
    }

    /** @param array<string, int> $values what is another than before Fotopoort was asked */
    private function noteAfter(bool $isAway, array $values = []): void
    {
        wp_cache_delete(self::OPTION, 'options');  // somebody may have said stop while it was asked
        if ($isAway && $this->state() === 'running') {
            $values += ['state' => 'away'];
        }
        $this->note($values);
    }

    /** @return array{total: int, after: int, state: string} */
    private function noted(): array
    {
        $noted = (array) get_option(self::OPTION, []) + ['total' => 0, 'after' => 0, 'state' => 'none'];
        return ['total' => (int) $noted['total'], 'after' => (int) $noted['after'], 'state' => (string) $noted['state']];
    }

    /** @param array<string, int|string> $values what is another than before */
    private function note(array $values): void
    {
        update_option(self::OPTION, $values + $this->noted(), false);
    }

    private function isThere(): bool
    {
        try {
            $this->transport->verdict(str_repeat('0', 64));
            return true;
        } catch (Unavailable | Refused) {
            return false;
        }
    }

    /** Whoever edits a photo that nobody looked at yet has it looked at first, and edits what came of it. */
    public function beforeEdit(mixed $path, mixed $attachment): mixed
    {
        $id = (int) $attachment;
        if (!is_string($path) || $this->ledger->clearedFor(Ledger::hash($path)) !== null) {
            return $path;
        }
        if ($this->ledger->ofAttachment($id) === null) {
            $this->screen($id);
        }
        $path = (string) get_attached_file($id);
        return $this->ledger->clearedFor(Ledger::hash($path)) === null ? false : $path;
    }

    public function screen(int $attachment): ?State
    {
        $path = $this->files->source($attachment);
        if ($path === null) {
            return null;
        }
        $cleared = $this->ledger->clearedFor(Ledger::hash($path));
        if ($cleared !== null) {
            $cleared > 0 && $this->files->mark($attachment, $cleared);
            return State::Cleared;
        }
        return $this->attachments->screenFound($attachment, $path);
    }

    /**
     * A placed photo that Fotopoort does not know (any more).
     *
     * @throws Unavailable where it cannot be looked at now: it stays in the ledger, and is asked about again
     */
    public function screenAnew(Photo $photo): void
    {
        $this->ledger->forgetFiles($photo->id);
        foreach ($this->ledger->attachments($photo->id) as $attachment) {
            if ($this->screen($attachment) === null) {
                delete_post_meta($attachment, Ledger::META);  // nothing is there
            }
        }
        if ($this->ledger->attachments($photo->id) !== []) {
            throw new Unavailable();
        }
        $this->ledger->remove($photo->id);
    }

    private function plan(int $seconds = 0): void
    {
        if (!wp_next_scheduled(self::EVENT)) {
            wp_schedule_single_event(time() + $seconds, self::EVENT);
        }
    }

    private function left(): int
    {
        global $wpdb;
        return (int) $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->posts WHERE post_type = 'attachment' AND {$this->unseen()}");
    }

    private function unseen(): string
    {
        global $wpdb;
        return "$wpdb->posts.post_mime_type LIKE 'image/%' AND {$this->ledger->condition(null)}";
    }
}
