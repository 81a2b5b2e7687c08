<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Answer;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Context;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Hold;
use Fotopoort\Photos\Kind;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Lock;
use Fotopoort\Photos\Photo;
use Fotopoort\Photos\Placeholder;
use Fotopoort\Photos\Screened;
use Fotopoort\Photos\Screening;
use Fotopoort\Photos\State;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Whatever becomes an attachment: a file that the ledger does not know is out of uploads/ before anything else happens.
 */
final class Attachments
{
    private const SECONDS = 10;   // that another process is waited for which has the same photo

    public function __construct(
        private readonly Ledger $ledger,
        private readonly Hold $hold,
        private readonly Files $files,
        private readonly Screening $screening,
        private readonly Settings $settings,
    ) {
    }

    public function register(): void
    {
        add_action('add_attachment', [$this, 'inspect'], PHP_INT_MIN);
        // The file is named before add_attachment, and may be exchanged for another one later.
        foreach (['added_post_meta', 'updated_post_meta'] as $hook) {
            add_action($hook, function (mixed $id, mixed $post, mixed $key): void {
                // Where a photo is replaced in place, its sizes alone are told anew. One that was never asked about is left to
                // the backlog.
                $isReplaced = $key === '_wp_attachment_metadata' && $this->ledger->ofAttachment((int) $post) !== null;
                if ($key === '_wp_attached_file' || $isReplaced) {
                    $this->inspect((int) $post);
                }
            }, PHP_INT_MIN, 3);
        }
        add_action('delete_attachment', [$this, 'forget']);
        add_filter('wp_generate_attachment_metadata', [$this, 'completeMetadata'], 10, 2);
        $isGone = fn(mixed $id): bool => $this->ledger->isRevoked((int) $id);
        add_filter('wp_get_attachment_image_src', static fn(mixed $source, mixed $id): mixed => $isGone($id) ? false : $source, 10, 2);
        add_filter('wp_content_img_tag', static fn(mixed $tag, mixed $context, mixed $id): mixed => $isGone($id) ? '' : $tag, 10, 3);
    }

    public function inspect(int $attachment): void
    {
        $path = (string) get_attached_file($attachment);
        $sha256 = $this->files->isWorking() || !is_file($path) ? null : Ledger::hash($path);
        if ($sha256 === null) {
            return;
        }
        $photo = $this->ledger->clearedFor($sha256);
        if ($photo === null) {
            $this->screenFound($attachment, $path, false);
        } elseif ($photo > 0) {
            $this->files->mark($attachment, $photo);
        }
        if ($this->screening->isUnread($sha256)) {
            $this->nameAfterFile($attachment, $path);
        }
    }

    /**
     * A file of the library that was never asked about: away from uploads/ first, then asked about.
     *
     * @param bool $isOld it may be the only copy: where it cannot be kept sealed, it stays where it is, not looked at
     * @return State what became of it; Away: it is asked about again later
     */
    public function screenFound(int $attachment, string $path, bool $isOld = true): State
    {
        wp_raise_memory_limit('image');
        $bytes = (string) file_get_contents($path);
        $sha256 = hash('sha256', $bytes);
        $kind = Kind::of($bytes, basename($path));
        if ($kind !== Kind::Photo && $this->settings->allows($kind)) {
            $this->ledger->clear($sha256, 0);
            return State::Cleared;
        }
        $sentence = Texts::both($kind === Kind::Photo ? 'away_found' : "kind_$kind->value");
        $held = $this->hold->put($bytes);
        if ($held === null && $isOld) {
            return State::Away;
        }
        try {
            $id = $this->ledger->add($sentence + [
                'source' => $sha256,
                'state' => ($kind === Kind::Photo ? State::Away : State::Refused)->value,
                'held' => $held,
                'found' => 1,
            ]);
        } catch (Unavailable) {
            $this->hold->drop($held);
            $isOld || $this->files->takeDown($attachment);
            return State::Away;
        }
        $this->files->mark($attachment, $id);
        $this->files->takeDown($attachment);
        $photo = $this->ledger->photo($id);
        return $photo === null || $kind !== Kind::Photo ? State::Refused : $this->ask($photo, $bytes);
    }

