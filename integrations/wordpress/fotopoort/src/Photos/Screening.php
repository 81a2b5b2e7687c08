<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Gate\Answer;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Submission;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * The one question: may these bytes be seen, and what is shown in their place?
 */
final class Screening
{
    /** @var array<string, true> files of this request, by SHA-256, whose own names nobody looked at */
    private array $unread = [];

    public function __construct(
        private readonly Settings $settings,
        private readonly Transport $transport,
        private readonly Ledger $ledger,
        private readonly Hold $hold,
    ) {
    }

    /** A file on its way in. One that must wait is kept sealed; of one that may not be placed nothing is kept. */
    public function screen(string $bytes, string $name, Context $context): Screened
    {
        $sha256 = hash('sha256', $bytes);
        // What was let in unseen is asked about each time: the administrator may think otherwise by now.
        if (($this->ledger->clearedFor($sha256) ?? 0) > 0) {
            return new Screened(null, isRead: false);
        }
        $kind = Kind::of($bytes, $name);
        if ($kind !== Kind::Photo) {
            return $this->unjudged($kind, $sha256);
        }
        try {
            $answer = $this->ask($bytes, $name, $context);
            $rendition = $this->rendition($answer);
            if ($rendition === null && $answer->isOpen()) {
                return $this->wait($bytes, $sha256, $answer);
            }
            if ($rendition !== null) {
                // The next run asks once more: it may be withdrawn before anybody could be told of this row.
                $row = ['source' => $sha256, 'state' => State::Cleared->value, 'checked_at' => 0];
                $photo = $this->ledger->add($row + self::columns($answer));
                $this->ledger->clear(hash('sha256', $rendition), $photo);
                return new Screened(State::Cleared, $rendition, $photo, $answer->message);
            }
        } catch (Unavailable $unavailable) {
            return new Screened(State::Away, sentence: Texts::both($unavailable->text));
        } catch (Refused $refused) {
            return new Screened(State::Refused, sentence: Texts::with('refused', $refused->getMessage()));
        }
        return new Screened(State::Refused, sentence: self::reason($answer));
    }

    /**
     * @throws Unavailable
     * @throws Refused
     */
    public function ask(string $bytes, string $name, Context $context): Answer
    {
        $groups = $this->settings->groups($context->categories, $context->author);
        $key = bin2hex(random_bytes(16));
        $submission = new Submission($bytes, $name, '', $groups, $context->reference, $key);
        return $this->transport->submit($submission)->underItsName();
    }

    /** Whether a rendition may be seen at this moment; null where nobody says. */
    public function holds(string $sha256): ?bool
    {
        try {
            return $this->transport->verdict($sha256)?->holds;
        } catch (Unavailable | Refused) {
            return null;
        }
    }

    public function noteUnread(string $sha256): void
    {
        $this->unread[$sha256] = true;
    }

    /** Whether this is a file of this request whose own name nobody looked at: a title made of it is not shown either. */
    public function isUnread(string $sha256): bool
    {
        return isset($this->unread[$sha256]);
    }

    /** The JPEG that may be placed; null where none may. */
    public function rendition(Answer $answer): ?string
    {
        return $answer->isCleared() ? $this->transport->rendition($answer) : null;
    }

    /** @return array<string, ?string> columns of the ledger that an answer fills */
    public static function columns(Answer $answer): array
    {
        $sentence = $answer->outcome === null ? Texts::both('waiting') : self::reason($answer);
        return [
            'nl' => $sentence['nl'],
            'en' => $sentence['en'],
            'review' => $answer->review,
            'rendition' => $answer->isCleared() ? ($answer->rendition['sha256'] ?? null) : null,
        ];
    }

    /** @return array{nl: string, en: string} */
    public static function reason(Answer $answer): array
    {
        return $answer->message['nl'] !== '' && $answer->message['en'] !== '' ? $answer->message : Texts::both('reject');
    }

    /** @throws Unavailable */
    private function wait(string $bytes, string $sha256, Answer $answer): Screened
    {
        $held = $this->hold->put($bytes);
        if ($held === null) {
            return new Screened(State::Away, sentence: Texts::both('no_hold'));
        }
        $columns = self::columns($answer);
        try {
            $photo = $this->ledger->add(['source' => $sha256, 'state' => State::Waiting->value, 'held' => $held] + $columns);
        } catch (Unavailable $unavailable) {
            $this->hold->drop($held);
            throw $unavailable;
        }
        $placeholder = Placeholder::bytes($bytes);
        $this->ledger->clear(hash('sha256', $placeholder), $photo);
        if (!$answer->isRead) {
            $this->noteUnread(hash('sha256', $placeholder));
        }
        $sentence = ['nl' => (string) $columns['nl'], 'en' => (string) $columns['en']];
        return new Screened(State::Waiting, $placeholder, $photo, $sentence, $answer->isRead);
    }

    private function unjudged(Kind $kind, string $sha256): Screened
    {
        if ($this->settings->allows($kind) || ($kind === Kind::Other && self::isInstalling())) {
            $this->ledger->clear($sha256, 0);
            return new Screened(null);
        }
        return new Screened(State::Refused, sentence: Texts::both("kind_$kind->value"));
    }

    /** A plugin or theme is uploaded: its archive is unpacked and deleted by the same request. */
    private static function isInstalling(): bool
    {
        $isUpdate = is_admin() && ($GLOBALS['pagenow'] ?? '') === 'update.php';
        return $isUpdate && (current_user_can('upload_plugins') || current_user_can('upload_themes'));
    }
}
