<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Gate\Answer;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Texts;

/**
 * What becomes of a photo that is an attachment: it is placed, waits behind a placeholder, is refused or taken down.
 */
final class Placement
{
    private const SECONDS = 10;   // that another process is waited for which has the same photo

    public function __construct(
        private readonly Ledger $ledger,
        private readonly Hold $hold,
        private readonly Files $files,
        private readonly Screening $screening,
    ) {
    }

    /**
     * Asks about a photo whose original is held, and does what the answer says.
     *
     * @throws Unavailable where another process has it for long
     */
    public function ask(Photo $photo, ?string $bytes = null): State
    {
        $bytes ??= $this->hold->get($photo->held);
        $attachments = $this->ledger->attachments($photo->id);
        if ($bytes === null || $attachments === []) {
            return $this->changeUnlessPlaced($photo, function (Photo $now): State {
                $this->hold->drop($now->held);
                $this->ledger->update($now->id, Texts::both('lost') + ['state' => State::Refused->value, 'held' => null]);
                return State::Refused;
            });
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

    /**
     * @param ?string $bytes the original, where it is at hand
     * @throws Unavailable where the rendition cannot be fetched, or another process has the photo for long
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
            return $this->change($photo->id, fn(Photo $now): State => $this->place($now, $values, $rendition));
        }
        if ($answer->isCleared()) {
            throw new Unavailable();   // it was withdrawn since, or cannot be fetched
        }
        return $this->changeUnlessPlaced($photo, function (Photo $now) use ($answer, $values, $bytes): State {
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

    /** What was placed may not be seen any more. */
    public function revoke(Photo $photo, ?Answer $answer = null): void
    {
        $sentence = $answer !== null && !$answer->isCleared() ? Screening::reason($answer) : Texts::both('revoked');
        try {
            $this->change($photo->id, function (Photo $now) use ($photo, $sentence): State {
                if ($now->rendition === $photo->rendition) {   // else that one is gone already, for another
                    $this->takeDown($now, $sentence);
                }
                return State::Revoked;
            });
        } catch (Unavailable) {
            $this->takeDown($photo, $sentence);
        }
    }

    /** @param array{nl: string, en: string} $sentence why nothing is placed, unless another process did meanwhile */
    private function leave(Photo $photo, State $state, array $sentence, string $bytes): State
    {
        try {
            return $this->changeUnlessPlaced($photo, function (Photo $now) use ($state, $sentence, $bytes): State {
                $this->ledger->update($now->id, $sentence + ['state' => $state->value]);
                $this->showPlaceholder($now, $bytes);
                return $state;
            });
        } catch (Unavailable) {
            return State::Away;
        }
    }

    /**
     * What becomes of a photo is changed by one process at a time, which goes by how it stands then.
     *
     * @param int $id of the photo
     * @param callable(Photo): State $change
     * @throws Unavailable where another process has it for long
     */
    private function change(int $id, callable $change): State
    {
        $state = State::Refused;
        $isDone = Lock::during("photo $id", self::SECONDS, function () use ($id, $change, &$state): void {
            $now = $this->ledger->photo($id);
            $state = $now === null ? State::Refused : $change($now);
        });
        return $isDone ? $state : throw new Unavailable();
    }

    /**
     * The same, where nothing is to be placed: what another process placed since then stays.
     *
     * @param Photo $asked as it stood when it was asked about
     * @param callable(Photo): State $change
     * @throws Unavailable where another process has it for long
     */
    private function changeUnlessPlaced(Photo $asked, callable $change): State
    {
        return $this->change($asked->id, static function (Photo $now) use ($asked, $change): State {
            $isPlacedSince = $now->state === State::Cleared && $asked->state !== State::Cleared;
            return $isPlacedSince ? State::Cleared : $change($now);
        });
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