    /** Asks about a photo whose original is held, and does what the answer says. */
    public function ask(Photo $photo, ?string $bytes = null): State
    {
        $bytes ??= $this->hold->get($photo->held);
        $attachments = $this->ledger->attachments($photo->id);
        if ($bytes === null || $attachments === []) {
            $this->hold->drop($photo->held);
            $this->ledger->update($photo->id, Texts::both('lost') + ['state' => State::Refused->value, 'held' => null]);
            return State::Refused;
        }
        $name = basename((string) get_attached_file($attachments[0]));
        try {
            return $this->settle($photo, $this->screening->ask($bytes, $name, Context::ofAttachment($attachments[0])), $bytes);
        } catch (Unavailable $unavailable) {
            $text = $unavailable->text === 'away' ? 'away_found' : $unavailable->text;
            return $this->leave($photo, State::Away, Texts::both($text), $bytes);
        } catch (Refused $refused) {
            return $this->leave($photo, State::Refused, Texts::with('refused', $refused->getMessage()), $bytes);
        }
    }

    /** @param array{nl: string, en: string} $sentence why nothing is placed, unless another process did meanwhile */
    private function leave(Photo $photo, State $state, array $sentence, string $bytes): State
    {
        try {
            return $this->change($photo, function (Photo $now) use ($state, $sentence, $bytes): State {
                $this->ledger->update($now->id, $sentence + ['state' => $state->value]);
                $this->showPlaceholder($now, $bytes);
                return $state;
            });
        } catch (Unavailable) {
            return State::Away;
        }
    }

    /**
     * @param ?string $bytes the original, where it is at hand
     * @throws Unavailable where the rendition cannot be fetched
     */
    public function settle(Photo $photo, Answer $answer, ?string $bytes = null): State
    {
        $files = array_map('get_attached_file', $this->ledger->attachments($photo->id));
        // Under another name than it was sent with, that one does not matter.
        $isNeutral = $files !== [] && array_filter($files, static fn(mixed $file): bool => !Screened::isNeutral((string) $file)) === [];
        $answer = $isNeutral ? $answer : $answer->underItsName();
        $rendition = $this->screening->rendition($answer);
        $values = Screening::columns($answer);
        if ($rendition !== null) {
            return $this->change($photo, fn(Photo $now): State => $this->place($now, $values, $rendition), true);
        }
        if ($answer->isCleared()) {
            throw new Unavailable();   // it was withdrawn since, or cannot be fetched
        }
        return $this->change($photo, function (Photo $now) use ($answer, $values, $bytes): State {
            $state = $answer->isOpen() ? State::Waiting : State::Refused;
            $this->ledger->update($now->id, $values + ['state' => $state->value]);
            $this->showPlaceholder($now, $bytes);
            if ($state === State::Refused && !$now->found) {
                // Whoever sent it still has it.
                $this->hold->drop($now->held);
                $this->ledger->update($now->id, ['held' => null]);
            }
            return $state;
        });
    }

    /**
     * What becomes of a photo is changed by one process at a time, which goes by how it stands then.
     *
     * @param Photo $asked as it stood when it was asked about
     * @param callable(Photo): State $change
     * @param bool $places false: what another process placed since then stays
     * @throws Unavailable where another process has it for long
     */
    private function change(Photo $asked, callable $change, bool $places = false): State
    {
        $state = State::Refused;
        $isDone = Lock::during("photo $asked->id", self::SECONDS, function () use ($asked, $change, $places, &$state): void {
            $now = $this->ledger->photo($asked->id);
            if ($now === null) {
                return;
            }
            $isPlacedSince = $now->state === State::Cleared && $asked->state !== State::Cleared;
            $state = $isPlacedSince && !$places ? State::Cleared : $change($now);
        });
        return $isDone ? $state : throw new Unavailable();
    }

    /**
     * What is placed may be withdrawn at that very moment, by a message that finds nothing to take down yet: so it is asked
     * about once more, and the original is kept until then.
     *
     * @param array<string, ?string> $values columns of the ledger
     */
    private function place(Photo $photo, array $values, string $rendition): State
    {
        $sha256 = hash('sha256', $rendition);
        $attachments = $this->ledger->attachments($photo->id);
        $isPlaced = $photo->state === State::Cleared && $photo->rendition === $sha256 && $photo->held === null;
        if ($isPlaced || ($attachments === [] && $this->hold->isFresh($photo->held))) {
            return $photo->state;   // as it should be, or its upload has not ended
        }
        $this->ledger->forgetFiles($photo->id);
        $this->ledger->update($photo->id, $values + ['state' => State::Cleared->value]);
        $isPlaced = true;
        foreach ($attachments as $attachment) {
            wp_cache_delete($attachment, 'post_meta');   // another process may have given it another file
            $isPlaced = $this->files->place($attachment, $rendition, $photo->id) && $isPlaced;
        }
        if (!$isPlaced) {
            // Kept, and asked about again: it comes once the folder can be written in.
            $this->ledger->update($photo->id, Texts::both('no_place') + ['state' => State::Away->value]);
            return State::Away;
        }
        $holds = $this->screening->holds($sha256);
        if ($holds === false) {
            $this->takeDown($photo, Texts::both('revoked'));
            return State::Revoked;
        }
        if ($holds === null) {
            $this->ledger->update($photo->id, ['checked_at' => 0]);   // the next run asks
            return State::Cleared;
        }
        $this->hold->drop($photo->held);
        $this->ledger->update($photo->id, ['held' => null]);
        return State::Cleared;
    }

    /** WordPress takes titles and addresses from the name that a file had, which may not be told either. */
    private function nameAfterFile(int $attachment, string $path): void
    {
        global $wpdb;
        $title = pathinfo($path, PATHINFO_FILENAME);
        $post = get_post($attachment);
        $slug = wp_unique_post_slug($title, $attachment, (string) $post?->post_status, 'attachment', (int) $post?->post_parent);
        $values = ['post_title' => $title, 'post_name' => $slug, 'guid' => (string) wp_get_attachment_url($attachment)];
        // Not as WordPress does it: it would keep the old address, for visitors to be led on from.
        $wpdb->update($wpdb->posts, $values, ['ID' => $attachment]);
        clean_post_cache($attachment);
    }

    /** What was placed may not be seen any more. */
    public function revoke(Photo $photo, ?Answer $answer = null): void
    {
        $sentence = $answer !== null && !$answer->isCleared() ? Screening::reason($answer) : Texts::both('revoked');
        try {
            $this->change($photo, function (Photo $now) use ($photo, $sentence): State {
                if ($now->rendition === $photo->rendition) {   // else that one is gone already, for another
                    $this->takeDown($now, $sentence);
                }
                return State::Revoked;
            }, true);
        } catch (Unavailable) {
            $this->takeDown($photo, $sentence);
        }
    }

    /** @param array{nl: string, en: string} $sentence */
    private function takeDown(Photo $photo, array $sentence): void
    {
        $this->ledger->update($photo->id, $sentence + ['state' => State::Revoked->value]);
        $made = $this->ledger->made($photo->id);
        $this->ledger->forgetFiles($photo->id);
        $attachments = $this->ledger->attachments($photo->id);
        foreach ($attachments as $attachment) {
            $this->files->takeDown($attachment);
        }
        $this->files->removeMade($made, $attachments[0] ?? 0);
    }

    /** With its last attachment, all that is kept of a photo goes. */
    public function forget(int $attachment): void
    {
        $photo = $this->ledger->ofAttachment($attachment);
        if ($photo !== null && array_diff($this->ledger->attachments($photo->id), [$attachment]) === []) {
            $this->hold->drop($photo->held);
            // What the ledger does not know any more could not be called back.
            $this->files->removeMade($this->ledger->made($photo->id), $attachment);
            $this->ledger->remove($photo->id);
        }
    }

    /**
     * Whoever inserted an attachment goes on with the file that it knows, which may have another name by now.
     *
     * @param array<string, mixed>|mixed $metadata
     * @return array<string, mixed>|mixed
     */
    public function completeMetadata(mixed $metadata, int $attachment): mixed
    {
        $path = get_attached_file($attachment);
        $hasSize = is_array($metadata) && !empty($metadata['width']);
        if ($hasSize || $this->files->isWorking() || $this->ledger->ofAttachment($attachment) === null || !is_file((string) $path)) {
            return $metadata;
        }
        return wp_create_image_subsizes((string) $path, $attachment);
    }

    private function showPlaceholder(Photo $photo, ?string $bytes): void
    {
        foreach ($this->ledger->attachments($photo->id) as $attachment) {
            // Not where it stands already; what else is there is what should have gone.
            if ($this->ledger->clearedFor(Ledger::hash((string) get_attached_file($attachment))) === null) {
                $this->files->place($attachment, Placeholder::bytes((string) $bytes), $photo->id);
            }
        }
    }
}
